//! Messages, from the bytes of the body to the bytes of the answer; the same in both dialects but
//! for how a request says for which number it acts.

use wire::messages::MessageRequest;
use wire::{ApiError, Dialect, reply};

use super::Door;
use super::ask::Ask;
use crate::desk::auth::Acting;
use crate::desk::{Refused, Turn, messages};
use crate::graph::refusals::message_refused;

/// Does what a request asks for, in the name of the number that `who` says.
///
/// Who asks is looked at before what is asked: without a good token nothing else is told.
///
/// # Errors
///
/// The refusal, as the client is to read it.
pub(crate) async fn take<W>(
    door: &Door,
    who: W,
    ask: &Ask,
    dialect: Dialect,
) -> Result<Vec<u8>, ApiError>
where
    W: FnOnce(&mut Turn<'_>) -> Result<Acting, Refused> + Send + 'static,
{
    let request = match read(ask, dialect) {
        Ok(request) => request,
        Err(error) => {
            run(door, who).await?;
            return Err(error);
        }
    };
    let kind = request.word();
    match request {
        MessageRequest::Send(new) => {
            let sent = run(door, move |turn| {
                let acting = who(turn)?;
                messages::send(turn, &acting, new)
            })
            .await?;
            tracing::info!(message_id = %sent.message, kind, "message taken");
            Ok(reply::message_sent(
                &sent.contact,
                &sent.message,
                sent.is_template,
            ))
        }
        MessageRequest::MarkRead { message } => {
            run(door, move |turn| {
                let acting = who(turn)?;
                messages::mark_read(turn, &acting, &message)
            })
            .await?;
            Ok(reply::success())
        }
    }
}

async fn run<T, C>(door: &Door, command: C) -> Result<T, ApiError>
where
    T: Send + 'static,
    C: FnOnce(&mut Turn<'_>) -> Result<T, Refused> + Send + 'static,
{
    let done = door.desk().run(command).await;
    done.map_err(|why| message_refused(&why))
}

fn read(ask: &Ask, dialect: Dialect) -> Result<MessageRequest, ApiError> {
    MessageRequest::read(&ask.needed_params(MessageRequest::OBJECTS)?, dialect)
}
