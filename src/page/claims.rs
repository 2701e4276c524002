//! What a token says of itself.

use super::Words;
use crate::domain::Claims;
use crate::state::App;
use crate::ui::{El, el};

/// The claims that people care for, with their labels.
pub(super) fn rows(app: App, words: Words, claims: &Claims) -> Vec<(&'static str, String)> {
    let t = words.later();
    let date = |time| words.date(time, app.utc.get_untracked());
    let privileges = match claims.privileges.is_empty() {
        true => None,
        false => Some(readable(&claims.privileges)),
    };
    let rows = [
        (
            words.t.contract,
            claims.contract.map(|number| number.to_string()),
        ),
        (t.user, claims.user.clone()),
        (t.role, claims.role.clone()),
        (t.privileges, privileges),
        (t.issued, claims.issued.map(date)),
        (words.t.column_expires, claims.expires.map(date)),
    ];
    rows.into_iter()
        .filter_map(|(label, value)| Some((label, value?)))
        .collect()
}

/// Privileges as words: `DATA_CENTER_CREATE` becomes "data center create".
fn readable(privileges: &[String]) -> String {
    let words = privileges.iter();
    let words = words.map(|name| name.replace('_', " ").to_ascii_lowercase());
    words.collect::<Vec<_>>().join(", ")
}

/// Labels and values, one below the other.
pub(super) fn list(rows: Vec<(&'static str, String)>) -> El {
    let rows = rows
        .into_iter()
        .flat_map(|(label, value)| [el("dt").text(label), el("dd").text(&value)]);
    el("dl").class("claims").children(rows)
}
