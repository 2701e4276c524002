//! How long a new token is to live.

use chrono::TimeDelta;

use super::Timestamp;

/// A lifetime that the API accepts, in whole seconds.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct Ttl(u32);

const HOUR: u32 = 60 * 60;
const DAY: u32 = 24 * HOUR;

impl Ttl {
    /// The shortest lifetime: a minute.
    pub const MIN: Self = Self(60);
    /// The longest lifetime: 365 days.
    pub const MAX: Self = Self(365 * DAY);
    /// The lifetimes that are offered, in this order; the first one is selected at the start.
    pub const PRESETS: [Self; 9] = [
        Self(HOUR),
        Self(4 * HOUR),
        Self(DAY),
        Self(7 * DAY),
        Self(30 * DAY),
        Self(60 * DAY),
        Self(90 * DAY),
        Self(180 * DAY),
        Self(365 * DAY),
    ];

    /// A lifetime of so many seconds, if the API accepts it.
    pub fn new(seconds: u32) -> Option<Self> {
        let ttl = Self(seconds);
        (Self::MIN..=Self::MAX).contains(&ttl).then_some(ttl)
    }

    /// The seconds to ask the API for.
    pub fn seconds(self) -> u32 {
        self.0
    }

    /// When a token made now would expire.
    ///
    /// Only a preview: the API decides, and has been seen to take a year for 365.25 days.
    pub fn expiry(self, now: Timestamp) -> Timestamp {
        now.checked_add_signed(TimeDelta::seconds(self.0.into()))
            .unwrap_or(Timestamp::MAX_UTC)
    }
}

impl Default for Ttl {
    fn default() -> Self {
        let [first, ..] = Self::PRESETS;
        first
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lifetime_is_between_a_minute_and_365_days() {
        for (seconds, accepted) in [
            (0, false),
            (59, false),
            (60, true),
            (31_536_000, true),
            (31_536_001, false),
            (u32::MAX, false),
        ] {
            assert_eq!(Ttl::new(seconds).is_some(), accepted, "{seconds}");
        }
    }

    #[test]
    fn the_presets_are_those_of_the_data_center_designer() {
        let seconds = Ttl::PRESETS.map(Ttl::seconds);
        assert_eq!(
            seconds,
            [
                3600, 14400, 86400, 604800, 2592000, 5184000, 7776000, 15552000, 31536000
            ]
        );
        assert!(seconds.iter().all(|&s| Ttl::new(s).is_some()));
        assert_eq!(Ttl::default().seconds(), 3600);
    }

    #[test]
    fn a_preview_never_overflows() {
        let now = Timestamp::UNIX_EPOCH;
        assert_eq!(Ttl::MAX.expiry(now).timestamp(), 31_536_000);
        assert_eq!(Ttl::MAX.expiry(Timestamp::MAX_UTC), Timestamp::MAX_UTC);
    }
}
