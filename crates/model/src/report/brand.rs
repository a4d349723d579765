//! What a report wears, as reporters get it.

use crate::brand::Brand;
use schemars::JsonSchema;
use serde::Serialize;

/// The logo on the cover.
#[derive(Debug, Serialize, JsonSchema)]
pub struct LogoView<'a> {
    /// The picture as an address that loads nothing: `data:image/png;base64,…`.
    pub uri: &'a str,
    /// Its width in pixels, where the picture tells.
    pub width: Option<u32>,
    /// Its height in pixels, where the picture tells.
    pub height: Option<u32>,
}

/// A text of the author's own.
#[derive(Debug, Serialize, JsonSchema)]
pub struct OwnTextView<'a> {
    /// What links call it: `text-1`, `text-2`, ….
    pub id: String,
    /// The heading over it.
    pub title: &'a str,
    /// Where it stands: `front`, before the summary, or `back`, after everything else.
    pub place: &'static str,
    /// The text, in Markdown.
    pub text: &'a str,
}

pub(super) fn logo(brand: &Brand) -> Option<LogoView<'_>> {
    brand.logo.as_ref().map(|logo| LogoView { uri: &logo.uri, width: logo.width, height: logo.height })
}

pub(super) fn texts(brand: &Brand) -> Vec<OwnTextView<'_>> {
    let numbered = (1..).zip(&brand.texts);
    numbered
        .map(|(number, own)| OwnTextView {
            id: format!("text-{number}"),
            title: &own.title,
            place: own.place.as_str(),
            text: &own.text,
        })
        .collect()
}
