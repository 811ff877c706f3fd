//! The relay's process: media as the exchange runs it, on one worker, without an API.

use std::io;
use std::net::Ipv4Addr;

use media_io::{Address, Feed, LegWish, MediaIo, MediaIoConfig, Ports};
use serde::{Deserialize, Serialize};

use super::child::answer_lines;

/// The offers of a call's two peers.
#[derive(Debug, Serialize, Deserialize)]
pub struct Offers(pub String, pub String);

/// The answers to them.
#[derive(Debug, Serialize, Deserialize)]
pub struct Answers(pub String, pub String);

/// Answers pairs of offers and joins their legs, until standard input ends.
///
/// # Errors
///
/// What the sockets or pipes say, or that an offer cannot be answered.
pub fn serve() -> io::Result<()> {
    let config = MediaIoConfig {
        addresses: vec![Address::plain(Ipv4Addr::LOCALHOST.into())],
        ports: Ports::Shared(0),
        workers: 1,
        seed: [1; 32],
    };
    let media = MediaIo::start(config, |_| {})?;
    answer_lines(|offers| call(&media, &offers))
}

fn call(media: &MediaIo, offers: &Offers) -> io::Result<Answers> {
    let user = media
        .prepare_answer(&offers.0, LegWish::plain(1))
        .map_err(io::Error::other)?;
    let wish = LegWish::meta(2).beside(user.id);
    let business = media
        .prepare_answer(&offers.1, wish)
        .map_err(io::Error::other)?;
    let (user_leg, business_leg) = (user.id, business.id);
    let answers = Answers(user.sdp.clone(), business.sdp.clone());
    media.adopt(user, Feed::Relay);
    media.adopt(business, Feed::Relay);
    media
        .join(user_leg, business_leg)
        .map_err(io::Error::other)?;
    media.pass(user_leg, true);
    Ok(answers)
}
