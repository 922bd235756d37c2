//! Numbers as `strtol` with base 0 reads them.

/// The number is outside -2147483648 to 2147483648, the bounds that keepalived has.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct OutOfRange;

/// Reads the number at the beginning: decimal, octal after `0`, hexadecimal after `0x`; what follows it is ignored, and what
/// is no number is 0.
pub(crate) fn parse(content: &[u8]) -> Result<i64, OutOfRange> {
    let (negative, digits) = match content.trim_ascii_start() {
        [b'-', rest @ ..] => (true, rest),
        [b'+', rest @ ..] => (false, rest),
        all => (false, all),
    };
    let (base, digits) = match digits {
        [b'0', b'x' | b'X', rest @ ..] => (16, rest),
        [b'0', rest @ ..] => (8, rest),
        all => (10, all),
    };
    let values = digits.iter().map_while(|digit| char::from(*digit).to_digit(base));
    let magnitude = values.fold(0_i64, |sum, digit| sum.saturating_mul(base.into()).saturating_add(digit.into()));
    let number = if negative { -magnitude } else { magnitude };
    if (i64::from(i32::MIN)..=i64::from(i32::MAX) + 1).contains(&number) { Ok(number) } else { Err(OutOfRange) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_read_as_strtol_reads_them() {
        let table: &[(&str, i64)] = &[
            ("", 0),
            ("\n", 0),
            ("0", 0),
            ("5\n", 5),
            (" \t-20\n", -20),
            ("+7", 7),
            ("0x1f", 31),
            ("0x", 0),
            ("0xg", 0),
            ("-0X10", -16),
            ("010", 8),
            ("08", 0),
            ("12abc", 12),
            ("abc", 0),
            ("- 3", 0),
            ("--3", 0),
            ("2147483648", 2_147_483_648),
            ("-2147483648", -2_147_483_648),
        ];
        for (text, number) in table {
            assert_eq!(parse(text.as_bytes()), Ok(*number), "{text:?}");
        }
        for text in ["2147483649", "-2147483649", "99999999999999999999999", "0xffffffff", "-9223372036854775809"] {
            assert_eq!(parse(text.as_bytes()), Err(OutOfRange), "{text:?}");
        }
    }
}
