use auth_api::Config;

use crate::client::{Api, DEMO, FULL, TOKENS, basic, bearer, kid};

fn on_disk(folder: &tempfile::TempDir) -> Api {
    Api::with(Config {
        data: Some(folder.path().to_owned()),
        ..Config::default()
    })
}

#[tokio::test]
async fn tokens_and_their_key_outlive_the_server() {
    let folder = tempfile::tempdir().unwrap();
    let (kept, deleted) = {
        let api = on_disk(&folder);
        let (kept, deleted) = (api.generate(DEMO).await, api.generate(DEMO).await);
        let path = format!("{TOKENS}/{}", kid(&deleted));
        api.delete(&path, &basic(DEMO)).await;
        (kept, deleted)
    };
    let api = on_disk(&folder);
    assert_eq!(api.ids(&bearer(&kept)).await, [kid(&kept)]);
    assert_eq!(api.get(TOKENS, &bearer(&deleted)).await.status, 401);
    assert_eq!(api.ids(&basic(FULL)).await.len(), 100);
}

#[tokio::test]
async fn neither_passwords_nor_tokens_are_in_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let token = {
        let api = on_disk(&folder);
        api.generate(DEMO).await
    };
    let signature = token.rsplit('.').next().unwrap();
    for entry in std::fs::read_dir(folder.path()).unwrap() {
        let bytes = std::fs::read(entry.unwrap().path()).unwrap();
        let holds = |needle: &str| bytes.windows(needle.len()).any(|w| w == needle.as_bytes());
        assert!(!holds(signature));
        assert!(!holds(&token[..100]));
    }
    let database = rusqlite::Connection::open(folder.path().join("auth-api.sqlite")).unwrap();
    let mut passwords = database.prepare("SELECT password FROM accounts").unwrap();
    let passwords = passwords.query_map([], |row| row.get(0)).unwrap();
    let passwords: Vec<String> = passwords.map(Result::unwrap).collect();
    assert_eq!(passwords.len(), 4);
    assert!(passwords.iter().all(|hash| hash.starts_with("$argon2id$")));
}
