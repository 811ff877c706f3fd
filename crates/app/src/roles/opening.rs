//! What every role that listens begins with: configuration, logs, metrics, a data folder, a seed.

use std::path::{Path, PathBuf};

use tokio_util::sync::CancellationToken;

use crate::cli::{Common, Serving};
use crate::config::{Config, Loaded, Sources, load};
use crate::data::{DataFolder, Start};
use crate::face::Face;
use crate::failure::Failure;
use crate::health::Readiness;
use crate::metrics::Metrics;
use crate::{env_file, logs, shutdown};

/// A role that has begun.
pub struct Opening {
    /// The whole configuration.
    pub config: Config,
    /// The folder of its databases.
    pub data: DataFolder,
    /// The seed, and how often there was a start before.
    pub start: Start,
    /// What is counted.
    pub metrics: Metrics,
    /// Whether it takes work.
    pub readiness: Readiness,
    /// Cancelled when it has to stop.
    pub stop: CancellationToken,
    env_file: Option<PathBuf>,
}

/// Where the databases are when nobody says.
#[derive(Debug, Clone, Copy)]
pub enum DataByDefault {
    /// In a folder that is gone afterwards.
    Temporary,
    /// In `./dialtone-data`.
    Kept,
}

impl Opening {
    /// Begins a role: `more` puts the role's own flags over the configuration.
    ///
    /// # Errors
    ///
    /// When the configuration is wrong or the data folder cannot be used.
    pub fn begin(
        flags: &Serving,
        by_default: DataByDefault,
        more: impl FnOnce(&mut Config),
    ) -> Result<Self, Failure> {
        let Loaded { mut config, doubts } = read(&flags.common)?;
        flags.over(&mut config);
        more(&mut config);
        logs::start(&config.log)?;
        for doubt in doubts {
            tracing::warn!("{doubt}");
        }
        // Its presence means "ready": one of an earlier process would lie.
        if let Some(path) = &flags.env_file {
            env_file::clear(path).map_err(|error| at(path, &error))?;
        }
        let stop = shutdown::on_signal()?;
        let metrics = Metrics::start()?;
        tokio::spawn(metrics.clone().keep_small());
        let data = match (&config.data, by_default) {
            (Some(folder), _) => DataFolder::open(folder)?,
            (None, DataByDefault::Temporary) => DataFolder::temporary()?,
            (None, DataByDefault::Kept) => DataFolder::open(Path::new(KEPT))?,
        };
        let start = data.start(config.seed)?;
        Ok(Self {
            config,
            data,
            start,
            metrics,
            readiness: Readiness::until(stop.clone()),
            stop,
            env_file: flags.env_file.clone(),
        })
    }

    /// Takes work from now on, and tells whoever waits for that.
    ///
    /// # Errors
    ///
    /// When the env file cannot be written.
    pub fn ready(&self, face: Option<&Face>, greeting: &str) -> Result<(), Failure> {
        self.readiness.set();
        if let (Some(path), Some(face)) = (&self.env_file, face) {
            env_file::write(path, &face.lines()).map_err(|error| at(path, &error))?;
        }
        println!("{greeting}");
        println!("Ready. Ctrl-C stops.");
        Ok(())
    }
}

/// The configuration by file and variables.
///
/// # Errors
///
/// When it is wrong.
pub fn read(flags: &Common) -> Result<Loaded, Failure> {
    let sources = Sources {
        file: flags.config.clone(),
        variables: variables(),
    };
    let mut loaded = load(&sources)?;
    flags.over(&mut loaded.config);
    Ok(loaded)
}

/// The environment, as far as it is text.
#[must_use]
pub fn variables() -> Vec<(String, String)> {
    std::env::vars_os()
        .filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)))
        .collect()
}

fn at(path: &Path, error: &std::io::Error) -> Failure {
    Failure::running(format!("the env file {}: {error}", path.display()))
}

const KEPT: &str = "dialtone-data";
