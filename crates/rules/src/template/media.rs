//! The header of a template that is something to look at, as the line that a phone shows in its place:
//! nothing is fetched, and there is no picture to be shown.

use types::template::{Media, MediaFormat, MediaSource, Parameter, ParameterValue, Place};

use super::unfit::UnfitMedia;

/// The line for what a message brings.
pub(super) fn line(wanted: MediaFormat, parameters: &[Parameter]) -> Result<String, UnfitMedia> {
    let value = match parameters {
        [] => return Err(UnfitMedia::Nothing { wanted }),
        [one] => &one.value,
        more => {
            let parameters = more.len();
            return Err(UnfitMedia::Several { wanted, parameters });
        }
    };
    match value {
        ParameterValue::Media(media) if media.format == wanted => Ok(of_media(media)),
        ParameterValue::Place(place) if wanted == MediaFormat::Location => Ok(of_place(place)),
        other @ (ParameterValue::Text(_)
        | ParameterValue::Media(_)
        | ParameterValue::Place(_)
        | ParameterValue::Other(_)) => Err(UnfitMedia::Other {
            wanted,
            kind: kind(other),
        }),
    }
}

/// Whether a picture, a film or a file is among what a message brings.
pub(super) fn is_there(parameters: &[Parameter]) -> bool {
    let is_media = |it: &Parameter| matches!(it.value, ParameterValue::Media(_));
    parameters.iter().any(is_media)
}

/// What a parameter is, in the word of the wire.
pub(super) fn kind(value: &ParameterValue) -> String {
    match value {
        ParameterValue::Text(_) => "text".to_owned(),
        ParameterValue::Media(media) => media.format.as_str().to_lowercase(),
        ParameterValue::Place(_) => "location".to_owned(),
        ParameterValue::Other(kind) => kind.clone(),
    }
}

/// A file is called by its name; whatever has none, by where it is.
fn of_media(media: &Media) -> String {
    let what = match media.format {
        MediaFormat::Image => "Image",
        MediaFormat::Video => "Video",
        MediaFormat::Document => "Document",
        MediaFormat::Location => "Location",
    };
    match (&media.filename, &media.source) {
        (Some(name), _) => format!("{what}: {name}"),
        (None, MediaSource::Link(link)) => format!("{what}: {link}"),
        (None, MediaSource::Id(id)) => format!("{what}: media {id}"),
    }
}

fn of_place(place: &Place) -> String {
    let at = format!("{}, {}", place.latitude, place.longitude);
    match (&place.name, &place.address) {
        (Some(name), Some(address)) => format!("Location: {name}, {address} ({at})"),
        (Some(one), None) | (None, Some(one)) => format!("Location: {one} ({at})"),
        (None, None) => format!("Location: {at}"),
    }
}
