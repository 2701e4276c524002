//! What the user calls tokens: kept in this browser, for each contract, and nowhere else.

use leptos::prelude::*;

use super::{App, Notice};
use crate::browser::{self, Store};
use crate::domain::{Name, Names, Reminder, Token, TokenId, calendar, decimal};

/// The names of a contract's tokens; its number follows.
const KEY: &str = "dcd-token-manager.names.";

impl App {
    fn names_key(self) -> String {
        let contract = self.contract().map(decimal);
        KEY.to_owned() + contract.as_deref().unwrap_or("default")
    }

    /// Reads the names of this contract's tokens.
    pub(super) fn read_names(self) {
        self.names.set(Names::default());
        if Store::Device.read(&self.names_key()).is_some() {
            self.when_complete(Box::new(move |()| self.take_names()));
        }
    }

    fn take_names(self) {
        let text = Store::Device.read(&self.names_key());
        let names = text.and_then(|text| Names::decode(&text));
        self.names.set(names.unwrap_or_default());
    }

    /// Forgets the names of tokens that are gone, where it is certain whose list was read.
    pub(super) fn clean_names(self) {
        if self.contract().is_none() {
            return;
        }
        let mut names = self.names.get_untracked();
        if self.list.with_untracked(|list| names.retain(&list.rows)) {
            self.keep_names(names);
        }
    }

    /// Calls a token something; false if that looks like a token's value, which is not kept.
    pub fn name_token(self, id: TokenId, name: Name) -> bool {
        let mut names = self.names.get_untracked();
        let named = names.set(id, name).is_ok();
        if named {
            self.keep_names(names);
        }
        named
    }

    fn keep_names(self, names: Names) {
        let key = self.names_key();
        match names.is_empty() {
            true => Store::Device.remove(&key),
            false => {
                if !Store::Device.write(&key, &names.encode()) {
                    self.tell(Notice::NotKept);
                }
            }
        }
        self.names.set(names);
    }

    /// What a token is called, or nothing.
    pub fn label(self, id: &TokenId) -> String {
        self.names
            .with(|names| names.get(id).map(|name| name.label.clone()))
            .unwrap_or_default()
    }

    /// Saves all names as a file.
    pub fn export_names(self) {
        let text = self.names.with_untracked(Names::encode);
        self.downloaded(
            browser::download(&text, "ionos-token-names.json", "application/json"),
            "ionos-token-names.json",
        );
    }

    /// Adds the names of a file that was exported earlier.
    pub fn import_names(self, file: impl Future<Output = Option<String>> + 'static) {
        self.spawn(async move {
            match file.await.and_then(|text| Names::decode(&text)) {
                Some(theirs) => {
                    let mut names = self.names.get_untracked();
                    let changed = names.merge(theirs);
                    self.keep_names(names);
                    self.clean_names();
                    self.tell(Notice::NamesImported(changed));
                }
                None => self.tell(Notice::NamesUnreadable),
            }
        });
    }

    /// Saves reminders of the expiries of `tokens` as a calendar file; texts are made by `words`.
    pub fn save_reminders(self, tokens: &[Token], words: impl Fn(&Token) -> [String; 2]) {
        let texts: Vec<[String; 2]> = untrack(|| tokens.iter().map(words).collect());
        let reminders: Vec<Reminder<'_>> = tokens
            .iter()
            .zip(&texts)
            .filter_map(|(token, [summary, description])| {
                Some(Reminder {
                    id: &token.id,
                    expires: token.expires?,
                    summary,
                    description,
                })
            })
            .collect();
        if reminders.is_empty() {
            self.tell(Notice::NothingToRemind);
            return;
        }
        let text = calendar(&reminders, super::timestamp());
        let name = match tokens {
            [token] => ["ionos-token-", &token.id.file_stem(), ".ics"].concat(),
            _ => "ionos-tokens.ics".to_owned(),
        };
        self.downloaded(browser::download(&text, &name, "text/calendar"), &name);
    }

    fn downloaded(self, offered: bool, name: &str) {
        self.tell(match offered {
            true => Notice::Downloaded(name.to_owned()),
            false => Notice::DownloadFailed,
        });
    }
}
