//! The real program as a second process, driven from outside like anybody would.

use std::collections::BTreeMap;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{Receiver, RecvTimeoutError, channel};
use std::time::{Duration, Instant};

use serde_json::Value;

/// The longest that a process may take to be ready or to end, on a machine that is busy.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// `dialtone` in a role that listens. Dropping it kills the process.
pub(crate) struct Program {
    child: Child,
    /// What it printed until it was ready.
    pub(crate) greeting: String,
    /// The lines of its env file.
    pub(crate) env: BTreeMap<String, String>,
    /// Where the env file is.
    pub(crate) env_file: PathBuf,
    client: reqwest::Client,
    _folder: tempfile::TempDir,
}

impl Program {
    /// Starts `dialtone ROLE --port 0 --seed 7`, with more arguments, and waits until it is ready.
    pub(crate) fn start(role: &str, arguments: &[&str]) -> Self {
        Self::start_with(role, arguments, &[])
    }

    /// As [`Program::start`], with variables. One that names a port is stronger than `--port 0`, which
    /// is then left out.
    pub(crate) fn start_with(role: &str, arguments: &[&str], variables: &[(&str, &str)]) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let env_file = folder.path().join("dialtone.env");
        let mut child = dialtone(folder.path())
            .args([role, "--seed", "7", "--env-file"])
            .arg(&env_file)
            .args(arguments)
            .args(["--port", "0"].iter().filter(|_| variables.is_empty()))
            .env("DIALTONE_MEDIA_PORT", "0")
            .envs(variables.iter().copied())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program starts");
        let lines = follow(&mut child);
        let mut greeting = String::new();
        let until = Instant::now() + PATIENCE;
        loop {
            let left = until.saturating_duration_since(Instant::now());
            match lines.recv_timeout(left) {
                Ok(line) => {
                    greeting.push_str(&line);
                    greeting.push('\n');
                    if line.starts_with(READY) {
                        break;
                    }
                }
                Err(RecvTimeoutError::Timeout) => {
                    let _ = child.kill();
                    panic!("not ready in {PATIENCE:?}; it said:\n{greeting}");
                }
                Err(RecvTimeoutError::Disconnected) => {
                    let status = child.wait().expect("it ended");
                    panic!("ended ({status}) before it was ready; it said:\n{greeting}");
                }
            }
        }
        let text = fs::read_to_string(&env_file).expect("the env file is there once it is ready");
        let env = text
            .lines()
            .map(|line| line.split_once('=').expect("KEY=VALUE"))
            .map(|(key, value)| (key.to_owned(), value.to_owned()))
            .collect();
        Self {
            child,
            greeting,
            env,
            env_file,
            client: reqwest::Client::builder()
                .timeout(PATIENCE)
                .build()
                .expect("a client"),
            _folder: folder,
        }
    }

    /// The value of a line of the env file.
    pub(crate) fn env(&self, key: &str) -> &str {
        self.env
            .get(key)
            .unwrap_or_else(|| panic!("the env file has no {key}"))
    }

    /// GET below the control API.
    pub(crate) async fn get(&self, path: &str) -> Value {
        let url = format!("{}{path}", self.env("DIALTONE_CONTROL_URL"));
        self.json(self.client.get(url)).await
    }

    /// POST below the control API.
    pub(crate) async fn post(&self, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", self.env("DIALTONE_CONTROL_URL"));
        self.json(self.client.post(url).json(body)).await
    }

    /// PUT below the control API.
    pub(crate) async fn put(&self, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", self.env("DIALTONE_CONTROL_URL"));
        self.json(self.client.put(url).json(body)).await
    }

    /// A request below the Graph API, with the token.
    pub(crate) async fn graph(&self, path: &str, body: &Value) -> Value {
        let url = format!("{}{path}", self.env("DIALTONE_GRAPH_URL"));
        let request = self.client.post(url).json(body);
        self.json(request.bearer_auth(self.env("DIALTONE_ACCESS_TOKEN")))
            .await
    }

    /// The status and the text at an address.
    pub(crate) async fn fetch(&self, url: &str) -> (u16, String) {
        let answer = self.client.get(url).send().await.expect("an answer");
        let status = answer.status().as_u16();
        (status, answer.text().await.expect("a text"))
    }

    /// The control listener's address, without the API's path.
    pub(crate) fn control_root(&self) -> String {
        self.env("DIALTONE_CONTROL_URL")
            .trim_end_matches("/control/v1")
            .to_owned()
    }

    /// The gateway's address, which is only printed: it is no part of the exchange's face.
    pub(crate) fn gateway(&self) -> String {
        let line = self
            .greeting
            .lines()
            .find_map(|line| line.trim().strip_prefix("export DIALTONE_GATEWAY_URL="));
        line.expect("`dev` prints it").to_owned()
    }

    async fn json(&self, request: reqwest::RequestBuilder) -> Value {
        let answer = request.send().await.expect("an answer");
        let status = answer.status();
        let text = answer.text().await.expect("a text");
        assert!(status.is_success(), "{status}: {text}");
        if text.is_empty() {
            return Value::Null;
        }
        serde_json::from_str(&text).unwrap_or_else(|error| panic!("{error}: {text}"))
    }

    /// Asks it to stop, as a supervisor does, and waits for the end.
    pub(crate) fn stop(mut self) -> ExitStatus {
        let id = self.child.id().to_string();
        kill("-TERM", &id);
        ended(&mut self.child, &id, PATIENCE)
    }

    /// Ends it on the spot, in the middle of whatever it does.
    pub(crate) fn kill(mut self) {
        self.child.kill().expect("it was running");
        self.child.wait().expect("it ended");
    }
}

impl Drop for Program {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The program, in a folder of its own, without the variables of whoever runs the test.
pub(crate) fn dialtone(folder: &Path) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_dialtone"));
    command.current_dir(folder).stdin(Stdio::null());
    for (name, _) in std::env::vars() {
        if name.starts_with("DIALTONE_") {
            command.env_remove(name);
        }
    }
    command
}

/// Runs a command to its end, which ought to come within `patience`, and ends whatever it has started
/// and left behind.
pub(crate) fn run_whole(command: &mut Command, patience: Duration) -> ExitStatus {
    let mut child = command
        .stdin(Stdio::null())
        .process_group(0)
        .spawn()
        .unwrap_or_else(|error| panic!("{command:?} starts: {error}"));
    let group = format!("-{}", child.id());
    let status = ended(&mut child, &group, patience);
    kill("-KILL", &group);
    status
}

/// How a process ended; `whom` is killed if it has not after `patience`.
fn ended(child: &mut Child, whom: &str, patience: Duration) -> ExitStatus {
    let (tell, told) = channel();
    let whom = whom.to_owned();
    std::thread::spawn(move || {
        if told.recv_timeout(patience) == Err(RecvTimeoutError::Timeout) {
            kill("-KILL", &whom);
        }
    });
    let status = child.wait().expect("it ended");
    let _ = tell.send(());
    status
}

/// Sends a signal to a process, or with a minus before it to a group; it may be gone already.
fn kill(signal: &str, whom: &str) {
    let quiet = Command::new("kill")
        .args([signal, "--", whom])
        .stderr(Stdio::null())
        .status();
    assert!(quiet.is_ok(), "there is a `kill`");
}

/// Both outputs of a process, line by line, read to the end so that it never waits for us.
fn follow(child: &mut Child) -> Receiver<String> {
    let (tell, told) = channel();
    let out = child.stdout.take().expect("piped");
    let log = child.stderr.take().expect("piped");
    let to = tell.clone();
    std::thread::spawn(move || {
        for line in BufReader::new(out).lines().map_while(Result::ok) {
            let _ = to.send(line);
        }
    });
    std::thread::spawn(move || {
        for line in BufReader::new(log).lines().map_while(Result::ok) {
            // Shown when the test fails; what was said before it was ready is in the greeting too.
            eprintln!("{line}");
            let _ = tell.send(line);
        }
    });
    told
}

/// How the last line of the greeting begins.
const READY: &str = "Ready";
