//! What was recorded of a call.

#![expect(
    unused_qualifications,
    reason = "utoipa's macro qualifies what it is given"
)]

use std::fs::File;
use std::io::BufReader;
use std::path::{Path as FilePath, PathBuf};

use axum::body::Body;
use axum::extract::rejection::QueryRejection;
use axum::extract::{Path, Query, State};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;
use futures_util::stream;
use http::{StatusCode, header};
use media::audio::mix;
use serde::{Deserialize, Serialize};
use tokio::io::AsyncReadExt as _;
use utoipa::{IntoParams, ToSchema};

use super::Api;
use super::answer::{ErrorBody, Problem};
use super::calls::view;
use crate::board::CallRef;
use crate::legs::{Side, both_file_name};

/// Which side of a call.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
#[serde(rename_all = "lowercase")]
pub enum RecordedSide {
    /// Both: a stereo WAV file, the user on the left, the business on the right.
    #[default]
    Both,
    /// The user: an Ogg Opus file, as the packets came.
    User,
    /// The business: an Ogg Opus file.
    Business,
}

/// Which file.
#[derive(Debug, Deserialize, IntoParams)]
#[serde(deny_unknown_fields)]
pub(crate) struct Which {
    /// The side; both if it is not given.
    #[serde(default)]
    side: RecordedSide,
}

/// The recording of a call that is over.
#[utoipa::path(
    get, path = "/calls/{call}/recording", tag = "recordings",
    params(
        ("call" = String, Path, description = "The gateway's reference, or the platform's id"),
        Which
    ),
    responses(
        (status = 200, description = "The file", content(
            (String = "audio/wav"), (String = "audio/ogg")
        )),
        (status = 404, description = "There is no such call, or no recording", body = ErrorBody),
        (status = 409, description = "The call is not over yet", body = ErrorBody),
    )
)]
pub(crate) async fn fetch(
    State(api): State<Api>,
    Path(name): Path<String>,
    which: Result<Query<Which>, QueryRejection>,
) -> Result<Response, Problem> {
    let Query(which) = which.map_err(|error| Problem::bad_request(error.body_text()))?;
    let folder = api.folders.as_ref().map(|it| it.recordings.clone());
    let folder = folder.ok_or_else(Problem::no_data_folder)?;
    let call = view(&api, name).await?;
    if !call.recorded {
        return Err(no_recording());
    }
    if call.ended_ms.is_none() {
        return Err(Problem::new(
            StatusCode::CONFLICT,
            "call_running",
            "the recording can be fetched once the call is over",
        ));
    }
    let call: CallRef = call
        .reference
        .parse()
        .map_err(|_| Problem::unknown_call())?;
    api.desk.recorded(call).await?;
    let (path, kind) = match which.side {
        RecordedSide::User => (folder.join(Side::User.file_name(call)), "audio/ogg"),
        RecordedSide::Business => (folder.join(Side::Business.file_name(call)), "audio/ogg"),
        RecordedSide::Both => (both(folder, call).await?, "audio/wav"),
    };
    let file = tokio::fs::File::open(&path).await.map_err(missing)?;
    let length = file
        .metadata()
        .await
        .map_err(|error| Problem::files(&error))?
        .len();
    let headers = [
        (header::CONTENT_TYPE, kind.to_owned()),
        (header::CONTENT_LENGTH, length.to_string()),
    ];
    Ok((headers, body(file)).into_response())
}

/// The file with both sides, made the first time it is asked for.
async fn both(folder: PathBuf, call: CallRef) -> Result<PathBuf, Problem> {
    let made = tokio::task::spawn_blocking(move || {
        let path = folder.join(both_file_name(call));
        if path.exists() {
            return Ok(path);
        }
        let open = |side: Side| File::open(folder.join(side.file_name(call))).map(BufReader::new);
        let (user, business) = (open(Side::User)?, open(Side::Business)?);
        mix_into(&path, user, business)?;
        Ok(path)
    });
    let made = made.await.map_err(std::io::Error::other);
    made.and_then(|made| made).map_err(missing)
}

/// Written beside its place and then moved there, so that nobody reads half a file.
fn mix_into(
    path: &FilePath,
    user: BufReader<File>,
    business: BufReader<File>,
) -> std::io::Result<()> {
    let folder = path.parent().unwrap_or_else(|| FilePath::new("."));
    let unfinished = folder.join(format!(
        "{}.{:?}.part",
        path.file_name().unwrap_or_default().to_string_lossy(),
        std::thread::current().id()
    ));
    let file = File::create(&unfinished)?;
    let sink = std::io::BufWriter::new(file);
    let mixed = mix::stereo_of_files(user, business, sink).map_err(std::io::Error::other);
    match mixed {
        Ok(()) => std::fs::rename(&unfinished, path),
        Err(error) => {
            std::fs::remove_file(&unfinished).ok();
            Err(error)
        }
    }
}

fn body(file: tokio::fs::File) -> Body {
    Body::from_stream(stream::unfold(Some(file), |file| async move {
        let mut file = file?;
        let mut piece = vec![0; PIECE_BYTES];
        match file.read(&mut piece).await {
            Ok(0) => None,
            Ok(read) => {
                piece.truncate(read);
                Some((Ok(Bytes::from(piece)), Some(file)))
            }
            Err(error) => Some((Err(error), None)),
        }
    }))
}

fn missing(error: std::io::Error) -> Problem {
    if error.kind() == std::io::ErrorKind::NotFound {
        no_recording()
    } else {
        Problem::files(&error)
    }
}

fn no_recording() -> Problem {
    Problem::new(
        StatusCode::NOT_FOUND,
        "no_recording",
        "nothing was recorded: the call was not answered, or its handler records nothing",
    )
}

const PIECE_BYTES: usize = 64 * 1024;
