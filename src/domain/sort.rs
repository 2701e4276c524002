//! The order of the list.

use std::cmp::Ordering;

use super::{Status, Timestamp, Token};

/// A column to sort by.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum SortKey {
    /// By ID.
    Id,
    /// By the date of creation.
    #[default]
    Created,
    /// By the date of expiry.
    Expires,
    /// By status, those of one status by their expiry.
    Status,
}

/// Up or down.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub enum Direction {
    /// Smallest, oldest, soonest first.
    Ascending,
    /// Largest, newest, latest first.
    #[default]
    Descending,
}

impl Direction {
    /// The other one.
    pub fn reversed(self) -> Self {
        match self {
            Self::Ascending => Self::Descending,
            Self::Descending => Self::Ascending,
        }
    }

    fn apply(self, ordering: Ordering) -> Ordering {
        match self {
            Self::Ascending => ordering,
            Self::Descending => ordering.reverse(),
        }
    }

    /// Compares what may be unknown; the unknown is of no interest and comes last in both
    /// directions.
    fn compare<T: Ord>(self, a: Option<T>, b: Option<T>) -> Ordering {
        match (a, b) {
            (Some(a), Some(b)) => self.apply(a.cmp(&b)),
            (a, b) => a.is_none().cmp(&b.is_none()),
        }
    }
}

/// Sorts the tokens by a column.
///
/// Equal ones are in the order of their IDs whatever the direction, so that rows keep their places
/// when the list is read again in another order.
pub fn sort(tokens: &mut [Token], key: SortKey, direction: Direction, now: Timestamp) {
    tokens.sort_unstable_by(|a, b| {
        let ordering = match key {
            SortKey::Id => direction.apply(a.id.cmp(&b.id)),
            SortKey::Created => direction.compare(a.created, b.created),
            SortKey::Expires => direction.compare(a.expires, b.expires),
            SortKey::Status => direction
                .compare(known(a.status(now)), known(b.status(now)))
                .then_with(|| direction.compare(a.expires, b.expires)),
        };
        ordering
            .then_with(|| a.id.cmp(&b.id))
            .then_with(|| (a.created, a.expires).cmp(&(b.created, b.expires)))
    });
}

fn known(status: Status) -> Option<Status> {
    (status != Status::Unknown).then_some(status)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn at(seconds: i64) -> Option<Timestamp> {
        Timestamp::from_timestamp(seconds)
    }

    fn token(id: &str, created: Option<Timestamp>, expires: Option<Timestamp>) -> Token {
        Token {
            id: id.into(),
            created,
            expires,
        }
    }

    fn sorted(key: SortKey, direction: Direction) -> Vec<String> {
        const DAY: i64 = 86_400;
        let mut tokens = [
            token("soon", at(-90 * DAY), at(DAY)),
            token("undated", None, None),
            token("active", at(-2 * DAY), at(90 * DAY)),
            token("expired", at(-3 * DAY), at(-DAY)),
            token("endless", at(-2 * DAY), None),
            token("active too", at(-2 * DAY), at(80 * DAY)),
        ];
        sort(&mut tokens, key, direction, NOW);
        tokens.map(|token| token.id.to_string()).to_vec()
    }

    #[test]
    fn the_newest_token_comes_first_unless_asked_otherwise() {
        assert_eq!(
            sorted(SortKey::default(), Direction::default()),
            [
                "active",
                "active too",
                "endless",
                "expired",
                "soon",
                "undated"
            ]
        );
    }

    #[test]
    fn unknown_dates_come_last_in_both_directions() {
        assert_eq!(
            sorted(SortKey::Expires, Direction::Ascending),
            [
                "expired",
                "soon",
                "active too",
                "active",
                "endless",
                "undated"
            ]
        );
        assert_eq!(
            sorted(SortKey::Expires, Direction::Descending),
            [
                "active",
                "active too",
                "soon",
                "expired",
                "endless",
                "undated"
            ]
        );
    }

    #[test]
    fn tokens_of_one_status_are_in_the_order_of_their_expiry() {
        assert_eq!(
            sorted(SortKey::Status, Direction::Ascending),
            [
                "active too",
                "active",
                "soon",
                "expired",
                "endless",
                "undated"
            ]
        );
        assert_eq!(
            sorted(SortKey::Status, Direction::Descending),
            [
                "expired",
                "soon",
                "active",
                "active too",
                "endless",
                "undated"
            ]
        );
    }

    #[test]
    fn ids_sort_in_both_directions() {
        let ascending = sorted(SortKey::Id, Direction::Ascending);
        let mut descending = sorted(SortKey::Id, Direction::Ascending.reversed());
        descending.reverse();
        assert_eq!(ascending, descending);
        assert!(ascending.is_sorted());
    }
}
