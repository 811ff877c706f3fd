//! How long a call takes to come up on a network that loses one datagram in five.

use std::time::Duration;

use media::LegEvent;

use crate::world::{End, SECOND, Weather, World};

#[test]
fn one_datagram_in_five_costs_a_call_half_a_second() {
    for call in [World::phone_and_exchange, World::exchange_and_business] {
        let times = set_up_times(call);
        let share = |percent| times[times.len() * percent / 100];
        let said = format!("half {:?}, nine in ten {:?}", share(50), share(90));
        assert!(share(50) < SECOND * 7 / 10, "{said}");
        assert!(share(90) < 2 * SECOND, "{said}");
        let last = times[times.len() - 1];
        assert!(last < NEVER, "{said}, the last one not at all");
    }
}

/// How long it took until both ends were up, in as many worlds as there are seeds; the shortest first.
fn set_up_times(call: fn(&mut World) -> (End, End)) -> Vec<Duration> {
    let lossy = Weather {
        loss_percent: 20,
        ..Weather::FOUL
    };
    let mut times: Vec<_> = (0..SEEDS)
        .map(|seed| {
            let mut world = World::with_chance(lossy, seed);
            let (one, other) = call(&mut world);
            world.run(NEVER);
            let up = |end| world.when(end, &LegEvent::Up).unwrap_or(NEVER);
            up(one).max(up(other))
        })
        .collect();
    times.sort_unstable();
    times
}

const SEEDS: u32 = 200;

/// Longer than any preset waits.
const NEVER: Duration = Duration::from_secs(30);
