//! Artefacts that may only be so long: caps give way until the text fits, and what they leave out is counted in it.

use ringback_report::{Options, Output, Pack, RenderError};

/// Renders an output, again with lower caps while it is longer than it may be.
pub(crate) fn render(
    pack: &Pack,
    output: &Output,
    options: &Options,
    render: &dyn Fn(&Options) -> Result<String, RenderError>,
) -> Result<String, RenderError> {
    let mut text = render(options)?;
    let Some(fit) = &output.fit else { return Ok(text) };
    if fit.when.as_ref().is_some_and(|name| !options.flag(name)) {
        return Ok(text);
    }
    let mut lowered = options.clone();
    for (name, most) in steps(options, &fit.options) {
        if length(&text) <= fit.characters {
            return Ok(text);
        }
        lowered.lower(name, most);
        text = render(&lowered)?;
    }
    if length(&text) <= fit.characters {
        return Ok(text);
    }
    let message =
        format!("{:?} has {} characters and may have {}", output.file, length(&text), fit.characters);
    Err(RenderError::new(pack, message).with_hint("its other options may make it shorter"))
}

/// The caps to try, one after the other: each option by a quarter at a time to one, which finds a cap that is near the
/// largest that fits in a few steps; then each to none.
fn steps<'n>(options: &Options, names: &'n [String]) -> Vec<(&'n str, u64)> {
    let mut steps = Vec::new();
    for name in names {
        let mut most = options.count(name).unwrap_or_default();
        while most > 1 {
            most -= most.div_ceil(4);
            steps.push((name.as_str(), most.max(1)));
        }
    }
    steps.extend(names.iter().rev().map(|name| (name.as_str(), 0)));
    steps
}

/// The characters of a text as UTF-16 counts them.
fn length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}
