//! Inputs, outputs and refusals as the words of a story.

#![expect(
    clippy::wildcard_enum_match_arm,
    reason = "most reasons have no more to tell than their word"
)]

use super::*;

#[track_caller]
pub(super) fn input(verb: &str, rest: &str) -> Input {
    let term = || match rest {
        "for a time" => Term::Temporary,
        "for ever" => Term::Permanent,
        other => panic!("no such term: {other}"),
    };
    let answered = |answer| Input::Answered {
        request: request(rest),
        answer,
    };
    let connected = |direction| Input::CallConnected {
        call: call(rest),
        direction,
    };
    match verb {
        "deliver" => Input::RequestDelivered {
            request: request(rest),
        },
        "fail" => Input::RequestFailed {
            request: request(rest),
        },
        "allow" => answered(Answer::Temporary),
        "always" => answered(Answer::Permanent),
        "decline" => answered(Answer::Decline),
        "profile" => Input::ProfileGrant { term: term() },
        "profile_revoke" => Input::ProfileRevoke,
        "operator" => Input::OperatorGrant { term: term() },
        "operator_revoke" => Input::OperatorRevoke,
        "user_calls" => Input::CallbackGrant { call: call(rest) },
        "user_connected" => connected(Direction::UserInitiated),
        "connected" => connected(Direction::BusinessInitiated),
        "missed" => Input::CallUnanswered { call: call(rest) },
        "rejected" => Input::CallRejected { call: call(rest) },
        "timeout" => Input::Timeout,
        other => panic!("no such verb: {other}"),
    }
}

pub(super) fn entry(entry: &Entry) -> String {
    let reason = &entry.reason;
    let mut line = format!("{} {}", in_words(entry.at), reason.as_str());
    if let Some(request) = reason.request() {
        line += request
            .as_str()
            .trim_start_matches("wamid")
            .replace('.', " ")
            .as_str();
    }
    if let Some(call) = reason.call() {
        line += call
            .as_str()
            .trim_start_matches("wacid")
            .replace('.', " ")
            .as_str();
    }
    match reason {
        Reason::RequestEnded { end, .. } => line += &format!(": {}", end.as_str()),
        Reason::Nudged { unanswered } | Reason::RevokedUnanswered { unanswered } => {
            line += &format!(": {unanswered} in a row");
        }
        Reason::CountersCleared { requests } => line += &format!(": {requests}"),
        _ => {}
    }
    if let Some(until) = reason.until() {
        line += &format!(" until {}", in_words(until));
    }
    line
}

pub(super) fn notice(notice: &Notice) -> String {
    let mut line = match notice.response() {
        Some(Response::Accept { until: Some(until) }) => {
            format!("webhook accept until {}", in_words(until))
        }
        Some(Response::Accept { until: None }) => "webhook accept for ever".to_owned(),
        Some(Response::Reject) => "webhook reject".to_owned(),
        None => "no webhook".to_owned(),
    };
    if let Some(context) = notice.context() {
        line += &format!(", context {context}");
    }
    if notice.is_automatic() {
        line += ", automatic";
    }
    line + ", flat " + notice.flat_status().as_str()
}

pub(super) fn no_call(refusal: &NoCall) -> String {
    match refusal {
        NoCall::NoPermission(lack) => format!("no call: {}", debug_in_words(lack)),
        NoCall::PermissionUsedUp { limit: it } => {
            format!("no call: permission used up, {}", limit(it))
        }
        NoCall::TooManyConnected { limit: it } => format!("no call: {}", limit(it)),
    }
}

pub(super) fn no_request(refusal: &NoRequest) -> String {
    match refusal {
        NoRequest::Permanent => "no request: permanent".to_owned(),
        NoRequest::WindowClosed => "no request: window closed".to_owned(),
        NoRequest::TooMany { limit: it } => format!("no request: {}", limit(it)),
    }
}

fn debug_in_words(lack: &Lack) -> String {
    let (name, at) = match lack {
        Lack::Never => return "never".to_owned(),
        Lack::Asked { at } => ("asked", at),
        Lack::NotAnswered { at } => ("not answered", at),
        Lack::Declined { at } => ("declined", at),
        Lack::Lapsed { at } => ("lapsed", at),
        Lack::Withdrawn { at } => ("withdrawn", at),
        Lack::RevokedUnanswered { at } => ("revoked unanswered", at),
    };
    format!("{name} at {}", in_words(*at))
}

fn limit(limit: &Limit) -> String {
    let mut words = format!("{} {}/{}", limit.period_iso(), limit.used, limit.max);
    if let Some(at) = limit.free_at {
        words += &format!(" free at {}", in_words(at));
    }
    words
}

pub(super) fn standing(standing: &Standing) -> String {
    let mut line = standing.status.as_str().to_owned();
    if let Status::Temporary { until } = standing.status {
        line += &format!(" until {}", in_words(until));
    }
    let limits = |limits: &[Limit]| limits.iter().map(limit).collect::<Vec<_>>().join(", ");
    let can = |can| if can { "can" } else { "cannot" };
    format!(
        "{line}; {} request, {}; {} call, {}",
        can(standing.request.can_perform()),
        limits(&standing.request.limits),
        can(standing.call.can_perform()),
        limits(&standing.call.limits)
    )
}
