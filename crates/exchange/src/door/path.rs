//! One path for one thing: versions, Kapso's prefix and stray slashes are taken off before routing.

use axum::http::Request;
use axum::http::uri::{PathAndQuery, Uri};

/// Which way a request came in, kept with it once its path is made plain.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct CameBy {
    /// The version of Graph in the path, such as `v24.0`.
    pub(crate) version: Option<String>,
}

/// Makes a request's path plain; for a layer in front of the routes.
///
/// Clients in the wild send `/v18.0` to `/v26.0` or no version at all, pywa ends paths in a slash,
/// and Kapso's proxy has `/meta/whatsapp` in front.
pub(crate) fn make_plain<B>(mut request: Request<B>) -> Request<B> {
    let uri = request.uri();
    let (path, came_by) = plain(uri.path());
    if path != uri.path() {
        let whole = match uri.query() {
            Some(query) => format!("{path}?{query}"),
            None => path,
        };
        let mut parts = uri.clone().into_parts();
        // What was cut from a good path is a good path; if not, the router says what it thinks of it.
        if let Ok(path_and_query) = PathAndQuery::try_from(whole) {
            parts.path_and_query = Some(path_and_query);
            if let Ok(uri) = Uri::from_parts(parts) {
                *request.uri_mut() = uri;
            }
        }
    }
    request.extensions_mut().insert(came_by);
    request
}

fn plain(path: &str) -> (String, CameBy) {
    let mut segments: Vec<&str> = path.split('/').filter(|it| !it.is_empty()).collect();
    if let ["meta", "whatsapp", ..] = segments[..] {
        segments.drain(..2);
    }
    let version = segments
        .first()
        .filter(|it| is_version(it))
        .map(|it| (*it).to_owned());
    if version.is_some() {
        segments.remove(0);
    }
    (format!("/{}", segments.join("/")), CameBy { version })
}

/// `v`, digits, a dot, digits. 360dialog's `/v1/...` has no dot and is none of Graph's versions.
fn is_version(segment: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    segment
        .strip_prefix('v')
        .and_then(|it| it.split_once('.'))
        .is_some_and(|(major, minor)| digits(major) && digits(minor))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_clients_send_comes_to_one_path() {
        for (sent, wanted) in [
            ("/436666719526789/calls", "/436666719526789/calls"),
            ("/v18.0/436666719526789/calls", "/436666719526789/calls"),
            ("/v26.0//436666719526789/calls/", "/436666719526789/calls"),
            (
                "/meta/whatsapp/v24.0/436666719526789/calls",
                "/436666719526789/calls",
            ),
            ("/v24.0/436666719526789/", "/436666719526789"),
            ("/v1/configs/webhook", "/v1/configs/webhook"),
            ("/calling/calls/", "/calling/calls"),
            ("/v24.x/1", "/v24.x/1"),
            ("/v24.0", "/"),
            ("/", "/"),
            ("//", "/"),
        ] {
            assert_eq!(plain(sent).0, wanted, "{sent}");
        }
        assert_eq!(plain("/v24.0/1").1.version.as_deref(), Some("v24.0"));
        assert_eq!(plain("/1").1.version, None);
    }

    #[test]
    fn the_query_stays() {
        let request = Request::builder()
            .uri("/v24.0/1/?a=b%20c&d")
            .body(())
            .expect("a request");
        assert_eq!(make_plain(request).uri(), "/1?a=b%20c&d");
        let whole = Request::builder()
            .uri("http://graph.example/v24.0/1?a")
            .body(())
            .expect("a request");
        assert_eq!(make_plain(whole).uri(), "http://graph.example/1?a");
    }
}
