//! Text by the columns of a terminal, of which wide characters take two.

use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// A text of at most so many columns; one that is longer ends in `…`.
pub(crate) fn cut(text: &str, columns: usize) -> String {
    if text.width() <= columns {
        return text.to_owned();
    }
    let (mut kept, mut used) = (String::new(), 1);
    for char in text.chars() {
        used += char.width().unwrap_or(0);
        if used > columns {
            break;
        }
        kept.push(char);
    }
    kept + "…"
}

/// A text cut or filled to so many columns.
pub(crate) fn fitted(text: &str, columns: usize) -> String {
    let cut = cut(text, columns);
    let fill = " ".repeat(columns.saturating_sub(cut.width()));
    cut + &fill
}

/// A text filled to so many columns from the left.
pub(crate) fn set_right(text: &str, columns: usize) -> String {
    " ".repeat(columns.saturating_sub(text.width())) + text
}

/// A text in lines of at most so many columns, broken at blanks, and within words that are longer than a line.
pub(crate) fn wrapped(text: &str, columns: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ').filter(|word| !word.is_empty()) {
        let line = lines.last_mut().expect("there is always a line");
        if !line.is_empty() && line.width() + 1 + word.width() > columns {
            lines.push(word.to_owned());
        } else {
            if !line.is_empty() {
                line.push(' ');
            }
            line.push_str(word);
        }
        while lines.last().is_some_and(|line| line.width() > columns) {
            let line = lines.pop().expect("there is always a line");
            let (head, tail) = line.split_at(fitting(&line, columns));
            lines.extend([head.to_owned(), tail.to_owned()]);
        }
    }
    lines
}

/// How many bytes of a text fit into so many columns; at least one character.
fn fitting(text: &str, columns: usize) -> usize {
    let mut used = 0;
    for (at, char) in text.char_indices() {
        used += char.width().unwrap_or(0);
        if used > columns && at > 0 {
            return at;
        }
    }
    text.len()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_cut_and_broken_by_columns_and_whole_characters() {
        for (text, columns, expected) in
            [("abc", 3, "abc"), ("abcd", 3, "ab…"), ("日時計", 4, "日…"), ("日時", 4, "日時"), ("日", 1, "…")]
        {
            assert_eq!(cut(text, columns), expected, "{text}");
        }
        for (text, columns, expected) in [
            ("one two three", 7, &["one two", "three"][..]),
            ("abcdefgh ij", 3, &["abc", "def", "gh", "ij"]),
            ("日時計 x", 4, &["日時", "計 x"]),
            ("", 4, &[""]),
        ] {
            assert_eq!(wrapped(text, columns), expected, "{text}");
        }
        for (text, columns, expected) in
            [("abc", 5, "abc  "), ("abcdef", 5, "abcd…"), ("日時計", 5, "日時…"), ("日時", 6, "日時  ")]
        {
            assert_eq!(fitted(text, columns), expected, "{text}");
        }
        assert_eq!((set_right("日", 4), set_right("12345", 4)), ("  日".to_owned(), "12345".to_owned()));
    }
}
