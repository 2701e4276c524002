//! The API/SDK Authentication Token Manager of the IONOS Cloud Data Center Designer.
//!
//! In reading order: [`domain`] knows tokens and rules, [`secret`] holds what nobody else may,
//! [`api`] talks to the Auth API, [`session`] says on whose behalf, [`state`] keeps the list and
//! its commands in a [`signal`] each, [`page`] shows them with the parts in [`ui`] and the words in [`i18n`],
//! [`browser`] wraps the platform, and [`embed`] is the way in for the host page. [`later`] is where
//! a second part of the app is loaded.
//! `tests/tidy.rs` holds who may use whom.

pub mod api;
pub mod browser;
pub mod domain;
pub mod embed;
pub mod i18n;
pub mod later;
pub mod page;
pub mod secret;
pub mod session;
pub mod signal;
pub mod state;
pub mod ui;
