//! Reminders of expiries as an iCalendar file, RFC 5545.

use chrono::{Datelike, TimeDelta, Timelike};

use super::{Timestamp, TokenId};

/// A token whose expiry is to be remembered.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Reminder<'a> {
    /// The token.
    pub id: &'a TokenId,
    /// When it stops working.
    pub expires: Timestamp,
    /// One line, shown in the calendar and by the alarms.
    pub summary: &'a str,
    /// What to do then; it may have several lines.
    pub description: &'a str,
}

/// When the alarms ring, counted from the expiry.
const ALARMS: [&str; 2] = ["TRIGGER:-P7D", "TRIGGER:-P1D"];

/// How long the event after an expiry lasts: some calendars show events without a length on no day
/// or on a whole one.
const LENGTH: TimeDelta = TimeDelta::minutes(15);

/// Writes one event for each token.
///
/// An event starts when its token expires, so that the alarms ring exactly 7 days and 1 day before,
/// lasts 15 minutes and blocks no time. Its UID follows from the token's ID: importing a second
/// time updates it. A year of more than four digits cannot be written, and such a reminder is left
/// out.
pub fn calendar(reminders: &[Reminder<'_>], now: Timestamp) -> String {
    let mut file = File::default();
    file.line("BEGIN:VCALENDAR");
    file.line("VERSION:2.0");
    file.line("PRODID:-//IONOS Cloud//Token Manager//EN");
    file.line("CALSCALE:GREGORIAN");
    if let Some(stamp) = date(now) {
        for reminder in reminders {
            let end = date(reminder.expires + LENGTH);
            if let (Some(start), Some(end)) = (date(reminder.expires), end) {
                file.event(reminder, &stamp, &start, &end);
            }
        }
    }
    file.line("END:VCALENDAR");
    file.text
}

/// A file under construction.
#[derive(Default)]
struct File {
    text: String,
    /// How many bytes the current line has.
    length: usize,
}

impl File {
    /// The most bytes a line may have; longer ones are folded.
    const MAX_LENGTH: usize = 75;

    fn event(&mut self, reminder: &Reminder<'_>, stamp: &str, start: &str, end: &str) {
        self.line("BEGIN:VEVENT");
        self.value("UID:", &uid(reminder.id));
        self.value("DTSTAMP:", stamp);
        self.value("DTSTART:", start);
        self.value("DTEND:", end);
        self.escaped("SUMMARY:", reminder.summary);
        self.escaped("DESCRIPTION:", reminder.description);
        self.line("TRANSP:TRANSPARENT");
        for trigger in ALARMS {
            self.line("BEGIN:VALARM");
            self.line("ACTION:DISPLAY");
            self.escaped("DESCRIPTION:", reminder.summary);
            self.line(trigger);
            self.line("END:VALARM");
        }
        self.line("END:VEVENT");
    }

    fn line(&mut self, line: &str) {
        self.value(line, "");
    }

    fn value(&mut self, name: &str, value: &str) {
        for c in name.chars().chain(value.chars()) {
            self.push(c);
        }
        self.end();
    }

    /// Writes a line whose value is of the type TEXT.
    fn escaped(&mut self, name: &str, value: &str) {
        for c in name.chars() {
            self.push(c);
        }
        let mut previous = None;
        for c in value.trim().chars() {
            match c {
                '\n' if previous == Some('\r') => {}
                '\n' | '\r' => {
                    self.push('\\');
                    self.push('n');
                }
                '\\' | ';' | ',' => {
                    self.push('\\');
                    self.push(c);
                }
                // No other control character may occur in a calendar.
                c if c.is_control() && c != '\t' => {}
                c => self.push(c),
            }
            previous = Some(c);
        }
        self.end();
    }

    fn push(&mut self, c: char) {
        if self.length + c.len_utf8() > Self::MAX_LENGTH {
            self.end();
            self.text.push(' ');
            self.length = 1;
        }
        self.text.push(c);
        self.length += c.len_utf8();
    }

    fn end(&mut self) {
        self.text.push_str("\r\n");
        self.length = 0;
    }
}

/// An ID that is the same for the same token, and another one for another, of harmless characters
/// only.
fn uid(id: &TokenId) -> String {
    let mut uid = String::new();
    for byte in id.as_str().bytes() {
        if byte.is_ascii_alphanumeric() || byte == b'-' {
            uid.push(byte.into());
        } else {
            uid.push('_');
            push_number(&mut uid, byte.into(), 3);
        }
    }
    uid.push_str("@token-manager");
    uid
}

/// A moment in UTC, such as `20250923T072944Z`.
fn date(moment: Timestamp) -> Option<String> {
    let moment = moment.to_chrono();
    let year = u32::try_from(moment.year()).ok().filter(|y| *y <= 9999)?;
    let mut date = String::new();
    push_number(&mut date, year, 4);
    push_number(&mut date, moment.month(), 2);
    push_number(&mut date, moment.day(), 2);
    date.push('T');
    push_number(&mut date, moment.hour(), 2);
    push_number(&mut date, moment.minute(), 2);
    push_number(&mut date, moment.second(), 2);
    date.push('Z');
    Some(date)
}

/// Writes the last digits of a number.
fn push_number(out: &mut String, number: u32, digits: u32) {
    for place in (0..digits).rev() {
        let digit = number / 10_u32.pow(place) % 10;
        out.extend(char::from_digit(digit, 10));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// 2025-09-23T07:29:44Z
    const NOW: i64 = 1_758_612_584;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_timestamp(seconds).unwrap()
    }

    /// A component as RFC 5545 defines it: properties, and components inside.
    #[derive(Debug)]
    struct Component {
        name: String,
        properties: Vec<(String, String)>,
        inside: Vec<Component>,
    }

    impl Component {
        /// The value of a property that must be there exactly once.
        fn get(&self, name: &str) -> &str {
            let mut values = self.properties.iter().filter(|(n, _)| n == name);
            let (_, value) = values.next().unwrap_or_else(|| panic!("no {name}"));
            assert!(values.next().is_none(), "{name} comes twice");
            value
        }
    }

    /// Undoes the folding, and refuses whatever the grammar of lines does not allow.
    fn unfolded(text: &str) -> Vec<String> {
        let text = text.strip_suffix("\r\n").expect("the last line ends");
        let mut lines: Vec<String> = Vec::new();
        for line in text.split("\r\n") {
            assert!(line.len() <= 75, "too long: {line}");
            assert!(
                !line.contains(|c: char| c.is_control() && c != '\t'),
                "{line:?}"
            );
            match line.strip_prefix([' ', '\t']) {
                Some(more) => lines.last_mut().unwrap().push_str(more),
                None => lines.push(line.into()),
            }
        }
        lines
    }

    fn parse(lines: &mut dyn Iterator<Item = String>) -> Component {
        let begin = lines.next().unwrap();
        let name = begin.strip_prefix("BEGIN:").expect("a component begins");
        component(name, lines)
    }

    fn component(component_name: &str, lines: &mut dyn Iterator<Item = String>) -> Component {
        let mut read = Component {
            name: component_name.into(),
            properties: Vec::new(),
            inside: Vec::new(),
        };
        loop {
            let line = lines.next().expect("every component ends");
            let (name, value) = line.split_once(':').expect("a name and a value");
            assert!(
                name.bytes().all(|b| b.is_ascii_uppercase() || b == b'-'),
                "{line}"
            );
            match name {
                "BEGIN" => read.inside.push(component(value, lines)),
                "END" => {
                    assert_eq!(value, component_name);
                    return read;
                }
                _ => read.properties.push((name.into(), value.into())),
            }
        }
    }

    /// Reads a value of the type TEXT, in which some characters must be escaped and no others may.
    fn text(value: &str) -> String {
        let mut text = String::new();
        let mut chars = value.chars();
        while let Some(c) = chars.next() {
            assert!(!matches!(c, ';' | ','), "not escaped: {value}");
            text.push(match c {
                '\\' => match chars.next() {
                    Some('n' | 'N') => '\n',
                    Some(c @ ('\\' | ';' | ',')) => c,
                    other => panic!("{other:?} is escaped: {value}"),
                },
                c => c,
            });
        }
        text
    }

    /// Reads a calendar strictly and gives its events.
    fn events(file: &str) -> Vec<Component> {
        let mut lines = unfolded(file).into_iter();
        let calendar = parse(&mut lines);
        assert_eq!(lines.next(), None, "one calendar a file");
        assert_eq!(calendar.name, "VCALENDAR");
        assert_eq!(calendar.get("VERSION"), "2.0");
        assert!(calendar.get("PRODID").starts_with("-//"));
        let names: Vec<_> = calendar.properties.iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["VERSION", "PRODID", "CALSCALE"]);
        for event in &calendar.inside {
            assert_eq!(event.name, "VEVENT");
            assert_eq!(event.get("TRANSP"), "TRANSPARENT");
            assert!(event.get("DTSTART") < event.get("DTEND"));
            for name in ["UID", "DTSTAMP", "SUMMARY", "DESCRIPTION"] {
                event.get(name);
            }
            assert_eq!(event.properties.len(), 7, "{event:?}");
        }
        calendar.inside
    }

    fn one_event(id: &str, expires: Timestamp, summary: &str, description: &str) -> Component {
        let id = TokenId::from(id);
        let reminder = Reminder {
            id: &id,
            expires,
            summary,
            description,
        };
        let mut events = events(&calendar(&[reminder], at(NOW)));
        assert_eq!(events.len(), 1);
        events.remove(0)
    }

    #[test]
    fn an_event_starts_when_its_token_expires() {
        let event = one_event("a-1", at(NOW + 86_400), "s", "d");
        assert_eq!(event.get("DTSTAMP"), "20250923T072944Z");
        assert_eq!(event.get("DTSTART"), "20250924T072944Z");
        assert_eq!(event.get("DTEND"), "20250924T074444Z");
        assert_eq!(event.get("UID"), "a-1@token-manager");
    }

    #[test]
    fn alarms_ring_seven_days_and_one_day_before() {
        let event = one_event("a", at(NOW), "Token \"CI\" expires; act", "d");
        let alarms = event.inside.iter().map(|alarm| {
            assert_eq!(alarm.name, "VALARM");
            assert_eq!(alarm.get("ACTION"), "DISPLAY");
            assert_eq!(text(alarm.get("DESCRIPTION")), "Token \"CI\" expires; act");
            assert_eq!(alarm.properties.len(), 3);
            alarm.get("TRIGGER")
        });
        assert_eq!(alarms.collect::<Vec<_>>(), ["-P7D", "-P1D"]);
    }

    #[test]
    fn texts_come_back_as_they_were() {
        let summary = "a,b;c\\d:e\"f\\n — Schlüssel läuft ab 🔑";
        let description = "one\n\ttwo\n\nthree, four; 5\\6";
        let event = one_event("a", at(NOW), summary, description);
        assert_eq!(text(event.get("SUMMARY")), summary);
        assert_eq!(text(event.get("DESCRIPTION")), description);
    }

    #[test]
    fn no_text_breaks_out_of_its_line() {
        let event = one_event(
            "a",
            at(NOW),
            "x\r\nEND:VEVENT\rATTACH:y\u{0}\u{7f}\u{85}\n",
            "",
        );
        assert_eq!(text(event.get("SUMMARY")), "x\nEND:VEVENT\nATTACH:y");
        assert_eq!(event.get("DESCRIPTION"), "");
    }

    #[test]
    fn long_lines_are_folded_between_characters() {
        for unit in ["a", "ä", "€", "🔑", ",", "\n.", "a🔑ä"] {
            for count in 1..120 {
                let long = [".", &unit.repeat(count), "."].concat();
                let event = one_event("a", at(NOW), &long, &long);
                assert_eq!(text(event.get("SUMMARY")), long);
            }
        }
    }

    #[test]
    fn a_uid_is_one_tokens_alone_and_harmless() {
        let ids = [
            "bd3a53c1-6f25-46ae-9a35-7a6a8b1d1dd0",
            "a",
            "A",
            "a b",
            "a_b",
            "a_032b",
            "a;b",
            "a\r\nb",
            "ä",
            "",
        ];
        let uids: Vec<String> = ids
            .iter()
            .map(|id| one_event(id, at(NOW), "s", "d").get("UID").to_owned())
            .collect();
        for (index, uid) in uids.iter().enumerate() {
            let (id, domain) = uid.split_once('@').unwrap();
            assert!(
                id.bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b"-_".contains(&b))
            );
            assert_eq!(domain, "token-manager");
            assert!(!uids[..index].contains(uid), "{uid}");
        }
        assert_eq!(uids[0], [ids[0], "@token-manager"].concat());
    }

    #[test]
    fn all_tokens_fit_in_one_file() {
        let ids: Vec<TokenId> = (0..100)
            .map(|number| TokenId::from(number.to_string()))
            .collect();
        let reminders: Vec<_> = ids
            .iter()
            .map(|id| Reminder {
                id,
                expires: at(NOW),
                summary: "s",
                description: "d",
            })
            .collect();
        assert_eq!(events(&calendar(&reminders, at(NOW))).len(), 100);
        assert_eq!(events(&calendar(&[], at(NOW))).len(), 0);
    }

    #[test]
    fn a_date_that_cannot_be_written_is_left_out() {
        let id = TokenId::from("a");
        let last = at(253_402_300_799);
        let dates = [
            Timestamp::MIN_UTC,
            at(-62_167_219_201),
            at(-62_167_219_200),
            at(NOW),
            last - TimeDelta::minutes(15),
            last,
            Timestamp::MAX_UTC,
        ];
        let reminders = dates.map(|expires| Reminder {
            id: &id,
            expires,
            summary: "s",
            description: "d",
        });
        let events = events(&calendar(&reminders, at(NOW)));
        let starts: Vec<_> = events.iter().map(|event| event.get("DTSTART")).collect();
        assert_eq!(
            starts,
            ["00000101T000000Z", "20250923T072944Z", "99991231T234459Z"]
        );
    }
}
