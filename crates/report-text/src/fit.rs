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
    let mut most = fit.options.iter().filter_map(|name| options.count(name)).max().unwrap_or_default();
    while length(&text) > fit.characters {
        if most == 0 {
            let message =
                format!("{:?} has {} characters and may have {}", output.file, length(&text), fit.characters);
            return Err(RenderError::new(pack, message).with_hint("its other options may make it shorter"));
        }
        // A quarter at a time finds a cap that is near the largest that fits in a few steps.
        most -= most.div_ceil(4);
        fit.options.iter().for_each(|name| lowered.lower(name, most));
        text = render(&lowered)?;
    }
    Ok(text)
}

/// The characters of a text as UTF-16 counts them.
fn length(text: &str) -> usize {
    text.chars().map(char::len_utf16).sum()
}
