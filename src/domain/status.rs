//! What has become of a token by now.

use super::{Timestamp, Token};

/// What has become of a token, as far as its dates tell.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum Status {
    /// It works, and will for a while.
    Active,
    /// It works, but time has come to replace it.
    ExpiresSoon,
    /// It has stopped working.
    Expired,
    /// Its expiry is illegible.
    Unknown,
}

/// The notice of a token that lives long enough to give it, in milliseconds.
const NOTICE: i64 = 7 * 86_400_000;
/// The notice of a short-lived token is this part of its life, so that a new one does not "expire
/// soon".
const NOTICE_PART_OF_LIFE: i64 = 4;

impl Status {
    /// Every status, in the order in which they sort.
    pub const ALL: [Self; 4] = [
        Self::Active,
        Self::ExpiresSoon,
        Self::Expired,
        Self::Unknown,
    ];

    /// The status of a token of which only the expiry is known.
    pub fn at(expires: Option<Timestamp>, now: Timestamp) -> Self {
        status(expires, NOTICE, now)
    }
}

impl Token {
    /// What has become of the token.
    ///
    /// It "expires soon" in its last seven days or in the last quarter of its life, whichever is
    /// shorter: the last fifteen minutes of a token made for an hour, the last 42 hours of one
    /// made for a week, seven days from 28 on.
    pub fn status(&self, now: Timestamp) -> Status {
        status(self.expires, self.notice(), now)
    }

    /// When the status will change next, if it ever does.
    pub fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        let expires = self.expires?;
        let soon = expires.plus_millis(-self.notice());
        [soon, expires].into_iter().find(|change| *change > now)
    }

    /// How many milliseconds before its expiry the token "expires soon".
    fn notice(&self) -> i64 {
        let (Some(created), Some(expires)) = (self.created, self.expires) else {
            return NOTICE;
        };
        let life = expires.millis_since(created);
        if life > 0 {
            NOTICE.min(life / NOTICE_PART_OF_LIFE)
        } else {
            NOTICE
        }
    }
}

fn status(expires: Option<Timestamp>, notice: i64, now: Timestamp) -> Status {
    let Some(expires) = expires else {
        return Status::Unknown;
    };
    if expires <= now {
        Status::Expired
    } else if expires.plus_millis(-notice) <= now {
        Status::ExpiresSoon
    } else {
        Status::Active
    }
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;
    const SECOND: TimeDelta = TimeDelta::seconds(1);

    /// A token that lives `life` and has `left` of it.
    fn token(life: TimeDelta, left: TimeDelta) -> Token {
        Token {
            id: "id".into(),
            created: Some(NOW + left - life),
            expires: Some(NOW + left),
        }
    }

    #[test]
    fn a_token_works_until_the_moment_of_its_expiry() {
        assert_eq!(Status::at(Some(NOW + SECOND), NOW), Status::ExpiresSoon);
        assert_eq!(Status::at(Some(NOW), NOW), Status::Expired);
        assert_eq!(Status::at(Some(NOW - SECOND), NOW), Status::Expired);
        assert_eq!(Status::at(None, NOW), Status::Unknown);
    }

    #[test]
    fn a_long_lived_token_expires_soon_in_its_last_seven_days() {
        let week = TimeDelta::days(7);
        for life in [28, 30, 365].map(TimeDelta::days) {
            assert_eq!(token(life, week + SECOND).status(NOW), Status::Active);
            assert_eq!(token(life, week).status(NOW), Status::ExpiresSoon);
        }
        assert_eq!(Status::at(Some(NOW + week + SECOND), NOW), Status::Active);
        assert_eq!(Status::at(Some(NOW + week), NOW), Status::ExpiresSoon);
    }

    #[test]
    fn a_short_lived_token_expires_soon_in_the_last_quarter_of_its_life() {
        for (life, notice) in [
            (TimeDelta::hours(1), TimeDelta::minutes(15)),
            (TimeDelta::hours(4), TimeDelta::hours(1)),
            (TimeDelta::days(1), TimeDelta::hours(6)),
            (TimeDelta::days(7), TimeDelta::hours(42)),
        ] {
            assert_eq!(token(life, life).status(NOW), Status::Active, "new");
            assert_eq!(token(life, notice + SECOND).status(NOW), Status::Active);
            assert_eq!(token(life, notice).status(NOW), Status::ExpiresSoon);
            assert_eq!(token(life, TimeDelta::zero()).status(NOW), Status::Expired);
        }
    }

    #[test]
    fn a_token_that_was_made_after_its_end_is_judged_by_its_end() {
        let expires = Some(NOW + TimeDelta::days(1));
        let token = Token {
            id: "id".into(),
            created: Some(NOW + TimeDelta::days(2)),
            expires,
        };
        assert_eq!(token.status(NOW), Status::at(expires, NOW));
    }

    #[test]
    fn one_timer_meets_each_change() {
        let life = TimeDelta::days(30);
        let token = token(life, life);
        let soon = token.next_change(NOW).unwrap();
        assert_eq!(soon, NOW + TimeDelta::days(23));
        let expired = token.next_change(soon).unwrap();
        assert_eq!(Some(expired), token.expires);
        assert_eq!(token.next_change(expired), None);
    }

    #[test]
    fn the_ends_of_time_are_no_trouble() {
        for (created, expires) in [
            (Timestamp::MIN_UTC, Timestamp::MAX_UTC),
            (Timestamp::MAX_UTC, Timestamp::MIN_UTC),
            (Timestamp::MIN_UTC, Timestamp::MIN_UTC),
        ] {
            let token = Token {
                id: "id".into(),
                created: Some(created),
                expires: Some(expires),
            };
            for now in [Timestamp::MIN_UTC, NOW, Timestamp::MAX_UTC] {
                assert_ne!(token.status(now), Status::Unknown);
                assert!(token.next_change(now).is_none_or(|change| change > now));
            }
        }
    }
}
