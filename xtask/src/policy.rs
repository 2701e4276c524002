//! What the page may do, as response headers and, as far as possible, in the page itself.

/// Where a Content Security Policy is written.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Place {
    /// The response header: the whole policy.
    Header,
    /// The page's `<meta>`: it holds on any host, whatever API its `config.json` names.
    Meta,
}

/// The Content Security Policy that runs the one script whose integrity value is `script`.
pub(crate) fn content_security(place: Place, script: &str) -> String {
    let connections = match place {
        Place::Header => "'self' https://api.ionos.com",
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
    if place == Place::Header {
        directives.push("frame-ancestors 'none'".to_owned());
    }
    directives.join("; ")
}

/// The `_headers` file: the response headers of each path, none of them named twice for a path.
pub(crate) fn headers(script: &str) -> String {
    let policy = content_security(Place::Header, script);
    let own = "Cross-Origin-Resource-Policy: same-origin";
    // Pages of other origins load the element's script, its wasm and its style.
    let shared = "Access-Control-Allow-Origin: *\n  Cross-Origin-Resource-Policy: cross-origin";
    format!(
        "\
/*
  Content-Security-Policy: {policy}
  Strict-Transport-Security: max-age=31536000; includeSubDomains
  X-Content-Type-Options: nosniff
  Referrer-Policy: no-referrer
  Cross-Origin-Opener-Policy: same-origin
  Permissions-Policy: accelerometer=(), camera=(), clipboard-read=(), clipboard-write=(self), \
display-capture=(), geolocation=(), gyroscope=(), magnetometer=(), microphone=(), midi=(), \
payment=(), publickey-credentials-get=(), serial=(), usb=()

/
  Cache-Control: no-cache
  {own}

/index.html
  Cache-Control: no-cache
  {own}

/config.json
  Cache-Control: no-store
  {own}

/embed.js
  Cache-Control: no-cache
  {shared}

/assets/*
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
        for place in [Place::Header, Place::Meta] {
            let policy = content_security(place, SCRIPT);
            assert!(policy.contains("script-src 'sha384-abc' 'wasm-unsafe-eval';"));
            assert!(policy.starts_with("default-src 'none';"));
            assert!(!policy.contains("'unsafe-inline'"));
        }
    }

    #[test]
    fn the_header_names_the_api_and_forbids_framing() {
        let policy = content_security(Place::Header, SCRIPT);
        assert!(policy.contains("connect-src 'self' https://api.ionos.com;"));
        assert!(policy.contains("frame-ancestors 'none'"));
        assert!(!content_security(Place::Meta, SCRIPT).contains("frame-ancestors"));
    }

    #[test]
    fn no_path_gets_a_header_twice() {
        let file = headers(SCRIPT);
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
        assert_eq!(others.len(), 5);
    }
}
