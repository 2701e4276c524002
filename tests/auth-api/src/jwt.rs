//! Tokens as JSON Web Tokens, signed with RS256.

use aws_lc_rs::digest::{SHA256, digest};
use aws_lc_rs::encoding::{AsDer, Pkcs8V1Der};
use aws_lc_rs::error::{KeyRejected, Unspecified};
use aws_lc_rs::rand::SystemRandom;
use aws_lc_rs::rsa::{KeyPair, KeySize};
use aws_lc_rs::signature::{KeyPair as _, RSA_PKCS1_2048_8192_SHA256, RSA_PKCS1_SHA256};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Serialize;
use uuid::Uuid;

/// The SHA-256 of something that is looked up but not kept.
pub(crate) type Digest = [u8; 32];

pub(crate) fn sha256(bytes: &[u8]) -> Digest {
    let mut sum = [0; 32];
    sum.copy_from_slice(digest(&SHA256, bytes).as_ref());
    sum
}

/// The payload of a token, in the order of IONOS's tokens.
#[derive(Serialize)]
pub(crate) struct Claims {
    pub(crate) iss: &'static str,
    pub(crate) iat: i64,
    pub(crate) exp: i64,
    pub(crate) client: &'static str,
    pub(crate) identity: Identity,
}

/// Whose token it is.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Identity {
    pub(crate) uuid: Uuid,
    pub(crate) contract_number: u32,
    pub(crate) reseller_id: u32,
    pub(crate) role: &'static str,
    pub(crate) reg_domain: &'static str,
    pub(crate) privileges: &'static [&'static str],
    pub(crate) is_parent: bool,
}

/// The key that signs every token.
pub(crate) struct SigningKey(KeyPair);

impl SigningKey {
    pub(crate) fn generate() -> Result<Self, Unspecified> {
        KeyPair::generate(KeySize::Rsa2048).map(Self)
    }

    pub(crate) fn from_pkcs8(der: &[u8]) -> Result<Self, KeyRejected> {
        KeyPair::from_pkcs8(der).map(Self)
    }

    pub(crate) fn to_pkcs8(&self) -> Result<Vec<u8>, Unspecified> {
        let der: Pkcs8V1Der<'_> = self.0.as_der()?;
        Ok(der.as_ref().to_vec())
    }

    /// Signs a token whose ID is `kid`.
    ///
    /// The header is written by hand: its fields stand in this order, and clients that decode it as
    /// padded base64 need its length to be a multiple of three bytes.
    pub(crate) fn sign(&self, kid: Uuid, claims: &Claims) -> Result<String, Unspecified> {
        let header = format!(r#"{{"typ":"JWT","kid":"{kid}","alg":"RS256"}}"#);
        let payload = serde_json::to_vec(claims).map_err(|_| Unspecified)?;
        let mut jwt = URL_SAFE_NO_PAD.encode(header);
        jwt.push('.');
        URL_SAFE_NO_PAD.encode_string(payload, &mut jwt);
        let mut signature = vec![0; self.0.public_modulus_len()];
        let random = SystemRandom::new();
        self.0
            .sign(&RSA_PKCS1_SHA256, &random, jwt.as_bytes(), &mut signature)?;
        jwt.push('.');
        URL_SAFE_NO_PAD.encode_string(signature, &mut jwt);
        Ok(jwt)
    }

    /// Whether `jwt` was signed by this key. The header's `alg` has no say: it is always RS256.
    pub(crate) fn signed(&self, jwt: &str) -> bool {
        let Some((message, signature)) = jwt.rsplit_once('.') else {
            return false;
        };
        let Ok(signature) = URL_SAFE_NO_PAD.decode(signature) else {
            return false;
        };
        let verified = aws_lc_rs::signature::UnparsedPublicKey::new(
            &RSA_PKCS1_2048_8192_SHA256,
            self.0.public_key(),
        )
        .verify(message.as_bytes(), &signature);
        verified.is_ok()
    }
}
