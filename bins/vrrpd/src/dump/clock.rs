use vrrp_control::Moment;

const DAY: u64 = 86_400;
/// The first of January 1970 was a Thursday.
const WEEKDAYS: [&str; 7] = ["Thu", "Fri", "Sat", "Sun", "Mon", "Tue", "Wed"];
const MONTHS: [&str; 12] = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/// A moment as keepalived writes it: `1673674892.348360 (Sat Jan 14 05:41:32.348360 2023)`, in UTC here.
pub(super) fn moment(moment: Moment) -> String {
    let since = vrrp_control::Seconds(moment.0).duration();
    let (seconds, micros) = (since.as_secs(), since.subsec_micros());
    let (days, left) = (seconds / DAY, seconds % DAY);
    let (year, month, day) = date(days);
    let weekday = WEEKDAYS.iter().cycle().nth(usize::try_from(days % 7).unwrap_or_default()).unwrap_or(&"");
    let (hours, minutes, left) = (left / 3600, left / 60 % 60, left % 60);
    format!("{seconds}.{micros:06} ({weekday} {month} {day:>2} {hours:02}:{minutes:02}:{left:02}.{micros:06} {year})")
}

/// The date so many days after the first of January 1970.
fn date(mut days: u64) -> (u64, &'static str, u64) {
    let leap = |year: u64| year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400));
    let mut year = 1970;
    while days >= 365 + u64::from(leap(year)) {
        days -= 365 + u64::from(leap(year));
        year += 1;
    }
    let lengths = [31, 28 + u64::from(leap(year)), 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
    for (month, length) in MONTHS.into_iter().zip(lengths) {
        if days < length {
            return (year, month, days + 1);
        }
        days -= length;
    }
    (year, "Dec", 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn moments_read_as_keepalived_writes_them() {
        for (at, text) in [
            (0.0, "0.000000 (Thu Jan  1 00:00:00.000000 1970)"),
            (1_673_674_892.348_36, "1673674892.348360 (Sat Jan 14 05:41:32.348360 2023)"),
            (1_709_164_800.0, "1709164800.000000 (Thu Feb 29 00:00:00.000000 2024)"),
            (4_107_542_399.5, "4107542399.500000 (Sun Feb 28 23:59:59.500000 2100)"),
        ] {
            assert_eq!(moment(Moment(at)), text);
        }
    }
}
