//! Sounds that handlers of calls placed over the API may play.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{DefaultBodyLimit, Path, State};
use http::StatusCode;
use media::audio::read_clip;
use serde::{Deserialize, Serialize};
use types::limits::AUDIO_FILE_BYTES_MAX;
use utoipa::ToSchema;

use super::Api;
use super::answer::{ErrorBody, Problem};
use crate::handlers::is_plain_name;

/// A sound that can be played.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct Sound {
    /// The name to give as a handler's `file`.
    pub name: String,
    /// How long it plays, in milliseconds; none in a list.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub duration_ms: Option<u64>,
}

/// All sounds, by name.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, ToSchema)]
pub struct SoundList {
    /// The sounds.
    pub sounds: Vec<Sound>,
}

/// Keeps a sound: a WAV or Ogg Opus file as the body.
#[utoipa::path(
    put, path = "/sounds/{name}", tag = "sounds",
    params(("name" = String, Path, description = "Letters, digits, dots, dashes and underscores")),
    request_body(content = Vec<u8>, content_type = "application/octet-stream"),
    responses(
        (status = 201, description = "The sound is kept", body = Sound),
        (status = 400, description = "The name or the file is wrong", body = ErrorBody),
        (status = 409, description = "This gateway keeps no files", body = ErrorBody),
    )
)]
pub(crate) async fn upload(
    State(api): State<Api>,
    Path(name): Path<String>,
    body: Bytes,
) -> Result<(StatusCode, Json<Sound>), Problem> {
    let folder = api.folders.map(|it| it.sounds);
    let folder = folder.ok_or_else(Problem::no_data_folder)?;
    if !is_plain_name(&name) {
        return Err(Problem::bad_request(
            "name: 1 to 64 letters, digits, dots, dashes and underscores, no dot at the beginning",
        ));
    }
    let path = folder.join(&name);
    let kept = tokio::task::spawn_blocking(move || {
        let clip =
            read_clip(&body).map_err(|error| Problem::bad_request(format!("file: {error}")))?;
        std::fs::write(&path, &body).map_err(|error| Problem::files(&error))?;
        Ok::<_, Problem>(clip.duration())
    });
    let duration = kept
        .await
        .map_err(|_| Problem::bad_request("file: it could not be read"))??;
    let sound = Sound {
        name,
        duration_ms: Some(u64::try_from(duration.as_millis()).unwrap_or(u64::MAX)),
    };
    Ok((StatusCode::CREATED, Json(sound)))
}

/// All sounds.
#[utoipa::path(
    get, path = "/sounds", tag = "sounds",
    responses(
        (status = 200, description = "The sounds", body = SoundList),
        (status = 409, description = "This gateway keeps no files", body = ErrorBody),
    )
)]
pub(crate) async fn list(State(api): State<Api>) -> Result<Json<SoundList>, Problem> {
    let folder = api.folders.map(|it| it.sounds);
    let folder = folder.ok_or_else(Problem::no_data_folder)?;
    let found = async {
        let mut names = Vec::new();
        let mut entries = tokio::fs::read_dir(folder).await?;
        while let Some(entry) = entries.next_entry().await? {
            names.push(entry.file_name().to_string_lossy().into_owned());
        }
        Ok(names)
    };
    let mut names: Vec<String> = found
        .await
        .map_err(|error: std::io::Error| Problem::files(&error))?;
    names.sort();
    let sounds = names
        .into_iter()
        .filter(|name| is_plain_name(name))
        .map(|name| Sound {
            name,
            duration_ms: None,
        })
        .collect();
    Ok(Json(SoundList { sounds }))
}

/// How large an uploaded sound may be.
pub(super) fn body_limit() -> DefaultBodyLimit {
    DefaultBodyLimit::max(AUDIO_FILE_BYTES_MAX)
}
