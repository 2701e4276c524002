//! The API's dates, in every form it has been seen to serve.

use super::Timestamp;

/// Reads an ISO 8601 date with time as Java's `Instant` and `ZonedDateTime` write it.
///
/// `2025-09-23T07:29:44Z`, also with `[UTC]` or another zone's name after it, with an offset, with
/// a fraction of any length, without seconds, and in lower case. A date without any zone is taken
/// as UTC. The name of a zone says nothing that its offset does not say better; alone it is
/// understood only if it means UTC, since the rules of all others are not at hand here. Whatever
/// else comes is `None`.
///
/// Written by hand because chrono's parser brings its formatting machinery with it, and its calendar
/// large tables.
pub fn parse_date(text: &str) -> Option<Timestamp> {
    let mut rest = Cursor(text.as_bytes());

    let year = rest.year()?;
    rest.one_of(b"-")?;
    let month = rest.two_digits()?;
    rest.one_of(b"-")?;
    let day = rest.two_digits()?;
    rest.one_of(b"Tt ")?;

    let hour = rest.two_digits()?;
    rest.one_of(b":")?;
    let minute = rest.two_digits()?;
    let (mut second, mut millisecond) = (0, 0);
    if rest.one_of(b":").is_some() {
        second = rest.two_digits()?;
        if rest.one_of(b".,").is_some() {
            millisecond = rest.fraction()?;
        }
    }
    // Time without leap seconds repeats the last second before midnight.
    if second == 60 {
        second = 59;
    }

    let offset = rest.offset()?;
    let zone = rest.zone_name()?;
    let offset = match (offset, zone) {
        (Some(offset), _) => offset,
        (None, None | Some(b"UTC" | b"Z" | b"GMT" | b"Etc/UTC")) => 0,
        (None, Some(_)) => return None,
    };

    if hour >= 24 || minute >= 60 || second >= 60 {
        return None;
    }
    let of_day = i64::from(hour * 3600 + minute * 60 + second);
    let seconds = days_since_1970(year, month, day)? * 86_400 + of_day - offset;
    let moment = Timestamp::from_timestamp(seconds)?;
    Some(moment.plus_millis(millisecond.into()))
}

/// The days from the beginning of 1970 to a date of the Gregorian calendar; `None` if there is no
/// such date.
///
/// Years are counted from March, so that the leap day is the last one, and in cycles of 400 years,
/// which are alike.
fn days_since_1970(year: i32, month: u32, day: u32) -> Option<i64> {
    const CYCLE: i64 = 146_097;
    /// From the March of year 0 to the beginning of 1970.
    const EPOCH: i64 = 719_468;
    let is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    let length = match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 => 28 + u32::from(is_leap),
        _ => return None,
    };
    if !(1..=length).contains(&day) {
        return None;
    }
    let from_march = i64::from((month + 9) % 12);
    let year = i64::from(year) - i64::from(month <= 2);
    let in_cycle = year.rem_euclid(400);
    // Five months from March on have 153 days together.
    let of_year = (153 * from_march + 2) / 5 + i64::from(day) - 1;
    let of_cycle = in_cycle * 365 + in_cycle / 4 - in_cycle / 100 + of_year;
    Some(year.div_euclid(400) * CYCLE + of_cycle - EPOCH)
}

/// The bytes that are left to read.
struct Cursor<'a>(&'a [u8]);

impl<'a> Cursor<'a> {
    /// Takes one byte if it is among those expected.
    fn one_of(&mut self, expected: &[u8]) -> Option<u8> {
        let (first, rest) = self.0.split_first()?;
        expected.contains(first).then(|| {
            self.0 = rest;
            *first
        })
    }

    fn digits(&mut self) -> &'a [u8] {
        let count = self.0.iter().take_while(|b| b.is_ascii_digit()).count();
        let (digits, rest) = self.0.split_at_checked(count).unwrap_or_default();
        self.0 = rest;
        digits
    }

    fn two_digits(&mut self) -> Option<u32> {
        let ([tens @ b'0'..=b'9', ones @ b'0'..=b'9'], rest) = self.0.split_first_chunk()? else {
            return None;
        };
        self.0 = rest;
        Some(u32::from(tens - b'0') * 10 + u32::from(ones - b'0'))
    }

    /// Four digits, or more after a sign, as Java writes the years from 10000 on.
    fn year(&mut self) -> Option<i32> {
        let sign = self.one_of(b"+-");
        let digits = self.digits();
        let legible = match sign {
            None => digits.len() == 4,
            Some(_) => (4..=9).contains(&digits.len()),
        };
        let year = decimal(digits);
        legible.then_some(if sign == Some(b'-') { -year } else { year })
    }

    /// The digits after the point in milliseconds; those beyond the third are cut off.
    fn fraction(&mut self) -> Option<u32> {
        let digits = self.digits();
        let milliseconds = (0..3).fold(0, |sum, place| {
            sum * 10 + u32::from(digits.get(place).map_or(0, |digit| digit - b'0'))
        });
        (!digits.is_empty()).then_some(milliseconds)
    }

    /// `Z`, `+02`, `+0200`, `+02:00` or `+02:00:00`, in seconds. The outer `None` means that it is illegible,
    /// the inner one that there is none.
    fn offset(&mut self) -> Option<Option<i64>> {
        if self.one_of(b"Zz").is_some() {
            return Some(Some(0));
        }
        let Some(sign) = self.one_of(b"+-") else {
            return Some(None);
        };
        let hours = self.two_digits()?;
        let minutes = self.sexagesimal()?;
        let seconds = self.sexagesimal()?;
        if hours > 18 {
            return None;
        }
        let total = i64::from(hours * 3600 + minutes * 60 + seconds);
        Some(Some(if sign == b'-' { -total } else { total }))
    }

    /// Minutes or seconds of an offset, if there are any.
    fn sexagesimal(&mut self) -> Option<u32> {
        let colon = self.one_of(b":").is_some();
        if !colon && !self.0.first().is_some_and(u8::is_ascii_digit) {
            return Some(0);
        }
        self.two_digits().filter(|value| *value < 60)
    }

    /// The rest, which is nothing or a name in brackets; again the outer `None` means that it is
    /// illegible.
    fn zone_name(&mut self) -> Option<Option<&'a [u8]>> {
        match self.0 {
            [] => Some(None),
            [b'[', name @ .., b']'] if !name.is_empty() && !name.contains(&b'[') => {
                Some(Some(name))
            }
            _ => None,
        }
    }
}

/// The value of at most nine digits.
fn decimal(digits: &[u8]) -> i32 {
    digits.iter().fold(0_i32, |sum, digit| {
        sum.saturating_mul(10)
            .saturating_add(i32::from(digit - b'0'))
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn seconds(text: &str) -> Option<i64> {
        parse_date(text).map(|date| date.timestamp())
    }

    /// 2025-09-23T07:29:44Z
    const MOMENT: i64 = 1_758_612_584;

    #[test]
    fn both_forms_that_the_api_has_served_are_read() {
        assert_eq!(seconds("2025-09-23T07:29:44Z"), Some(MOMENT));
        assert_eq!(seconds("2025-09-23T07:29:44Z[UTC]"), Some(MOMENT));
    }

    #[test]
    fn a_date_without_a_zone_is_utc() {
        for text in [
            "2025-09-23T07:29:44",
            "2025-09-23 07:29:44",
            "2025-09-23t07:29:44z",
            "2025-09-23T07:29:44[UTC]",
            "2025-09-23T07:29:44[Etc/UTC]",
            "2025-09-23T07:29:44[GMT]",
            "2025-09-23T07:29:44[Z]",
        ] {
            assert_eq!(seconds(text), Some(MOMENT), "{text}");
        }
    }

    #[test]
    fn seconds_may_be_missing() {
        for text in [
            "2025-09-23T07:29Z",
            "2025-09-23T07:29",
            "2025-09-23T07:29Z[UTC]",
            "2025-09-23T09:29+02:00",
        ] {
            assert_eq!(seconds(text), Some(MOMENT - 44), "{text}");
        }
    }

    #[test]
    fn a_fraction_may_have_any_length() {
        for (fraction, milliseconds) in [
            ("5", 500),
            ("123", 123),
            ("000001", 0),
            ("123456789", 123),
            ("1234567899999", 123),
            ("0000000000", 0),
            ("99999999999999999999999999999999", 999),
        ] {
            for separator in ['.', ','] {
                let text = format!("2025-09-23T07:29:44{separator}{fraction}Z");
                let date = parse_date(&text).unwrap();
                assert_eq!(date.timestamp(), MOMENT, "{text}");
                assert_eq!(date.timestamp_millis() % 1000, milliseconds, "{text}");
            }
        }
    }

    #[test]
    fn an_offset_may_have_any_form() {
        for text in [
            "2025-09-23T09:29:44+02:00",
            "2025-09-23T09:29:44+0200",
            "2025-09-23T09:29:44+02",
            "2025-09-23T09:29:44.000+02:00",
            "2025-09-23T09:29:44+02:00:00",
            "2025-09-23T03:59:44-03:30",
            "2025-09-24T01:29:44+18:00",
            "2025-09-22T13:29:44-18:00",
            "2025-09-23T07:29:44-00:00",
        ] {
            assert_eq!(seconds(text), Some(MOMENT), "{text}");
        }
    }

    #[test]
    fn the_hour_that_daylight_saving_repeats_is_told_apart_by_its_offset() {
        let summer = seconds("2025-10-26T02:30:00+02:00[Europe/Berlin]").unwrap();
        let winter = seconds("2025-10-26T02:30:00+01:00[Europe/Berlin]").unwrap();
        assert_eq!(winter - summer, 3600);
        assert_eq!(Some(summer), seconds("2025-10-26T00:30:00Z"));
        // The hour that is left out in spring exists in UTC like any other.
        assert_eq!(
            seconds("2025-03-30T02:30:00Z").unwrap() - seconds("2025-03-30T01:30:00Z").unwrap(),
            3600
        );
    }

    #[test]
    fn a_zone_of_which_only_the_name_is_known_is_not_guessed() {
        assert_eq!(parse_date("2025-09-23T07:29:44[Europe/Berlin]"), None);
    }

    #[test]
    fn leap_days_and_leap_seconds_are_read() {
        assert_eq!(seconds("2024-02-29T00:00:00Z"), Some(1_709_164_800));
        assert_eq!(seconds("2000-02-29T00:00:00Z"), Some(951_782_400));
        assert_eq!(seconds("2025-02-29T00:00:00Z"), None);
        assert_eq!(seconds("1900-02-29T00:00:00Z"), None);
        assert_eq!(
            seconds("2016-12-31T23:59:60Z"),
            seconds("2016-12-31T23:59:59Z")
        );
    }

    #[test]
    fn far_years_are_read_as_java_writes_them() {
        assert_eq!(seconds("9999-12-31T23:59:59Z"), Some(253_402_300_799));
        assert_eq!(seconds("+10000-01-01T00:00:00Z"), Some(253_402_300_800));
        assert_eq!(seconds("0000-01-01T00:00:00Z"), Some(-62_167_219_200));
        assert_eq!(seconds("-0001-12-31T23:59:59Z"), Some(-62_167_219_201));
        assert_eq!(seconds("+999999999-12-31T23:59:59Z"), None);
        assert_eq!(seconds("-999999999-01-01T00:00:00Z"), None);
    }

    #[test]
    fn what_is_no_date_is_none() {
        for text in [
            "",
            "Z",
            "now",
            "2025",
            "2025-09-23",
            "2025-09-23T",
            "2025-09-23T07",
            "2025-09-23T07:2",
            "2025-09-23T07:29:",
            "2025-09-23T07:29:4",
            "2025-09-23T07:29:44.",
            "2025-09-23T07:29:44.Z",
            "2025-09-23T07:29:44ZZ",
            "2025-09-23T07:29:44Z ",
            " 2025-09-23T07:29:44Z",
            "2025-09-23T07:29:44Z[UTC",
            "2025-09-23T07:29:44Z[]",
            "2025-09-23T07:29:44Z[UTC]x",
            "2025-09-23T07:29:44Z[[UTC]",
            "2025-09-23T07:29:44+",
            "2025-09-23T07:29:44+2",
            "2025-09-23T07:29:44+02:",
            "2025-09-23T07:29:44+02:60",
            "2025-09-23T07:29:44+19:00",
            "2025-13-23T07:29:44Z",
            "2025-00-23T07:29:44Z",
            "2025-09-31T07:29:44Z",
            "2025-09-23T24:00:00Z",
            "2025-09-23T07:60:00Z",
            "2025-09-23T07:29:61Z",
            "25-09-23T07:29:44Z",
            "12025-09-23T07:29:44Z",
            "+1234567890-09-23T07:29:44Z",
            "2025/09/23T07:29:44Z",
            "1758612584",
            "Tue, 23 Sep 2025 07:29:44 GMT",
            "٢٠٢٥-09-23T07:29:44Z",
            "2025-09-23T07:29:44\u{202e}Z",
            "<b>2025-09-23T07:29:44Z</b>",
        ] {
            assert_eq!(parse_date(text), None, "{text}");
        }
    }
}
