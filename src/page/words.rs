//! The page's words and dates in one language.

use leptos::prelude::*;

use crate::browser::Formats;
use crate::domain::Timestamp;
use crate::i18n::{Language, Messages, Plural};

/// Texts and formats of one language; they live as long as the reactive owner they are made in.
#[derive(Clone, Copy)]
pub struct Words {
    /// The texts.
    pub t: &'static Messages,
    local: StoredValue<Formats, LocalStorage>,
    utc: StoredValue<Formats, LocalStorage>,
}

impl Words {
    /// The words of `language`.
    pub fn new(language: Language) -> Self {
        Self {
            t: language.messages(),
            local: StoredValue::new_local(Formats::new(language.tag(), false)),
            utc: StoredValue::new_local(Formats::new(language.tag(), true)),
        }
    }

    /// A date and time in UTC, said so, or in the device's zone.
    pub fn date(self, time: Timestamp, utc: bool) -> String {
        let milliseconds = time.timestamp_millis();
        if utc {
            let date = self
                .utc
                .with_value(|formats| formats.date_time(milliseconds));
            [&date, " UTC"].concat()
        } else {
            self.local
                .with_value(|formats| formats.date_time(milliseconds))
        }
    }

    /// How far `time` is from `now`: "in 3 days".
    pub fn relative(self, time: Timestamp, now: Timestamp) -> String {
        let seconds = (time - now).num_seconds();
        self.local.with_value(|formats| formats.relative(seconds))
    }

    /// The text for a number.
    pub fn count(self, text: &Plural, number: usize) -> String {
        text.with(
            number,
            self.local.with_value(|formats| formats.is_one(number)),
        )
    }
}
