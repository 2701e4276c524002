//! What people do with the page, in a browser.

mod access;
mod capabilities;
mod delete;
mod embedding;
mod faults;
mod features;
mod generate;
mod language;
mod later;
mod leaks;
mod list;
mod menu;
mod reveal;
mod secrecy;
mod session;
mod sign_in;
