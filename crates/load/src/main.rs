//! `dialtone-load`: puts load on parts of Dialtone and prints what it cost, as ratios.

use std::process::ExitCode;

use clap::{Parser, Subcommand};
use load::calls::{self, CallLoad};
use load::relay::{self, RelayLoad};

#[derive(Debug, Parser)]
#[command(
    name = "dialtone-load",
    about = "Puts load on Dialtone and prints what it costs."
)]
struct Arguments {
    #[command(subcommand)]
    load: Load,
}

#[derive(Debug, Subcommand)]
enum Load {
    /// Whole calls over the API of a running exchange, with webhooks, paced and as fast as they go.
    Calls(CallLoad),
    /// N calls of two WebRTC peers each through the media relay in a process of its own, against a
    /// bare forwarder measured in the same run.
    Relay(RelayLoad),
    /// The relay's process; speaks JSON lines with the one that started it.
    #[command(hide = true)]
    ServeRelay,
    /// The bare forwarder's process.
    #[command(hide = true)]
    ServeFloor {
        /// Gathers datagrams for up to a millisecond, as the relay does.
        #[arg(long)]
        gather: bool,
    },
}

fn main() -> ExitCode {
    let outcome = match Arguments::parse().load {
        Load::Calls(load) => calls::run(&load).map(|report| print!("{report}")),
        Load::Relay(load) => relay::run(&load).map(|report| print!("{report}")),
        Load::ServeRelay => relay::exchange_side::serve(),
        Load::ServeFloor { gather } => relay::floor::serve(gather),
    };
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("dialtone-load: {error}");
            ExitCode::FAILURE
        }
    }
}
