//! What the database holds after the first start.

use argon2::password_hash::Error;
use uuid::Uuid;

use crate::jwt::sha256;
use crate::password;
use crate::store::{Account, Token};

const PASSWORD: &str = "demo";
const CONTRACT: u32 = 31_884_391;
const SECOND_CONTRACT: u32 = 31_990_210;
const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;

/// The accounts with their e-mail addresses.
pub(crate) fn accounts() -> Result<[(&'static str, Account); 4], Error> {
    let account = |contracts: &[u32], second_factor| {
        Ok::<_, Error>(Account {
            id: Uuid::new_v4(),
            password: password::hash(PASSWORD)?,
            second_factor,
            contracts: contracts.to_vec(),
        })
    };
    Ok([
        ("demo@example.com", account(&[CONTRACT], false)?),
        (
            "multi@example.com",
            account(&[CONTRACT, SECOND_CONTRACT], false)?,
        ),
        ("secure@example.com", account(&[CONTRACT], true)?),
        (FULL, account(&[CONTRACT], false)?),
    ])
}

/// The account that starts with all the tokens it may hold.
pub(crate) const FULL: &str = "full@example.com";

/// The tokens of an account with `count` of them at `now`: a tenth has expired, a tenth expires
/// within a week, the others live on for up to a year.
pub(crate) fn tokens(account: &Account, count: u32, now: i64) -> Vec<Token> {
    let contract = account.contracts.first().copied().unwrap_or(CONTRACT);
    (0..count)
        .map(|index| {
            let step = i64::from(index);
            let lives_until = match index % 10 {
                0 => now - HOUR - step * 7 * HOUR,
                1 => now + HOUR + step % 160 * HOUR,
                _ => now + 8 * DAY + step * 37 % 350 * DAY,
            };
            let created = lives_until.min(now) - HOUR - step % 90 * DAY - step * 11 % 60 * 60;
            placeholder(account.id, contract, created, lives_until)
        })
        .collect()
}

/// A token whose text nobody has.
fn placeholder(account: Uuid, contract: u32, created: i64, expires: i64) -> Token {
    let id = Uuid::new_v4();
    Token {
        id,
        account,
        contract,
        digest: sha256(id.as_bytes()),
        created,
        expires,
        session: false,
    }
}
