//! What a report wears besides its accent colour: a logo, a typeface, texts of its author's own.
//!
//! These are plain values that were checked when they were read: the author's, never a log's.

/// What a report wears.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Brand {
    /// The logo on its cover.
    pub logo: Option<Logo>,
    /// The families of type, the first that there is being taken: `Inter, "Source Sans 3", sans-serif`; may be empty.
    pub font: String,
    /// Texts of the author's own, in their order.
    pub texts: Vec<OwnText>,
}

/// A picture that a report holds itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logo {
    /// The picture as an address that loads nothing: `data:image/png;base64,…`.
    pub uri: String,
    /// Its width in pixels, where the picture tells.
    pub width: Option<u32>,
    /// Its height in pixels, where the picture tells.
    pub height: Option<u32>,
}

/// A text of the author's own: how the work was done, what the report is not, whom to call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OwnText {
    /// The heading over it.
    pub title: String,
    /// Where it stands.
    pub place: TextPlace,
    /// The language that it is in, for reports in that language alone; for all of them where it is empty.
    pub language: String,
    /// The text, in Markdown.
    pub text: String,
}

/// Where a text of the author's own stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum TextPlace {
    /// Before the summary.
    Front,
    /// After everything else.
    #[default]
    Back,
}

impl TextPlace {
    /// The word in profiles and in reports.
    pub const fn as_str(self) -> &'static str {
        match self {
            TextPlace::Front => "front",
            TextPlace::Back => "back",
        }
    }
}

impl Brand {
    /// What a report in a language wears: the texts in another language are left out.
    #[must_use]
    pub fn in_language(mut self, language: &str) -> Self {
        self.texts.retain(|text| text.language.is_empty() || text.language == language);
        self
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_another_language_are_left_out() {
        let text = |language: &str| OwnText {
            title: "Method".to_owned(),
            place: TextPlace::Front,
            language: language.to_owned(),
            text: "x".to_owned(),
        };
        let brand = Brand { texts: vec![text("de"), text(""), text("en")], ..Brand::default() };
        let languages = |brand: Brand| brand.texts.into_iter().map(|text| text.language).collect::<Vec<_>>();
        assert_eq!(languages(brand.clone().in_language("de")), ["de", ""]);
        assert_eq!(languages(brand.in_language("ja")), [""]);
    }
}
