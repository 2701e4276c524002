//! What of the list is shown, and in which order: the part of the page's state that its URL holds.

use super::{Direction, SortKey, Status, Timestamp, Token, TokenId, holds, sort};

/// What of the list is shown, and how.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct View {
    /// The column to sort by.
    pub sort: SortKey,
    /// In which direction.
    pub direction: Direction,
    /// A part of the IDs or names to show; all of them if it is empty.
    pub search: String,
    /// The status to show; every one if it is `None`.
    pub status: Option<Status>,
    /// Whether dates are shown in UTC instead of the user's zone.
    pub utc: bool,
}

const ROUTE: &str = "#/tokens";

/// What is searched for is never longer than an ID.
const MAX_SEARCH: usize = 64;

/// How every JWT starts, as does every other JSON object in base64.
const JWT_START: &str = "eyJ";

const SORT_KEYS: [(&str, SortKey); 4] = [
    ("id", SortKey::Id),
    ("created", SortKey::Created),
    ("expires", SortKey::Expires),
    ("status", SortKey::Status),
];

const DIRECTIONS: [(&str, Direction); 2] = [
    ("asc", Direction::Ascending),
    ("desc", Direction::Descending),
];

const STATUSES: [(&str, Status); 4] = [
    ("active", Status::Active),
    ("soon", Status::ExpiresSoon),
    ("expired", Status::Expired),
    ("unknown", Status::Unknown),
];

impl View {
    /// The URL's hash for this view; what is as usual is left out.
    ///
    /// URLs are kept and sent around, so a search that could be a pasted token is left out too.
    pub fn encode(&self) -> String {
        let usual = Self::default();
        let mut hash = Hash(ROUTE.to_owned());
        if self.sort != usual.sort {
            hash.push("sort", name_of(&SORT_KEYS, self.sort));
        }
        if self.direction != usual.direction {
            hash.push("dir", name_of(&DIRECTIONS, self.direction));
        }
        if !self.search.is_empty() && is_harmless(&self.search) {
            hash.push("q", &self.search);
        }
        if let Some(status) = self.status {
            hash.push("status", name_of(&STATUSES, status));
        }
        if self.utc {
            hash.push("utc", "1");
        }
        hash.0
    }

    /// Reads a URL's hash; what is missing or makes no sense is as usual.
    pub fn decode(hash: &str) -> Self {
        let mut view = Self::default();
        let Some((_, query)) = hash.split_once('?') else {
            return view;
        };
        for (key, value) in query.split('&').filter_map(|pair| pair.split_once('=')) {
            match key {
                "sort" => view.sort = named(&SORT_KEYS, value).unwrap_or(view.sort),
                "dir" => view.direction = named(&DIRECTIONS, value).unwrap_or(view.direction),
                "q" => {
                    view.search = Some(percent_decoded(value))
                        .filter(|text| is_harmless(text))
                        .unwrap_or_default()
                }
                "status" => view.status = named(&STATUSES, value),
                "utc" => view.utc = value == "1",
                _ => {}
            }
        }
        view
    }

    /// The rows to show, in their order. `name` tells what the user calls a token.
    pub fn rows<'n>(
        &self,
        tokens: &[Token],
        name: &dyn Fn(&TokenId) -> Option<&'n str>,
        now: Timestamp,
    ) -> Vec<Token> {
        let wanted = lowercase(self.search.trim());
        let is_found = |text: &str| holds(&lowercase(text), &wanted);
        let mut rows: Vec<Token> = tokens
            .iter()
            .filter(|token| self.status.is_none_or(|status| token.status(now) == status))
            .filter(|token| {
                wanted.is_empty()
                    || is_found(token.id.as_str())
                    || name(&token.id).is_some_and(is_found)
            })
            .cloned()
            .collect();
        sort(&mut rows, self.sort, self.direction, now);
        rows
    }
}

/// How many tokens are in each status.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Default)]
pub struct Counts {
    /// Those that work for a while yet.
    pub active: usize,
    /// Those that expire soon.
    pub soon: usize,
    /// Those that have expired.
    pub expired: usize,
    /// Those whose expiry is illegible.
    pub unknown: usize,
}

impl Counts {
    /// Counts the tokens.
    pub fn of(tokens: &[Token], now: Timestamp) -> Self {
        let mut counts = Self::default();
        for token in tokens {
            *match token.status(now) {
                Status::Active => &mut counts.active,
                Status::ExpiresSoon => &mut counts.soon,
                Status::Expired => &mut counts.expired,
                Status::Unknown => &mut counts.unknown,
            } += 1;
        }
        counts
    }

    /// How many tokens have this status.
    pub fn get(self, status: Status) -> usize {
        match status {
            Status::Active => self.active,
            Status::ExpiresSoon => self.soon,
            Status::Expired => self.expired,
            Status::Unknown => self.unknown,
        }
    }

    /// How many tokens there are.
    pub fn total(self) -> usize {
        self.active + self.soon + self.expired + self.unknown
    }
}

/// The text in lower case, as far as Latin, Greek and Cyrillic letters without rare accents go.
///
/// People name tokens in these; what the standard library has for all scripts adds 15 kB to the
/// page.
fn lowercase(text: &str) -> String {
    text.chars().map(lowercase_char).collect()
}

fn lowercase_char(c: char) -> char {
    let code = u32::from(c);
    let distance = match code {
        // A to Z, À to Þ without ×, Α to Ϋ, А to Я.
        0x41..=0x5a | 0xc0..=0xd6 | 0xd8..=0xde => 32,
        0x391..=0x3a1 | 0x3a3..=0x3ab | 0x410..=0x42f => 32,
        // Ѐ to Џ.
        0x400..=0x40f => 80,
        // Pairs in which the capital has the even number, or the odd one.
        0x100..=0x12f | 0x132..=0x137 | 0x14a..=0x177 => 1 - code % 2,
        0x139..=0x148 | 0x179..=0x17e => code % 2,
        _ => 0,
    };
    char::from_u32(code + distance).unwrap_or(c)
}

fn is_harmless(search: &str) -> bool {
    search.len() <= MAX_SEARCH && !holds(search, JWT_START)
}

fn named<T: Copy>(names: &[(&str, T)], wanted: &str) -> Option<T> {
    names
        .iter()
        .find(|(name, _)| *name == wanted)
        .map(|(_, value)| *value)
}

fn name_of<T: PartialEq>(names: &[(&'static str, T)], wanted: T) -> &'static str {
    names
        .iter()
        .find(|(_, value)| *value == wanted)
        .map_or("", |(name, _)| name)
}

/// A hash under construction.
struct Hash(String);

impl Hash {
    fn push(&mut self, key: &str, value: &str) {
        self.0.push(if self.0.contains('?') { '&' } else { '?' });
        self.0.push_str(key);
        self.0.push('=');
        percent_encode(value, &mut self.0);
    }
}

/// Leaves only the characters that RFC 3986 calls unreserved.
fn percent_encode(text: &str, out: &mut String) {
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(byte.into());
        } else {
            out.push('%');
            for digit in [byte >> 4, byte & 0xf] {
                out.extend(
                    char::from_digit(digit.into(), 16).map(|digit| digit.to_ascii_uppercase()),
                );
            }
        }
    }
}

/// What is not encoded as it should be stands for itself.
fn percent_decoded(text: &str) -> String {
    let mut decoded = Vec::with_capacity(text.len());
    let mut rest = text.as_bytes();
    loop {
        rest = match rest {
            [] => return String::from_utf8_lossy(&decoded).into_owned(),
            [b'%', high, low, after @ ..] if let Some(byte) = hex_byte(*high, *low) => {
                decoded.push(byte);
                after
            }
            [byte, after @ ..] => {
                decoded.push(if *byte == b'+' { b' ' } else { *byte });
                after
            }
        };
    }
}

fn hex_byte(high: u8, low: u8) -> Option<u8> {
    let digit = |byte| char::from(byte).to_digit(16);
    u8::try_from(digit(high)? * 16 + digit(low)?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    use std::collections::BTreeMap;

    const NOW: Timestamp = Timestamp::UNIX_EPOCH;

    fn token(id: &str, expires: Option<i64>) -> Token {
        Token {
            id: id.into(),
            created: None,
            expires: expires.and_then(Timestamp::from_timestamp),
        }
    }

    fn view(hash: &str) -> View {
        View::decode(hash)
    }

    #[test]
    fn the_usual_view_has_the_plain_url() {
        assert_eq!(View::default().encode(), "#/tokens");
        for hash in [
            "",
            "#",
            "#/tokens",
            "#/tokens?",
            "#/tokens?sort=created&dir=desc&q=",
        ] {
            assert_eq!(view(hash), View::default(), "{hash}");
        }
    }

    #[test]
    fn a_view_is_in_its_url() {
        let view = View {
            sort: SortKey::Expires,
            direction: Direction::Ascending,
            search: "CI & Bücher 100%".into(),
            status: Some(Status::ExpiresSoon),
            utc: true,
        };
        let hash = view.encode();
        assert_eq!(
            hash,
            "#/tokens?sort=expires&dir=asc&q=CI%20%26%20B%C3%BCcher%20100%25&status=soon&utc=1"
        );
        assert_eq!(View::decode(&hash), view);
    }

    #[test]
    fn what_makes_no_sense_in_a_url_is_as_usual() {
        for hash in [
            "#/tokens?sort=name&dir=up&status=dead&utc=yes&page=7",
            "#/tokens?sort&=&&==&dir",
            "?",
        ] {
            assert_eq!(view(hash), View::default(), "{hash}");
        }
        assert_eq!(view("#/tokens?q=a+b%2").search, "a b%2");
        assert_eq!(view("#/tokens?q=%zz%+1%ff").search, "%zz% 1\u{fffd}");
    }

    #[test]
    fn a_pasted_token_does_not_get_into_the_url() {
        for pasted in [
            "eyJ0eXAiOiJKV1Qi",
            "Bearer eyJ0eXAi",
            &"a".repeat(MAX_SEARCH + 1),
        ] {
            let view = View {
                search: pasted.into(),
                ..View::default()
            };
            assert_eq!(view.encode(), "#/tokens");
            let hash = format!("#/tokens?q={}", pasted.replace(' ', "+"));
            assert_eq!(View::decode(&hash).search, "");
        }
    }

    #[test]
    fn a_token_is_found_by_a_part_of_its_id_or_name() {
        let tokens = [token("AB-1", None), token("ab-2", None), token("c", None)];
        let names = BTreeMap::from([("c", "Über abends"), ("ab-2", "CI")]);
        let found = |search: &str| {
            let view = View {
                search: search.into(),
                ..View::default()
            };
            let name = |id: &TokenId| names.get(id.as_str()).copied();
            let rows = view.rows(&tokens, &name, NOW);
            rows.into_iter()
                .map(|row| row.id.to_string())
                .collect::<Vec<_>>()
        };
        assert_eq!(found(""), ["AB-1", "ab-2", "c"]);
        assert_eq!(found(" aB "), ["AB-1", "ab-2", "c"]);
        assert_eq!(found("B-1"), ["AB-1"]);
        assert_eq!(found("ci"), ["ab-2"]);
        assert_eq!(found("über"), ["c"]);
        assert!(found("z").is_empty());
    }

    #[test]
    fn letters_have_the_lower_case_of_the_standard_library() {
        let letters = ['\0'..='\u{17f}', 'Α'..='ώ', 'Ѐ'..='џ'];
        for c in letters.into_iter().flatten().filter(|c| !"İŸ".contains(*c)) {
            assert!(c.to_lowercase().eq([lowercase_char(c)]), "{c}");
        }
        for c in ('\0'..=char::MAX).filter(|c| lowercase_char(*c) != *c) {
            assert!(c.to_lowercase().eq([lowercase_char(c)]), "{c}");
        }
    }

    #[test]
    fn each_token_counts_in_one_status_and_is_shown_by_it() {
        let tokens = [
            token("a", Some(100 * 86_400)),
            token("b", Some(1)),
            token("c", Some(0)),
            token("d", None),
            token("e", Some(-1)),
        ];
        let counts = Counts::of(&tokens, NOW);
        assert_eq!(
            counts,
            Counts {
                active: 1,
                soon: 1,
                expired: 2,
                unknown: 1
            }
        );
        assert_eq!(counts.total(), tokens.len());
        for status in Status::ALL {
            let view = View {
                status: Some(status),
                ..View::default()
            };
            let rows = view.rows(&tokens, &|_| None, NOW);
            assert_eq!(rows.len(), counts.get(status));
            assert!(rows.iter().all(|row| row.status(NOW) == status));
        }
    }
}
