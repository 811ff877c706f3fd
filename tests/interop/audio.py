"""What a peer says and hears: a tone to send, and an ear that measures tones and gaps."""

import asyncio
import fractions
import time

import av
import numpy as np
from aiortc import AudioStreamTrack
from aiortc.mediastreams import MediaStreamError

RATE = 48_000
FRAME = RATE // 50  # 20 ms, as WhatsApp sends


def power_of(samples: np.ndarray, hertz: float, rate: int = RATE) -> float:
    """The share of the signal's power that lies at `hertz`, from 0 to 1 (Goertzel's measure).

    Hann's window keeps the neighbours apart, so that 440 Hz does not leak into 600 Hz.
    """
    if len(samples) == 0:
        return 0.0
    windowed = samples * np.hanning(len(samples))
    turns = np.exp(-2j * np.pi * hertz / rate * np.arange(len(samples)))
    total = float(np.sum(windowed**2))
    if total == 0.0:
        return 0.0
    found = abs(np.dot(windowed, turns)) ** 2
    # A pure tone gives two thirds of N/2 through Hann's window.
    return float(min(1.0, found / (total * len(samples) / 3)))


class Tone(AudioStreamTrack):
    """A sine at `hertz`, in frames of 20 ms, as fast as a clock gives them."""

    def __init__(self, hertz: float):
        super().__init__()
        self.hertz = hertz
        self.sent = 0
        self.started: float | None = None

    async def recv(self) -> av.AudioFrame:
        if self.readyState != "live":
            raise MediaStreamError
        if self.started is None:
            self.started = time.monotonic()
        due = self.started + self.sent / RATE
        await asyncio.sleep(max(0.0, due - time.monotonic()))
        at = (self.sent + np.arange(FRAME)) / RATE
        wave = (0.3 * 32767 * np.sin(2 * np.pi * self.hertz * at)).astype(np.int16)
        frame = av.AudioFrame.from_ndarray(wave.reshape(1, -1), format="s16", layout="mono")
        frame.sample_rate = RATE
        frame.pts = self.sent
        frame.time_base = fractions.Fraction(1, RATE)
        self.sent += FRAME
        return frame


class Ear:
    """Listens to a track until told to stop, and keeps what it heard."""

    def __init__(self) -> None:
        self.heard: list[np.ndarray] = []
        self.enough = asyncio.Event()
        self.wanted = 0
        self.task: asyncio.Task[None] | None = None

    def listen(self, track) -> None:
        self.task = asyncio.create_task(self._listen(track))

    async def _listen(self, track) -> None:
        while True:
            try:
                frame = await track.recv()
            except MediaStreamError:
                return
            samples = frame.to_ndarray().astype(np.float64)
            # Packed stereo comes as one row of alternating samples.
            channels = len(frame.layout.channels)
            if samples.shape[0] == 1 and channels > 1:
                samples = samples.reshape(-1, channels).T
            mono = samples.mean(axis=0)
            # Before the call is answered there is nothing but silence made up by the jitter buffer.
            if not self.heard and np.max(np.abs(mono)) < 100:
                continue
            self.heard.append(mono)
            if self.wanted and self.samples() >= self.wanted:
                self.enough.set()

    def samples(self) -> int:
        return sum(len(part) for part in self.heard)

    async def hear(self, seconds: float, within: float = 20.0) -> np.ndarray:
        """Waits until so much was heard, and gives it."""
        self.wanted = int(seconds * RATE)
        self.enough.clear()
        if self.samples() < self.wanted:
            try:
                await asyncio.wait_for(self.enough.wait(), within)
            except TimeoutError:
                got = self.samples() / RATE
                raise AssertionError(f"heard {got:.2f} s in {within} s, not {seconds}") from None
        return np.concatenate(self.heard)[: self.wanted]


def assert_tone(samples: np.ndarray, hertz: float, other: float, rate: int = RATE) -> None:
    """`samples` are a tone at `hertz`, nothing at `other`, with hardly a gap."""
    # The first tenth of a second is the codec's to settle.
    steady = samples[rate // 10 :]
    wanted, unwanted = power_of(steady, hertz, rate), power_of(steady, other, rate)
    assert wanted > 0.8, f"{wanted:.3f} of the power at {hertz} Hz, {unwanted:.3f} at {other} Hz"
    assert unwanted < 0.01, f"{unwanted:.3f} of the power at {other} Hz, where none should be"
    frames = steady[: len(steady) // (rate // 50) * (rate // 50)].reshape(-1, rate // 50)
    quiet = np.sqrt((frames**2).mean(axis=1)) < 0.1 * np.sqrt((steady**2).mean())
    assert quiet.mean() < 0.05, f"{quiet.mean():.1%} of the time silence"
