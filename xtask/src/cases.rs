//! The cases of `faults.md` and `leaks.md` by browser, read from the tests' output.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt;

/// What the browser tests have told.
#[derive(Debug, Default)]
pub(crate) struct Cases {
    browsers: Vec<String>,
    /// Results by case and browser.
    results: BTreeMap<String, BTreeMap<String, &'static str>>,
    /// Why a test does not run in a browser.
    exceptions: BTreeSet<String>,
    /// What each browser can do.
    capabilities: Vec<String>,
}

impl Cases {
    /// Takes what Rust's test harness has written for `browser`.
    pub(crate) fn read(&mut self, browser: &str, output: &str) {
        self.browsers.push(browser.to_owned());
        for line in output.lines() {
            if let Some(exception) = line.strip_prefix("not run: ") {
                self.exceptions.insert(exception.to_owned());
            } else if let Some(capability) = line.strip_prefix("capability: ") {
                self.capabilities.push(capability.to_owned());
            } else if let Some((test, result)) = result(line)
                && let Some(case) = case(test)
            {
                let of_case = self.results.entry(case).or_default();
                of_case.insert(browser.to_owned(), result);
            }
        }
        for exception in &self.exceptions {
            let mut words = exception.split_whitespace();
            if let (Some(test), Some(own)) = (words.next(), words.nth(1))
                && own.trim_end_matches(':') == browser
                && let Some(of_case) = case(test).and_then(|case| self.results.get_mut(&case))
            {
                of_case.insert(browser.to_owned(), "-");
            }
        }
    }
}

/// A test's path and its result.
fn result(line: &str) -> Option<(&str, &'static str)> {
    let (test, result) = line.strip_prefix("test ")?.split_once(" ... ")?;
    let result = match result {
        "ok" => "ok",
        "FAILED" => "FAILED",
        _ => return None,
    };
    Some((test, result))
}

/// The name of a test that begins with the number of a case: `f01_…`, `l01_…`.
fn case(test: &str) -> Option<String> {
    let name = test.rsplit("::").next()?;
    let (id, rule) = name.split_once('_')?;
    let number = id.strip_prefix(['f', 'l'])?;
    let is_case = number.len() == 2 && number.bytes().all(|byte| byte.is_ascii_digit());
    is_case.then(|| format!("{} {}", id.to_uppercase(), rule.replace('_', " ")))
}

impl fmt::Display for Cases {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for capability in &self.capabilities {
            writeln!(f, "  {capability}")?;
        }
        let width = self.results.keys().map(String::len).max().unwrap_or(0);
        if width > 0 {
            write!(f, "  {:width$}", "")?;
            for browser in &self.browsers {
                write!(f, "  {browser:8}")?;
            }
            writeln!(f)?;
        }
        for (case, results) in &self.results {
            write!(f, "  {case:width$}")?;
            for browser in &self.browsers {
                write!(f, "  {:8}", results.get(browser).unwrap_or(&""))?;
            }
            writeln!(f)?;
        }
        for exception in &self.exceptions {
            writeln!(f, "  not run: {exception}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_case_is_a_test_named_after_a_number() {
        assert_eq!(case("faults::f01_a_b"), Some("F01 a b".to_owned()));
        assert_eq!(case("leaks::l19_c"), Some("L19 c".to_owned()));
        assert_eq!(case("list::for_all"), None);
        assert_eq!(case("list::f1_a"), None);
    }

    #[test]
    fn results_stand_beside_each_other() {
        let mut cases = Cases::default();
        cases.read("chromium", "test faults::f02_lost ... ok\n");
        cases.read(
            "webkit",
            "test faults::f02_lost ... ok\nnot run: faults::f02_lost in webkit: no such thing\n",
        );
        let table = cases.to_string();
        assert!(table.contains("F02 lost  ok        -"), "{table}");
        assert!(table.contains("no such thing"), "{table}");
    }
}
