//! Moments.

use std::ops::{Add, Sub};

use chrono::{DateTime, TimeDelta, Utc};

/// A moment, to the millisecond, within the years that chrono knows.
///
/// That is how the browser counts, too. chrono's own moments are years and days, which have to be
/// worked out for everything that is done with them.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug, Default)]
pub struct Timestamp(i64);

impl Timestamp {
    /// The beginning of 1970.
    pub const UNIX_EPOCH: Self = Self(0);
    /// The first moment.
    pub const MIN_UTC: Self = Self(DateTime::<Utc>::MIN_UTC.timestamp_millis());
    /// The last moment.
    pub const MAX_UTC: Self = Self(DateTime::<Utc>::MAX_UTC.timestamp_millis());

    /// So many milliseconds since 1970, unless that is out of range.
    pub fn from_timestamp_millis(milliseconds: i64) -> Option<Self> {
        let moment = Self(milliseconds);
        (Self::MIN_UTC..=Self::MAX_UTC)
            .contains(&moment)
            .then_some(moment)
    }

    /// So many seconds since 1970, unless that is out of range.
    pub fn from_timestamp(seconds: i64) -> Option<Self> {
        Self::from_timestamp_millis(seconds.checked_mul(1000)?)
    }

    /// Milliseconds since 1970.
    pub fn timestamp_millis(self) -> i64 {
        self.0
    }

    /// Whole seconds since 1970.
    pub fn timestamp(self) -> i64 {
        self.0.div_euclid(1000)
    }

    /// How many milliseconds it is after another one; negative if it is before.
    pub fn millis_since(self, earlier: Self) -> i64 {
        self.0 - earlier.0
    }

    /// The moment so many milliseconds later, or the last one; the first one, if it is negative.
    pub fn plus_millis(self, milliseconds: i64) -> Self {
        let moment = self.0.saturating_add(milliseconds);
        Self(moment).clamp(Self::MIN_UTC, Self::MAX_UTC)
    }

    /// Its date and time of day.
    pub fn to_chrono(self) -> DateTime<Utc> {
        DateTime::from_timestamp_millis(self.0).unwrap_or_default()
    }
}

impl Add<TimeDelta> for Timestamp {
    type Output = Self;

    fn add(self, delta: TimeDelta) -> Self {
        self.plus_millis(delta.num_milliseconds())
    }
}

impl Sub<TimeDelta> for Timestamp {
    type Output = Self;

    fn sub(self, delta: TimeDelta) -> Self {
        self.plus_millis(-delta.num_milliseconds())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_ends_of_time_are_kept() {
        let (first, last) = (Timestamp::MIN_UTC, Timestamp::MAX_UTC);
        assert_eq!(last.plus_millis(1), last);
        assert_eq!(first.plus_millis(-1), first);
        assert_eq!(last.plus_millis(i64::MAX), last);
        assert_eq!(last + TimeDelta::MAX, last);
        assert_eq!(first - TimeDelta::MAX, first);
        for outside in [i64::MIN, first.0 - 1, last.0 + 1, i64::MAX] {
            assert_eq!(Timestamp::from_timestamp_millis(outside), None);
        }
        assert_eq!(Timestamp::from_timestamp(i64::MAX), None);
        assert!(last.millis_since(first) > 0 && first.millis_since(last) < 0);
    }

    #[test]
    fn each_moment_has_a_date() {
        for moment in [
            Timestamp::MIN_UTC,
            Timestamp::UNIX_EPOCH,
            Timestamp::MAX_UTC,
        ] {
            assert_eq!(moment.to_chrono().timestamp_millis(), moment.0);
        }
        assert_eq!(Timestamp(-1).timestamp(), -1);
    }
}
