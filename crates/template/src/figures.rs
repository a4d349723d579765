//! Figures as text: counts, shares, durations, bars.

use crate::words::Catalogue;
use ringback_model::Arg;

/// A count with every three digits set apart.
pub(crate) fn grouped(count: u64, separator: &str) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() * 4 / 3);
    for (n, digit) in digits.chars().enumerate() {
        if n > 0 && (digits.len() - n).is_multiple_of(3) {
            text.push_str(separator);
        }
        text.push(digit);
    }
    text
}

/// The share of a part in a whole. A part that is not nothing is never `0%`, one that is not all never `100%`.
pub(crate) fn percent(words: &Catalogue, part: u64, whole: u64) -> String {
    if whole == 0 {
        return "–".to_owned();
    }
    let (part, whole) = (u128::from(part), u128::from(whole));
    let rounded = (part * 100 + whole / 2) / whole;
    let share = match rounded {
        0 if part > 0 => "<1".to_owned(),
        100 if part < whole => ">99".to_owned(),
        _ => rounded.to_string(),
    };
    words.phrase("format.percent", &[("share", Arg::Text(share))])
}

/// A length of time by its two largest units, such as `3 d 4 h`.
pub(crate) fn duration(words: &Catalogue, seconds: u64) -> String {
    let units = [("day", 86_400), ("hour", 3_600), ("minute", 60), ("second", 1)];
    let mut rest = seconds;
    let mut parts = Vec::new();
    for (unit, length) in units {
        let n = rest / length;
        rest %= length;
        if n > 0 {
            parts.push(words.phrase(&format!("format.duration.{unit}"), &[("n", Arg::Count(n))]));
        } else if !parts.is_empty() {
            break;
        }
        if parts.len() == 2 {
            break;
        }
    }
    if parts.is_empty() {
        return words.phrase("format.duration.second", &[("n", Arg::Count(0))]);
    }
    parts.join(" ")
}

/// A bar of text of a width: `n` of `max` filled. What is not nothing fills at least one place.
pub(crate) fn bar(n: u64, max: u64, width: usize) -> String {
    let filled = scaled(n.min(max), max, width);
    let mut bar = "█".repeat(filled);
    bar.push_str(&"░".repeat(width - filled));
    bar
}

/// A row of bars, one character for each value.
pub(crate) fn sparkline(values: &[u64]) -> String {
    const STEPS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let max = values.iter().copied().max().unwrap_or(0);
    values
        .iter()
        .map(|value| match scaled(*value, max, STEPS.len()) {
            0 => ' ',
            step => STEPS[step - 1],
        })
        .collect()
}

/// `n` of `max` on a scale to `width`, rounded; at least 1 where `n` is not 0.
fn scaled(n: u64, max: u64, width: usize) -> usize {
    if n == 0 || max == 0 || width == 0 {
        return 0;
    }
    let (n, max, wide) = (u128::from(n), u128::from(max), width as u128);
    usize::try_from((n * wide + max / 2) / max).map_or(width, |filled| filled.clamp(1, width))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn counts_are_grouped() {
        for (count, text) in [(0, "0"), (999, "999"), (1000, "1,000"), (1_234_567, "1,234,567")] {
            assert_eq!(grouped(count, ","), text);
        }
        assert_eq!(grouped(u64::MAX, "."), "18.446.744.073.709.551.615");
    }

    #[test]
    fn shares_never_round_to_nothing_or_all() {
        let words = crate::words("en").unwrap();
        for (part, whole, text) in [
            (0, 10, "0%"),
            (1, 1000, "<1%"),
            (999, 1000, ">99%"),
            (1, 3, "33%"),
            (10, 10, "100%"),
            (0, 0, "–"),
            (u64::MAX, u64::MAX, "100%"),
        ] {
            assert_eq!(percent(&words, part, whole), text, "{part} of {whole}");
        }
    }

    #[test]
    fn durations_keep_two_units() {
        let words = crate::words("en").unwrap();
        for (seconds, text) in [
            (0, "0 s"),
            (59, "59 s"),
            (3600, "1 h"),
            (3661, "1 h 1 min"),
            (90_061, "1 d 1 h"),
            (86_400 * 400 + 59, "400 d"),
        ] {
            assert_eq!(duration(&words, seconds), text);
        }
    }

    #[test]
    fn bars_fit_their_width() {
        for (n, max, text) in [
            (0, 10, "░░░░"),
            (1, 1000, "█░░░"),
            (5, 10, "██░░"),
            (10, 10, "████"),
            (11, 10, "████"),
            (0, 0, "░░░░"),
        ] {
            assert_eq!(bar(n, max, 4), text);
        }
        assert_eq!(sparkline(&[0, 1, 4, 8]), " ▁▄█");
        assert_eq!(sparkline(&[]), "");
    }
}
