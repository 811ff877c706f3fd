//! How legs end, and that the end of one is nobody else's.

use std::net::UdpSocket;
use std::sync::mpsc::channel;
use std::time::Duration;

use media::audio::{Clip, Mouthpiece};
use media::{AppFrame, AudioApp, LegError, LegFailure, RtpFrame};
use media_io::{Feed, LegWish, MediaEventKind, MediaIoError};
use types::LegId;

use crate::stage::{PATIENCE, Party, Talker};

fn is_closed(kind: &MediaEventKind) -> bool {
    matches!(kind, MediaEventKind::Closed(_))
}

/// An app that falls over at its first word.
struct Clumsy;

impl AudioApp for Clumsy {
    fn on_rtp(&mut self, _frame: &RtpFrame) {}

    fn on_digit(&mut self, _digit: char) {}

    fn tick(&mut self) -> Option<AppFrame> {
        panic!("as the test wants it")
    }
}

#[test]
fn a_panic_ends_one_leg_and_no_other() {
    let mut exchange = Party::exchange();
    let mut peers = Party::peer();
    let says = Mouthpiece::Loop(Clip::tone(440, 0.5));
    let (good, good_leg) = Talker::calling(&peers, &exchange, says);
    let (clumsy, clumsy_leg) = Talker::calling(&peers, &exchange, Mouthpiece::Silence);
    peers.io.set_app(clumsy.leg, Box::new(Clumsy));
    peers.await_that(clumsy.leg, "Closed", is_closed);
    exchange.await_that(clumsy_leg, "Closed", is_closed);

    exchange.await_event(good_leg, &MediaEventKind::MediaStarted);
    let (reply, stats) = channel();
    peers.io.stats(good.leg, move |stats| {
        reply.send(stats).ok();
    });
    assert!(stats.recv_timeout(PATIENCE).expect("an answer").is_some());
}

#[test]
fn the_phone_that_hangs_up_is_told_of_at_the_exchange() {
    let mut exchange = Party::exchange();
    let mut peers = Party::peer();
    let (phone, leg) = Talker::calling(&peers, &exchange, Mouthpiece::Silence);
    exchange.await_event(leg, &MediaEventKind::Up);
    peers.await_event(phone.leg, &MediaEventKind::Up);
    peers.io.close(phone.leg);
    exchange.await_event(leg, &MediaEventKind::Failed(LegFailure::PeerClosed));
    exchange.await_that(leg, "Closed", is_closed);
    peers.await_that(phone.leg, "Closed", is_closed);
}

#[test]
fn a_bad_answer_is_refused_and_a_good_one_then_taken() {
    let mut exchange = Party::exchange();
    let peers = Party::peer();
    let offering = exchange
        .io
        .prepare_offer(LegWish::meta(1))
        .expect("an offer");
    let answering = peers
        .io
        .prepare_answer(&offering.sdp, LegWish::plain(2))
        .expect("an answer");
    let (leg, answer) = (offering.id, answering.sdp.clone());
    exchange.io.adopt(offering, Feed::Relay);
    peers.io.adopt(answering, Feed::Relay);
    exchange.io.apply_answer(leg, "v=0".to_owned());
    exchange.await_event(leg, &MediaEventKind::AnswerRefused(LegError::NoAudio));
    exchange.io.apply_answer(leg, answer);
    exchange.await_event(leg, &MediaEventKind::Up);
}

#[test]
fn a_bad_offer_is_refused_at_once() {
    let exchange = Party::exchange();
    let refused = exchange.io.prepare_answer("hello", LegWish::meta(1));
    assert!(matches!(refused, Err(MediaIoError::Leg(LegError::NoAudio))));
}

#[test]
fn many_calls_share_one_port_of_the_exchange() {
    let mut exchange = Party::exchange();
    let mut peers = Party::peer();
    let legs: Vec<(LegId, LegId)> = (0..20)
        .map(|_| {
            let (phone, leg) = Talker::calling(&peers, &exchange, Mouthpiece::Silence);
            (phone.leg, leg)
        })
        .collect();
    for (phone, leg) in legs {
        exchange.await_event(leg, &MediaEventKind::MediaStarted);
        peers.await_event(phone, &MediaEventKind::Up);
    }
    assert_eq!(exchange.io.candidates().len(), 1);
}

#[test]
fn strangers_and_noise_disturb_nobody() {
    let mut exchange = Party::exchange();
    let mut peers = Party::peer();
    let stranger = UdpSocket::bind("127.0.0.1:0").expect("a socket");
    let port = exchange.io.candidates()[0];
    for first in 0..=u8::MAX {
        let mut noise = vec![first; 60];
        stranger.send_to(&noise, port).expect("sent");
        noise.resize(9_000, first);
        stranger.send_to(&noise, port).expect("sent");
        stranger.send_to(&[], port).expect("sent");
    }
    let (phone, leg) = Talker::calling(&peers, &exchange, Mouthpiece::Silence);
    exchange.await_event(leg, &MediaEventKind::MediaStarted);
    peers.await_event(phone.leg, &MediaEventKind::Up);
}

#[test]
fn a_shutdown_says_goodbye_to_every_peer() {
    let mut exchange = Party::exchange();
    let mut peers = Party::peer();
    let (phone, leg) = Talker::calling(&peers, &exchange, Mouthpiece::Silence);
    peers.await_event(phone.leg, &MediaEventKind::Up);
    exchange.await_event(leg, &MediaEventKind::Up);
    exchange.io.shutdown();
    exchange.await_that(leg, "Closed", is_closed);
    peers.await_event(phone.leg, &MediaEventKind::Failed(LegFailure::PeerClosed));
    // Commands after the end are nobody's.
    exchange.io.close(leg);
    exchange.io.shutdown();
}

#[test]
fn what_the_app_is_asked_keeps_time() {
    let exchange = Party::exchange();
    let mut peers = Party::peer();
    let says = Mouthpiece::Loop(Clip::tone(440, 0.5));
    let (phone, leg) = Talker::calling(&peers, &exchange, says);
    let (handset, _control) = media::audio::Handset::new(Mouthpiece::Echo, |_| {});
    exchange.io.set_app(leg, Box::new(handset));
    peers.await_event(phone.leg, &MediaEventKind::MediaStarted);
    phone.await_tape(Duration::from_secs(3));
    let (reply, stats) = channel();
    peers.io.stats(phone.leg, move |stats| {
        reply.send(stats).ok();
    });
    let stats = stats
        .recv_timeout(PATIENCE)
        .expect("an answer")
        .expect("a leg");
    assert!(stats.packets_sent >= 140, "{stats:?}");
}
