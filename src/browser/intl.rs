//! Dates and numbers as people of a language write them: the browser's `Intl`.

use js_sys::{Array, Date, Intl, Object, Reflect};
use wasm_bindgen::{JsCast, JsValue};

/// Formats for one language and time zone.
pub struct Formats {
    date_time: js_sys::Function,
    relative: Intl::RelativeTimeFormat,
    plural: Intl::PluralRules,
}

/// Seconds of the units of relative times, the largest first.
const UNITS: [(i64, &str); 4] = [
    (86_400, "day"),
    (3_600, "hour"),
    (60, "minute"),
    (1, "second"),
];

impl Formats {
    /// The formats of `language`, in UTC or in the device's zone.
    pub fn new(language: &str, utc: bool) -> Self {
        let locales = Array::of1(&language.into());
        let mut options = vec![("dateStyle", "medium"), ("timeStyle", "medium")];
        if utc {
            options.push(("timeZone", "UTC"));
        }
        let format = Intl::DateTimeFormat::new(&locales, &object(&options));
        let relative = object(&[("numeric", "auto")]);
        Self {
            date_time: format.format(),
            relative: Intl::RelativeTimeFormat::new(&locales, &relative),
            plural: Intl::PluralRules::new(&locales, &Object::new()),
        }
    }

    /// A date and time, given in milliseconds since 1970 UTC.
    pub fn date_time(&self, milliseconds: i64) -> String {
        let date = Date::new(&(milliseconds as f64).into());
        let text = self.date_time.call1(&JsValue::UNDEFINED, &date).ok();
        text.and_then(|text| text.as_string()).unwrap_or_default()
    }

    /// How far away something is, in the largest unit that fits: "in 3 days", "2 hours ago".
    pub fn relative(&self, seconds: i64) -> String {
        let unit = UNITS.iter().find(|(size, _)| seconds.abs() >= *size);
        let (size, unit) = unit.copied().unwrap_or((1, "second"));
        self.relative.format((seconds / size) as f64, unit).into()
    }

    /// Whether the language's plural of `number` is its singular form.
    pub fn is_one(&self, number: usize) -> bool {
        self.plural.select(number as f64) == "one"
    }
}

/// The name of the device's time zone, such as `Europe/Berlin`.
pub fn time_zone() -> String {
    let format = Intl::DateTimeFormat::new(&Array::new(), &Object::new());
    let zone = Reflect::get(&format.resolved_options(), &"timeZone".into());
    zone.ok()
        .and_then(|zone| zone.as_string())
        .unwrap_or_default()
}

fn object(entries: &[(&str, &str)]) -> Object {
    let entries = entries
        .iter()
        .map(|(key, value)| Array::of2(&(*key).into(), &(*value).into()));
    let entries: Array = entries.collect();
    Object::from_entries(&entries).unwrap_or_else(|_| JsValue::from(Object::new()).unchecked_into())
}
