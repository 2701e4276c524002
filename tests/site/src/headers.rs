//! The `_headers` file of static hosts: which response headers a path gets.

use axum::http::{HeaderName, HeaderValue};

/// The rules of a `_headers` file.
#[derive(Debug, Default)]
pub struct Headers {
    rules: Vec<Rule>,
}

#[derive(Debug)]
struct Rule {
    pattern: String,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Headers {
    /// Reads a `_headers` file: a path at the start of a line, then indented `Name: value` lines.
    ///
    /// # Errors
    ///
    /// A sentence that names the first line that is neither.
    pub fn parse(text: &str) -> Result<Self, String> {
        let mut rules: Vec<Rule> = Vec::new();
        for (number, line) in (1..).zip(text.lines()) {
            let content = line.trim();
            if content.is_empty() || content.starts_with('#') {
                continue;
            }
            if content.len() == line.trim_end().len() {
                rules.push(Rule {
                    pattern: content.to_owned(),
                    headers: Vec::new(),
                });
                continue;
            }
            let header = content.split_once(':').and_then(|(name, value)| {
                Some((name.trim().parse().ok()?, value.trim().parse().ok()?))
            });
            match (rules.last_mut(), header) {
                (Some(rule), Some(header)) => rule.headers.push(header),
                _ => return Err(format!("_headers, line {number}: not a header of a path")),
            }
        }
        Ok(Self { rules })
    }

    /// The headers of `path`, in the file's order.
    pub fn of<'a>(
        &'a self,
        path: &'a str,
    ) -> impl Iterator<Item = (&'a HeaderName, &'a HeaderValue)> {
        self.rules
            .iter()
            .filter(move |rule| rule.matches(path))
            .flat_map(|rule| rule.headers.iter().map(|(name, value)| (name, value)))
    }
}

impl Rule {
    fn matches(&self, path: &str) -> bool {
        match self.pattern.strip_suffix('*') {
            Some(prefix) => path.starts_with(prefix),
            None => path == self.pattern,
        }
    }
}

/// Adds `origins` to the `connect-src` directive of a Content Security Policy.
pub(crate) fn allow_connections(policy: &HeaderValue, origins: &[String]) -> HeaderValue {
    let directives = policy.to_str().unwrap_or_default().split(';');
    let widened: Vec<String> = directives
        .map(|directive| {
            let directive = directive.trim();
            if directive.split(' ').next() == Some("connect-src") {
                [&[directive.to_owned()], origins].concat().join(" ")
            } else {
                directive.to_owned()
            }
        })
        .collect();
    HeaderValue::try_from(widened.join("; ")).unwrap_or_else(|_| policy.clone())
}

#[cfg(test)]
mod tests {
    use super::*;

    const FILE: &str = "\
# A comment.
/*
  X-Content-Type-Options: nosniff

/assets/*
  Cache-Control: public, max-age=31536000, immutable
/
  Cache-Control: no-cache
";

    fn of(path: &str) -> Vec<String> {
        Headers::parse(FILE)
            .unwrap()
            .of(path)
            .map(|(name, value)| format!("{name}: {}", value.to_str().unwrap()))
            .collect()
    }

    #[test]
    fn a_path_gets_the_headers_of_every_rule_that_matches() {
        let nosniff = "x-content-type-options: nosniff";
        assert_eq!(of("/"), [nosniff, "cache-control: no-cache"]);
        assert_eq!(of("/index.html"), [nosniff]);
        assert_eq!(
            of("/assets/app.js"),
            [
                nosniff,
                "cache-control: public, max-age=31536000, immutable"
            ]
        );
    }

    #[test]
    fn a_line_that_is_no_header_is_an_error() {
        let error = Headers::parse("/*\n  nonsense\n").unwrap_err();
        assert!(error.contains("line 2"), "{error}");
        assert!(Headers::parse("  X-Frame-Options: DENY\n").is_err());
    }

    #[test]
    fn connections_are_allowed_in_connect_src_alone() {
        let policy = HeaderValue::from_static("default-src 'none'; connect-src 'self'; x y");
        assert_eq!(
            allow_connections(&policy, &["http://127.0.0.1:9".to_owned()]),
            "default-src 'none'; connect-src 'self' http://127.0.0.1:9; x y"
        );
    }
}
