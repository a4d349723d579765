//! Files of a pack as addresses that load nothing: `data:` URIs.

use data_encoding::BASE64;
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
        Ok::<_, Error>(format!("data:{kind};base64,{}", BASE64.encode(bytes)))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn base64_is_that_of_the_standard() {
        // The vectors of RFC 4648, section 10, and bytes that are no text.
        for (bytes, expected) in [
            (&b""[..], ""),
            (b"f", "Zg=="),
            (b"fo", "Zm8="),
            (b"foo", "Zm9v"),
            (b"foob", "Zm9vYg=="),
            (b"fooba", "Zm9vYmE="),
            (b"foobar", "Zm9vYmFy"),
            (&[0xff, 0xfe, 0xfd], "//79"),
        ] {
            let mut inner = Environment::new();
            install(&mut inner, BTreeMap::from([("a.png".to_owned(), bytes.to_vec())]));
            let uri = inner.render_str("{{ data_uri('a.png') }}", ()).unwrap();
            assert_eq!(uri, format!("data:image/png;base64,{expected}"));
        }
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
