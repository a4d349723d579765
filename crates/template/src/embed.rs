//! Files of a pack as addresses that load nothing: `data:` URIs.

use minijinja::{Environment, Error, ErrorKind};
use std::collections::BTreeMap;

/// The kinds of files that may be embedded, by their endings. None of them can hold a script that runs in an image.
const KINDS: &[(&str, &str)] = &[
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("gif", "image/gif"),
    ("webp", "image/webp"),
    ("svg", "image/svg+xml"),
    ("woff2", "font/woff2"),
    ("woff", "font/woff"),
];

/// Adds the function `data_uri` over some files.
pub(crate) fn install(inner: &mut Environment<'static>, files: BTreeMap<String, Vec<u8>>) {
    inner.add_function("data_uri", move |name: &str| {
        let refused = |why: &str| Error::new(ErrorKind::InvalidOperation, format!("{name:?} {why}"));
        let bytes = files.get(name).ok_or_else(|| refused("is no file of this pack"))?;
        let ending = name.rsplit('.').next().unwrap_or_default().to_ascii_lowercase();
        let kind = KINDS.iter().find(|(known, _)| *known == ending).map(|(_, kind)| *kind);
        let kind = kind.ok_or_else(|| refused("is neither an image nor a font"))?;
        Ok::<_, Error>(format!("data:{kind};base64,{}", base64(bytes)))
    });
}

/// Bytes in base64, as RFC 4648 has it, with padding.
fn base64(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let mut text = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let byte = |n: usize| u32::from(chunk.get(n).copied().unwrap_or_default());
        let bits = byte(0) << 16 | byte(1) << 8 | byte(2);
        for n in 0..4 {
            let digit = DIGITS[(bits >> (18 - 6 * n) & 63) as usize];
            text.push(if n <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        // The vectors of RFC 4648, section 10.
        for (text, expected) in [
            ("", ""),
            ("f", "Zg=="),
            ("fo", "Zm8="),
            ("foo", "Zm9v"),
            ("foob", "Zm9vYg=="),
            ("fooba", "Zm9vYmE="),
            ("foobar", "Zm9vYmFy"),
        ] {
            assert_eq!(base64(text.as_bytes()), expected);
        }
        assert_eq!(base64(&[0xff, 0xfe, 0xfd]), "//79");
    }

    #[test]
    fn only_images_and_fonts_of_the_pack_are_embedded() {
        let mut inner = Environment::new();
        let files = BTreeMap::from([("a.png".to_owned(), vec![1]), ("b.html".to_owned(), vec![1])]);
        install(&mut inner, files);
        let render = |source: &str| inner.render_str(source, ()).map_err(|error| error.to_string());
        assert_eq!(render("{{ data_uri('a.png') }}").unwrap(), "data:image/png;base64,AQ==");
        assert!(render("{{ data_uri('b.html') }}").unwrap_err().contains("neither an image"));
        assert!(render("{{ data_uri('../c.png') }}").unwrap_err().contains("no file of this pack"));
    }
}
