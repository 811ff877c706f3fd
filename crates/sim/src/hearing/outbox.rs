//! What has come into the outbox: each webhook is an occasion for faults, and what they do to it is
//! known from then on.

use exchange::desk::deliveries;
use store::deliveries::{DeliveryFilter, DeliveryRow};
use types::DeliveryId;

use crate::law::Broken;
use crate::law::armed::{Moment, Occasion};
use crate::town;
use crate::world::World;

impl World {
    /// Looks at webhooks that were not looked at yet: these, the youngest first, and those before them.
    pub(super) fn look_at_outbox(&mut self, youngest: Vec<DeliveryRow>) -> Result<(), Broken> {
        let (now, last) = (self.clock(), self.law.post.last());
        let is_new = |row: &DeliveryRow| last.is_none_or(|last| row.id > last);
        let mut new: Vec<DeliveryRow> = Vec::new();
        let mut page = youngest;
        loop {
            let rows = page.len();
            let before = new.len();
            new.extend(page.into_iter().filter(is_new));
            if new.len() - before < rows || rows == 0 {
                break;
            }
            let filter = DeliveryFilter {
                before: new.last().map(|row| row.id),
                ..DeliveryFilter::default()
            };
            page = self
                .platform
                .look(now, |turn| deliveries::list(turn, &filter, ROWS))
                .map_err(|refused| format!("deliveries: {refused}"))?;
        }
        for row in new.iter().rev() {
            self.webhook_is_there(row)?;
        }
        Ok(())
    }

    fn webhook_is_there(&mut self, row: &DeliveryRow) -> Result<(), Broken> {
        let notice = &row.notice;
        let event = notice.event.as_str();
        if let Some(first) = self.law.post.add(row.id, notice.call.clone(), event) {
            return self.is_copy(row.id, first);
        }
        let user = match (&notice.call, &notice.message) {
            (Some(call), _) => self.law.call(call).map(|call| call.user),
            (None, Some(message)) => self.law.user_of(message),
            (None, None) => None,
        };
        self.law.faults.meet(&Occasion {
            moment: Moment::Webhook(event),
            business: town::business(&notice.number, &self.plan),
            user,
        });
        for fault in self.law.post.strikes(row.id) {
            let kind = self.law.faults.fires(fault)?;
            self.story.count("a fault struck a webhook");
            self.tell(&format!(
                "fault {fault} strikes webhook {} ({event}): {kind:?}",
                row.id
            ));
            let at = row.created_at;
            self.law.post.strike(row.id, at, (fault, &kind))?;
        }
        Ok(())
    }

    /// A doubled webhook is sent twice with the same bytes.
    fn is_copy(&mut self, id: DeliveryId, first: DeliveryId) -> Result<(), Broken> {
        let now = self.clock();
        let both = self.platform.look(now, |turn| {
            let first = deliveries::find(turn, first)?.body;
            Ok((first, deliveries::find(turn, id)?.body))
        });
        let (first, second) = both.map_err(|refused| format!("a copy: {refused}"))?;
        if first == second {
            return Ok(());
        }
        Err("a webhook that was doubled is not the same twice".to_owned())
    }
}

const ROWS: usize = 24;
