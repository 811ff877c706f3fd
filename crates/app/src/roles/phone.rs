//! `dialtone phone`: a WhatsApp user in a terminal.

use std::io::IsTerminal as _;
use std::sync::Arc;

use phone::{PhoneConfig, PhoneEnd, PhoneMedia, RunningClock};
use serde::Deserialize;
use tokio::io::BufReader;
use tokio_util::sync::CancellationToken;

use crate::cli::phone::Phone;
use crate::config::{Log, PeerMedia};
use crate::failure::Failure;
use crate::secret::Secret;
use crate::seed::Seed;
use crate::{clock, logs, media_ports};

/// Runs until the phone is gone: it had all its calls, its owner quits, or `stop`.
///
/// # Errors
///
/// When the exchange cannot be asked or does not want the phone, or a file cannot be used.
pub async fn run(asked: Phone, stop: CancellationToken) -> Result<(), Failure> {
    let quiet = Log {
        // The story says what happens; only what goes wrong beneath it is logged.
        filter: "warn".to_owned(),
        ..Log::default()
    };
    logs::start(&quiet)?;
    let script = asked.as_script()?;
    let token = match &asked.token {
        Some(token) => token.clone(),
        None => token_of(&asked).await?,
    };
    let seed = Seed::drawn().map_err(|error| Failure::running(format!("no entropy: {error}")))?;
    let ports = media_ports::peer(&PeerMedia::default(), seed.whole_of("phone", 0));
    let media = PhoneMedia::start(ports)
        .map_err(|error| Failure::running(format!("the phone's media: {error}")))?;
    let config = PhoneConfig::new(asked.exchange, asked.wa_id, token.reveal().to_owned())
        .map_err(|error| Failure::configuration(format!("--exchange: {error}")))?;
    let running = Arc::new(RunningClock::new(clock::wall_clock));
    let handle = phone::Phone::start(config, script, Arc::clone(&media), running)
        .await
        .map_err(|error| Failure::configuration(format!("the script: {error}")))?;

    // Somebody who types Ctrl-D wants to leave; a script that runs without a terminal does not.
    let stay = !std::io::stdin().is_terminal();
    let input = BufReader::new(tokio::io::stdin());
    let stopped = handle.clone();
    tokio::spawn(async move {
        stop.cancelled().await;
        stopped.stop().await;
    });
    let end = phone::terminal::run(&handle, input, tokio::io::stdout(), stay).await;
    media.shutdown();
    match end {
        Ok(PhoneEnd::Left) => Ok(()),
        Ok(PhoneEnd::Refused { why }) => Err(Failure::running(format!(
            "the exchange does not want this phone: {why}"
        ))),
        Err(error) => Err(Failure::running(format!("the terminal: {error}"))),
    }
}

/// Asks the control API for the token of the user's phones.
async fn token_of(asked: &Phone) -> Result<Secret, Failure> {
    #[derive(Deserialize)]
    struct User {
        phone_token: Secret,
    }
    let base = asked.control.as_str().trim_end_matches('/');
    let url = format!("{base}/users/{}", asked.wa_id);
    let wrong = |said: String| {
        Failure::running(format!(
            "the phone's token: {base} {said}; is an exchange running there? Give --control, or \
             the token itself with --token"
        ))
    };
    let answer = reqwest::get(url)
        .await
        .map_err(|error| wrong(format!("cannot be asked ({error})")))?;
    if !answer.status().is_success() {
        return Err(wrong(format!("answers {}", answer.status())));
    }
    let user: User = answer
        .json()
        .await
        .map_err(|error| wrong(format!("answers what is no user ({error})")))?;
    Ok(user.phone_token)
}
