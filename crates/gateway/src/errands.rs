//! Carries what the clerk wants from the platform there, and what came of it back.

use tokio_util::task::TaskTracker;
use wire::CallAction;

use crate::call::{Input, RequestKind};
use crate::desk::{Desk, Errand};
use crate::platform::{NotDone, Platform};

/// Starts one errand. It ends when the clerk knows what came of it.
pub(crate) fn run(errand: Errand, platform: &Platform, desk: &Desk, tasks: &TaskTracker) {
    let (platform, desk) = (platform.clone(), desk.clone());
    tasks.spawn(async move {
        let Errand { call, action } = errand;
        let kind = kind(&action);
        let input = match ask(&platform, &action).await {
            Ok(input) => input,
            Err(NotDone::Refused(reason)) => {
                tracing::warn!(
                    call = %call,
                    action = kind.as_str(),
                    code = reason.code,
                    reason = reason.text,
                    "the platform refused"
                );
                Input::Refused(kind, reason)
            }
            Err(NotDone::Unclear(why)) => {
                tracing::warn!(call = %call, action = kind.as_str(), why, "nobody knows if it was done");
                Input::Unclear(kind)
            }
        };
        if desk.input(call, input).await.is_err() {
            tracing::error!(call = %call, action = kind.as_str(), "an answer of the platform is lost");
        }
    });
}

async fn ask(platform: &Platform, action: &CallAction) -> Result<Input, NotDone> {
    if let CallAction::Connect { .. } = action {
        return platform.connect(action).await.map(Input::Placed);
    }
    platform.act(action).await?;
    Ok(Input::Done(kind(action)))
}

const fn kind(action: &CallAction) -> RequestKind {
    match action {
        CallAction::Connect { .. } => RequestKind::Connect,
        CallAction::PreAccept { .. } => RequestKind::PreAccept,
        CallAction::Accept { .. } => RequestKind::Accept,
        CallAction::Reject { .. } => RequestKind::Reject,
        CallAction::Terminate { .. } => RequestKind::Terminate,
    }
}
