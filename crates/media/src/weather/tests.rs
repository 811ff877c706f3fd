//! What gets lost, what comes late, and that a seed repeats it.

use super::*;

const RTP: [u8; 20] = [
    0x80, 111, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0,
];
const RTCP: [u8; 12] = [0x80, 200, 0, 2, 0, 0, 0, 1, 0, 0, 0, 0];
const DTLS: [u8; 13] = [22, 254, 253, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0];
const STUN: [u8; 20] = [0; 20];

fn address(port: u16) -> SocketAddr {
    SocketAddr::from(([10, 0, 0, 1], port))
}

fn from_peer(wind: Wind) -> Forecast {
    Forecast {
        from_peer: wind,
        seed: 7,
        ..Forecast::default()
    }
}

fn arrives(weather: &mut Weather, now: Instant, bytes: &[u8]) -> bool {
    weather.arrives(now, address(1), address(2), bytes)
}

fn transmit(bytes: &[u8]) -> Transmit {
    Transmit {
        source: address(2),
        destination: address(1),
        datagram: bytes.to_vec(),
    }
}

/// Sends one datagram every 20 ms for `count` times; when each of them came, in milliseconds.
fn come(weather: &mut Weather, count: u64) -> Vec<(u64, u8)> {
    let start = Instant::now();
    let mut came = Vec::new();
    for step in 0..count * 20 {
        let now = start + Duration::from_millis(step);
        while let Some(arrival) = weather.next_arrival(now) {
            came.push((step, arrival.datagram[3]));
        }
        if step % 20 == 0 {
            let mut bytes = RTP;
            bytes[3] = u8::try_from(step / 20 % 256).expect("below 256");
            if arrives(weather, now, &bytes) {
                came.push((step, bytes[3]));
            }
        }
    }
    came
}

#[test]
fn fine_weather_is_none() {
    let mut weather = Weather::new(Forecast::default());
    let now = Instant::now();
    for bytes in [&RTP[..], &RTCP, &DTLS, &STUN] {
        assert!(arrives(&mut weather, now, bytes));
        assert!(weather.sends(now, transmit(bytes)).is_some());
    }
    assert_eq!(weather.next_at(), None);
    assert!(weather.is_heard() && Forecast::default().is_fine());
    assert!(
        !from_peer(Wind {
            loss_permille: 1,
            ..Wind::default()
        })
        .is_fine()
    );
}

#[test]
fn as_much_is_lost_as_was_forecast() {
    for loss_permille in [1, 100, 500, 1_000] {
        let mut weather = Weather::new(from_peer(Wind {
            loss_permille,
            ..Wind::default()
        }));
        let now = Instant::now();
        let lost = (0..20_000)
            .filter(|_| !arrives(&mut weather, now, &RTP))
            .count();
        let wanted = f64::from(loss_permille) / 1_000.0;
        let share = lost as f64 / 20_000.0;
        assert!((share - wanted).abs() < 0.015, "{share} of {wanted}");
        // The other way is fine.
        assert!(weather.sends(now, transmit(&RTP)).is_some());
    }
}

#[test]
fn a_delay_is_exact_and_keeps_the_order() {
    let delay = Duration::from_millis(30);
    let mut weather = Weather::new(from_peer(Wind {
        delay,
        ..Wind::default()
    }));
    let came = come(&mut weather, 5);
    assert_eq!(came, [(30, 0), (50, 1), (70, 2), (90, 3)]);
    assert!(weather.next_at().is_some());
}

#[test]
fn jitter_stays_within_its_bounds_and_overtakes() {
    let mut weather = Weather::new(from_peer(Wind {
        delay: Duration::from_millis(10),
        jitter: Duration::from_millis(60),
        ..Wind::default()
    }));
    let came = come(&mut weather, 200);
    let mut overtaken = 0;
    for (at, number) in &came {
        let late = at - u64::from(*number) * 20;
        // A datagram is looked for once a millisecond, so up to one late.
        assert!((10..=71).contains(&late), "{late} ms");
    }
    for pair in came.windows(2) {
        overtaken += u32::from(pair[1].1 < pair[0].1);
    }
    assert!(overtaken > 10, "{overtaken} overtook");
}

#[test]
fn a_seed_repeats_itself() {
    let bad = Wind {
        loss_permille: 200,
        delay: Duration::from_millis(5),
        jitter: Duration::from_millis(40),
    };
    let of = |seed| {
        let forecast = Forecast {
            seed,
            ..from_peer(bad)
        };
        come(&mut Weather::new(forecast), 100)
    };
    assert_eq!(of(1), of(1));
    assert_ne!(of(1), of(2));
}

#[test]
fn a_black_hole_swallows_checks_alone() {
    let forecast = Forecast {
        no_checks: true,
        ..Forecast::default()
    };
    let mut weather = Weather::new(forecast);
    let now = Instant::now();
    assert!(!arrives(&mut weather, now, &STUN));
    assert!(weather.sends(now, transmit(&STUN)).is_none());
    for bytes in [&RTP[..], &RTCP, &DTLS] {
        assert!(arrives(&mut weather, now, bytes));
        assert!(weather.sends(now, transmit(bytes)).is_some());
    }
}

#[test]
fn without_media_everything_else_passes() {
    let forecast = Forecast {
        no_media: true,
        ..Forecast::default()
    };
    let mut weather = Weather::new(forecast);
    let now = Instant::now();
    assert!(!arrives(&mut weather, now, &RTP));
    for bytes in [&RTCP[..], &DTLS, &STUN] {
        assert!(arrives(&mut weather, now, bytes));
    }
}

#[test]
fn two_weathers_at_once_are_worse_than_one() {
    let one = from_peer(Wind {
        loss_permille: 100,
        delay: Duration::from_millis(10),
        ..Wind::default()
    });
    let other = Forecast {
        unheard: true,
        no_checks: true,
        no_media: true,
        seed: 9,
        ..one
    };
    let both = one.and(other);
    assert_eq!(both.from_peer.loss_permille, 200);
    assert_eq!(both.from_peer.delay, Duration::from_millis(20));
    assert!(both.unheard && both.no_checks && both.no_media);
    assert_eq!(both.seed, 7);
}

#[test]
fn what_is_held_back_is_bounded() {
    let mut weather = Weather::new(from_peer(Wind {
        delay: Duration::from_secs(10),
        ..Wind::default()
    }));
    let now = Instant::now();
    for _ in 0..2 * WEATHER_HELD_MAX {
        assert!(!arrives(&mut weather, now, &RTP));
    }
    let later = now + Duration::from_secs(10);
    let came = std::iter::from_fn(|| weather.next_arrival(later)).count();
    assert_eq!(came, WEATHER_HELD_MAX);
}

#[test]
fn what_is_late_still_comes_when_the_weather_changes() {
    let delayed = |ms| {
        from_peer(Wind {
            delay: Duration::from_millis(ms),
            ..Wind::default()
        })
    };
    let mut weather = Weather::new(delayed(80));
    let now = Instant::now();
    assert!(!arrives(&mut weather, now, &RTP));
    weather.change(delayed(20));
    assert!(!arrives(&mut weather, now, &RTCP));
    weather.change(Forecast::default());
    assert!(arrives(&mut weather, now, &DTLS), "it is fine");
    assert!(!weather.is_over(), "two are on their way");
    let at = |ms| now + Duration::from_millis(ms);
    assert_eq!(weather.next_at(), Some(at(20)));
    let second = weather.next_arrival(at(20)).expect("the second");
    assert_eq!(second.datagram, RTCP);
    assert!(weather.next_arrival(at(79)).is_none());
    let first = weather.next_arrival(at(80)).expect("the first");
    assert_eq!(first.datagram, RTP);
    assert!(weather.is_over());
}
