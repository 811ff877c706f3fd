//! Calls that fail for the reason that a code stands for, which the terminate webhook says.

use exchange::desk::calls;
use exchange::media_control::{LegNews, Side};
use serde_json::{Value, json};

use crate::business::{ADA, ANSWER};
use crate::customer::{Customer, Dialect};
use crate::world::Phone;

/// What the terminate webhook says.
pub(super) struct Ended {
    pub(super) value: Value,
}

/// A call that a user has taken, and which has media if its legs say so.
struct Taken {
    customer: Customer,
    call: String,
    _phone: Phone,
}

impl Taken {
    /// The business calls Ada, and she takes the call.
    async fn by_ada(dialect: Dialect) -> Self {
        let customer = Customer::start(dialect).await;
        let mut phone = customer.business.phone(ADA).await;
        let call = customer.calls(ADA).await;
        let ring = phone.hear().await;
        assert_eq!(ring["call_id"], call, "{ring}");
        phone
            .say(&json!({"type": "pick_up", "call_id": call, "sdp": ANSWER}))
            .await;
        customer.told("ACCEPTED").await;
        Self {
            customer,
            call,
            _phone: phone,
        }
    }

    async fn leg(&self, side: Side, news: LegNews) {
        self.customer.business.leg(&self.call, side, news).await;
    }

    /// What the terminate webhook says, once so much time has passed.
    async fn ended_after(self, ms: u64) -> Ended {
        self.customer.business.wait_ms(ms).await;
        let webhook = self.customer.told("terminate").await;
        Ended {
            value: webhook.value().clone(),
        }
    }
}

pub(super) async fn platform_restarted(dialect: Dialect) -> Ended {
    let taken = Taken::by_ada(dialect).await;
    let desk = &taken.customer.business.desk;
    desk.run(calls::lose_media).await.expect("saved");
    taken.ended_after(0).await
}

pub(super) async fn business_never_up(dialect: Dialect) -> Ended {
    let taken = Taken::by_ada(dialect).await;
    taken.leg(Side::User, LegNews::Up).await;
    taken.ended_after(LONG).await
}

pub(super) async fn user_failed(dialect: Dialect) -> Ended {
    let taken = Taken::by_ada(dialect).await;
    taken.leg(Side::User, LegNews::Failed).await;
    taken.ended_after(0).await
}

pub(super) async fn user_never_up(dialect: Dialect) -> Ended {
    let taken = Taken::by_ada(dialect).await;
    taken.leg(Side::Business, LegNews::Up).await;
    taken.leg(Side::Business, LegNews::MediaStarted).await;
    taken.ended_after(LONG).await
}

pub(super) async fn business_silent(dialect: Dialect) -> Ended {
    let taken = Taken::by_ada(dialect).await;
    taken.leg(Side::User, LegNews::Up).await;
    taken.leg(Side::Business, LegNews::Up).await;
    taken.ended_after(LONG).await
}

pub(super) async fn user_lost(dialect: Dialect) -> Ended {
    let taken = Taken::by_ada(dialect).await;
    taken.leg(Side::User, LegNews::Up).await;
    taken.leg(Side::User, LegNews::Failed).await;
    taken.ended_after(0).await
}

pub(super) async fn no_sign_of_media(dialect: Dialect) -> Ended {
    let taken = Taken::by_ada(dialect).await;
    taken.leg(Side::User, LegNews::Up).await;
    taken.customer.business.wait_ms(4_000).await;
    assert_eq!(taken.customer.terminate(&taken.call).await.status, 200);
    taken.ended_after(0).await
}

pub(super) async fn nothing_to_pay_with(dialect: Dialect) -> Ended {
    let customer = Customer::start(dialect).await;
    customer.cannot_pay().await;
    // Whether the caller gets a call or none is not the business's business.
    let _ = customer.business.dialled_by(ADA).await;
    let webhook = customer.told("terminate").await;
    Ended {
        value: webhook.value().clone(),
    }
}

/// Longer than any timer of a call that was taken.
const LONG: u64 = 60_000;
