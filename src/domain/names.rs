//! What the user calls the tokens: labels and notes, which the API has no place for.

use super::json::{Reader, quoted, read_object};
use super::{IdMap, Token, TokenId};

/// What the user calls a token.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Name {
    /// A few words, shown in the list.
    pub label: String,
    /// Whatever else there is to remember.
    pub note: String,
    /// Whether another token has taken this one's place.
    pub replaced: bool,
}

impl Name {
    /// How many characters a label may have.
    pub const MAX_LABEL: usize = 60;
    /// How many characters a note may have.
    pub const MAX_NOTE: usize = 500;

    fn is_empty(&self) -> bool {
        self.label.is_empty() && self.note.is_empty() && !self.replaced
    }

    /// The name without blanks around it, on one line if it is a label, and no longer than allowed.
    fn tidied(&self) -> Self {
        let label = self.label.replace(char::is_control, " ");
        Self {
            label: shortened(&label, Self::MAX_LABEL),
            note: shortened(&self.note, Self::MAX_NOTE),
            replaced: self.replaced,
        }
    }

    fn holds_token(&self) -> bool {
        looks_like_token(&self.label) || looks_like_token(&self.note)
    }

    fn read(value: &mut Reader<'_>) -> Self {
        let mut read = Self::default();
        value.object(&mut |name, value| match name {
            "label" => read.label = value.string().unwrap_or_default(),
            "note" => read.note = value.string().unwrap_or_default(),
            "replaced" => read.replaced = value.boolean() == Some(true),
            _ => {}
        });
        read
    }
}

fn shortened(text: &str, max: usize) -> String {
    let text = text.trim();
    let end = text
        .char_indices()
        .nth(max)
        .map_or(text.len(), |(at, _)| at);
    text.get(..end).unwrap_or_default().trim_end().to_owned()
}

/// The text holds a token, or a good part of one: people paste secrets into the wrong field, and
/// names are stored and exported.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct LooksLikeToken;

/// The names of tokens, by their IDs.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Names(IdMap<Name>);

const FORMAT: &str = "ionos-token-names";
const VERSION: i64 = 1;

impl Names {
    /// Much more than the names of an account's 100 tokens need; what is larger did not come from
    /// here.
    const MAX_ENCODED: usize = 1 << 20;

    /// Reads what [`Names::encode`] wrote, here or elsewhere; `None` if it is something else.
    ///
    /// Entries that make no sense or hold a token are left out.
    pub fn decode(text: &str) -> Option<Self> {
        if text.len() > Self::MAX_ENCODED {
            return None;
        }
        // Editors on Windows put a byte order mark in front of what they save.
        let json = text.trim_start_matches('\u{feff}').as_bytes();
        let (mut format, mut version, mut names) = (None, None, Vec::new());
        let is_object = read_object(json, &mut |name, value| match name {
            "format" => format = value.string(),
            "version" => version = value.integer(),
            "tokens" => {
                names.clear();
                value.object(&mut |id, value| {
                    let name = Name::read(value);
                    if !id.is_empty() && !looks_like_token(id) && !name.holds_token() {
                        names.push((TokenId::from(id), name.tidied()));
                    }
                });
            }
            _ => {}
        });
        let mut names = IdMap::from(names);
        names.retain(|_, name| !name.is_empty());
        let is_known = is_object && format.as_deref() == Some(FORMAT) && version == Some(VERSION);
        is_known.then_some(Self(names))
    }

    /// The names as JSON, one token a line: what the browser stores, and a file to export.
    pub fn encode(&self) -> String {
        let mut out = String::from("{\"format\":");
        out.push_str(&quoted(FORMAT));
        out.push_str(",\"version\":1,\"tokens\":{");
        for (index, (id, name)) in self.0.iter().enumerate() {
            out.push_str(if index == 0 { "\n" } else { ",\n" });
            out.push_str(&quoted(id.as_str()));
            out.push_str(":{\"label\":");
            out.push_str(&quoted(&name.label));
            out.push_str(",\"note\":");
            out.push_str(&quoted(&name.note));
            out.push_str(",\"replaced\":");
            out.push_str(if name.replaced { "true}" } else { "false}" });
        }
        out.push_str("\n}}\n");
        out
    }

    /// What the token is called.
    pub fn get(&self, id: &TokenId) -> Option<&Name> {
        self.0.get(id)
    }

    /// Names a token, cutting what is too long; an empty name is forgotten.
    ///
    /// A name that holds a token changes nothing.
    pub fn set(&mut self, id: TokenId, name: Name) -> Result<(), LooksLikeToken> {
        if name.holds_token() {
            return Err(LooksLikeToken);
        }
        let name = name.tidied();
        if name.is_empty() {
            self.0.remove(&id);
        } else {
            self.0.insert(id, name);
        }
        Ok(())
    }

    /// Forgets the names of all other tokens and tells whether there were any.
    pub fn retain(&mut self, listed: &[Token]) -> bool {
        let before = self.0.len();
        self.0
            .retain(|id, _| listed.iter().any(|token| token.id == *id));
        self.0.len() < before
    }

    /// Takes over all names of an import, also where a token has one already, and tells how many
    /// tokens are called differently now.
    pub fn merge(&mut self, theirs: Self) -> usize {
        let mut changed = 0;
        for (id, name) in theirs.0 {
            if self.0.get(&id) != Some(&name) {
                changed += 1;
                self.0.insert(id, name);
            }
        }
        changed
    }

    /// Whether no token has a name.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// How many tokens have a name.
    pub fn len(&self) -> usize {
        self.0.len()
    }
}

/// Whether a text holds a token or a good part of one.
///
/// That is the start of a JWT, or else a run of its alphabet so long and so mixed that hardly
/// anyone would write it: UUIDs and hashes in hexadecimal are not.
pub fn looks_like_token(text: &str) -> bool {
    /// How every JWT starts, as does every other JSON object in base64.
    const START: &[u8] = b"eyJ";
    /// What follows the start in the shortest JWT that makes sense is longer, in words it is
    /// shorter.
    const AFTER_START: usize = 12;
    const LONG: usize = 64;

    text.split(|c: char| !c.is_ascii_alphanumeric() && c != '-' && c != '_')
        .any(|run| {
            let run = run.as_bytes();
            let start = run.windows(START.len()).position(|part| part == START);
            let has = |kind: fn(&u8) -> bool| run.iter().any(kind);
            start.is_some_and(|start| run.len() - start >= START.len() + AFTER_START)
                || run.len() >= LONG
                    && has(u8::is_ascii_uppercase)
                    && has(u8::is_ascii_lowercase)
                    && has(u8::is_ascii_digit)
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The first two parts of a token, made up.
    const TOKEN: &str = "eyJ0eXAiOiJKV1QiLCJraWQiOiJiZDNhNTNjMSIsImFsZyI6IlJTMjU2In0.\
        eyJpc3MiOiJpb25vc2Nsb3VkIiwiaWF0IjoxNjc5OTEwODk2LCJleHAiOjE3MTE0Njg0OTZ9.\
        Zk3vXq0_9aLw-2TbYcR8sNuH5dJmE1oPfGiKxUyVtBzCA7S4D6hQrWlIeMnOjg0pLs5Kd8Fh";

    fn name(label: &str, note: &str) -> Name {
        Name {
            label: label.into(),
            note: note.into(),
            replaced: false,
        }
    }

    fn names<const N: usize>(entries: [(&str, Name); N]) -> Names {
        let mut names = Names::default();
        for (id, name) in entries {
            names.set(id.into(), name).unwrap();
        }
        names
    }

    fn token(id: &str) -> Token {
        Token {
            id: id.into(),
            created: None,
            expires: None,
        }
    }

    #[test]
    fn names_are_read_back_as_they_were_written() {
        let replaced = Name {
            replaced: true,
            ..Name::default()
        };
        let all = names([
            ("a", name("CI \"main\" \\ 🔑", "one\ntwo\t\u{202e}")),
            ("b \"quoted\"", name("", "only a note")),
            ("c", replaced),
        ]);
        assert_eq!(Names::decode(&all.encode()), Some(all));
        assert_eq!(
            Names::decode(&Names::default().encode()),
            Some(Names::default())
        );
    }

    #[test]
    fn an_export_is_a_file_that_people_can_read() {
        let all = names([("a", name("CI", "x")), ("b", name("Laptop", ""))]);
        assert_eq!(
            all.encode(),
            "{\"format\":\"ionos-token-names\",\"version\":1,\"tokens\":{\n\
             \"a\":{\"label\":\"CI\",\"note\":\"x\",\"replaced\":false},\n\
             \"b\":{\"label\":\"Laptop\",\"note\":\"\",\"replaced\":false}\n}}\n"
        );
    }

    #[test]
    fn the_longest_names_of_a_full_account_still_fit() {
        let longest = name(&"\"".repeat(Name::MAX_LABEL), &"🔑".repeat(Name::MAX_NOTE));
        let mut full = Names::default();
        for number in 0..100 {
            let id = format!("bd3a53c1-6f25-46ae-9a35-7a6a8b1d{number:04}");
            full.set(id.into(), longest.clone()).unwrap();
        }
        assert_eq!(full.len(), 100);
        assert_eq!(Names::decode(&full.encode()), Some(full));
    }

    #[test]
    fn what_is_no_export_is_none() {
        for text in [
            "",
            "null",
            "[]",
            "{}",
            r#"{"tokens":{"a":{"label":"b"}}}"#,
            r#"{"format":"ionos-token-names","tokens":{}}"#,
            r#"{"format":"ionos-token-names","version":2,"tokens":{}}"#,
            r#"{"format":"other","version":1,"tokens":{}}"#,
            r#"{"format":"ionos-token-names","version":1,"tokens":{"#,
        ] {
            assert_eq!(Names::decode(text), None, "{text}");
        }
        let blanks = " ".repeat(Names::MAX_ENCODED);
        assert_eq!(Names::decode(&(blanks + &Names::default().encode())), None);
    }

    #[test]
    fn a_bad_entry_hides_no_other() {
        let text = format!(
            r#"{{"version":1,"by":"me","format":"ionos-token-names","tokens":{{
                "good":{{"label":"CI","icon":[1],"replaced":"yes"}},
                "half":{{"label":7,"note":"kept"}},
                "empty":{{"label":"  "}}, "text":"CI", "none":null, "list":["CI"], "":{{"label":"no ID"}},
                "secret":{{"label":"{TOKEN}"}}, "{TOKEN}":{{"label":"swapped"}}
            }}}}"#
        );
        let expected = names([("good", name("CI", "")), ("half", name("", "kept"))]);
        assert_eq!(Names::decode(&text), Some(expected));
    }

    #[test]
    fn a_file_saved_by_a_windows_editor_is_read() {
        let all = names([("a", name("CI", ""))]);
        let saved = format!("\u{feff}{}", all.encode().replace('\n', "\r\n"));
        assert_eq!(Names::decode(&saved), Some(all));
    }

    #[test]
    fn names_are_trimmed_and_cut_between_characters() {
        let all = names([("a", name("  CI\u{0}main\n", "\n one\ntwo \n"))]);
        assert_eq!(all.get(&"a".into()), Some(&name("CI main", "one\ntwo")));

        let all = names([("a", name(&"ä".repeat(61), &"🔑".repeat(501)))]);
        let kept = all.get(&"a".into()).unwrap();
        assert_eq!(kept.label, "ä".repeat(60));
        assert_eq!(kept.note, "🔑".repeat(500));

        let all = names([("a", name(&format!("{} b", "a".repeat(59)), ""))]);
        assert_eq!(all.get(&"a".into()).unwrap().label, "a".repeat(59));
    }

    #[test]
    fn an_empty_name_is_forgotten() {
        let mut all = names([("a", name("CI", "")), ("b", name("", " "))]);
        assert_eq!(all.len(), 1);
        all.set("a".into(), name(" ", "\n")).unwrap();
        assert!(all.is_empty());
    }

    #[test]
    fn a_token_in_the_wrong_field_is_refused_and_changes_nothing() {
        let before = names([("a", name("CI", ""))]);
        let wrapped = TOKEN.replace("eyJpc3MiOi", "eyJpc3Mi\nOi");
        let bearer = format!("Authorization: Bearer {TOKEN}");
        let quoted = format!("IONOS_TOKEN=\"{TOKEN}\"");
        let beyond_the_limit = format!("{}{TOKEN}", "x ".repeat(400));
        let beginning = &TOKEN[..20];
        let end = &TOKEN[TOKEN.len() - 64..];
        for secret in [
            TOKEN,
            &wrapped,
            &bearer,
            &quoted,
            &beyond_the_limit,
            beginning,
            end,
        ] {
            let mut all = before.clone();
            for name in [name(secret, ""), name("", secret)] {
                assert_eq!(all.set("a".into(), name), Err(LooksLikeToken), "{secret}");
            }
            assert_eq!(all, before);
        }
    }

    #[test]
    fn ordinary_notes_are_no_tokens() {
        for text in [
            "",
            "CI of eyJ-team",
            "bd3a53c1-6f25-46ae-9a35-7a6a8b1d1dd0 and bd3a53c1-6f25-46ae-9a35-7a6a8b1d1dd1",
            "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
            "https://gitlab.example.com/Platform/Deploy-Tools/-/blob/main/README.md#L12-L40",
            "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft",
            "----------------------------------------------------------------------",
        ] {
            assert!(!looks_like_token(text), "{text}");
        }
    }

    #[test]
    fn names_of_tokens_that_are_gone_are_forgotten() {
        let mut all = names([("a", name("CI", "")), ("b", name("Laptop", ""))]);
        assert!(!all.retain(&[token("a"), token("b"), token("c")]));
        assert!(all.retain(&[token("b")]));
        assert_eq!(all, names([("b", name("Laptop", ""))]));
        assert!(all.retain(&[]));
        assert!(all.is_empty());
    }

    #[test]
    fn an_import_wins_over_what_is_here_and_counts_what_changed() {
        let mut ours = names([("a", name("old", "")), ("b", name("kept", ""))]);
        let theirs = names([("a", name("new", "")), ("c", name("added", ""))]);
        assert_eq!(ours.merge(theirs.clone()), 2);
        assert_eq!(
            ours,
            names([
                ("a", name("new", "")),
                ("b", name("kept", "")),
                ("c", name("added", ""))
            ])
        );
        assert_eq!(ours.merge(theirs), 0);
    }
}
