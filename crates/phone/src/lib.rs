//! A WhatsApp user's phone as a program: dials, answers, talks, presses digits, hangs up.

pub mod call_media;
pub mod clock;
pub mod config;
pub mod handle;
pub mod line;
mod link;
pub mod machine;
pub mod record;
pub mod run;
pub mod script;
pub mod story;
pub mod terminal;

pub use call_media::{PhoneMedia, Recording};
pub use clock::{PhoneClock, RunningClock};
pub use config::PhoneConfig;
pub use handle::{OrderError, PhoneEnd, PhoneHandle};
pub use run::Phone;
pub use script::{Script, Speech};
