//! How long a new token is to live.

use super::{Timestamp, natural};

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

    /// A lifetime that is written as its seconds.
    pub fn read(text: &str) -> Option<Self> {
        Self::new(natural(text)?.try_into().ok()?)
    }

    /// A lifetime of so many minutes, hours or days, if the API accepts it.
    pub fn from_parts(amount: u32, unit: TtlUnit) -> Option<Self> {
        let seconds = match unit {
            TtlUnit::Minutes => 60,
            TtlUnit::Hours => HOUR,
            TtlUnit::Days => DAY,
        };
        amount.checked_mul(seconds).and_then(Self::new)
    }

    /// The lifetime to ask for so that a token lives as long as another one.
    ///
    /// That is the preset it was most likely made with, since a year has been served as 365.25
    /// days, or else its life to the second, as far as the API accepts it. `None` if the other one
    /// never lived.
    pub fn of_life(created: Timestamp, expires: Timestamp) -> Option<Self> {
        let life = expires.millis_since(created);
        if life <= 0 {
            return None;
        }
        let seconds = (life + 500) / 1000;
        Self::PRESETS
            .into_iter()
            .find(|preset| {
                let preset = i64::from(preset.0);
                (seconds - preset).abs() <= preset / 100
            })
            .or_else(|| {
                let seconds = u32::try_from(seconds).unwrap_or(u32::MAX);
                Some(Self(seconds.clamp(Self::MIN.0, Self::MAX.0)))
            })
    }

    /// The seconds to ask the API for.
    pub fn seconds(self) -> u32 {
        self.0
    }

    /// When a token made now would expire.
    ///
    /// Only a preview: the API decides, and has been seen to take a year for 365.25 days.
    pub fn expiry(self, now: Timestamp) -> Timestamp {
        now.plus_millis(i64::from(self.0) * 1000)
    }
}

/// What a lifetime is counted in.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum TtlUnit {
    /// 60 seconds.
    Minutes,
    /// 60 minutes.
    Hours,
    /// 24 hours.
    Days,
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

    #[test]
    fn an_amount_and_its_unit_make_a_lifetime_within_the_limits() {
        use TtlUnit::{Days, Hours, Minutes};
        for (amount, unit, seconds) in [
            (0, Minutes, None),
            (1, Minutes, Some(60)),
            (525_600, Minutes, Some(31_536_000)),
            (525_601, Minutes, None),
            (8_760, Hours, Some(31_536_000)),
            (8_761, Hours, None),
            (1, Days, Some(86_400)),
            (365, Days, Some(31_536_000)),
            (366, Days, None),
            (49_711, Days, None),
            (u32::MAX, Days, None),
        ] {
            let ttl = Ttl::from_parts(amount, unit);
            assert_eq!(ttl.map(Ttl::seconds), seconds, "{amount} {unit:?}");
        }
    }

    /// The lifetime to ask for after a life of so many milliseconds.
    fn after_life(milliseconds: i64) -> Option<u32> {
        let created = Timestamp::UNIX_EPOCH;
        Ttl::of_life(created, created.plus_millis(milliseconds)).map(Ttl::seconds)
    }

    #[test]
    fn a_life_that_is_nearly_a_preset_is_taken_for_it() {
        for preset in Ttl::PRESETS.map(Ttl::seconds) {
            let life = i64::from(preset) * 1000;
            for near in [life, life - life / 100, life + life / 100, life - 300] {
                assert_eq!(after_life(near), Some(preset), "{near}");
            }
        }
        assert_eq!(after_life(31_557_600_000), Some(31_536_000));
    }

    #[test]
    fn any_other_life_is_kept_to_the_second_within_the_limits() {
        for (milliseconds, seconds) in [
            (1, 60),
            (299_700, 300),
            (300_400, 300),
            (3_637_000, 3_637),
            (2 * 86_400_000, 2 * 86_400),
            (400 * 86_400_000, 31_536_000),
            (100_000 * 86_400_000, 31_536_000),
        ] {
            assert_eq!(after_life(milliseconds), Some(seconds), "{milliseconds}");
        }
        let (min, max) = (Timestamp::MIN_UTC, Timestamp::MAX_UTC);
        assert_eq!(Ttl::of_life(min, max), Some(Ttl::MAX));
    }

    #[test]
    fn what_never_lived_has_no_lifetime() {
        assert_eq!(after_life(0), None);
        assert_eq!(after_life(-1), None);
        assert_eq!(after_life(-31_536_000_000), None);
        let (min, max) = (Timestamp::MIN_UTC, Timestamp::MAX_UTC);
        assert_eq!(Ttl::of_life(max, min), None);
    }
}
