//! The token manager.
