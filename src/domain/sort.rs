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

    /// Compares what may be unknown; the unknown is of no interest and comes last in both directions.
    fn compare<T: Ord>(self, a: Option<T>, b: Option<T>) -> Ordering {
        match (a, b) {
            (Some(a), Some(b)) => self.apply(a.cmp(&b)),
            (a, b) => a.is_none().cmp(&b.is_none()),
        }
    }
}

/// Sorts the tokens by a column.
///
/// Equal ones are in the order of their IDs whatever the direction, so that rows keep their places when the list is
/// read again in another order.
pub fn sort(tokens: &mut [Token], key: SortKey, direction: Direction, now: Timestamp) {
    tokens.sort_by(|a, b| {
        let ordering = match key {
            SortKey::Id => direction.apply(a.id.cmp(&b.id)),
            SortKey::Created => direction.compare(a.created, b.created),
            SortKey::Expires => direction.compare(a.expires, b.expires),
            SortKey::Status => direction
                .compare(known(a.status(now)), known(b.status(now)))
                .then_with(|| direction.compare(a.expires, b.expires)),
        };
        ordering.then_with(|| a.id.cmp(&b.id))
    });
}

fn known(status: Status) -> Option<Status> {
    (status != Status::Unknown).then_some(status)
}
