//! The keys about chats.

use std::time::Duration;

use super::{Keys, ScriptError};
use crate::line::{PermissionAnswer, PermissionHeld};
use crate::script::{Chatting, Profile, Reply, Write};

pub(super) fn chatting(keys: &Keys<'_>) -> Result<Chatting, ScriptError> {
    Ok(Chatting {
        on_permission: on_permission(keys)?,
        read_after: keys.wait("read_after_ms")?,
        press_button_after: keys.wait("press_button_after_ms")?,
        write: write(keys)?,
        profile: profile(keys)?,
    })
}

fn on_permission(keys: &Keys<'_>) -> Result<Option<Reply>, ScriptError> {
    let after = keys.wait("on_permission_after_ms")?;
    let then = keys.word("then_permission", ANSWERS)?;
    let then_after = keys.wait("then_permission_after_ms")?;
    if then.is_none() && then_after.is_some() {
        return Err(alone("then_permission_after_ms", "then_permission"));
    }
    let answer = match keys.word("on_permission", ON_PERMISSION)? {
        Some(Some(answer)) => answer,
        ignored @ (None | Some(None)) => {
            let left_over = [
                ("on_permission_after_ms", after.is_some()),
                ("then_permission", then.is_some()),
            ];
            return match left_over.into_iter().find(|(_, given)| *given) {
                None => Ok(None),
                Some((key, _)) if ignored.is_none() => Err(alone(key, "on_permission")),
                Some((other, _)) => Err(ScriptError::Together {
                    one: "on_permission",
                    other,
                    why: "a request that is ignored has no answer",
                }),
            };
        }
    };
    Ok(Some(Reply {
        answer,
        after: after.unwrap_or_default(),
        then: then.map(|answer| (answer, then_after.unwrap_or_default())),
    }))
}

fn write(keys: &Keys<'_>) -> Result<Option<Write>, ScriptError> {
    let after = keys.wait("write_after_ms")?;
    match (keys.text("write")?, keys.text("write_to")?) {
        (Some(body), Some(to)) => Ok(Some(Write {
            to,
            body,
            after: after.unwrap_or_default(),
        })),
        (Some(_), None) => Err(alone("write", "write_to")),
        (None, Some(_)) => Err(alone("write_to", "write")),
        (None, None) => unused(after, "write_after_ms", "write"),
    }
}

fn profile(keys: &Keys<'_>) -> Result<Option<Profile>, ScriptError> {
    let after = keys.wait("profile_after_ms")?;
    match keys.word("profile", PERMISSIONS)? {
        Some(permission) => Ok(Some(Profile {
            permission,
            after: after.unwrap_or_default(),
        })),
        None => unused(after, "profile_after_ms", "profile"),
    }
}

fn unused<T>(
    after: Option<Duration>,
    key: &'static str,
    needs: &'static str,
) -> Result<Option<T>, ScriptError> {
    match after {
        None => Ok(None),
        Some(_) => Err(alone(key, needs)),
    }
}

const fn alone(key: &'static str, needs: &'static str) -> ScriptError {
    ScriptError::Alone { key, needs }
}

const ANSWERS: &[(&str, PermissionAnswer)] = &[
    ("temporary", PermissionAnswer::Temporary),
    ("permanent", PermissionAnswer::Permanent),
    ("decline", PermissionAnswer::Decline),
];
const ON_PERMISSION: &[(&str, Option<PermissionAnswer>)] = &[
    ("temporary", Some(PermissionAnswer::Temporary)),
    ("permanent", Some(PermissionAnswer::Permanent)),
    ("decline", Some(PermissionAnswer::Decline)),
    ("ignore", None),
];
const PERMISSIONS: &[(&str, PermissionHeld)] = &[
    ("none", PermissionHeld::None),
    ("temporary", PermissionHeld::Temporary),
    ("permanent", PermissionHeld::Permanent),
];
