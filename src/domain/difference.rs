//! Which tokens are new.

use std::collections::BTreeSet;

use super::{Token, TokenId};

/// The tokens that were not there before, each once and in the order of the list.
///
/// Only the ID tells: clocks of browser and server differ, and tokens of one second exist.
pub fn difference(before: &BTreeSet<TokenId>, after: &[Token]) -> Vec<Token> {
    let mut seen = BTreeSet::new();
    after
        .iter()
        .filter(|token| !before.contains(&token.id) && seen.insert(&token.id))
        .cloned()
        .collect()
}
