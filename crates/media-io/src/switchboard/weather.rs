//! Weather on purpose on single legs, between their sockets and them.

use std::net::SocketAddr;
use std::time::Instant;

use media::Transmit;
use media::weather::{Forecast, Weather};
use types::LegId;

use super::Switchboard;

impl Switchboard {
    /// Changes the weather on a leg.
    pub(crate) fn set_weather(&mut self, id: LegId, forecast: Forecast) {
        if let Some(index) = self.index(id)
            && let Some(slot) = self.slot(index)
        {
            match &mut slot.weather {
                Some(weather) => weather.change(forecast),
                none => *none = Some(Box::new(Weather::new(forecast))),
            }
            self.clear_up(index);
        }
    }

    /// Takes the weather off a leg where it is fine and nothing is late.
    fn clear_up(&mut self, index: usize) {
        if let Some(slot) = self.slot(index) {
            slot.weather.take_if(|weather| weather.is_over());
        }
    }

    /// Whether the weather on a leg keeps a datagram of its peer for later, or for ever.
    pub(super) fn is_held_up(
        &mut self,
        now: Instant,
        index: usize,
        source: SocketAddr,
        candidate: SocketAddr,
        bytes: &[u8],
    ) -> bool {
        let Some(slot) = self.slot(index) else {
            return false;
        };
        let Some(weather) = &mut slot.weather else {
            return false;
        };
        let held_up = !weather.arrives(now, source, candidate, bytes);
        if held_up {
            self.schedule(now, index, None);
        }
        held_up
    }

    /// Lets go what was late and is due.
    pub(super) fn let_late_ones_come(&mut self, now: Instant, index: usize) {
        if self.weather(index).is_none() {
            return;
        }
        while let Some(weather) = self.weather(index)
            && let Some(late) = weather.next_arrival(now)
        {
            self.touch(now, index, |leg| {
                leg.handle_datagram(now, late.source, late.destination, &late.datagram);
            });
        }
        while let Some(weather) = self.weather(index)
            && let Some(late) = weather.next_transmit(now)
        {
            self.post(index, late);
        }
        self.clear_up(index);
    }

    /// What of a leg's datagram goes out at once.
    pub(super) fn send(&mut self, now: Instant, index: usize, transmit: Transmit) {
        let goes = match self.weather(index) {
            None => Some(transmit),
            Some(weather) => weather.sends(now, transmit),
        };
        if let Some(transmit) = goes {
            self.post(index, transmit);
        }
    }

    fn weather(&mut self, index: usize) -> Option<&mut Weather> {
        self.slot(index)?.weather.as_deref_mut()
    }
}
