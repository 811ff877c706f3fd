//! The program `dialtone`: configuration, clock, entropy and wiring, and nothing else.
//!
//! [`main`] is where a process starts. Each role is a file in [`roles`]; what roles share stands
//! beside.

use std::process::ExitCode;

use clap::Parser as _;

use crate::cli::{Cli, Role};
use crate::failure::Failure;

pub mod cli;
pub mod clock;
pub mod config;
pub mod data;
pub mod env_file;
pub mod face;
pub mod failure;
pub mod greeting;
pub mod health;
pub mod logs;
pub mod media_ports;
pub mod metrics;
pub mod platform;
pub mod population;
pub mod roles;
pub mod secret;
pub mod seed;
pub mod serve;
pub mod shutdown;
pub mod suggest;
pub mod world_there;

/// Does what the command line says, and gives the exit status.
#[must_use]
pub fn main() -> ExitCode {
    let cli = Cli::parse();
    // Before the first handshake of anybody in this process: there may be one provider only.
    let _ = rustls::crypto::aws_lc_rs::default_provider().install_default();
    let runtime = match tokio::runtime::Runtime::new() {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("dialtone: no runtime: {error}");
            return ExitCode::FAILURE;
        }
    };
    let outcome = runtime.block_on(run(cli.role));
    // Who waits for a line from the terminal would otherwise wait for ever.
    runtime.shutdown_background();
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(failure) => {
            eprintln!("dialtone: {failure}");
            failure.exit_code()
        }
    }
}

async fn run(role: Role) -> Result<(), Failure> {
    match role {
        Role::Dev(flags) => roles::dev::run(flags).await,
        Role::Exchange(flags) => roles::exchange::run(flags).await,
        Role::Gateway(flags) => roles::gateway::run(flags).await,
        Role::Phone(flags) => roles::phone::run(*flags, shutdown::on_signal()?).await,
        Role::Call(flags) => roles::call::run(flags, shutdown::on_signal()?).await,
        Role::Config(flags) => roles::show::run(&flags),
    }
}
