//! One leg in its place, and what it is joined with.

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

use media::weather::Weather;
use media::{AudioApp, Leg};
use types::LegId;

use crate::{Feed, Place};

/// A leg in its place.
pub(super) struct Slot {
    pub(super) id: LegId,
    pub(super) leg: Leg,
    pub(super) joined: Joined,
    pub(super) ports: LegPorts,
    pub(super) addresses: Vec<SocketAddr>,
    /// Bad weather on purpose; none on almost every leg.
    pub(super) weather: Option<Box<Weather>>,
    /// The timer that is set, if one is.
    pub(super) due: Option<Instant>,
    pub(super) stamp: u64,
    pub(super) _place: Place,
}

/// A leg that comes in.
pub(crate) struct Newcomer {
    pub(crate) id: LegId,
    pub(crate) leg: Leg,
    pub(crate) feed: Feed,
    pub(crate) ports: LegPorts,
    pub(crate) place: Place,
}

/// What a leg is joined with.
pub(super) enum Joined {
    Nothing,
    Leg(usize),
    App {
        app: Box<dyn AudioApp>,
        next_tick: Option<Instant>,
    },
}

/// The ports of a leg: what peers know them by, and their place among the worker's ports.
#[derive(Debug, Clone)]
pub(crate) enum LegPorts {
    /// The worker's, which all its legs share.
    Shared(Arc<[(SocketAddr, usize)]>),
    /// The leg's own, which close with it.
    Own(Vec<(SocketAddr, usize)>),
}

impl From<Feed> for Joined {
    fn from(feed: Feed) -> Self {
        match feed {
            Feed::Relay => Self::Nothing,
            Feed::App(app) => Self::App {
                app,
                next_tick: None,
            },
        }
    }
}

impl LegPorts {
    pub(super) fn find(&self, candidate: SocketAddr) -> Option<usize> {
        let ports: &[(SocketAddr, usize)] = match self {
            Self::Shared(ports) => ports,
            Self::Own(ports) => ports,
        };
        ports
            .iter()
            .find(|(known, _)| *known == candidate)
            .map(|(_, port)| *port)
    }
}
