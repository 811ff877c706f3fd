//! A process of our own that serves, spoken to in lines and watched through `/proc`.

use std::fs;
use std::io::{self, BufRead, BufReader, Write};
use std::process::{ChildStdin, ChildStdout, Command, Stdio};
use std::time::Duration;

use serde::Serialize;
use serde::de::DeserializeOwned;

/// The process; it ends when this is dropped.
#[derive(Debug)]
pub struct Child {
    process: std::process::Child,
    to: ChildStdin,
    from: BufReader<ChildStdout>,
}

impl Child {
    /// Starts this program again with another subcommand.
    ///
    /// # Errors
    ///
    /// What the operating system says.
    pub fn start(subcommand: &str, flags: &[&str]) -> io::Result<Self> {
        let mut process = Command::new(std::env::current_exe()?)
            .arg(subcommand)
            .args(flags)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()?;
        let to = process.stdin.take().ok_or(io::ErrorKind::BrokenPipe)?;
        let from = process.stdout.take().ok_or(io::ErrorKind::BrokenPipe)?;
        Ok(Self {
            process,
            to,
            from: BufReader::new(from),
        })
    }

    /// Sends a line and awaits the answer.
    ///
    /// # Errors
    ///
    /// What the pipe says, or that the answer is not what it should be.
    pub fn ask<A: DeserializeOwned>(&mut self, question: &impl Serialize) -> io::Result<A> {
        let mut line = serde_json::to_string(question)?;
        line.push('\n');
        self.to.write_all(line.as_bytes())?;
        self.to.flush()?;
        let mut answer = String::new();
        self.from.read_line(&mut answer)?;
        Ok(serde_json::from_str(&answer)?)
    }

    /// CPU time of all its threads so far.
    ///
    /// # Errors
    ///
    /// That `/proc` does not tell.
    pub fn cpu(&self) -> io::Result<Duration> {
        let mut nanos = 0;
        for thread in fs::read_dir(format!("/proc/{}/task", self.process.id()))? {
            let stat = fs::read_to_string(thread?.path().join("schedstat"))?;
            let spent = stat
                .split(' ')
                .next()
                .and_then(|word| word.parse::<u64>().ok());
            nanos += spent.ok_or(io::ErrorKind::InvalidData)?;
        }
        Ok(Duration::from_nanos(nanos))
    }

    /// Its resident memory in bytes.
    ///
    /// # Errors
    ///
    /// That `/proc` does not tell.
    pub fn memory(&self) -> io::Result<u64> {
        let status = fs::read_to_string(format!("/proc/{}/status", self.process.id()))?;
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let number = line.and_then(|line| line.split_ascii_whitespace().next());
        let kib: Option<u64> = number.and_then(|number| number.parse().ok());
        Ok(kib.ok_or(io::ErrorKind::InvalidData)? * 1_024)
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        // It may have ended by itself already.
        self.process.kill().ok();
        self.process.wait().ok();
    }
}

/// Answers each line on standard input with a line on standard output, until there are no more.
///
/// # Errors
///
/// What the pipe or `answer` says.
pub fn answer_lines<Q: DeserializeOwned, A: Serialize>(
    mut answer: impl FnMut(Q) -> io::Result<A>,
) -> io::Result<()> {
    let mut out = io::stdout().lock();
    for line in io::stdin().lock().lines() {
        let reply = answer(serde_json::from_str(&line?)?)?;
        serde_json::to_writer(&mut out, &reply)?;
        out.write_all(b"\n")?;
        out.flush()?;
    }
    Ok(())
}
