//! The server is killed under load, and starts again with what it has promised.

use crate::http;
use crate::server::{DEMO, Server, TOKENS};

use std::collections::HashSet;
use std::thread;
use std::time::Duration;

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;

const CLIENTS: usize = 4;
/// Together the clients stay below what the account may hold.
const KEPT_BY_CLIENT: usize = 20;

/// What a client knows when the server is gone.
#[derive(Default)]
struct Known {
    /// Tokens that the server has answered, and not deleted.
    kept: Vec<String>,
    /// Tokens whose deletion the server has answered.
    deleted: Vec<String>,
    /// A token whose deletion was asked for without an answer.
    in_doubt: Option<String>,
}

/// Generates and deletes until the server is gone.
fn client(address: &str) -> Known {
    let mut known = Known::default();
    loop {
        let path = format!("{TOKENS}/generate?ttl=3600");
        let Ok(answer) = http::send(address, "GET", &path, Some(DEMO)) else {
            return known;
        };
        assert_eq!(answer.status, 200, "{}", answer.body);
        let body: Value = serde_json::from_str(&answer.body).unwrap();
        known.kept.push(body["token"].as_str().unwrap().to_owned());
        if known.kept.len() == KEPT_BY_CLIENT {
            let token = known.kept.remove(0);
            let path = format!("{TOKENS}/{}", kid(&token));
            let Ok(answer) = http::send(address, "DELETE", &path, Some(DEMO)) else {
                known.in_doubt = Some(token);
                return known;
            };
            assert_eq!(answer.status, 200, "{}", answer.body);
            known.deleted.push(token);
        }
    }
}

fn listed(address: &str) -> HashSet<String> {
    let list = http::send(address, "GET", TOKENS, Some(DEMO)).unwrap();
    let list: Value = serde_json::from_str(&list.body).unwrap();
    let tokens = list["tokens"].as_array().unwrap();
    let ids = tokens.iter().map(|token| token["id"].as_str().unwrap());
    ids.map(str::to_owned).collect()
}

fn kid(token: &str) -> String {
    let header = token.split('.').next().unwrap();
    let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).unwrap()).unwrap();
    header["kid"].as_str().unwrap().to_owned()
}

#[test]
fn no_acknowledged_token_is_lost_and_none_appears_that_was_not_asked_for() {
    let data = tempfile::tempdir().unwrap();
    let mut acknowledged = 0;
    for round in 1..=5 {
        let mut server = Server::start(data.path(), "site=info");
        let all = format!("{TOKENS}?criteria=ALL");
        http::send(&server.address, "DELETE", &all, Some(DEMO)).unwrap();
        let clients: Vec<_> = (0..CLIENTS)
            .map(|_| {
                let address = server.address.clone();
                thread::spawn(move || client(&address))
            })
            .collect();
        thread::sleep(Duration::from_millis(200 * round));
        server.kill();
        let known: Vec<Known> = clients.into_iter().map(|c| c.join().unwrap()).collect();

        let server = Server::start(data.path(), "site=info");
        let listed = listed(&server.address);
        let kept: HashSet<String> = known.iter().flat_map(|k| &k.kept).map(|t| kid(t)).collect();
        let in_doubt = known.iter().filter_map(|k| k.in_doubt.as_deref()).map(kid);
        let in_doubt: HashSet<String> = in_doubt.collect();
        assert!(kept.is_subset(&listed), "acknowledged tokens are lost");
        for token in known.iter().flat_map(|k| &k.deleted) {
            assert!(!listed.contains(&kid(token)), "a deleted token is back");
        }
        // Each client waited for at most one answer when the server died.
        let unexplained = listed
            .difference(&kept)
            .filter(|id| !in_doubt.contains(*id));
        let waiting = CLIENTS - in_doubt.len();
        assert!(
            unexplained.count() <= waiting,
            "a token was never asked for"
        );
        for token in known.iter().filter_map(|k| k.kept.last()) {
            let bearer = format!("Bearer {token}");
            let answer = http::send(&server.address, "GET", TOKENS, Some(&bearer)).unwrap();
            assert_eq!(answer.status, 200);
        }
        acknowledged += kept.len();
    }
    assert!(
        acknowledged > CLIENTS,
        "the server was killed before it had done anything"
    );
}
