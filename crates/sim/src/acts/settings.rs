//! What businesses set about the calls of their numbers: on and off, calling back, hours and icons.

use exchange::desk::{auth, settings};
use rules::fault::Operation;
use types::calendar::{Holiday, Opening};
use types::calling::{CallHours, CallIcon, CallingChange};
use types::{Date, TimeOfDay, Weekday};

use super::requests::{About, Request};
use super::{MINUTE, in_words, is_saved};
use crate::law::Broken;
use crate::law::hours::{Hours, Zone};
use crate::law::numbers::Setting;
use crate::platform::Failed;
use crate::town;
use crate::world::{Todo, World};

impl World {
    pub(crate) fn switch_calling(&mut self, business: usize) -> Result<(), Broken> {
        let enabled = !self.law.calling_enabled(business);
        let setting = Setting {
            enabled,
            ..self.law.setting(business)
        };
        let change = CallingChange {
            enabled: Some(enabled),
            ..CallingChange::default()
        };
        if !enabled {
            // Nobody is off for long.
            let back = self.chance.time(MINUTE, self.plan.lasts / 50);
            self.after(back, Todo::CallingComesBack(business));
        }
        self.sets(business, change, setting, &format!("calling to {enabled}"))
    }

    pub(crate) fn calling_comes_back(&mut self, business: usize) -> Result<(), Broken> {
        if self.law.calling_enabled(business) {
            return Ok(());
        }
        self.switch_calling(business)?;
        if !self.law.calling_enabled(business) {
            self.after(MINUTE, Todo::CallingComesBack(business));
        }
        Ok(())
    }

    /// Whether a user who calls may be called back.
    pub(crate) fn switch_calling_back(&mut self, business: usize) -> Result<(), Broken> {
        let enabled = !self.law.calls_back(business);
        let setting = Setting {
            calls_back: enabled,
            ..self.law.setting(business)
        };
        let change = CallingChange {
            callback_permission: Some(enabled),
            ..CallingChange::default()
        };
        self.sets(
            business,
            change,
            setting,
            &format!("calling back to {enabled}"),
        )
    }

    /// Who sees a call button.
    pub(crate) fn set_icon(&mut self, business: usize) -> Result<(), Broken> {
        let icon = self.chance.per_mille(700);
        let countries = match self.chance.below(3) {
            0 => Vec::new(),
            1 => town::countries(&[0, 1]),
            _ => town::countries(&[2]),
        };
        let setting = Setting {
            icon,
            countries: countries.clone(),
            ..self.law.setting(business)
        };
        let words = format!("its icon to {icon} for {countries:?}");
        let change = CallingChange {
            icon: Some(if icon {
                CallIcon::Default
            } else {
                CallIcon::DisableAll
            }),
            icon_countries: Some(countries),
            ..CallingChange::default()
        };
        self.sets(business, change, setting, &words)
    }

    /// When users can call; now and then hours that nobody may set.
    pub(crate) fn set_hours(&mut self, business: usize) -> Result<(), Broken> {
        let hours = self.draw_hours();
        let setting = Setting {
            hours: Some(hours.clone()),
            ..self.law.setting(business)
        };
        let words = format!(
            "hours in {} to {}, {} a week and {} holidays",
            hours.zone.name(),
            hours.on,
            hours.weekly.len(),
            hours.holidays.len()
        );
        let change = CallingChange {
            hours: Some(on_the_wire(&hours)),
            ..CallingChange::default()
        };
        self.sets(business, change, setting, &words)
    }

    /// Changes settings over the API, or over the control API, which keeps nobody out.
    fn sets(
        &mut self,
        business: usize,
        change: CallingChange,
        setting: Setting,
        words: &str,
    ) -> Result<(), Broken> {
        let (number, token) = (town::number(business), town::token(business));
        let by_operator = self.chance.per_mille(300);
        let now = self.clock();
        let request = Request {
            business,
            operation: Operation::Settings,
            about: About::Number,
        };
        let done = if by_operator {
            self.command(|turn| settings::change_by_operator(turn, &number, change).map(drop))
        } else {
            self.request(request, |turn| {
                let acting = auth::number_by_token(turn, &token, &number)?;
                settings::change(turn, &acting, change).map(drop)
            })?
        };
        let may = setting.hours.as_ref().is_none_or(|hours| {
            Some(hours) == self.law.setting(business).hours.as_ref() || hours.may_be_set(now)
        });
        let may = may && (by_operator || !self.law.settings_are_frozen(now, business));
        let outcome = done.as_ref().err().map(in_words).unwrap_or_default();
        self.tell(&format!("business {business} sets {words} {outcome}"));
        match &done {
            Ok(()) if !may => return Err("settings were taken that cannot be".to_owned()),
            Err(Failed::Refused(_)) if may => {
                return Err("settings were refused that can be".to_owned());
            }
            Ok(()) | Err(_) => {}
        }
        if is_saved(&done) {
            self.story.count("settings were changed");
            self.law.set(now, business, setting);
        }
        Ok(())
    }

    fn draw_hours(&mut self) -> Hours {
        let zone = Zone::ALL[self.chance.place(Zone::ALL.len())];
        let today = zone.local(self.clock()).0;
        let mut weekly = Vec::new();
        for day in 0..7 {
            for _ in 0..=self.chance.below(2) {
                let open = self.quarter();
                let close = (open + 15 + self.quarter()).min(1_439);
                weekly.push((day, open, close));
            }
        }
        let mut holidays = Vec::new();
        for _ in 0..self.chance.below(4) {
            let date = today + u32::try_from(self.chance.below(12)).unwrap_or(0);
            let start = self.quarter();
            let end = (start + self.quarter()).min(1_439);
            holidays.push((date, start, end));
        }
        match self.chance.below(12) {
            0 => weekly.push((0, 600, 540)),
            1 => holidays.push((today - 1, 0, 1_439)),
            2 => weekly.clear(),
            3 => weekly.extend([(2, 0, 10), (2, 20, 30), (2, 40, 50)]),
            // Mostly only one opening a day, so that two seldom overlap.
            _ => weekly.dedup_by_key(|it| it.0),
        }
        Hours {
            on: self.chance.per_mille(600),
            zone,
            weekly,
            holidays,
        }
    }

    fn quarter(&mut self) -> u32 {
        15 * u32::try_from(self.chance.below(96)).unwrap_or(0)
    }
}

fn on_the_wire(hours: &Hours) -> CallHours {
    let time = |minute: u32| {
        let minute = u16::try_from(minute).unwrap_or(0);
        TimeOfDay::from_minutes(minute).unwrap_or_else(|| unreachable!("a minute of a day"))
    };
    let weekly = hours.weekly.iter().map(|(day, open, close)| Opening {
        day: Weekday::ALL[*day as usize],
        open: time(*open),
        close: time(*close),
    });
    let holidays = hours.holidays.iter().map(|(date, start, end)| Holiday {
        date: Date::from_days(*date),
        start: time(*start),
        end: time(*end),
    });
    CallHours {
        enabled: hours.on,
        time_zone: hours.zone.name().to_owned(),
        weekly: weekly.collect(),
        holidays: holidays.collect(),
    }
}
