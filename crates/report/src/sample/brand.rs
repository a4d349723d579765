//! What the sample report wears: texts in Markdown with everything that Markdown has, and with what it must not become.

use super::HOSTILE;
use ringback_model::brand::{Brand, Logo, OwnText, TextPlace};

/// A picture of one pixel, as PNG.
const PIXEL: &str = "data:image/png;base64,iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkYPhfDwAChwGA60e6kgAAAABJRU5ErkJggg==";

const TEXT: &str = "# How this was done

The *logs* were read **in full**. See [the standard](https://www.example.org/tlp?a=1&b=2) or <mailto:help@example.org>.

1. one
2. two
   - deeper, with `code | <b>`

> quoted

| what | when |
|------|-----:|
| a \\| b | 1 |

Underlined
==========

```sh
# no heading, <b>no bold</b>
```
";

pub(super) fn brand() -> Brand {
    let text = |title: &str, place, text: String| OwnText {
        title: title.to_owned(),
        place,
        language: String::new(),
        text,
    };
    Brand {
        logo: Some(Logo { uri: PIXEL.to_owned(), width: Some(1), height: Some(1) }),
        font: "Inter, \"Source Sans 3\", sans-serif".to_owned(),
        texts: vec![
            text("Before you read", TextPlace::Front, TEXT.to_owned()),
            text(
                &format!("Disclaimer {}", HOSTILE[5]),
                TextPlace::Back,
                format!("{}\n\nA {} B\n\n```\nnever closed", HOSTILE[0], HOSTILE[1]),
            ),
        ],
    }
}
