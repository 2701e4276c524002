//! What the local Auth API does, as its users see it: over the router, and over real sockets.

mod authentication;
mod client;
mod control;
mod cors;
mod deleting;
mod durability;
mod faults;
mod fixtures;
mod generating;
mod listing;
mod paths;
mod tls;
