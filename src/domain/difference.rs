//! Which tokens are new.

use super::{IdSet, Token, TokenId};

/// The tokens that were not there before, each once and in the order of the list.
///
/// Only the ID tells: clocks of browser and server differ, and tokens of one second exist.
pub fn difference(before: &IdSet, after: &[Token]) -> Vec<Token> {
    let ids = after.iter().map(|token| &token.id).enumerate();
    let mut new: Vec<(usize, &TokenId)> = ids.filter(|(_, id)| !before.contains(id)).collect();
    new.sort_unstable_by(|(place, id), (other_place, other_id)| {
        id.cmp(other_id).then(place.cmp(other_place))
    });
    new.dedup_by_key(|(_, id)| *id);
    new.sort_unstable_by_key(|(place, _)| *place);
    new.into_iter()
        .filter_map(|(place, _)| after.get(place).cloned())
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::domain::Timestamp;

    fn token(id: &str, created: i64) -> Token {
        Token {
            id: id.into(),
            created: Timestamp::from_timestamp(created, 0),
            expires: None,
        }
    }

    #[test]
    fn only_the_id_tells_what_is_new() {
        let before = ["old", "gone"].map(TokenId::from).into_iter().collect();
        let after = [token("old", 99), token("new", 1), token("newer", 1)];
        assert_eq!(difference(&before, &after), after[1..]);
    }

    #[test]
    fn a_token_that_is_listed_twice_is_new_once() {
        let after = [token("new", 1), token("new", 2)];
        assert_eq!(difference(&IdSet::default(), &after), after[..1]);
    }
}
