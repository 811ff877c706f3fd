//! What the exchange can bear, each figure beside a floor that was measured in the same run: commands
//! of the desk, durable webhooks, and calls over the real API with real legs and real webhooks.
//!
//! `cargo bench -p dialtone-exchange --bench exchange [desk|webhooks|calls]`

mod calls;
mod desk;
mod face;
mod place;
mod webhooks;

fn main() {
    let chosen: Vec<String> = std::env::args()
        .skip(1)
        .filter(|word| !word.starts_with("--"))
        .collect();
    let wanted = |name: &str| chosen.is_empty() || chosen.iter().any(|word| word == name);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    if wanted("desk") {
        runtime.block_on(desk::measure());
    }
    if wanted("webhooks") {
        runtime.block_on(webhooks::measure());
    }
    if wanted("calls") {
        runtime.block_on(calls::measure());
    }
}

/// Prints one line: what, how much, and how it stands to the floor or the goal.
fn line(what: &str, figure: f64, unit: &str, beside: &str) {
    println!("{what:<44} {figure:>10.1} {unit:<12} {beside}");
}

/// The value below which `percent` of the sorted values lie.
fn percentile(sorted: &[f64], percent: usize) -> f64 {
    let at = (sorted.len() * percent / 100).min(sorted.len().saturating_sub(1));
    sorted.get(at).copied().unwrap_or(f64::NAN)
}
