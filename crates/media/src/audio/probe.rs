//! What is in a recording: how loud a tone is, how much of the whole it is, how long it is away.
//!
//! Goertzel's filter: the power at one frequency, at a few operations a sample.

use std::f32::consts::PI;
use std::time::Duration;

use super::SAMPLE_RATE;

/// Samples of 48 kHz mono to be measured.
#[derive(Debug, Clone, Copy)]
pub struct Probe<'a> {
    samples: &'a [f32],
}

impl<'a> Probe<'a> {
    /// Measures these samples, 48 kHz mono.
    #[must_use]
    pub const fn new(samples: &'a [f32]) -> Self {
        Self { samples }
    }

    /// How long it is.
    #[must_use]
    pub fn duration(&self) -> Duration {
        duration_of(self.samples.len())
    }

    /// The same from `from` on for `length`, or as much of it as there is.
    #[must_use]
    pub fn part(&self, from: Duration, length: Duration) -> Self {
        let from = samples_in(from).min(self.samples.len());
        let to = from
            .saturating_add(samples_in(length))
            .min(self.samples.len());
        Self::new(&self.samples[from..to])
    }

    /// The amplitude of a sine of `hz`: 1 is full scale, 0 is absence.
    #[must_use]
    pub fn tone_level(&self, hz: u16) -> f32 {
        amplitude(self.samples, f32::from(hz))
    }

    /// How much of all the power is at `hz`: 1 is nothing else, 0 is absence.
    #[must_use]
    pub fn tone_share(&self, hz: u16) -> f32 {
        let all = mean_square(self.samples);
        if all <= f32::EPSILON {
            return 0.0;
        }
        let tone = self.tone_level(hz);
        (tone * tone / 2.0 / all).min(1.0)
    }

    /// The root of the mean square: 0.707 for a sine of full scale.
    #[must_use]
    pub fn level(&self) -> f32 {
        mean_square(self.samples).sqrt()
    }

    /// The longest time within the tone in which it was away: below half of its usual level, to
    /// about 5 ms. What
    /// comes before the tone begins and after it ends does not count; `None` if it is never there.
    #[must_use]
    pub fn longest_tone_gap(&self, hz: u16) -> Option<Duration> {
        let levels = self.levels(|window| amplitude(window, f32::from(hz)));
        let loudest = self
            .levels(|window| (2.0 * mean_square(window)).sqrt())
            .fold(0.0, f32::max);
        let levels: Vec<f32> = levels.collect();
        let usual = usual(&levels);
        if usual < TONE_MIN.max(loudest * LEAKAGE) {
            return None;
        }
        longest_away(&levels, usual)
    }

    /// The longest time within the sound in which there was silence: below a twentieth of its usual
    /// level. `None` if there is no sound.
    #[must_use]
    pub fn longest_silence(&self) -> Option<Duration> {
        let levels: Vec<f32> = self.levels(|window| mean_square(window).sqrt()).collect();
        let usual = usual(&levels);
        if usual < SOUND_MIN {
            return None;
        }
        longest_away(&levels, usual / 10.0)
    }

    /// Some measure of every window, its middle weighed more than its ends: so a gap's length is the
    /// number of windows whose middle lies in it.
    fn levels(&self, measure: impl Fn(&[f32]) -> f32) -> impl Iterator<Item = f32> {
        let bell: Vec<f32> = (0..WINDOW)
            .map(|at| 1.0 - (2.0 * PI * (at as f32 + 0.5) / WINDOW as f32).cos())
            .collect();
        let mut weighed = vec![0.0; WINDOW];
        self.samples
            .windows(WINDOW)
            .step_by(HOP)
            .map(move |window| {
                for ((slot, sample), weight) in weighed.iter_mut().zip(window).zip(&bell) {
                    *slot = sample * weight;
                }
                measure(&weighed)
            })
    }
}

/// The level that a quarter of the windows reach.
fn usual(levels: &[f32]) -> f32 {
    let mut sorted = levels.to_vec();
    sorted.sort_by(f32::total_cmp);
    sorted.get(sorted.len() * 3 / 4).copied().unwrap_or(0.0)
}

/// The longest run of windows below half of `usual`, between the first and the last above it.
fn longest_away(levels: &[f32], usual: f32) -> Option<Duration> {
    let there = |level: &f32| *level >= usual / 2.0;
    let first = levels.iter().position(there)?;
    let last = levels.iter().rposition(there)?;
    let (mut longest, mut run) = (0, 0);
    for level in &levels[first..=last] {
        run = if there(level) { 0 } else { run + 1 };
        longest = longest.max(run);
    }
    Some(duration_of(longest * HOP))
}

fn amplitude(samples: &[f32], hz: f32) -> f32 {
    if samples.is_empty() {
        return 0.0;
    }
    // In `f64`: over a long recording the filter's state grows beyond what `f32` tells apart.
    let step = f64::from(2.0 * PI * hz / SAMPLE_RATE as f32);
    let factor = 2.0 * step.cos();
    let (mut last, mut before) = (0.0_f64, 0.0_f64);
    for sample in samples {
        let next = f64::from(*sample) + factor * last - before;
        (before, last) = (last, next);
    }
    let power = last * last + before * before - factor * last * before;
    (2.0 * power.max(0.0).sqrt() / samples.len() as f64) as f32
}

fn mean_square(samples: &[f32]) -> f32 {
    if samples.is_empty() {
        return 0.0;
    }
    let sum: f64 = samples
        .iter()
        .map(|sample| f64::from(*sample) * f64::from(*sample))
        .sum();
    (sum / samples.len() as f64) as f32
}

fn samples_in(duration: Duration) -> usize {
    usize::try_from(duration.as_micros() * u128::from(SAMPLE_RATE) / 1_000_000)
        .unwrap_or(usize::MAX)
}

pub(crate) fn duration_of(samples: usize) -> Duration {
    Duration::from_micros(samples as u64 * 1_000_000 / u64::from(SAMPLE_RATE))
}

/// 20 ms: short enough to see one lost packet, long enough to tell tones 150 Hz apart.
const WINDOW: usize = SAMPLE_RATE as usize / 50;
/// How far the window moves: 5 ms.
const HOP: usize = SAMPLE_RATE as usize / 200;
/// What a loud sound elsewhere may leave at a frequency where nothing is.
const LEAKAGE: f32 = 0.1;
/// A tone below this is noise.
const TONE_MIN: f32 = 0.005;
/// A level below this is silence.
const SOUND_MIN: f32 = 0.000_5;

#[cfg(test)]
mod tests;
