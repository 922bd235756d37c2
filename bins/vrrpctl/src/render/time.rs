use core::time::Duration;
use std::time::SystemTime;

use vrrp_control::{Moment, Seconds};

/// A length of time in its two largest units: `0.42 s`, `12 s`, `3 min 4 s`, `2 h 5 min`, `3 d 4 h`.
pub(crate) fn span(seconds: Seconds) -> String {
    let duration = seconds.duration();
    let whole = duration.as_secs();
    let two = |large: u64, unit: &str, small: u64, under: &str| match small {
        0 => format!("{large} {unit}"),
        _ => format!("{large} {unit} {small} {under}"),
    };
    match whole {
        0 if duration < Duration::from_millis(10) => format!("{:.2} ms", duration.as_secs_f64() * 1e3),
        0..10 => format!("{:.2} s", duration.as_secs_f64()),
        10..60 => format!("{whole} s"),
        60..3600 => two(whole / 60, "min", whole % 60, "s"),
        3600..86_400 => two(whole / 3600, "h", whole / 60 % 60, "min"),
        _ => two(whole / 86_400, "d", whole / 3600 % 24, "h"),
    }
}

/// How long before `now` it was.
pub(crate) fn ago(now: Moment, then: Moment) -> String {
    format!("{} ago", span(now.since(then)))
}

/// A moment of wall time in UTC, to the millisecond.
pub(crate) fn clock(moment: Moment) -> String {
    // Beyond what a calendar of four digits holds, humantime would fail.
    let since = since_epoch(moment).min(Duration::from_secs(253_402_300_799));
    humantime::format_rfc3339_millis(SystemTime::UNIX_EPOCH + since).to_string()
}

/// A moment of wall time in UTC without its date, where what is shown is of today.
pub(crate) fn time_of_day(moment: Moment) -> String {
    let clock = clock(moment);
    clock.split_once('T').map_or_else(|| clock.clone(), |(_date, time)| time.to_owned())
}

/// A moment as the time since the Unix epoch, to the microsecond: what it was before it became a double.
pub(crate) fn since_epoch(moment: Moment) -> Duration {
    Duration::try_from_secs_f64(moment.0 + 5e-7).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use vrrp_control::{Moment, Seconds};

    use super::{clock, span, time_of_day};

    #[test]
    fn a_span_has_its_two_largest_units() {
        let cases = [
            (0.0004, "0.40 ms"),
            (0.42, "0.42 s"),
            (12.9, "12 s"),
            (60.0, "1 min"),
            (184.0, "3 min 4 s"),
            (7500.0, "2 h 5 min"),
            (273_600.0, "3 d 4 h"),
            (-5.0, "0.00 ms"),
            (f64::NAN, "0.00 ms"),
        ];
        for (seconds, words) in cases {
            assert_eq!(span(Seconds(seconds)), words);
        }
    }

    #[test]
    fn a_moment_is_told_in_utc_whatever_it_is() {
        assert_eq!(clock(Moment(1_764_000_000.6)), "2025-11-24T16:00:00.600Z");
        assert_eq!(time_of_day(Moment(1_764_000_000.6)), "16:00:00.600Z");
        assert_eq!(clock(Moment(-1.0)), "1970-01-01T00:00:00.000Z");
        assert_eq!(clock(Moment(1e300)), "1970-01-01T00:00:00.000Z");
        assert_eq!(clock(Moment(1e15)), "9999-12-31T23:59:59.000Z");
    }
}
