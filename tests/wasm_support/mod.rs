//! What the browser tests share: a network that answers when the test says so, a host, a user.
#![allow(
    dead_code,
    unused_imports,
    reason = "each test crate uses its part of it"
)]

mod cleanup;
mod downloads;
mod ledger;
mod mishaps;
mod network;
mod page;
mod patch;
mod timers;
mod token;
mod vault;

pub(crate) use cleanup::Cleanup;
pub(crate) use downloads::Downloads;
pub(crate) use ledger::Ledger;
pub(crate) use mishaps::Mishaps;
pub(crate) use network::{API, Exchange, Network};
pub(crate) use page::{Host, Page, object, wait_until};
pub(crate) use patch::{Clipboard, Patch};
pub(crate) use timers::Timers;
pub(crate) use token::{row, rows, token};
pub(crate) use vault::Vault;

/// Lets everything run that is ready to run.
pub(crate) async fn settle() {
    for _ in 0..3 {
        token_manager::browser::pause(0).await;
    }
}
