//! The page's words and dates in one language.

use std::rc::Rc;

use leptos::prelude::*;

use crate::browser::Formats;
use crate::domain::{Timestamp, decimal};
use crate::i18n::{Language, LaterMessages, Messages, Plural};

/// Texts and formats of one language; they live as long as the reactive owner they are made in.
#[derive(Clone, Copy)]
pub(super) struct Words {
    /// The texts of the form and the list.
    pub(super) t: &'static Messages,
    language: Language,
    formats: StoredValue<Rc<[Formats; 2]>, LocalStorage>,
}

impl Words {
    /// The words of the language with this BCP 47 tag, and the formats of its region.
    pub(super) fn new(tag: &str) -> Self {
        let formats = [Formats::new(tag, false), Formats::new(tag, true)];
        let language = Language::of_tag(tag);
        Self {
            t: language.messages(),
            language,
            formats: StoredValue::new_local(Rc::new(formats)),
        }
    }

    /// All other texts. Only for what is loaded later, so that these are, too.
    pub(super) fn later(self) -> &'static LaterMessages {
        self.language.later_messages()
    }

    /// A date and time in UTC, said so, or in the device's zone.
    pub(super) fn date(self, time: Timestamp, utc: bool) -> String {
        let [local, universal] = &*self.formats.get_value();
        let milliseconds = time.timestamp_millis();
        match utc {
            true => universal.date(milliseconds) + " UTC",
            false => local.date(milliseconds),
        }
    }

    /// The time of day, in the device's zone.
    pub(super) fn time(self, time: Timestamp) -> String {
        let [local, _] = &*self.formats.get_value();
        local.time(time.timestamp_millis())
    }

    /// How far `time` is from `now`: "in 3 days".
    pub(super) fn relative(self, time: Timestamp, now: Timestamp) -> String {
        let [formats, _] = &*self.formats.get_value();
        formats.relative(time.millis_since(now) / 1000)
    }

    /// The text for a number.
    pub(super) fn count(self, text: &Plural, number: usize) -> String {
        let [formats, _] = &*self.formats.get_value();
        text.with(&decimal(number), formats.is_one(number))
    }
}
