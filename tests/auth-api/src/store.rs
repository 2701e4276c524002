//! Accounts and tokens in one SQLite file.

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use rusqlite::{Connection, OptionalExtension, Result, Row, params};
use uuid::Uuid;

use crate::jwt::Digest;

const SCHEMA: &str = "
    CREATE TABLE IF NOT EXISTS accounts (
        id BLOB PRIMARY KEY,
        email TEXT NOT NULL UNIQUE COLLATE NOCASE,
        password TEXT NOT NULL,
        second_factor INTEGER NOT NULL
    ) STRICT;
    CREATE TABLE IF NOT EXISTS contracts (
        account BLOB NOT NULL REFERENCES accounts (id),
        number INTEGER NOT NULL,
        PRIMARY KEY (account, number)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS tokens (
        id BLOB PRIMARY KEY,
        account BLOB NOT NULL REFERENCES accounts (id),
        contract INTEGER NOT NULL,
        digest BLOB NOT NULL UNIQUE,
        created INTEGER NOT NULL,
        expires INTEGER NOT NULL,
        session INTEGER NOT NULL
    ) STRICT;
    CREATE INDEX IF NOT EXISTS tokens_of_account ON tokens (account, session);
    CREATE TABLE IF NOT EXISTS signing_key (pkcs8 BLOB NOT NULL) STRICT;
";

/// A user.
#[derive(Clone, Debug)]
pub(crate) struct Account {
    pub(crate) id: Uuid,
    pub(crate) password: String,
    /// Whether the account is secured with 2FA.
    pub(crate) second_factor: bool,
    pub(crate) contracts: Vec<u32>,
}

/// A token as it is kept: its text is not.
#[derive(Clone, Debug)]
pub(crate) struct Token {
    pub(crate) id: Uuid,
    pub(crate) account: Uuid,
    pub(crate) contract: u32,
    pub(crate) digest: Digest,
    pub(crate) created: i64,
    pub(crate) expires: i64,
    /// A 2FA-secured session: it authenticates, but it is neither listed nor counted.
    pub(crate) session: bool,
}

impl Token {
    fn read(row: &Row<'_>) -> Result<Self> {
        Ok(Self {
            id: row.get("id")?,
            account: row.get("account")?,
            contract: row.get("contract")?,
            digest: row.get("digest")?,
            created: row.get("created")?,
            expires: row.get("expires")?,
            session: row.get("session")?,
        })
    }

    /// Inserts if the account holds less than `limit`, and says whether it did.
    ///
    /// One statement counts and inserts, so that no two of them see the same free place.
    fn insert_below(&self, connection: &Connection, limit: u32) -> Result<bool> {
        let inserted = connection
            .prepare_cached(
                "INSERT INTO tokens (id, account, contract, digest, created, expires, session)
                 SELECT ?1, ?2, ?3, ?4, ?5, ?6, ?7
                 WHERE ?8 > (SELECT count(*) FROM tokens WHERE account = ?2 AND session = 0)",
            )?
            .execute(params![
                self.id,
                self.account,
                self.contract,
                self.digest,
                self.created,
                self.expires,
                self.session,
                limit
            ])?;
        Ok(inserted == 1)
    }

    fn insert(&self, connection: &Connection) -> Result<usize> {
        connection
            .prepare_cached(
                "INSERT INTO tokens (id, account, contract, digest, created, expires, session)
                 VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
            )?
            .execute(params![
                self.id,
                self.account,
                self.contract,
                self.digest,
                self.created,
                self.expires,
                self.session
            ])
    }
}

/// The database. Clones share it.
#[derive(Clone)]
pub(crate) struct Store(Arc<Mutex<Connection>>);

impl Store {
    /// Opens or makes the database file; without a path it lives in memory.
    pub(crate) fn open(file: Option<&Path>) -> Result<Self> {
        let connection = match file {
            Some(file) => Connection::open(file)?,
            None => Connection::open_in_memory()?,
        };
        connection.pragma_update(None, "journal_mode", "WAL")?;
        // Each commit is on the disk before it is acknowledged.
        connection.pragma_update(None, "synchronous", "FULL")?;
        connection.pragma_update(None, "foreign_keys", true)?;
        connection.execute_batch(SCHEMA)?;
        Ok(Self(Arc::new(Mutex::new(connection))))
    }

    /// Runs `work` where blocking is allowed.
    pub(crate) async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Self) -> Result<T> + Send + 'static,
    ) -> Result<T> {
        let store = self.clone();
        let done = tokio::task::spawn_blocking(move || work(&store)).await;
        done.unwrap_or_else(|panic| std::panic::resume_unwind(panic.into_panic()))
    }

    fn lock(&self) -> MutexGuard<'_, Connection> {
        // SQLite rolls back what a panic interrupted, so the connection is as good as before.
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn signing_key(&self) -> Result<Option<Vec<u8>>> {
        self.lock()
            .query_row("SELECT pkcs8 FROM signing_key", [], |row| row.get(0))
            .optional()
    }

    /// Fills an empty database: all of it or, if the process dies, nothing.
    pub(crate) fn seed(
        &self,
        pkcs8: &[u8],
        accounts: &[(&str, Account)],
        tokens: &[Token],
    ) -> Result<()> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        transaction.execute("INSERT INTO signing_key (pkcs8) VALUES (?1)", [pkcs8])?;
        for (email, account) in accounts {
            transaction.execute(
                "INSERT INTO accounts (id, email, password, second_factor) VALUES (?1, ?2, ?3, ?4)",
                params![account.id, email, account.password, account.second_factor],
            )?;
            for number in &account.contracts {
                transaction.execute(
                    "INSERT INTO contracts (account, number) VALUES (?1, ?2)",
                    params![account.id, number],
                )?;
            }
        }
        for token in tokens {
            token.insert(&transaction)?;
        }
        transaction.commit()
    }

    pub(crate) fn account_of_email(&self, email: &str) -> Result<Option<Account>> {
        self.account("email", &email)
    }

    pub(crate) fn account_of_id(&self, id: Uuid) -> Result<Option<Account>> {
        self.account("id", &id)
    }

    fn account(&self, column: &str, value: &dyn rusqlite::ToSql) -> Result<Option<Account>> {
        let connection = self.lock();
        let account = connection
            .prepare_cached(&format!(
                "SELECT id, password, second_factor FROM accounts WHERE {column} = ?1"
            ))?
            .query_row([value], |row| {
                Ok(Account {
                    id: row.get(0)?,
                    password: row.get(1)?,
                    second_factor: row.get(2)?,
                    contracts: Vec::new(),
                })
            })
            .optional()?;
        let Some(account) = account else {
            return Ok(None);
        };
        let contracts = connection
            .prepare_cached("SELECT number FROM contracts WHERE account = ?1 ORDER BY number")?
            .query_map([account.id], |row| row.get(0))?
            .collect::<Result<_>>()?;
        Ok(Some(Account {
            contracts,
            ..account
        }))
    }

    /// Keeps `token` if its account holds less than `limit`, and says whether it did.
    pub(crate) fn insert(&self, token: &Token, limit: u32) -> Result<bool> {
        token.insert_below(&self.lock(), limit)
    }

    /// Keeps all `tokens`, whatever their account holds.
    pub(crate) fn insert_all(&self, tokens: &[Token]) -> Result<()> {
        let mut connection = self.lock();
        let transaction = connection.transaction()?;
        for token in tokens {
            token.insert(&transaction)?;
        }
        transaction.commit()
    }

    pub(crate) fn token_of_digest(&self, digest: Digest) -> Result<Option<Token>> {
        self.lock()
            .prepare_cached("SELECT * FROM tokens WHERE digest = ?1")?
            .query_row([digest], Token::read)
            .optional()
    }

    /// The listed tokens of an account, of one contract or of all, oldest entry first.
    pub(crate) fn tokens(&self, account: Uuid, contract: Option<u32>) -> Result<Vec<Token>> {
        self.lock()
            .prepare_cached(
                "SELECT * FROM tokens
                 WHERE account = ?1 AND session = 0 AND contract = coalesce(?2, contract)
                 ORDER BY rowid",
            )?
            .query_map(params![account, contract], Token::read)?
            .collect()
    }

    pub(crate) fn token(&self, account: Uuid, contract: u32, id: Uuid) -> Result<Option<Token>> {
        self.lock()
            .prepare_cached(
                "SELECT * FROM tokens
                 WHERE id = ?3 AND account = ?1 AND contract = ?2 AND session = 0",
            )?
            .query_row(params![account, contract, id], Token::read)
            .optional()
    }

    /// Deletes one token or session, and says whether it was there.
    pub(crate) fn delete(&self, account: Uuid, contract: u32, id: Uuid) -> Result<bool> {
        let deleted = self.lock().execute(
            "DELETE FROM tokens WHERE id = ?3 AND account = ?1 AND contract = ?2",
            params![account, contract, id],
        )?;
        Ok(deleted == 1)
    }

    pub(crate) fn delete_all(&self, account: Uuid, contract: u32) -> Result<usize> {
        self.delete_expired(account, contract, i64::MAX)
    }

    /// Deletes the tokens of a contract that have expired at `now`.
    pub(crate) fn delete_expired(&self, account: Uuid, contract: u32, now: i64) -> Result<usize> {
        self.lock().execute(
            "DELETE FROM tokens
             WHERE account = ?1 AND contract = ?2 AND session = 0 AND expires <= ?3",
            params![account, contract, now],
        )
    }
}
