//! Sets and maps of token IDs.
//!
//! An account holds 100 tokens, so sorted lists serve as well as trees, and each kind of tree would
//! add a few kilobytes to the page.

use super::TokenId;

/// What is known of tokens, by their IDs.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct IdMap<V>(Vec<(TokenId, V)>);

impl<V> IdMap<V> {
    /// What is known of this token.
    pub fn get(&self, id: &TokenId) -> Option<&V> {
        let place = self.place(id).ok()?;
        self.0.get(place).map(|(_, value)| value)
    }

    /// Whether anything is known of this token.
    pub fn contains(&self, id: &TokenId) -> bool {
        self.place(id).is_ok()
    }

    /// Adds a token, or replaces what was known of it; tells whether it was not there before.
    pub fn insert(&mut self, id: TokenId, value: V) -> bool {
        match self.place(&id) {
            Ok(place) => {
                if let Some(entry) = self.0.get_mut(place) {
                    entry.1 = value;
                }
                false
            }
            Err(place) => {
                self.0.insert(place, (id, value));
                true
            }
        }
    }

    /// Removes a token and tells whether it was there.
    pub fn remove(&mut self, id: &TokenId) -> bool {
        let place = self.place(id);
        if let Ok(place) = place {
            self.0.remove(place);
        }
        place.is_ok()
    }

    /// Removes the tokens of which `keep` is false.
    pub fn retain(&mut self, mut keep: impl FnMut(&TokenId, &V) -> bool) {
        self.0.retain(|(id, value)| keep(id, value));
    }

    /// Removes all of them.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The tokens in the order of their IDs.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = (&TokenId, &V)> {
        self.0.iter().map(|(id, value)| (id, value))
    }

    fn place(&self, id: &TokenId) -> Result<usize, usize> {
        self.0.binary_search_by(|(own, _)| own.cmp(id))
    }
}

impl<V> Default for IdMap<V> {
    fn default() -> Self {
        Self(Vec::new())
    }
}

impl<V> From<Vec<(TokenId, V)>> for IdMap<V> {
    /// Of entries with one ID the last one counts.
    fn from(mut entries: Vec<(TokenId, V)>) -> Self {
        entries.sort_by(|(a, _), (b, _)| a.cmp(b));
        entries.dedup_by(|later, kept| {
            let is_same = later.0 == kept.0;
            if is_same {
                std::mem::swap(later, kept);
            }
            is_same
        });
        Self(entries)
    }
}

impl<V> IntoIterator for IdMap<V> {
    type Item = (TokenId, V);
    type IntoIter = std::vec::IntoIter<(TokenId, V)>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter()
    }
}

/// A set of tokens.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct IdSet(IdMap<()>);

impl IdSet {
    /// Whether this token is in the set.
    pub fn contains(&self, id: &TokenId) -> bool {
        self.0.contains(id)
    }

    /// Adds a token and tells whether it was not there before.
    pub fn insert(&mut self, id: TokenId) -> bool {
        self.0.insert(id, ())
    }

    /// Removes a token and tells whether it was there.
    pub fn remove(&mut self, id: &TokenId) -> bool {
        self.0.remove(id)
    }

    /// Removes the tokens of which `keep` is false.
    pub fn retain(&mut self, mut keep: impl FnMut(&TokenId) -> bool) {
        self.0.retain(|id, ()| keep(id));
    }

    /// Removes all of them.
    pub fn clear(&mut self) {
        self.0.clear();
    }

    /// How many tokens there are.
    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Whether there is no token.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The tokens in the order of their IDs.
    pub fn iter(&self) -> impl ExactSizeIterator<Item = &TokenId> {
        self.0.iter().map(|(id, ())| id)
    }
}

impl FromIterator<TokenId> for IdSet {
    fn from_iter<I: IntoIterator<Item = TokenId>>(ids: I) -> Self {
        let entries: Vec<_> = ids.into_iter().map(|id| (id, ())).collect();
        Self(entries.into())
    }
}

impl IntoIterator for IdSet {
    type Item = TokenId;
    type IntoIter = std::iter::Map<std::vec::IntoIter<(TokenId, ())>, fn((TokenId, ())) -> TokenId>;

    fn into_iter(self) -> Self::IntoIter {
        self.0.into_iter().map(|(id, ())| id)
    }
}

impl Extend<TokenId> for IdSet {
    fn extend<I: IntoIterator<Item = TokenId>>(&mut self, ids: I) {
        for id in ids {
            self.insert(id);
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;

    fn id(number: u32) -> TokenId {
        number.to_string().into()
    }

    #[test]
    fn a_map_does_what_a_tree_does() {
        let mut map = IdMap::default();
        let mut tree = BTreeMap::new();
        // Each number below 64 comes a few times, in no order.
        for step in 0..500_u32 {
            let number = step.wrapping_mul(2_654_435_761) >> 26;
            if step % 3 == 2 {
                assert_eq!(map.remove(&id(number)), tree.remove(&id(number)).is_some());
            } else {
                assert_eq!(
                    map.insert(id(number), step),
                    tree.insert(id(number), step).is_none()
                );
            }
            assert!(map.iter().eq(tree.iter()));
            for number in 0..64 {
                assert_eq!(map.get(&id(number)), tree.get(&id(number)));
                assert_eq!(map.contains(&id(number)), tree.contains_key(&id(number)));
            }
            assert_eq!(map.len(), tree.len());
            assert_eq!(map.is_empty(), tree.is_empty());
        }
        map.retain(|_, step| step % 2 == 0);
        tree.retain(|_, step| *step % 2 == 0);
        assert!(map.into_iter().eq(tree));
    }

    #[test]
    fn of_entries_with_one_id_the_last_one_counts() {
        let entries = [("b", 1), ("a", 2), ("b", 3), ("c", 4), ("b", 5), ("a", 6)];
        let map = IdMap::from(
            entries
                .map(|(id, value)| (TokenId::from(id), value))
                .to_vec(),
        );
        let kept: Vec<_> = map
            .iter()
            .map(|(id, value)| (id.as_str(), *value))
            .collect();
        assert_eq!(kept, [("a", 6), ("b", 5), ("c", 4)]);
    }

    #[test]
    fn a_set_holds_each_token_once_and_in_order() {
        let mut set: IdSet = ["b", "a", "b"].map(TokenId::from).into_iter().collect();
        assert!(!set.insert("a".into()));
        assert!(set.insert("c".into()));
        assert!(set.iter().map(TokenId::as_str).eq(["a", "b", "c"]));
        set.retain(|id| id.as_str() != "b");
        assert!(set.remove(&"a".into()));
        assert!(!set.remove(&"a".into()));
        assert_eq!(set.len(), 1);
        set.clear();
        assert!(set.is_empty());
        assert_eq!(set, IdSet::default());
    }
}
