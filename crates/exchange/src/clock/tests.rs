//! The clock runs, stands, and is turned; sleepers wake when it gets there.

use std::sync::atomic::{AtomicU64, Ordering};

use super::*;

#[test]
fn runs_with_its_base_and_ahead_of_it() {
    let (base, clock) = driven();
    base.store(1_500, Ordering::Relaxed);
    assert_eq!(clock.now(), at(1_500));
    clock.set(at(10_000));
    base.store(1_600, Ordering::Relaxed);
    assert_eq!(clock.now(), at(10_100));
    clock.set(at(50));
    assert_eq!(clock.now(), at(50), "back is a direction too");
}

#[test]
fn stands_and_runs_on_from_where_it_stood() {
    let (base, clock) = driven();
    clock.freeze();
    base.store(9_000, Ordering::Relaxed);
    assert_eq!(clock.now(), at(1_000));
    assert!(clock.is_frozen());
    clock.set(at(2_000));
    assert!(clock.is_frozen());
    clock.resume();
    base.store(9_001, Ordering::Relaxed);
    assert_eq!(clock.now(), at(2_001));
}

#[tokio::test]
async fn a_sleeper_wakes_when_the_clock_gets_there() {
    let clock = Clock::frozen(at(0));
    let sleeper = tokio::spawn({
        let clock = clock.clone();
        async move { clock.sleep_until(at(1_000)).await }
    });
    for millis in [10, 999] {
        clock.set(at(millis));
        tokio::task::yield_now().await;
        assert!(!sleeper.is_finished());
    }
    clock.set(at(1_000));
    sleeper.await.expect("awake");
}

#[tokio::test]
async fn a_sleeper_wakes_by_itself_on_a_running_clock() {
    let start = std::time::Instant::now();
    let clock = Clock::new(move || {
        let millis = start.elapsed().as_millis();
        at(u64::try_from(millis).expect("a small number"))
    });
    clock.sleep_until(at(5)).await;
    assert!(clock.now() >= at(5));
}

fn driven() -> (Arc<AtomicU64>, Clock) {
    let base = Arc::new(AtomicU64::new(1_000));
    let clock = Clock::new({
        let base = Arc::clone(&base);
        move || at(base.load(Ordering::Relaxed))
    });
    (base, clock)
}

fn at(millis: u64) -> Timestamp {
    Timestamp::from_millis(millis)
}
