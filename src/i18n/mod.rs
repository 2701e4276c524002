//! The page's words: [`Messages`] and [`LaterMessages`] for each language, so that a missing string
//! does not compile.

mod de;
mod en;

use std::hint::black_box;

pub use de::{GERMAN, GERMAN_LATER};
pub use en::{ENGLISH, ENGLISH_LATER};

/// A language of the page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Language {
    /// English, the source.
    #[default]
    English,
    /// German, its translation.
    German,
}

impl Language {
    /// The language that a BCP 47 tag asks for; English if it is one that the page does not speak.
    pub fn of_tag(tag: &str) -> Self {
        match tag.get(..2) {
            Some(primary) if primary.eq_ignore_ascii_case("de") => Self::German,
            _ => Self::English,
        }
    }

    /// The tag for `lang` attributes and `Intl`.
    pub fn tag(self) -> &'static str {
        match self {
            Self::English => "en",
            Self::German => "de",
        }
    }

    /// The words of the form and the list.
    pub fn messages(self) -> &'static Messages {
        match self {
            Self::English => &ENGLISH,
            Self::German => &german().0,
        }
    }

    /// All other words. Only for what is loaded later, so that these are, too.
    pub fn later_messages(self) -> &'static LaterMessages {
        match self {
            Self::English => &ENGLISH_LATER,
            Self::German => &german().1,
        }
    }
}

/// The German texts. `cargo xtask dist` puts them into a file of their own, which the page loads
/// before it asks for them: so nothing else may know where they are, the optimiser included.
#[inline(never)]
fn german() -> &'static (Messages, LaterMessages) {
    black_box(&(GERMAN, GERMAN_LATER))
}

/// A text with a number in it.
pub struct Plural {
    /// For the language's singular.
    pub one: &'static str,
    /// For all other numbers.
    pub other: &'static str,
}

impl Plural {
    /// The text for `number`, which takes the place of the first `{}`.
    pub fn with(&self, number: &str, is_one: bool) -> String {
        let text = if is_one { self.one } else { self.other };
        fill(text, &[number])
    }
}

/// Puts each of `values` in the place of the next `{}`.
pub fn fill(text: &str, values: &[&str]) -> String {
    let mut filled = String::new();
    let mut rest = text;
    let mut values = values.iter();
    while let Some((before, after)) = rest.split_once('{') {
        filled.push_str(before);
        filled.push_str(values.next().unwrap_or(&""));
        rest = after.strip_prefix('}').unwrap_or(after);
    }
    filled.push_str(rest);
    filled
}

macro_rules! messages {
    (
        $(#[doc = $what:literal])* $messages:ident,
        $($(#[doc = $section:literal])* $name:ident : $type:ty,)*
    ) => {
        $(#[doc = $what])*
        pub struct $messages {
            $($(#[doc = $section])* #[allow(missing_docs, reason = "the text says what it is for")] pub $name: $type,)*
        }

        impl $messages {
            /// The plain texts with their names, for tests over all of them.
            pub fn all(&self) -> Vec<(&'static str, Vec<&'static str>)> {
                vec![$((stringify!($name), Text::texts(&self.$name)),)*]
            }
        }
    };
}

trait Text {
    fn texts(&self) -> Vec<&'static str>;
}

impl Text for &'static str {
    fn texts(&self) -> Vec<&'static str> {
        vec![self]
    }
}

impl Text for Plural {
    fn texts(&self) -> Vec<&'static str> {
        vec![self.one, self.other]
    }
}

impl<const N: usize> Text for [&'static str; N] {
    fn texts(&self) -> Vec<&'static str> {
        self.to_vec()
    }
}

messages! {
    /// What the form and the list say in one language. `{}` stands for a value.
    Messages,
    title: &'static str,
    lead: &'static str,

    ttl: &'static str,
    ttl_presets: [&'static str; 9],
    expires_on: &'static str,
    generate: &'static str,
    generating: &'static str,
    limit_reached: &'static str,
    outcome_open: &'static str,

    refresh: &'static str,
    list: &'static str,
    column_id: &'static str,
    column_created: &'static str,
    column_expires: &'static str,
    column_status: &'static str,
    column_actions: &'static str,
    active: &'static str,
    expires_soon: &'static str,
    expired: &'static str,
    unknown_date: &'static str,
    unknown_status: &'static str,
    quota: &'static str,
    empty: &'static str,
    empty_hint: &'static str,
    loading: &'static str,
    list_old: &'static str,
    retry: &'static str,
    utc: &'static str,
    in_use: &'static str,
    delete: &'static str,
    delete_named: &'static str,
    copy: &'static str,
    copy_id_named: &'static str,

    sign_in: &'static str,
    sign_in_hint: &'static str,
    sign_in_again: &'static str,
    host_signs_in: &'static str,
    open_dcd: &'static str,
    bearer: &'static str,
    use_basic: &'static str,
    use_bearer: &'static str,
    email: &'static str,
    password: &'static str,
    contract: &'static str,
    contract_hint: &'static str,
    contract_digits: &'static str,
    credential_missing: &'static str,
    signing_in: &'static str,
    wrong_credential: &'static str,
    wrong_contract: &'static str,
    contract_needed: &'static str,
    second_factor_sign_in: &'static str,

    other_ttl: &'static str,
    shorter_is_safer: &'static str,
    quota_meter: &'static str,
    more: &'static str,
    all: &'static str,
    filter: &'static str,
    next_expiries: &'static str,
    search: &'static str,
    nothing_found: &'static str,
    select_all: &'static str,
    select_named: &'static str,
    delete_expired: &'static str,
    details: &'static str,
    details_named: &'static str,
    rotate: &'static str,
    rotate_named: &'static str,
    frees_up: Plural,

    /// Errors: what happened, what it means for the tokens, what to do.
    error_session: &'static str,
    error_step_up: &'static str,
    error_forbidden: &'static str,
    error_not_found: &'static str,
    error_refused: &'static str,
    error_refused_because: &'static str,
    error_too_many: &'static str,
    error_too_many_wait: &'static str,
    error_server: &'static str,
    error_network: &'static str,
    error_offline: &'static str,
    error_timeout: &'static str,
    error_unreadable: &'static str,
    list_failed: &'static str,
}

messages! {
    /// What is only said in answer to something that was done.
    LaterMessages,
    dismiss: &'static str,

    reveal: &'static str,
    save_warning: &'static str,
    token_id: &'static str,
    token_value: &'static str,
    copy_id: &'static str,
    copy_value: &'static str,
    show: &'static str,
    hide: &'static str,
    show_value: &'static str,
    hide_value: &'static str,
    masked: &'static str,
    download: &'static str,
    download_value: &'static str,
    close: &'static str,
    close_guard: &'static str,
    close_guard_text: &'static str,
    go_back: &'static str,
    close_anyway: &'static str,
    delete_this: &'static str,
    id_unknown: &'static str,
    copied_id: &'static str,
    copied_value: &'static str,
    copy_failed: &'static str,
    downloaded: &'static str,
    download_failed: &'static str,
    valid_until: &'static str,
    value_wiped: &'static str,

    delete_title: &'static str,
    delete_text: &'static str,
    delete_in_use: &'static str,
    cancel: &'static str,
    deleting: &'static str,
    deleted: &'static str,
    delete_unknown: &'static str,
    other_ttl_amount: &'static str,
    other_ttl_unit: &'static str,
    minutes: &'static str,
    hours: &'static str,
    days: &'static str,
    other_ttl_range: &'static str,
    select_none: &'static str,
    delete_selected: &'static str,
    delete_all: &'static str,
    rotated: &'static str,
    rotated_text: &'static str,
    check_this: &'static str,
    replaced: &'static str,
    mark_replaced: &'static str,
    delete_old: &'static str,
    delete_selected_title: &'static str,
    delete_expired_title: &'static str,
    delete_all_title: &'static str,
    delete_all_confirm: &'static str,
    deleted_partly: &'static str,
    deleted_many: &'static str,
    name: &'static str,
    note: &'static str,
    names_hint: &'static str,
    no_token_here: &'static str,
    save: &'static str,
    export_names: &'static str,
    import_names: &'static str,
    names_imported: &'static str,
    names_unreadable: &'static str,
    not_kept: &'static str,
    remind: &'static str,
    remind_all: &'static str,
    reminder_title: &'static str,
    reminder_text: &'static str,
    nothing_to_remind: &'static str,
    copied: &'static str,
    copy_named: &'static str,
    copy_snippet: &'static str,
    about_token: &'static str,
    user: &'static str,
    role: &'static str,
    privileges: &'static str,
    issued: &'static str,
    fingerprint: &'static str,
    fingerprint_is: &'static str,
    other_contract: &'static str,
    other_expiry: &'static str,
    clock_off: &'static str,
    use_it: &'static str,
    download_env: &'static str,
    download_ionosctl: &'static str,
    try_it: &'static str,
    trying: &'static str,
    it_fails: &'static str,
    snippets: &'static str,
    inspect: &'static str,
    inspect_field: &'static str,
    inspect_hint: &'static str,
    inspect_file: &'static str,
    inspect_go: &'static str,
    inspect_asking: &'static str,
    inspect_active: &'static str,
    inspect_expired: &'static str,
    inspect_not_found: &'static str,
    inspect_gone: &'static str,
    inspect_no_id: &'static str,
    inspect_no_token: &'static str,
    show_in_list: &'static str,
    delete_now: &'static str,
    selected: Plural,
    delete_selected_text: Plural,
    delete_expired_text: Plural,
    delete_all_text: Plural,
    it_works: Plural,

    /// What became of a generate whose answer did not tell, or told too little.
    nothing_created: &'static str,
    orphans: Plural,
    extras: Plural,
    late: Plural,
    created_at: &'static str,
    other_tab: &'static str,
    generate_failed: &'static str,
    delete_failed: &'static str,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_take_the_places_in_their_order() {
        assert_eq!(fill("{} of {} tokens", &["3", "100"]), "3 of 100 tokens");
        assert_eq!(fill("no place", &["3"]), "no place");
        assert_eq!(fill("{} and {}", &["one"]), "one and ");
    }

    #[test]
    fn a_language_is_found_by_its_tag() {
        for (tag, language) in [
            ("de", Language::German),
            ("de-AT", Language::German),
            ("DE", Language::German),
            ("en-GB", Language::English),
            ("fr", Language::English),
            ("", Language::English),
            ("ü", Language::English),
        ] {
            assert_eq!(Language::of_tag(tag), language, "{tag}");
        }
    }

    /// Each text's name with its source and its translation.
    fn texts() -> impl Iterator<Item = (&'static str, &'static str, &'static str)> {
        let english = ENGLISH.all().into_iter().chain(ENGLISH_LATER.all());
        let german = GERMAN.all().into_iter().chain(GERMAN_LATER.all());
        english
            .zip(german)
            .flat_map(|((name, source), (_, translation))| {
                let texts = source.into_iter().zip(translation);
                texts.map(move |(source, translation)| (name, source, translation))
            })
    }

    #[test]
    fn each_text_has_the_same_places_in_both_languages() {
        for (name, source, translation) in texts() {
            assert!(!source.is_empty() && !translation.is_empty(), "{name}");
            let places = |text: &str| text.matches("{}").count();
            assert_eq!(places(source), places(translation), "{name}");
        }
    }

    #[test]
    fn german_is_formal_and_at_most_twice_as_long() {
        for (name, source, translation) in texts() {
            let informal = [" du ", " dein", " dich ", "Du ", "Dein"];
            assert!(
                informal.iter().all(|word| !translation.contains(word)),
                "{name}"
            );
            assert!(
                translation.len() <= 2 * source.len() + 12,
                "{name}: {translation}"
            );
        }
    }
}
