//! What spreadsheets put in the place of what stood in a cell. None of it is guessed back.

/// The longest of the words that spreadsheets write where they can not work something out.
const LONGEST_ERROR: usize = 12;

/// Whether a spreadsheet wrote something else in the place of a date or an address: a number, half of a clock, signs for a
/// column that was too narrow, or a word such as `#NAME?`.
pub(crate) fn is_spoiled(cell: &str) -> bool {
    is_number(cell) || is_half_clock(cell) || is_signs(cell)
}

/// Whether a cell is a number: `1.23457E+11`, or a date as days since 1900.
fn is_number(cell: &str) -> bool {
    let bytes = cell.as_bytes();
    let digits = bytes.iter().filter(|byte| byte.is_ascii_digit()).count();
    let others: Vec<u8> = bytes.iter().copied().filter(|byte| !byte.is_ascii_digit()).collect();
    let scientific =
        matches!(others.as_slice(), [b'.' | b',', b'E' | b'e', b'+' | b'-'] | [b'E' | b'e', b'+' | b'-']);
    let whole = bytes.iter().take_while(|byte| byte.is_ascii_digit()).count();
    let days = whole == 5 && matches!(others.as_slice(), [] | [b'.' | b',']);
    digits > 1 && bytes.first().is_some_and(u8::is_ascii_digit) && (scientific || days)
}

/// Whether a cell is what is left of a time when only minutes, seconds and tenths are shown, as `15:02.0`.
fn is_half_clock(cell: &str) -> bool {
    let shape: Vec<u8> = cell.bytes().map(|byte| if byte.is_ascii_digit() { b'9' } else { byte }).collect();
    matches!(shape.as_slice(), b"99:99.9" | b"99:99,9")
}

/// Whether a cell is one of the signs that stand for what does not fit or can not be worked out.
fn is_signs(cell: &str) -> bool {
    let Some(word) = cell.strip_prefix('#') else { return false };
    let narrow = word.len() > 1 && word.bytes().all(|byte| byte == b'#');
    let error = word.strip_suffix(['?', '!']).is_some_and(|word| {
        (1..=LONGEST_ERROR).contains(&word.len())
            && word.bytes().all(|byte| byte.is_ascii_uppercase() || byte == b'/' || byte.is_ascii_digit())
    });
    narrow || error || matches!(word, "N/A" | "NV")
}

/// Whether a cell is an IPv4 address whose points a spreadsheet took for those that set thousands apart: `192168100100`.
/// That happens where every part but the first has three digits.
pub(crate) fn is_joined_address(cell: &str) -> bool {
    let part = |text: &str| text.parse::<u8>().is_ok();
    let whole = cell.bytes().all(|byte| byte.is_ascii_digit()) && (10..=12).contains(&cell.len());
    whole
        && part(&cell[..cell.len() - 9])
        && (0..3).all(|at| {
            let start = cell.len() - 9 + 3 * at;
            part(&cell[start..start + 3])
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_spreadsheets_do() {
        for (cell, whether) in [
            ("1.23457E+11", true),
            ("1,23457E+11", true),
            ("2E+09", true),
            ("43999.385", true),
            ("43999,385", true),
            ("43999", true),
            ("15:02.0", true),
            ("15:02,0", true),
            ("########", true),
            ("#NAME?", true),
            ("#DIV/0!", true),
            ("#N/A", true),
            ("10.0.0.1", false),
            ("443", false),
            ("", false),
            ("#", false),
            ("#1", false),
            ("#WHAT IS THIS?", false),
            ("15:02", false),
            ("9:15:02.0", false),
            ("1516713364", false),
        ] {
            assert_eq!(is_spoiled(cell), whether, "{cell}");
        }
    }

    #[test]
    fn addresses_without_their_points() {
        for (cell, whether) in [
            ("192168100100", true),
            ("10123045067", true),
            ("8123045067", true),
            ("192168100256", false),
            ("300168100100", false),
            ("192.168.100.100", false),
            ("19216811", false),
            ("asset-4711", false),
        ] {
            assert_eq!(is_joined_address(cell), whether, "{cell}");
        }
    }
}
