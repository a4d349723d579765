//! Names and URLs that nothing makes into a link.

/// A host name or URL written so that no viewer makes it a link: `hxxp://evil[.]example/x`. Plain addresses stay as they
/// are.
pub(crate) fn defang(text: &str) -> String {
    if text.parse::<std::net::IpAddr>().is_ok() {
        return text.to_owned();
    }
    let (scheme, rest) = match text.split_once("://") {
        Some((scheme, rest)) => (Some(scheme), rest),
        None => (None, text),
    };
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let (host, path) = rest.split_at(end);
    let host = host.replace('.', "[.]").replace('@', "[@]");
    match scheme {
        Some(scheme) => format!("{}://{host}{path}", cold(scheme)),
        None => format!("{host}{path}"),
    }
}

/// A scheme that no viewer knows.
fn cold(scheme: &str) -> String {
    match scheme.to_ascii_lowercase().as_str() {
        "http" => "hxxp".to_owned(),
        "https" => "hxxps".to_owned(),
        other => format!("{other}[:]"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_left_to_click() {
        for (text, expected) in [
            ("198.51.100.7", "198.51.100.7"),
            ("2001:db8::1", "2001:db8::1"),
            ("evil.example", "evil[.]example"),
            ("HTTPS://a.b/c.php?d=e.f", "hxxps://a[.]b/c.php?d=e.f"),
            ("http://u@198.51.100.7:8080", "hxxp://u[@]198[.]51[.]100[.]7:8080"),
            ("ftp://a.b", "ftp[:]://a[.]b"),
            ("", ""),
        ] {
            assert_eq!(defang(text), expected);
        }
    }
}
