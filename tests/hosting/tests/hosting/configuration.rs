//! The servers' own opinion of their configuration, and what the container makes of it.

use std::fs;
use std::path::Path;

use auth_api::Tls;
use hosting::{Options, Software, built};
use rstest::rstest;

#[rstest]
fn the_server_finds_nothing_to_object_to(
    #[values(Software::Nginx, Software::Caddy)] software: Software,
    #[values("/", "/latest/")] base: &str,
) {
    let dist = built().unwrap();
    let api = Tls::self_signed().unwrap();
    let options = Options {
        dist: &dist,
        base,
        api: ("https", 443),
        api_certificate: api.certificate(),
    };
    let said = software.configure(&options).unwrap().check().unwrap();
    for objection in ["[warn]", "[error]", "\"warn\"", "WARN", "not formatted"] {
        assert!(!said.contains(objection), "{said}");
    }
}

#[test]
fn the_container_gets_what_its_configuration_reads() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../hosting");
    let read = |name| fs::read_to_string(folder.join(name)).unwrap();
    let (containerfile, caddyfile) = (read("Containerfile"), read("Caddyfile"));
    assert!(containerfile.contains("ENV SITE=:8080"));
    assert!(caddyfile.contains("{$SITE:"));
    assert!(containerfile.contains("COPY dist /srv/token-manager\n"));
    assert!(caddyfile.contains("{$PAGE:/srv/token-manager}"));
    // Only what is copied is sent to the builder.
    let sent = read("Containerfile.dockerignore");
    let sent: Vec<&str> = sent
        .lines()
        .filter_map(|line| line.strip_prefix('!'))
        .collect();
    let copied = containerfile
        .lines()
        .filter_map(|line| line.strip_prefix("COPY "));
    let copied: Vec<&str> = copied.filter_map(|words| words.split(' ').next()).collect();
    assert_eq!(copied, ["hosting/Caddyfile", "dist"]);
    assert!(copied.iter().all(|path| sent.contains(path)), "{sent:?}");
}
