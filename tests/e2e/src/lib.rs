//! Tests of the built page in real browsers, by WebDriver.
//!
//! [`scenario()`] starts a server and a browser of its own for each test; [`page::Page`] finds things
//! as people do, by role and name.

pub mod browser;
pub mod engine;
mod exceptions;
pub mod host;
pub mod journey;
pub mod page;
mod process;
pub mod scenario;
pub mod server;
pub mod traces;

pub use anyhow::{Result, ensure};
pub use engine::Engine;
pub use host::Host;
pub use journey::{Account, CLOSE_GUARD, Token};
pub use page::eventually;
pub use scenario::{Scenario, Setup, scenario};
pub use traces::Traces;
