//! What the page may do, as response headers and, as far as possible, in the page itself.

/// Where a Content Security Policy is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Place<'a> {
    /// The response header: the whole policy, with the origins that may frame the page.
    Header(&'a [String]),
    /// The page's `<meta>`: it holds on any host, whatever API its `config.json` names.
    Meta,
}

/// The policy of what is no page, for those who open it as one.
const NO_PAGE: &str = "default-src 'none'; frame-ancestors 'none'";

const PERMISSIONS: &str = "accelerometer=(), camera=(), clipboard-read=(), clipboard-write=(self), \
    display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), \
    payment=(), publickey-credentials-get=(), serial=(), usb=()";

/// What a page consists of, by integrity values.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Parts<'a> {
    /// Its one script.
    pub(crate) script: &'a str,
    /// The style in its head.
    pub(crate) style: &'a str,
}

/// The Content Security Policy that runs a page's one script and applies its one style.
pub(crate) fn content_security(place: Place<'_>, parts: Parts<'_>) -> String {
    let Parts { script, style } = parts;
    let connections = match place {
        Place::Header(_) => "'self' https://api.ionos.com",
        Place::Meta => "'self' https: http://localhost:* http://127.0.0.1:*",
    };
    let mut directives = vec![
        "default-src 'none'".to_owned(),
        format!("script-src '{script}' 'wasm-unsafe-eval'"),
        format!("style-src 'self' '{style}'"),
        "img-src 'self'".to_owned(),
        "font-src 'self'".to_owned(),
        format!("connect-src {connections}"),
        "base-uri 'none'".to_owned(),
        "object-src 'none'".to_owned(),
        "form-action 'none'".to_owned(),
        "require-trusted-types-for 'script'".to_owned(),
        "trusted-types 'none'".to_owned(),
    ];
    if let Place::Header(ancestors) = place {
        let ancestors = match ancestors {
            [] => "'none'".to_owned(),
            origins => origins.join(" "),
        };
        directives.push(format!("frame-ancestors {ancestors}"));
    }
    directives.join("; ")
}

/// A path, or all paths below one that ends in `*`, and its response headers.
pub(crate) struct Rule {
    /// The path, from where the page lies.
    pub(crate) path: &'static str,
    /// Names and values.
    pub(crate) headers: Vec<(&'static str, String)>,
}

/// The response headers of each path, none of them named twice for a path; those of all paths
/// come first.
///
/// `embed_origins` may show the frame in pages of their own.
pub(crate) fn rules(page: Parts<'_>, frame: Parts<'_>, embed_origins: &[String]) -> Vec<Rule> {
    let page = content_security(Place::Header(&[]), page);
    let frame = content_security(Place::Header(embed_origins), frame);
    vec![
        Rule {
            path: "/*",
            headers: vec![
                (
                    "Strict-Transport-Security",
                    "max-age=31536000; includeSubDomains".to_owned(),
                ),
                ("X-Content-Type-Options", "nosniff".to_owned()),
                ("Referrer-Policy", "no-referrer".to_owned()),
                ("Cross-Origin-Opener-Policy", "same-origin".to_owned()),
                ("Permissions-Policy", PERMISSIONS.to_owned()),
            ],
        },
        own("/", &page, "no-cache"),
        own("/index.html", &page, "no-cache"),
        own("/frame.html", &frame, "no-cache"),
        own("/config.json", NO_PAGE, "no-store"),
        shared("/embed.js", "no-cache"),
        shared("/assets/*", "public, max-age=31536000, immutable"),
    ]
}

/// What pages of other origins can't load.
fn own(path: &'static str, policy: &str, cache: &str) -> Rule {
    Rule {
        path,
        headers: vec![
            ("Content-Security-Policy", policy.to_owned()),
            ("Cache-Control", cache.to_owned()),
            ("Cross-Origin-Resource-Policy", "same-origin".to_owned()),
        ],
    }
}

/// What pages of other origins load: the element's script, its wasm and its style.
fn shared(path: &'static str, cache: &str) -> Rule {
    Rule {
        path,
        headers: vec![
            ("Content-Security-Policy", NO_PAGE.to_owned()),
            ("Cache-Control", cache.to_owned()),
            ("Access-Control-Allow-Origin", "*".to_owned()),
            ("Cross-Origin-Resource-Policy", "cross-origin".to_owned()),
        ],
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: Parts<'_> = Parts {
        script: "sha384-abc",
        style: "sha384-def",
    };

    #[test]
    fn only_the_one_script_and_wasm_may_run_and_the_one_style_apply() {
        for place in [Place::Header(&[]), Place::Meta] {
            let policy = content_security(place, PAGE);
            assert!(policy.contains("script-src 'sha384-abc' 'wasm-unsafe-eval';"));
            assert!(policy.contains("style-src 'self' 'sha384-def';"));
            assert!(policy.starts_with("default-src 'none';"));
            assert!(!policy.contains("'unsafe-inline'"));
        }
    }

    #[test]
    fn the_header_names_the_api_and_forbids_framing() {
        let policy = content_security(Place::Header(&[]), PAGE);
        assert!(policy.contains("connect-src 'self' https://api.ionos.com;"));
        assert!(policy.contains("frame-ancestors 'none'"));
        assert!(!content_security(Place::Meta, PAGE).contains("frame-ancestors"));
    }

    #[test]
    fn only_the_frame_is_shown_by_other_origins() {
        let origins = ["https://a.example", "https://b.example:8443"].map(str::to_owned);
        let framed = "frame-ancestors https://a.example https://b.example:8443";
        for rule in &rules(PAGE, PAGE, &origins)[1..] {
            let (_, policy) = &rule.headers[0];
            let is_frame = rule.path == "/frame.html";
            assert_eq!(policy.contains(framed), is_frame, "{}", rule.path);
            assert_ne!(policy.contains("frame-ancestors 'none'"), is_frame);
        }
        for rule in &rules(PAGE, PAGE, &[])[1..] {
            let (_, policy) = &rule.headers[0];
            assert!(policy.contains("frame-ancestors 'none'"), "{}", rule.path);
        }
    }

    #[test]
    fn no_path_gets_a_header_twice() {
        let rules = rules(PAGE, PAGE, &[]);
        let names = |rule: &Rule| rule.headers.iter().map(|(name, _)| *name).collect();
        let common: Vec<&str> = names(&rules[0]);
        assert_eq!(rules[0].path, "/*");
        for rule in &rules[1..] {
            let mut all: Vec<&str> = names(rule);
            all.extend(&common);
            let count = all.len();
            all.sort_unstable();
            all.dedup();
            assert_eq!(all.len(), count, "{}", rule.path);
        }
    }
}
