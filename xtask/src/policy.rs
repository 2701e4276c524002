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

/// The Content Security Policy that runs the one script whose integrity value is `script`.
pub(crate) fn content_security(place: Place<'_>, script: &str) -> String {
    let connections = match place {
        Place::Header(_) => "'self' https://api.ionos.com",
        Place::Meta => "'self' https: http://localhost:* http://127.0.0.1:*",
    };
    let mut directives = vec![
        "default-src 'none'".to_owned(),
        format!("script-src '{script}' 'wasm-unsafe-eval'"),
        "style-src 'self'".to_owned(),
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

/// The `_headers` file: the response headers of each path, none of them named twice for a path.
///
/// `embed_origins` may show the page's frame mode in pages of their own.
pub(crate) fn headers(script: &str, embed_origins: &[String]) -> String {
    let page = content_security(Place::Header(&[]), script);
    let frame = content_security(Place::Header(embed_origins), script);
    let own = "Cross-Origin-Resource-Policy: same-origin";
    // Pages of other origins load the element's script, its wasm and its style.
    let shared = "Access-Control-Allow-Origin: *\n  Cross-Origin-Resource-Policy: cross-origin";
    format!(
        "\
/*
  Strict-Transport-Security: max-age=31536000; includeSubDomains
  X-Content-Type-Options: nosniff
  Referrer-Policy: no-referrer
  Cross-Origin-Opener-Policy: same-origin
  Permissions-Policy: accelerometer=(), camera=(), clipboard-read=(), clipboard-write=(self), \
display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), \
payment=(), publickey-credentials-get=(), serial=(), usb=()

/
  Content-Security-Policy: {page}
  Cache-Control: no-cache
  {own}

/index.html
  Content-Security-Policy: {page}
  Cache-Control: no-cache
  {own}

/frame.html
  Content-Security-Policy: {frame}
  Cache-Control: no-cache
  {own}

/config.json
  Content-Security-Policy: {NO_PAGE}
  Cache-Control: no-store
  {own}

/embed.js
  Content-Security-Policy: {NO_PAGE}
  Cache-Control: no-cache
  {shared}

/assets/*
  Content-Security-Policy: {NO_PAGE}
  Cache-Control: public, max-age=31536000, immutable
  {shared}
"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const SCRIPT: &str = "sha384-abc";

    #[test]
    fn only_the_one_script_and_wasm_may_run() {
        for place in [Place::Header(&[]), Place::Meta] {
            let policy = content_security(place, SCRIPT);
            assert!(policy.contains("script-src 'sha384-abc' 'wasm-unsafe-eval';"));
            assert!(policy.starts_with("default-src 'none';"));
            assert!(!policy.contains("'unsafe-inline'"));
        }
    }

    #[test]
    fn the_header_names_the_api_and_forbids_framing() {
        let policy = content_security(Place::Header(&[]), SCRIPT);
        assert!(policy.contains("connect-src 'self' https://api.ionos.com;"));
        assert!(policy.contains("frame-ancestors 'none'"));
        assert!(!content_security(Place::Meta, SCRIPT).contains("frame-ancestors"));
    }

    #[test]
    fn only_the_frame_is_shown_by_other_origins() {
        let origins = ["https://a.example", "https://b.example:8443"].map(str::to_owned);
        let file = headers(SCRIPT, &origins);
        let framed = "frame-ancestors https://a.example https://b.example:8443";
        for block in file.split("\n\n").skip(1) {
            let is_frame = block.starts_with("/frame.html\n");
            assert_eq!(block.contains(framed), is_frame, "{block}");
            assert_ne!(block.contains("frame-ancestors 'none'"), is_frame);
        }
        let unframed = headers(SCRIPT, &[]);
        assert_eq!(unframed.matches("frame-ancestors 'none'").count(), 6);
    }

    #[test]
    fn no_path_gets_a_header_twice() {
        let file = headers(SCRIPT, &[]);
        let blocks: Vec<Vec<&str>> = file
            .split("\n\n")
            .map(|block| {
                let names = block.lines().skip(1).map(|line| line.split(':').next());
                names.flatten().map(str::trim).collect()
            })
            .collect();
        let (common, others) = blocks.split_first().unwrap();
        for names in others {
            assert!(names.iter().all(|name| !common.contains(name)), "{names:?}");
        }
        assert_eq!(others.len(), 6);
    }
}
