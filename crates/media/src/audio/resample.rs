//! From a file's rate to 48 kHz, the whole piece at once.

use rubato::audioadapter_buffers::direct::SequentialSlice;
use rubato::{Fft, FixedSync, Resampler};

use super::SAMPLE_RATE;

/// The samples of `rate` Hz as samples of 48 kHz, as long and without delay.
///
/// # Errors
///
/// Refuses rates that are no audio rate: below 4 kHz or above 384 kHz.
pub fn to_48k(samples: Vec<f32>, rate: u32) -> Result<Vec<f32>, BadRate> {
    if rate == SAMPLE_RATE {
        return Ok(samples);
    }
    let bad = || BadRate { rate };
    if !(RATE_MIN..=RATE_MAX).contains(&rate) {
        return Err(bad());
    }
    let frames = samples.len();
    let mut resampler = Fft::<f32>::new(
        rate as usize,
        SAMPLE_RATE as usize,
        CHUNK,
        1,
        FixedSync::Both,
    )
    .map_err(|_| bad())?;
    let input = SequentialSlice::new(&samples, 1, frames).map_err(|_| bad())?;
    let output = resampler
        .process_all(&input, frames, None)
        .map_err(|_| bad())?;
    let length = (frames as u64 * u64::from(SAMPLE_RATE)).div_ceil(u64::from(rate));
    let mut samples = output.take_data();
    samples.resize(usize::try_from(length).unwrap_or(samples.len()), 0.0);
    Ok(samples)
}

/// A sample rate that no audio has.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a sample rate of {rate} Hz: from {RATE_MIN} to {RATE_MAX} Hz can be read")]
pub struct BadRate {
    /// The rate, in Hz.
    pub rate: u32,
}

/// Below telephone quality there is nothing to hear.
const RATE_MIN: u32 = 4_000;
/// Eight times 48 kHz, as studio equipment has it.
const RATE_MAX: u32 = 384_000;
/// Samples per step of the resampler; its sub-steps of about 256 keep the filter sharp.
const CHUNK: usize = 1_024;

#[cfg(test)]
mod tests;
