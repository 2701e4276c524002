//! A token as the list shows it; its value is nowhere in this module.

use std::borrow::Borrow;
use std::fmt;
use std::sync::Arc;

use uuid::Uuid;

use super::Timestamp;

/// The ID of a token.
///
/// The API hands out UUIDs, but any text it sends is kept as it is: an ID that looks wrong must
/// still be shown, compared and deleted. Cloning is cheap.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub struct TokenId(Arc<str>);

impl TokenId {
    /// How many characters tell tokens apart at a glance.
    const SHORT: usize = 8;

    /// The whole ID.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Whether the ID is a UUID in its usual, hyphenated form.
    pub fn is_uuid(&self) -> bool {
        const HYPHENATED: usize = 36;
        self.0.len() == HYPHENATED && Uuid::try_parse(&self.0).is_ok()
    }

    /// The first eight characters.
    pub fn short(&self) -> &str {
        match self.0.char_indices().nth(Self::SHORT) {
            Some((end, _)) => self.0.get(..end).unwrap_or_default(),
            None => &self.0,
        }
    }

    /// The first eight characters that are safe in a file name on every system.
    pub fn file_stem(&self) -> String {
        self.0
            .chars()
            .filter(|c| c.is_ascii_alphanumeric() || *c == '-')
            .take(Self::SHORT)
            .collect()
    }
}

impl From<&str> for TokenId {
    fn from(id: &str) -> Self {
        Self(id.into())
    }
}

impl From<String> for TokenId {
    fn from(id: String) -> Self {
        Self(id.into())
    }
}

impl AsRef<str> for TokenId {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl Borrow<str> for TokenId {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for TokenId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(&self.0)
    }
}

/// One row of the list.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Token {
    /// Tells tokens apart; nothing else does.
    pub id: TokenId,
    /// When the token was made, if the API said so legibly.
    pub created: Option<Timestamp>,
    /// When the token stops working, if the API said so legibly.
    pub expires: Option<Timestamp>,
}

impl Token {
    /// Whether it is known to work for some time yet.
    pub fn is_live(&self, now: Timestamp) -> bool {
        self.expires.is_some_and(|expires| expires > now)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const UUID: &str = "bd3a53c1-6f25-46ae-9a35-7a6a8b1d1dd0";

    #[test]
    fn only_the_hyphenated_form_is_a_uuid() {
        assert!(TokenId::from(UUID).is_uuid());
        assert!(TokenId::from(UUID.to_uppercase()).is_uuid());
        for other in [
            "",
            "bd3a53c16f2546ae9a357a6a8b1d1dd0",
            "{bd3a53c1-6f25-46ae-9a35-7a6a8b1d1dd0}",
            "bd3a53c1-6f25-46ae-9a35-7a6a8b1d1dd",
            "bd3a53c1-6f25-46ae-9a35-7a6a8b1d1ddx",
            " bd3a53c1-6f25-46ae-9a35-7a6a8b1d1dd",
        ] {
            assert!(!TokenId::from(other).is_uuid(), "{other}");
        }
    }

    #[test]
    fn a_short_id_ends_between_characters() {
        assert_eq!(TokenId::from(UUID).short(), "bd3a53c1");
        assert_eq!(TokenId::from("").short(), "");
        assert_eq!(TokenId::from("abc").short(), "abc");
        assert_eq!(TokenId::from("12345678").short(), "12345678");
        assert_eq!(TokenId::from("ääääääääää").short(), "ääääääää");
        assert_eq!(TokenId::from("\u{202e}🔑🔑").short(), "\u{202e}🔑🔑");
    }

    #[test]
    fn a_file_stem_holds_nothing_a_file_system_could_stumble_over() {
        assert_eq!(TokenId::from(UUID).file_stem(), "bd3a53c1");
        assert_eq!(
            TokenId::from("../\\..:\u{202e}\0ab cd-9é").file_stem(),
            "abcd-9"
        );
    }
}
