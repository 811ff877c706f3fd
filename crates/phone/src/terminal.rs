//! A phone in a terminal: what happens is printed in sentences, what is typed is done.

use std::io;
use std::path::Path;
use std::str::FromStr;

use media::dtmf::Digits;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, AsyncWrite, AsyncWriteExt};
use types::PhoneNumberId;

use crate::handle::{PhoneEnd, PhoneHandle};
use crate::line::{PermissionAnswer, PermissionHeld};
use crate::record;
use crate::script::Speech;
use crate::script::nearest::nearest;
use crate::story::StoryEvent;

/// Prints the phone's story to `output` and does what is typed into `input`, line by line, until
/// `quit`, the end of the input, or the end of the phone. With `input` at its end and `stay` the
/// phone goes on by its script until it has had all its calls.
///
/// # Errors
///
/// What the terminal says.
pub async fn run(
    phone: &PhoneHandle,
    input: impl AsyncBufRead + Unpin,
    mut output: impl AsyncWrite + Unpin,
    stay: bool,
) -> io::Result<PhoneEnd> {
    let mut lines = input.lines();
    let mut typing = true;
    let mut told = 0;
    loop {
        tokio::select! {
            // What has happened is printed before what is typed next is done.
            biased;
            events = phone.story_after(told) => {
                if events.is_empty() {
                    break;
                }
                for event in events {
                    told = event.number + 1;
                    print(&mut output, &sentence(&event)).await?;
                }
            }
            line = lines.next_line(), if typing => {
                let answer = match line? {
                    Some(line) => match line.parse() {
                        Ok(Command::Quit) => break,
                        Ok(command) => obey(phone, command).await,
                        Err(error) => Some(error),
                    },
                    None if stay => {
                        typing = false;
                        None
                    }
                    None => break,
                };
                if let Some(answer) = answer {
                    print(&mut output, &answer).await?;
                }
            }
        }
    }
    let end = phone.stop().await;
    for event in phone.story_from(told) {
        print(&mut output, &sentence(&event)).await?;
    }
    let goodbye = match &end {
        PhoneEnd::Left => "The phone is gone.".to_owned(),
        PhoneEnd::Refused { why } => format!("The phone is gone: {why}."),
    };
    print(&mut output, &goodbye).await?;
    Ok(end)
}

/// What can be typed.
#[derive(Debug, Clone, PartialEq, Eq)]
enum Command {
    Dial(String),
    Link { to: String, payload: String },
    Button,
    Write { to: String, body: String },
    Read,
    Permit(PermissionAnswer),
    Profile(PhoneNumberId, PermissionHeld),
    Answer,
    Reject,
    HangUp,
    Press(Digits),
    Play(Speech),
    Save(String),
    Status,
    Help,
    Nothing,
    Quit,
}

async fn obey(phone: &PhoneHandle, command: Command) -> Option<String> {
    let done = match command {
        Command::Dial(to) => phone.dial(&to).await,
        Command::Link { to, payload } => phone.follow_link(&to, &payload).await,
        Command::Button => phone.press_button().await,
        Command::Write { to, body } => phone.write(&to, &body).await,
        Command::Read => phone.read(None).await,
        Command::Permit(answer) => phone.answer_permission(None, answer).await,
        Command::Profile(number, permission) => phone.set_permission(number, permission).await,
        Command::Answer => phone.answer().await,
        Command::Reject => phone.reject().await,
        Command::HangUp => phone.hang_up().await,
        Command::Press(digits) => phone.press(digits).await,
        Command::Play(speech) => phone.play(speech).await,
        Command::Save(path) => return Some(save(phone, &path).await),
        Command::Status => return Some(status(phone)),
        Command::Help => return Some(HELP.to_owned()),
        Command::Nothing | Command::Quit => return None,
    };
    done.err().map(|error| format!("Not done: {error}."))
}

async fn save(phone: &PhoneHandle, path: &str) -> String {
    let heard = phone.recording().heard;
    let seconds = heard.duration().as_secs_f32();
    let file = path.to_owned();
    let saving = tokio::task::spawn_blocking(move || record::save(Path::new(&file), &heard));
    match saving.await {
        Ok(Ok(())) => format!("{seconds:.1} s of what was heard are in {path}."),
        Ok(Err(error)) => format!("Not done: {path} cannot be written: {error}."),
        Err(_) => "Not done: the recording could not be written.".to_owned(),
    }
}

fn status(phone: &PhoneHandle) -> String {
    let doing = phone.doing();
    let line = if doing.online { "online" } else { "offline" };
    let state = doing.state.replace('_', " ");
    match doing.call_id {
        Some(call_id) => format!("The phone is {line} and {state} in call {call_id}."),
        None => format!("The phone is {line} and {state}."),
    }
}

impl FromStr for Command {
    type Err = String;

    fn from_str(line: &str) -> Result<Self, String> {
        let line = line.trim();
        let (verb, rest) = line.split_once(char::is_whitespace).unwrap_or((line, ""));
        let rest = rest.trim();
        let needs = |what: &str| format!("`{verb}` needs {what}.");
        match verb {
            "" => Ok(Self::Nothing),
            "dial" | "call" if rest.is_empty() => Err(needs("a number: dial +1 555 078 3881")),
            "dial" | "call" => Ok(Self::Dial(rest.to_owned())),
            "link" => match two(rest) {
                Some((to, payload)) => Ok(Self::Link { to, payload }),
                None => Err(needs("a number in one word and a payload: link 15550783881 spring")),
            },
            "button" => Ok(Self::Button),
            "write" | "text" => match two(rest) {
                Some((to, body)) => Ok(Self::Write { to, body }),
                None => Err(needs("a number in one word and a text: write 15550783881 Hello")),
            },
            "read" => Ok(Self::Read),
            "permit" => answer(rest).map(Self::Permit).ok_or_else(|| {
                needs("an answer: permit temporary, permit permanent or permit decline")
            }),
            "profile" => profile(rest).ok_or_else(|| {
                needs("a phone number id and temporary, permanent or none: profile 436666719526789 none")
            }),
            "answer" => Ok(Self::Answer),
            "reject" => Ok(Self::Reject),
            "hangup" | "hang" | "bye" => Ok(Self::HangUp),
            "press" => rest
                .parse()
                .map(Self::Press)
                .map_err(|error| needs(&format!("digits: {}", error.rule))),
            "play" | "say" => rest
                .parse()
                .map(Self::Play)
                .map_err(|error| format!("`{verb}`: {error}.")),
            "save" if rest.is_empty() => Err(needs("a file: save heard.wav")),
            "save" => Ok(Self::Save(rest.to_owned())),
            "status" => Ok(Self::Status),
            "help" | "?" => Ok(Self::Help),
            "quit" | "exit" => Ok(Self::Quit),
            other => Err(match nearest(other, VERBS) {
                Some(meant) => format!("There is no `{other}`: did you mean `{meant}`?"),
                None => format!("There is no `{other}`. `help` says what there is."),
            }),
        }
    }
}

/// The first word, and all that follows.
fn two(rest: &str) -> Option<(String, String)> {
    let (first, rest) = rest.split_once(char::is_whitespace)?;
    Some((first.to_owned(), rest.trim().to_owned()))
}

fn answer(word: &str) -> Option<PermissionAnswer> {
    use PermissionAnswer::{Decline, Permanent, Temporary};
    [Temporary, Permanent, Decline]
        .into_iter()
        .find(|answer| answer.as_str() == word)
}

fn profile(rest: &str) -> Option<Command> {
    use PermissionHeld::{None as Nothing, Permanent, Temporary};
    let (number, word) = two(rest)?;
    let number = number.parse().ok()?;
    let permission = [Nothing, Temporary, Permanent]
        .into_iter()
        .find(|permission| permission.as_str() == word)?;
    Some(Command::Profile(number, permission))
}

/// `12:34:56.789  The phone rings: …`, in universal time.
fn sentence(event: &StoryEvent) -> String {
    let millis = event.at.as_millis();
    let (seconds, millis) = (millis / 1_000, millis % 1_000);
    let (minutes, seconds) = (seconds / 60, seconds % 60);
    let (hours, minutes) = (minutes / 60 % 24, minutes % 60);
    format!(
        "{hours:02}:{minutes:02}:{seconds:02}.{millis:03}  {}",
        event.what
    )
}

async fn print(output: &mut (impl AsyncWrite + Unpin), line: &str) -> io::Result<()> {
    output.write_all(line.as_bytes()).await?;
    output.write_all(b"\n").await?;
    output.flush().await
}

const VERBS: &[&str] = &[
    "dial", "link", "button", "write", "read", "permit", "profile", "answer", "reject", "hangup",
    "press", "play", "save", "status", "help", "quit",
];

/// What `help` prints.
pub const HELP: &str = "\
dial NUMBER     call a business
link NUMBER P   call a business by a deep link with the payload P
button          press the latest call button
write NUMBER T  write the text T to a business
read            read the latest message
permit ANSWER   answer the latest call permission request: temporary, permanent, decline
profile ID WHAT say in the profile of a business number what it may do: temporary, permanent, none
answer          take the call that rings
reject          decline the call that rings
press DIGITS    press keys in the call: press 12#
play WHAT       say something in the call: play hello.wav, play tone:440, play echo, play silence
hangup          end the call
save FILE       write what was heard in the call: save heard.wav, save heard.ogg
status          what the phone is doing
quit            hang up and go";

#[cfg(test)]
mod tests;
