//! Pictures: what one is, its bytes tell and never its name.

use super::fault::Fault;
use super::file::text;
use super::svg;

/// The most pixels of a side.
const WIDEST: u32 = 8_000;

const PNG: &[u8] = b"\x89PNG\r\n\x1a\n";

/// A picture that a report may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Picture {
    /// Its media type.
    pub(super) kind: &'static str,
    /// Its width in pixels, where it has one.
    pub(super) width: Option<u32>,
    /// Its height in pixels, where it has one.
    pub(super) height: Option<u32>,
}

/// Which picture some bytes are.
pub(super) fn picture(bytes: &[u8]) -> Result<Picture, Fault> {
    let unfit = |what: &str| Fault::whole(what, "save the logo as PNG, JPEG or SVG");
    if bytes.starts_with(PNG) {
        return sized("image/png", png(bytes).ok_or_else(|| unfit("it is a PNG that is cut short"))?);
    }
    if bytes.starts_with(b"\xff\xd8\xff") {
        return sized("image/jpeg", jpeg(bytes).ok_or_else(|| unfit("it is a JPEG without its size"))?);
    }
    let start = bytes.trim_ascii_start();
    let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
    if start.trim_ascii_start().starts_with(b"<") {
        svg::check(text(bytes)?)?;
        return Ok(Picture { kind: "image/svg+xml", width: None, height: None });
    }
    Err(unfit("it is none of the pictures that a report can hold"))
}

fn sized(kind: &'static str, (width, height): (u32, u32)) -> Result<Picture, Fault> {
    if width == 0 || height == 0 || width > WIDEST || height > WIDEST {
        let what = format!("it has {width} by {height} pixels");
        return Err(Fault::whole(what, format!("a side has 1 to {WIDEST} pixels")));
    }
    Ok(Picture { kind, width: Some(width), height: Some(height) })
}

/// Width and height in the first chunk of a PNG (ISO/IEC 15948, 11.2.2).
fn png(bytes: &[u8]) -> Option<(u32, u32)> {
    let header = bytes.get(PNG.len() + 4..PNG.len() + 16)?.strip_prefix(b"IHDR")?;
    let number = |at: usize| Some(u32::from_be_bytes(header.get(at..at + 4)?.try_into().ok()?));
    Some((number(0)?, number(4)?))
}

/// Width and height in the frame header of a JPEG (ITU-T T.81, B.2.2): the first marker SOF0 to SOF15 that is one.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    loop {
        if *bytes.get(at)? != 0xff {
            return None;
        }
        let marker = *bytes.get(at + 1)?;
        if marker == 0xff {
            at += 1;
            continue;
        }
        let number =
            |from: usize| Some(u16::from_be_bytes(bytes.get(at + from..at + from + 2)?.try_into().ok()?));
        let length = usize::from(number(2)?);
        if matches!(marker, 0xc0..=0xcf) && !matches!(marker, 0xc4 | 0xc8 | 0xcc) {
            return Some((number(7)?.into(), number(5)?.into()));
        }
        at += 2 + length.max(2);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn a_png(width: u32, height: u32) -> Vec<u8> {
        let sides = [width.to_be_bytes(), height.to_be_bytes()].concat();
        [PNG, &13_u32.to_be_bytes(), b"IHDR", &sides, &[8, 6, 0, 0, 0]].concat()
    }

    fn a_jpeg(then: &[u8]) -> Vec<u8> {
        [b"\xff\xd8\xff\xe0\x00\x04ab\xff\xc4\x00\x02\xff", then].concat()
    }

    #[test]
    fn pictures_are_told_by_their_bytes() {
        let frame = [0xff, 0xc2, 0, 11, 8, 0, 40, 1, 0, 1];
        for (bytes, expected) in [
            (a_png(320, 64), Ok(("image/png", 320, 64))),
            (a_jpeg(&frame), Ok(("image/jpeg", 256, 40))),
            (a_png(0, 64), Err("0 by 64")),
            (a_png(9_000, 64), Err("9000 by 64")),
            (PNG.to_vec(), Err("cut short")),
            (a_jpeg(&frame[..6]), Err("without its size")),
            (a_jpeg(b"x"), Err("without its size")),
            (b"GIF89a".to_vec(), Err("none of the pictures")),
            (Vec::new(), Err("none of the pictures")),
        ] {
            let found = picture(&bytes);
            match expected {
                Ok((kind, width, height)) => {
                    let wanted = Picture { kind, width: Some(width), height: Some(height) };
                    assert_eq!(found, Ok(wanted));
                }
                Err(part) => assert!(found.is_err_and(|fault| fault.what.contains(part)), "{part}"),
            }
        }
        let svg = b"\xef\xbb\xbf <svg xmlns=\"http://www.w3.org/2000/svg\"/>";
        assert_eq!(picture(svg).map(|picture| picture.kind), Ok("image/svg+xml"));
    }
}
