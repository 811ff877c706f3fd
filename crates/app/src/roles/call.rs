//! `dialtone call`: a call from the business's side, placed through a gateway that runs and told
//! line by line.

use gateway::api::PlaceCall;
use gateway::place::{Fate, Order, place};
use tokio_util::sync::CancellationToken;

use crate::cli::call::Call;
use crate::failure::Failure;
use crate::secret::Secret;

/// Places the call and follows it to its end. `stop` hangs up.
///
/// # Errors
///
/// When the gateway cannot be asked, or the call came to anything but a talk: the exit status says to
/// what.
pub async fn run(asked: Call, stop: CancellationToken) -> Result<(), Failure> {
    let order = Order {
        call: PlaceCall {
            to: asked.to.clone(),
            handler: Some(asked.handler()),
            callback_data: None,
        },
        gateway: asked.gateway,
        token: asked.token.as_ref().map(Secret::share),
        play: asked.play,
        record: asked.record,
    };
    let fate = place(order, stop, |line| println!("{line}"))
        .await
        .map_err(|error| Failure::running(error.to_string()))?;
    match fate {
        Fate::Talked => Ok(()),
        other => Err(Failure::of_a_call(sentence(other), other.exit_code())),
    }
}

const fn sentence(fate: Fate) -> &'static str {
    match fate {
        Fate::Talked => "the call was answered",
        Fate::NotAnswered => "the call was not answered",
        Fate::Declined => "the user declined the call",
        Fate::NoPermission => "the user has not allowed this business to call",
        Fate::Refused => "the call was refused",
        Fate::Unclear => "nobody knows whether the call was placed",
        Fate::Failed => "the call failed",
    }
}
