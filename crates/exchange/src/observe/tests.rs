//! The page that a Prometheus reads, whole.

use metrics_exporter_prometheus::{Matcher, PrometheusBuilder};

use super::*;

#[test]
fn the_metrics_page() {
    let mut builder = PrometheusBuilder::new();
    for (names, buckets) in [
        (MACHINE_TIMES, MACHINE_BUCKETS),
        (PEOPLE_TIMES, PEOPLE_BUCKETS),
    ] {
        for name in names {
            builder = builder
                .set_buckets_for_metric(Matcher::Full(name.to_owned()), &buckets)
                .expect("there are buckets");
        }
    }
    let recorder = builder.build_recorder();
    let page = recorder.handle();

    metrics::with_local_recorder(&recorder, || {
        describe();
        call_started(Direction::UserInitiated);
        call_answered(Direction::UserInitiated, Duration::from_secs(3));
        call_set_up(Direction::UserInitiated, Duration::from_millis(40));
        call_ended(
            Direction::UserInitiated,
            "user_hung_up",
            Blame::Nobody,
            Some(Duration::from_secs(61)),
        );
        call_ended(Direction::BusinessInitiated, "no_answer", Blame::User, None);
        call_refused(Direction::BusinessInitiated, "no_permission");
        webhook(WebhookOutcome::Delivered, Duration::from_millis(7));
        webhook(WebhookOutcome::Failed, Duration::from_secs(20));
        webhook(WebhookOutcome::GivenUp, Duration::from_secs(20));
        phones_online(2);
        phone_too_slow();
    });

    let page = page.render();
    assert!(page.contains(r#"setup_seconds_bucket{direction="user_initiated",le="0.05"} 1"#));
    assert!(page.contains(r#"talk_seconds_bucket{direction="user_initiated",le="60"} 0"#));

    // The recorder keeps no order, neither of names nor of labels.
    let mut blocks: Vec<String> = page.trim_end().split("\n\n").map(without_buckets).collect();
    blocks.sort_unstable();
    insta::assert_snapshot!("metrics_page", blocks.join("\n\n"));
}

fn without_buckets(block: &str) -> String {
    let mut lines: Vec<&str> = block
        .lines()
        .filter(|line| !line.contains("_bucket{"))
        .collect();
    lines.sort_unstable();
    lines.join("\n")
}
