//! What can be typed after `dialtone phone`.

use std::path::PathBuf;
use std::time::Duration;

use clap::Args;
use media::dtmf::Digits;
use phone::Script;
use phone::line::PermissionAnswer;
use phone::script::{Dial, Reply, Speech, Step, WhenRinging, Write};
use types::WaId;
use url::Url;

use crate::cli::secret;
use crate::failure::Failure;
use crate::secret::Secret;

/// `dialtone phone`.
#[derive(Debug, Args)]
#[command(
    after_help = "With `dialtone dev` running, and its `export` lines pasted:\n\n  \
        dialtone phone                                        a phone to type at; `help` says what\n  \
        dialtone phone --dial 15550783881 --say hello.wav     calls, says a file, stays on the line\n  \
        dialtone phone --answer-after 3 --say echo --calls 1  waits for one call and takes it\n\n\
        What can be said: a WAV or Ogg Opus file, loop:FILE, tone:440, echo, silence, nothing.\n\
        A script file can say more; docs/guide/phones.md shows how."
)]
pub struct Phone {
    /// The exchange that the phone belongs to
    #[arg(
        long,
        value_name = "URL",
        env = "DIALTONE_GRAPH_URL",
        hide_env_values = true,
        default_value = "http://127.0.0.1:7080"
    )]
    pub exchange: Url,

    /// The user whose phone it is
    #[arg(
        long,
        value_name = "NUMBER",
        env = "DIALTONE_USER_WA_ID",
        hide_env_values = true,
        default_value = "14085551234"
    )]
    pub wa_id: WaId,

    /// The user's phone token; the control API is asked for it when it is not given
    #[arg(long, value_name = "TOKEN", env = "DIALTONE_PHONE_TOKEN", hide_env_values = true, value_parser = secret)]
    pub token: Option<Secret>,

    /// The control API to ask
    #[arg(
        long,
        value_name = "URL",
        env = "DIALTONE_CONTROL_URL",
        hide_env_values = true,
        default_value = "http://127.0.0.1:7081/control/v1"
    )]
    pub control: Url,

    /// Do as this file says; flags override what it says
    #[arg(long, value_name = "FILE")]
    pub script: Option<PathBuf>,

    /// Call this business number
    #[arg(long, value_name = "NUMBER")]
    pub dial: Option<String>,

    /// Take a call so many seconds after it begins to ring
    #[arg(long, value_name = "SECONDS", value_parser = seconds, group = "rings")]
    pub answer_after: Option<Duration>,

    /// Decline a call so many seconds after it begins to ring
    #[arg(long, value_name = "SECONDS", value_parser = seconds, group = "rings")]
    pub reject_after: Option<Duration>,

    /// Let it ring
    #[arg(long, group = "rings")]
    pub ignore: bool,

    /// Say this once both sides can talk
    #[arg(long, value_name = "WHAT")]
    pub say: Option<Speech>,

    /// Then press these keys; w waits half a second
    #[arg(long, value_name = "DIGITS")]
    pub press: Option<Digits>,

    /// Say this at once when a business asks whether it may call: temporary, permanent or decline
    #[arg(long, value_name = "ANSWER", value_parser = answer)]
    pub on_permission: Option<PermissionAnswer>,

    /// Write this once the line is up
    #[arg(long, value_name = "TEXT", requires = "write_to")]
    pub write: Option<String>,

    /// The business number that --write is for
    #[arg(long, value_name = "NUMBER", requires = "write")]
    pub write_to: Option<String>,

    /// Hang up so many seconds after both sides could talk
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub hang_up_after: Option<Duration>,

    /// Keep what it hears in this file: WAV, or Ogg Opus if it ends in .ogg
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,

    /// Go away after so many calls
    #[arg(long, value_name = "N")]
    pub calls: Option<u32>,
}

impl Phone {
    /// What the phone does by itself: as the file says, with the flags over it.
    ///
    /// # Errors
    ///
    /// When the file cannot be read, or says what no phone can do.
    pub fn as_script(&self) -> Result<Script, Failure> {
        let mut script = match &self.script {
            Some(file) => {
                let wrong = |error: &dyn std::fmt::Display| {
                    Failure::configuration(format!("{}: {error}", file.display()))
                };
                let text = std::fs::read_to_string(file).map_err(|error| wrong(&error))?;
                Script::from_toml(&text).map_err(|error| wrong(&error))?
            }
            None => Script::default(),
        };
        if let Some(to) = &self.dial {
            script.dial = Some(Dial {
                to: to.clone(),
                after: Duration::ZERO,
            });
        }
        if let Some(after) = self.answer_after {
            script.when_ringing = WhenRinging::AnswerAfter(after);
        }
        if let Some(after) = self.reject_after {
            script.when_ringing = WhenRinging::RejectAfter(after);
        }
        if self.ignore {
            script.when_ringing = WhenRinging::Ignore;
        }
        if self.say.is_some() || self.press.is_some() {
            let say = self.say.clone().map(Step::Say);
            let press = self.press.clone().map(Step::Press);
            script.steps = say.into_iter().chain(press).collect();
        }
        if let Some(answer) = self.on_permission {
            script.chatting.on_permission = Some(Reply {
                answer,
                after: Duration::ZERO,
                then: None,
            });
        }
        if let (Some(body), Some(to)) = (&self.write, &self.write_to) {
            script.chatting.write = Some(Write {
                to: to.clone(),
                body: body.clone(),
                after: Duration::ZERO,
            });
        }
        script.hang_up_after = self.hang_up_after.or(script.hang_up_after);
        script.record = self.record.clone().or(script.record);
        script.calls = self.calls.or(script.calls);
        Ok(script)
    }
}

fn answer(text: &str) -> Result<PermissionAnswer, String> {
    use PermissionAnswer::{Decline, Permanent, Temporary};
    [Temporary, Permanent, Decline]
        .into_iter()
        .find(|answer| answer.as_str() == text)
        .ok_or_else(|| "temporary, permanent or decline".to_owned())
}

fn seconds(text: &str) -> Result<Duration, String> {
    let number: f64 = text
        .parse()
        .map_err(|_| "a number of seconds, such as 3 or 0.5".to_owned())?;
    Duration::try_from_secs_f64(number).map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use clap::Parser as _;

    use super::*;
    use crate::cli::{Cli, Role};

    fn typed(words: &[&str]) -> Script {
        let line = ["dialtone", "phone"].iter().chain(words);
        let cli = Cli::try_parse_from(line).expect("a command line");
        let Role::Phone(phone) = cli.role else {
            unreachable!("it was asked for a phone")
        };
        phone.as_script().expect("a script")
    }

    #[test]
    fn flags_make_a_script() {
        let script = typed(&[
            "--answer-after",
            "0.5",
            "--say",
            "tone:440",
            "--press",
            "12#",
        ]);
        let after = Duration::from_millis(500);
        assert_eq!(script.when_ringing, WhenRinging::AnswerAfter(after));
        assert_eq!(script.steps.len(), 2);
        assert_eq!(typed(&[]), Script::default());
    }

    #[test]
    fn flags_override_a_file() {
        let folder = tempfile::tempdir().expect("a folder");
        let file = folder.path().join("ada.toml");
        std::fs::write(&file, "answer_after_ms = 3000\nsay = \"echo\"\ncalls = 2\n")
            .expect("written");
        let file = file.to_str().expect("text");
        let script = typed(&["--script", file, "--calls", "1"]);
        let after = Duration::from_secs(3);
        assert_eq!(script.when_ringing, WhenRinging::AnswerAfter(after));
        assert_eq!((script.steps.len(), script.calls), (1, Some(1)));
    }

    #[test]
    fn flags_about_chats() {
        let script = typed(&[
            "--on-permission",
            "decline",
            "--write",
            "Hello",
            "--write-to",
            "15550783881",
        ]);
        let reply = script.chatting.on_permission.expect("a reply");
        assert_eq!(reply.answer, PermissionAnswer::Decline);
        let write = script.chatting.write.expect("a text");
        assert_eq!(
            (write.to.as_str(), write.body.as_str()),
            ("15550783881", "Hello")
        );
        for wrong in [
            ["--on-permission", "yes"],
            ["--write", "Hello"],
            ["--write-to", "1"],
        ] {
            let line = ["dialtone", "phone"].iter().chain(&wrong);
            assert!(Cli::try_parse_from(line).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn one_cannot_answer_and_reject() {
        let line = ["dialtone", "phone", "--ignore", "--answer-after", "1"];
        assert!(Cli::try_parse_from(line).is_err());
    }
}
