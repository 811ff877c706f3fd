//! Multipart forms (RFC 7578), as `curl -F` and Meta's SDK for Java send parameters. Their parts are
//! texts: this API takes no files.

use serde_json::Value;
use wire::subscriptions::Params;
use wire::{ApiError, json};

/// The parameters of a form; `content_type` names what stands between them.
///
/// # Errors
///
/// Code 100 that says what is wrong with the form.
pub(super) fn read(content_type: &str, body: &[u8]) -> Result<Params, ApiError> {
    let boundary = parameter(content_type, "boundary").ok_or_else(|| {
        broken("its Content-Type names no boundary. Let your HTTP library write the header")
    })?;
    let delimiter = format!("\r\n--{boundary}").into_bytes();
    let mut params = Params::new();
    // The first delimiter has nothing in front of it, the others a line's end.
    let Some(mut rest) = body.strip_prefix(&delimiter[2..]) else {
        return Err(broken("it does not begin with its boundary"));
    };
    while !rest.starts_with(b"--") {
        let end =
            position(rest, &delimiter).ok_or_else(|| broken("its last boundary is missing"))?;
        let (name, value) = part(&rest[..end])?;
        params.insert(name, Value::String(value));
        rest = &rest[end + delimiter.len()..];
    }
    Ok(params)
}

/// One part: headers, an empty line, the value.
fn part(bytes: &[u8]) -> Result<(String, String), ApiError> {
    let head_ends = position(bytes, b"\r\n\r\n")
        .ok_or_else(|| broken("one of its parts has no empty line behind its headers"))?;
    let head = String::from_utf8_lossy(&bytes[..head_ends]);
    let disposition = head
        .lines()
        .filter_map(|line| line.split_once(':'))
        .find(|(name, _)| name.trim().eq_ignore_ascii_case("content-disposition"));
    let disposition = disposition.map_or("", |(_, value)| value);
    let name = parameter(disposition, "name")
        .ok_or_else(|| broken("one of its parts has no name in its Content-Disposition"))?;
    if parameter(disposition, "filename").is_some() {
        return Err(ApiError::parameter(format!(
            "The part {} is a file, and this API takes none. Send parameters as texts.",
            json::shortened(&name)
        )));
    }
    let value = &bytes[head_ends + 4..];
    let value = String::from_utf8(value.to_vec()).map_err(|_| {
        ApiError::parameter(format!("The part {} is not UTF-8.", json::shortened(&name)))
    })?;
    Ok((name, value))
}

/// A parameter of a header's value, such as `name` of `form-data; name="to"`.
fn parameter(header: &str, name: &str) -> Option<String> {
    header.split(';').skip(1).find_map(|it| {
        let (key, value) = it.split_once('=')?;
        let value = value.trim().trim_matches('"');
        let is_it = key.trim().eq_ignore_ascii_case(name) && !value.is_empty();
        is_it.then(|| value.to_owned())
    })
}

fn position(bytes: &[u8], wanted: &[u8]) -> Option<usize> {
    bytes.windows(wanted.len()).position(|it| it == wanted)
}

fn broken(what: &str) -> ApiError {
    ApiError::parameter(format!("The multipart form cannot be read: {what}."))
}

#[cfg(test)]
mod tests;
