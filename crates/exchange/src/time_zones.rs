//! What local time is where a business is: the time-zone database, which `rules` are told of as
//! offsets. It comes with the program, so that no machine's own copy decides when calls are taken.

use std::time::Duration;

use jiff::tz::TimeZoneDatabase;
use rules::hours::Offsets;
use types::Timestamp;

/// The offsets of a time zone of the IANA database from `now` on; none if there is no such zone.
pub(crate) fn offsets(name: &str, now: Timestamp) -> Option<Offsets> {
    let zone = TimeZoneDatabase::bundled().get(name).ok()?;
    let start = moment(now)?;
    let end = moment(now + AHEAD)?;
    let changes = zone
        .following(start)
        .take_while(|change| change.timestamp() <= end)
        .map(|change| {
            let at = u64::try_from(change.timestamp().as_second()).unwrap_or(0);
            (Timestamp::from_secs(at), change.offset().seconds())
        })
        .collect();
    Some(Offsets::new(zone.to_offset(start).seconds(), changes))
}

fn moment(at: Timestamp) -> Option<jiff::Timestamp> {
    jiff::Timestamp::from_second(i64::try_from(at.as_secs()).ok()?).ok()
}

/// How far ahead changes of the clocks are known: further than anybody is told when a business opens.
const AHEAD: Duration = Duration::from_hours(24 * 366);

#[cfg(test)]
mod tests;
