//! Whether a new token says what was asked for.

use super::{Claims, Timestamp, Ttl};

/// Something about a new token that its user should know before using it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum ClaimWarning {
    /// It belongs to another contract.
    OtherContract {
        /// The token's contract.
        token: u64,
        /// The page's contract.
        page: u64,
    },
    /// It lives noticeably shorter or longer than was chosen.
    OtherExpiry {
        /// When it expires.
        expires: Timestamp,
    },
    /// The local clock is off, so every date that follows from it is too.
    ClockOff {
        /// How far the local clock is ahead; negative if it is behind.
        seconds: i64,
    },
}

/// More than an answer takes on its way.
const MAX_CLOCK_ERROR: u64 = 90;

/// Lifetimes are counted in minutes at the least, and made before they are answered.
const MAX_EXPIRY_ERROR: u64 = 2 * 60;

/// Compares the claims of a token that was made just now with what was asked for; what the token
/// does not say is no reason to warn.
pub fn check_claims(
    claims: &Claims,
    page_contract: Option<u64>,
    chosen: Ttl,
    now: Timestamp,
) -> Vec<ClaimWarning> {
    let mut warnings = Vec::new();
    if let (Some(token), Some(page)) = (claims.contract, page_contract)
        && token != page
    {
        warnings.push(ClaimWarning::OtherContract { token, page });
    }
    if let Some(expires) = claims.expires {
        // The token's own time does not depend on the local clock.
        let expected = chosen.expiry(claims.issued.unwrap_or(now));
        let error = seconds_between(expected, expires).unsigned_abs();
        // A year has been served as 365.25 days, which is within one percent.
        if error > MAX_EXPIRY_ERROR && error > u64::from(chosen.seconds()) / 100 {
            warnings.push(ClaimWarning::OtherExpiry { expires });
        }
    }
    if let Some(issued) = claims.issued {
        let seconds = seconds_between(issued, now);
        if seconds.unsigned_abs() > MAX_CLOCK_ERROR {
            warnings.push(ClaimWarning::ClockOff { seconds });
        }
    }
    warnings
}

fn seconds_between(earlier: Timestamp, later: Timestamp) -> i64 {
    later.millis_since(earlier) / 1000
}

#[cfg(test)]
mod tests {
    use chrono::TimeDelta;

    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;
    const YEAR: Ttl = Ttl::MAX;

    /// Claims of a token that was made now and lives so many seconds.
    fn claims(life: i64) -> Claims {
        Claims {
            issued: Some(NOW),
            expires: Some(NOW + TimeDelta::seconds(life)),
            contract: Some(31884391),
            ..Claims::default()
        }
    }

    fn life(ttl: Ttl) -> i64 {
        ttl.seconds().into()
    }

    #[test]
    fn a_token_as_asked_for_raises_no_warning() {
        for ttl in Ttl::PRESETS {
            let claims = claims(life(ttl));
            assert_eq!(check_claims(&claims, Some(31884391), ttl, NOW), []);
            assert_eq!(check_claims(&claims, None, ttl, NOW), []);
        }
    }

    #[test]
    fn another_contract_is_named() {
        assert_eq!(
            check_claims(&claims(life(YEAR)), Some(31990210), YEAR, NOW),
            [ClaimWarning::OtherContract {
                token: 31884391,
                page: 31990210
            }]
        );
    }

    #[test]
    fn a_year_may_have_a_quarter_of_a_day_more() {
        assert_eq!(check_claims(&claims(31_557_600), None, YEAR, NOW), []);
        assert_eq!(check_claims(&claims(366 * 86_400), None, YEAR, NOW), []);
    }

    #[test]
    fn an_expiry_counts_as_another_beyond_two_minutes_and_one_percent() {
        let hour = Ttl::PRESETS[0];
        let month = Ttl::PRESETS[4];
        for (ttl, tolerance) in [(Ttl::MIN, 120), (hour, 120), (month, 25_920)] {
            for sign in [-1, 1] {
                let within = claims(life(ttl) + sign * tolerance);
                assert_eq!(check_claims(&within, None, ttl, NOW), []);
                let beyond = claims(life(ttl) + sign * (tolerance + 1));
                let expires = beyond.expires.unwrap();
                assert_eq!(
                    check_claims(&beyond, None, ttl, NOW),
                    [ClaimWarning::OtherExpiry { expires }]
                );
            }
        }
    }

    #[test]
    fn a_wrong_local_clock_is_told_apart_from_a_wrong_expiry() {
        let claims = claims(life(YEAR));
        for seconds in [-90, 90] {
            let now = NOW + TimeDelta::seconds(seconds);
            assert_eq!(check_claims(&claims, None, YEAR, now), []);
        }
        for seconds in [-100_000_000, -91, 91, 100_000_000] {
            let now = NOW + TimeDelta::seconds(seconds);
            assert_eq!(
                check_claims(&claims, None, YEAR, now),
                [ClaimWarning::ClockOff { seconds }]
            );
        }
    }

    #[test]
    fn what_a_token_does_not_say_raises_no_warning() {
        assert_eq!(check_claims(&Claims::default(), Some(1), YEAR, NOW), []);
        let unissued = Claims {
            issued: None,
            ..claims(life(YEAR))
        };
        assert_eq!(check_claims(&unissued, None, YEAR, NOW), []);
    }

    #[test]
    fn the_ends_of_time_are_no_trouble() {
        let claims = Claims {
            issued: Some(Timestamp::MAX_UTC),
            expires: Some(Timestamp::MIN_UTC),
            ..Claims::default()
        };
        for now in [Timestamp::MIN_UTC, NOW, Timestamp::MAX_UTC] {
            let warnings = check_claims(&claims, None, YEAR, now);
            assert!(warnings.contains(&ClaimWarning::OtherExpiry {
                expires: Timestamp::MIN_UTC
            }));
        }
    }
}
