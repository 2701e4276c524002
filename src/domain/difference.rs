//! Which tokens are new.

use super::{IdSet, Token};

/// The tokens that were not there before, each once and in the order of the list.
///
/// Only the ID tells: clocks of browser and server differ, and tokens of one second exist.
pub fn difference(before: &IdSet, after: &[Token]) -> Vec<Token> {
    let mut seen = before.clone();
    let new = after.iter().filter(|token| seen.insert(token.id.clone()));
    new.cloned().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    use crate::domain::{Timestamp, TokenId};

    fn token(id: &str, created: i64) -> Token {
        Token {
            id: id.into(),
            created: Timestamp::from_timestamp(created),
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
