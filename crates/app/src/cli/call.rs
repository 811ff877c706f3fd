//! What can be typed after `dialtone call`.

use std::path::PathBuf;

use clap::Args;
use gateway::handlers::{HandlerKind, HandlerSpec};
use url::Url;

use crate::cli::secret;
use crate::secret::Secret;

/// `dialtone call`.
#[derive(Debug, Args)]
#[command(after_help = "With `dialtone dev` running:\n\n  \
        dialtone call 14085551234 --play hello.wav --record heard.wav\n\n\
        Ctrl-C hangs up. The exit status says what became of the call: 0 answered, 10 not \
        answered, 11 declined, 12 no permission, 13 refused, 14 unknown, 15 failed.")]
pub struct Call {
    /// Whom to call: a number in international form, or a business-scoped user id
    pub to: String,

    /// The gateway that places the call
    #[arg(
        long,
        value_name = "URL",
        env = "DIALTONE_GATEWAY_URL",
        hide_env_values = true,
        default_value = "http://127.0.0.1:7090"
    )]
    pub gateway: Url,

    /// The gateway's API token, if it has one
    #[arg(long, value_name = "TOKEN", env = "DIALTONE_GATEWAY_TOKEN", hide_env_values = true, value_parser = secret)]
    pub token: Option<Secret>,

    /// Play this WAV or Ogg Opus file, then hang up
    #[arg(long, value_name = "FILE", group = "says")]
    pub play: Option<PathBuf>,

    /// Play a tone of so many hertz
    #[arg(long, value_name = "HERTZ", group = "says")]
    pub tone: Option<u16>,

    /// Say nothing
    #[arg(long, group = "says")]
    pub silent: bool,

    /// Write both sides to this WAV file, the user on the left; only the user if it ends in .ogg
    #[arg(long, value_name = "FILE")]
    pub record: Option<PathBuf>,

    /// Hang up so many seconds after the answer
    #[arg(long, value_name = "SECONDS")]
    pub hang_up_after: Option<u32>,
}

impl Call {
    /// What the gateway is to do with the call, files aside.
    #[must_use]
    pub fn handler(&self) -> HandlerSpec {
        let kind = if self.tone.is_some() {
            HandlerKind::Tone
        } else if self.silent {
            HandlerKind::Record
        } else {
            HandlerKind::Echo
        };
        HandlerSpec {
            kind,
            hz: self.tone,
            file: None,
            repeat: false,
            record: false,
            hang_up_after_secs: self.hang_up_after,
        }
    }
}
