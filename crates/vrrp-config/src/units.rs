//! Durations between text and values.

use core::time::Duration;

use vrrp_wire::AdverInterval;

/// The shortest exact text with a unit: `"250ms"`, `"1s"`, `"7us"`.
pub(crate) fn with_unit(duration: Duration) -> String {
    let micros = duration.as_micros();
    if micros.is_multiple_of(1_000_000) {
        format!("{}s", micros / 1_000_000)
    } else if micros.is_multiple_of(1000) {
        format!("{}ms", micros / 1000)
    } else {
        format!("{micros}us")
    }
}

/// Seconds as keepalived writes them: `1`, `0.25`.
pub(crate) fn seconds(duration: Duration) -> String {
    let (whole, micros) = (duration.as_secs(), duration.subsec_micros());
    if micros == 0 {
        return whole.to_string();
    }
    format!("{whole}.{micros:06}").trim_end_matches('0').to_owned()
}

/// A number with one of the units `us`, `ms`, `s`, `m`, `h`.
pub(crate) fn parse(text: &str) -> Option<Duration> {
    let digits = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, unit) = text.split_at(digits);
    let unit_micros = match unit.trim() {
        "us" => 1,
        "ms" => 1000,
        "s" => 1_000_000,
        "m" => 60_000_000,
        "h" => 3_600_000_000,
        _ => return None,
    };
    scaled(number, unit_micros)
}

/// A decimal number of seconds, exact to the microsecond; further digits must be 0.
pub(crate) fn parse_seconds(text: &str) -> Option<Duration> {
    scaled(text, 1_000_000)
}

/// A decimal number times `unit` microseconds, if that is a whole number of them.
fn scaled(number: &str, unit: u64) -> Option<Duration> {
    let (whole, fraction) = number.split_once('.').unwrap_or((number, ""));
    let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
    if !digits(whole) || !digits(fraction) || (whole.is_empty() && fraction.is_empty()) {
        return None;
    }
    let whole: u64 = if whole.is_empty() { 0 } else { whole.parse().ok()? };
    let mut micros = whole.checked_mul(unit)?;
    let mut place = unit;
    for digit in fraction.bytes().map(|byte| u64::from(byte - b'0')) {
        let product = digit.checked_mul(place)?;
        if !product.is_multiple_of(10) {
            return None;
        }
        micros = micros.checked_add(product / 10)?;
        place /= 10;
    }
    Some(Duration::from_micros(micros))
}

/// The advertisement interval of exactly this length.
pub(crate) fn interval(duration: Duration) -> Option<AdverInterval> {
    let micros = duration.as_micros();
    if !micros.is_multiple_of(10_000) {
        return None;
    }
    AdverInterval::from_centis(u16::try_from(micros / 10_000).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use core::time::Duration;

    use super::{interval, parse, parse_seconds, seconds, with_unit};

    #[test]
    fn text_is_exact_or_refused() {
        let cases = [("1s", Some(1_000_000)), ("0.25s", Some(250_000)), ("1.5m", Some(90_000_000)), ("7us", Some(7))];
        let refused = [
            ("0.5us", None),
            ("1", None),
            ("s", None),
            ("1 S", None),
            ("-1s", None),
            ("99999999999h", None),
            ("", None),
        ];
        for (text, micros) in cases.into_iter().chain(refused) {
            assert_eq!(parse(text), micros.map(Duration::from_micros), "{text}");
        }
        assert_eq!(parse_seconds("1.000000"), Some(Duration::from_secs(1)));
        assert_eq!(parse_seconds("0.0000001"), None);
        assert_eq!(parse_seconds("."), None);
    }

    #[test]
    fn digits_behind_the_point_count_down_to_the_microsecond() {
        for (text, micros) in [("0.123456", 123_456), ("1.", 1_000_000), (".5", 500_000), ("10.000001", 10_000_001)] {
            assert_eq!(parse_seconds(text), Some(Duration::from_micros(micros)), "{text}");
        }
        assert_eq!(parse("0.001ms"), Some(Duration::from_micros(1)));
        assert_eq!(parse("2 h"), Some(Duration::from_secs(7200)));
        for text in ["1.x", "x.1", "1.2.3", "0.1234567", "1.-5"] {
            assert_eq!(parse_seconds(text), None, "{text}");
        }
    }

    #[test]
    fn durations_are_written_in_the_greatest_unit_that_is_exact() {
        let written =
            [0, 7, 1000, 250_000, 1_000_001, 90_000_000].map(|micros| with_unit(Duration::from_micros(micros)));
        assert_eq!(written, ["0s", "7us", "1ms", "250ms", "1000001us", "90s"]);
        let written = [0, 7, 250_000, 3_000_000].map(|micros| seconds(Duration::from_micros(micros)));
        assert_eq!(written, ["0", "0.000007", "0.25", "3"]);
    }

    #[test]
    fn what_is_written_reads_back() {
        for micros in [0, 1, 999, 1000, 250_000, 1_000_000, 40_950_000, 123_456_789] {
            let duration = Duration::from_micros(micros);
            assert_eq!(parse(&with_unit(duration)), Some(duration));
            assert_eq!(parse_seconds(&seconds(duration)), Some(duration));
        }
    }

    #[test]
    fn an_interval_is_whole_centiseconds() {
        assert_eq!(interval(Duration::from_millis(10)).map(vrrp_wire::AdverInterval::centis), Some(1));
        assert_eq!(interval(Duration::from_millis(15)), None);
        assert_eq!(interval(Duration::from_secs(255)).map(vrrp_wire::AdverInterval::centis), Some(25_500));
        assert_eq!(interval(Duration::from_secs(256)), None);
    }
}
