//! Filling the `{{name}}` placeholders of the page.

use anyhow::{Result, bail};

/// Puts each value in its placeholder's place.
///
/// A value without a placeholder and a placeholder without a value are both mistakes.
pub(crate) fn fill(template: &str, values: &[(&str, &str)]) -> Result<String> {
    let mut filled = template.to_owned();
    for (name, value) in values {
        let placeholder = format!("{{{{{name}}}}}");
        if !filled.contains(&placeholder) {
            bail!("{placeholder} is missing");
        }
        filled = filled.replace(&placeholder, value);
    }
    match filled.split_once("{{") {
        None => Ok(filled),
        Some((_, rest)) => {
            let name = rest.split("}}").next().unwrap_or(rest);
            bail!("{{{{{name}}}}} is not a placeholder")
        }
    }
}

/// A page without its indentation and without lines that are comments.
pub(crate) fn without_indent(html: &str) -> String {
    let lines = html.lines().map(str::trim);
    let lines = lines.filter(|line| !(line.is_empty() || line.starts_with("<!--")));
    lines.flat_map(|line| [line, "\n"]).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_placeholder_gets_its_value() {
        let filled = fill("<a href={{a}}>{{b}}{{a}}", &[("a", "1"), ("b", "2")]);
        assert_eq!(filled.unwrap(), "<a href=1>21");
    }

    #[test]
    fn a_page_loses_what_nobody_sees() {
        let page = "<p>\n  <!-- Why. -->\n\n  <b>a</b>\n  b\n</p>\n";
        assert_eq!(without_indent(page), "<p>\n<b>a</b>\nb\n</p>\n");
    }

    #[test]
    fn a_missing_placeholder_is_named() {
        let error = fill("{{a}}", &[("a", "1"), ("b", "2")]).unwrap_err();
        assert_eq!(error.to_string(), "{{b}} is missing");
    }

    #[test]
    fn an_unknown_placeholder_is_named() {
        let error = fill("{{a}} {{c}}", &[("a", "1")]).unwrap_err();
        assert_eq!(error.to_string(), "{{c}} is not a placeholder");
    }
}
