//! The same response headers in the words of each host: `_headers` files, nginx and Caddy.

use std::fmt::Write;

use crate::policy::Rule;

/// The files for hosts, by their names. A name that starts with `_` is not served.
pub(crate) fn files(rules: &[Rule]) -> [(&'static str, String); 4] {
    [
        ("_headers", plain(rules)),
        ("_headers.caddy", caddy(rules)),
        ("_headers.nginx", nginx(rules)),
        ("_headers.nginx-maps", nginx_maps(rules)),
    ]
}

/// As static hosts read it: a path, then its headers, indented.
fn plain(rules: &[Rule]) -> String {
    let blocks = rules.iter().map(|rule| {
        let headers = rule.headers.iter();
        let lines = headers.map(|(name, value)| format!("  {name}: {value}\n"));
        format!("{}\n{}", rule.path, lines.collect::<String>())
    });
    blocks.collect::<Vec<_>>().join("\n")
}

/// For Caddy's `import` where the page is served.
fn caddy(rules: &[Rule]) -> String {
    let mut file = NOTE.to_owned();
    for rule in rules {
        let matcher = if rule.path == "/*" { "" } else { rule.path };
        for (name, value) in &rule.headers {
            let words = ["header", matcher, name].map(str::to_owned);
            let words = words.into_iter().filter(|word| !word.is_empty());
            let line: Vec<String> = words.chain([quoted(value)]).collect();
            file += &line.join(" ");
            file.push('\n');
        }
    }
    file
}

/// For nginx's `include` in the location of the page.
///
/// The headers of all paths come with errors, too. The others do not, since an error must not be
/// kept as long as the file that is missing.
fn nginx(rules: &[Rule]) -> String {
    let mut file = NOTE.to_owned();
    let Some((all, others)) = rules.split_first() else {
        return file;
    };
    for (name, value) in &all.headers {
        // Writing to memory cannot fail, here and below.
        let _ = writeln!(file, "add_header {name} {} always;", quoted(value));
    }
    for name in names(others) {
        let _ = writeln!(file, "add_header {name} {};", variable(name));
    }
    file
}

/// For nginx's `include` in its `http` block: the values that depend on the path. An empty value
/// leaves its header out.
fn nginx_maps(rules: &[Rule]) -> String {
    let mut file = NOTE.to_owned();
    let others = rules.get(1..).unwrap_or_default();
    for name in names(others) {
        let _ = writeln!(file, "map $uri {} {{", variable(name));
        for rule in others {
            let value = rule.headers.iter().find(|(other, _)| *other == name);
            if let Some((_, value)) = value {
                let path = match rule.path.strip_suffix('*') {
                    Some(prefix) => format!("~^{}", prefix.replace('.', "\\.")),
                    None => rule.path.to_owned(),
                };
                let _ = writeln!(file, "    {path} {};", quoted(value));
            }
        }
        file += "}\n";
    }
    file
}

const NOTE: &str = "# Made along with the page: the policy names its script by content.\n";

/// The names of the headers of `rules`, each once.
fn names(rules: &[Rule]) -> Vec<&'static str> {
    let mut names: Vec<_> = rules.iter().flat_map(|rule| &rule.headers).collect();
    names.sort_unstable_by_key(|(name, _)| *name);
    names.dedup_by_key(|(name, _)| *name);
    names.into_iter().map(|(name, _)| *name).collect()
}

fn variable(header: &str) -> String {
    let name = header.replace('-', "_").to_lowercase();
    format!("$token_manager_{name}")
}

/// A header's value as one word. No value holds what would end it or mean more inside it.
fn quoted(value: &str) -> String {
    debug_assert!(!value.contains(['"', '\\', '$', '{', '}']), "{value}");
    format!("\"{value}\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules() -> Vec<Rule> {
        let rule = |path, headers: &[(&'static str, &str)]| Rule {
            path,
            headers: headers
                .iter()
                .map(|(name, value)| (*name, (*value).to_owned()))
                .collect(),
        };
        vec![
            rule("/*", &[("Referrer-Policy", "no-referrer")]),
            rule("/", &[("Cache-Control", "no-cache")]),
            rule(
                "/assets/*",
                &[
                    ("Cache-Control", "public, immutable"),
                    ("Access-Control-Allow-Origin", "*"),
                ],
            ),
        ]
    }

    fn content(file: &str) -> &str {
        file.strip_prefix(NOTE).unwrap()
    }

    #[test]
    fn static_hosts_read_a_block_for_each_path() {
        assert_eq!(
            plain(&rules()),
            "/*\n  Referrer-Policy: no-referrer\n\n\
             /\n  Cache-Control: no-cache\n\n\
             /assets/*\n  Cache-Control: public, immutable\n  Access-Control-Allow-Origin: *\n"
        );
    }

    #[test]
    fn caddy_reads_a_line_for_each_header() {
        assert_eq!(
            content(&caddy(&rules())),
            "header Referrer-Policy \"no-referrer\"\n\
             header / Cache-Control \"no-cache\"\n\
             header /assets/* Cache-Control \"public, immutable\"\n\
             header /assets/* Access-Control-Allow-Origin \"*\"\n"
        );
    }

    #[test]
    fn nginx_reads_what_depends_on_the_path_from_maps() {
        assert_eq!(
            content(&nginx(&rules())),
            "add_header Referrer-Policy \"no-referrer\" always;\n\
             add_header Access-Control-Allow-Origin $token_manager_access_control_allow_origin;\n\
             add_header Cache-Control $token_manager_cache_control;\n"
        );
        assert_eq!(
            content(&nginx_maps(&rules())),
            "map $uri $token_manager_access_control_allow_origin {\n    \
                 ~^/assets/ \"*\";\n}\n\
             map $uri $token_manager_cache_control {\n    \
                 / \"no-cache\";\n    \
                 ~^/assets/ \"public, immutable\";\n}\n"
        );
    }
}
