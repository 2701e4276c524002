//! What has become of a token by now.

use chrono::TimeDelta;

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

/// The notice of a token that lives long enough to give it.
const NOTICE: TimeDelta = TimeDelta::days(7);
/// The notice of a short-lived token is this part of its life, so that a new one does not "expire soon".
const NOTICE_PART_OF_LIFE: i32 = 4;

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
    /// It "expires soon" in its last seven days or in the last quarter of its life, whichever is shorter: the last
    /// fifteen minutes of a token made for an hour, the last 42 hours of one made for a week, seven days from 28 on.
    pub fn status(&self, now: Timestamp) -> Status {
        status(self.expires, self.notice(), now)
    }

    /// When the status will change next, if it ever does.
    pub fn next_change(&self, now: Timestamp) -> Option<Timestamp> {
        let expires = self.expires?;
        let soon = expires.checked_sub_signed(self.notice());
        [soon, Some(expires)]
            .into_iter()
            .flatten()
            .find(|change| *change > now)
    }

    /// How long before its expiry the token "expires soon".
    fn notice(&self) -> TimeDelta {
        let (Some(created), Some(expires)) = (self.created, self.expires) else {
            return NOTICE;
        };
        let life = expires.signed_duration_since(created);
        if life > TimeDelta::zero() {
            NOTICE.min(life / NOTICE_PART_OF_LIFE)
        } else {
            NOTICE
        }
    }
}

fn status(expires: Option<Timestamp>, notice: TimeDelta, now: Timestamp) -> Status {
    let Some(expires) = expires else {
        return Status::Unknown;
    };
    // Moments are compared, never rounded: the same sums as in `next_change`, so that both agree to the nanosecond.
    if expires <= now {
        Status::Expired
    } else if expires
        .checked_sub_signed(notice)
        .is_none_or(|soon| soon <= now)
    {
        Status::ExpiresSoon
    } else {
        Status::Active
    }
}
