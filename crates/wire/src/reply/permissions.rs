//! `GET /{phone_number_id}/call_permissions`, and 360dialog's `GET /calling/permissions/{wa_id}`.

use serde::Serialize;

/// What a business may do about calling a user (`wire.md` 2).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CallPermissions {
    messaging_product: &'static str,
    permission: Permission,
    actions: [NamedAction; 2],
}

/// Whether one thing can be done, and how much of its limits is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PermittedAction {
    /// Whether it can be done now.
    pub can_perform_action: bool,
    /// Its limits, the shorter period first. Clients want the key in any case.
    pub limits: Vec<ActionLimit>,
}

/// How much of a limit is used.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct ActionLimit {
    /// Over what time is counted, in ISO 8601: `PT24H`, `P7D`.
    pub time_period: String,
    /// How often in that time.
    pub max_allowed: u32,
    /// How often it was.
    pub current_usage: u32,
    /// The first Unix second at which there is room again; only while there is none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limit_expiration_time: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Permission {
    status: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    expiration_time: Option<u64>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct NamedAction {
    action_name: &'static str,
    #[serde(flatten)]
    action: PermittedAction,
}

impl CallPermissions {
    /// The permissions of a pair: the word for what is allowed, the Unix second at which a temporary
    /// permission ends, and what can be done.
    #[must_use]
    pub const fn new(
        status: &'static str,
        expiration_time: Option<u64>,
        request: PermittedAction,
        call: PermittedAction,
    ) -> Self {
        Self {
            messaging_product: "whatsapp",
            permission: Permission {
                status,
                expiration_time,
            },
            actions: [
                NamedAction {
                    action_name: "send_call_permission_request",
                    action: request,
                },
                NamedAction {
                    action_name: "start_call",
                    action: call,
                },
            ],
        }
    }
}
