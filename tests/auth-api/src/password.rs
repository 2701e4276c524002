//! Password hashes, and why checking one again is quick.

use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};

use argon2::password_hash::phc::PasswordHash;
use argon2::password_hash::{Error, PasswordHasher, PasswordVerifier};
use argon2::{Algorithm, Argon2, Params, Version};
use uuid::Uuid;

use crate::jwt::{Digest, sha256};

/// Hashes `password` with a salt of its own, as a PHC string.
///
/// The accounts are for demonstration, so the memory cost is small and the first start quick.
pub(crate) fn hash(password: &str) -> Result<String, Error> {
    let cheap = Params::new(1024, 1, 1, None).map_err(|_| Error::ParamsInvalid)?;
    let hash = Argon2::new(Algorithm::Argon2id, Version::V0x13, cheap)
        .hash_password(password.as_bytes())?;
    Ok(hash.to_string())
}

/// The passwords that were right before.
///
/// Basic credentials come with every request, and hashing is slow on purpose. A right password is
/// remembered for the life of the process as a digest that is salted with something only it knows.
pub(crate) struct Passwords {
    salt: Uuid,
    right: Mutex<HashSet<Digest>>,
}

impl Passwords {
    pub(crate) fn new() -> Self {
        Self {
            salt: Uuid::new_v4(),
            right: Mutex::default(),
        }
    }

    /// Whether `password` is the one of `hash`.
    pub(crate) fn verify(&self, hash: &str, password: &str) -> bool {
        let known = sha256(&[self.salt.as_bytes(), hash.as_bytes(), password.as_bytes()].concat());
        if self.remembered(|right| right.contains(&known)) {
            return true;
        }
        let right = PasswordHash::new(hash).is_ok_and(|hash| {
            Argon2::default()
                .verify_password(password.as_bytes(), &hash)
                .is_ok()
        });
        if right {
            self.remembered(|right| right.insert(known));
        }
        right
    }

    fn remembered<T>(&self, with: impl FnOnce(&mut HashSet<Digest>) -> T) -> T {
        with(&mut self.right.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
