//! What a token says about itself: the two JSON parts of a JWT, already freed of their base64.
//!
//! They are read, not verified: the page holds no key, and the API decides.

use super::json::{Reader, read_object};
use super::{Timestamp, TokenId};

/// The first part of a JWT.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct TokenHeader {
    /// The token's ID, under which the API lists it.
    pub kid: Option<TokenId>,
}

impl TokenHeader {
    /// Reads the header; `None` if it is no JSON object.
    pub fn decode(json: &str) -> Option<Self> {
        let mut kid = None;
        let is_object = read_object(json.as_bytes(), &mut |name, value| {
            if name == "kid" {
                kid = value.string();
            }
        });
        let kid = kid.filter(|kid| !kid.is_empty()).map(TokenId::from);
        is_object.then_some(Self { kid })
    }
}

/// The second part of a JWT, as far as the page shows it. What is missing or of a wrong type is
/// `None`.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub struct Claims {
    /// When the token was made.
    pub issued: Option<Timestamp>,
    /// When the token stops working.
    pub expires: Option<Timestamp>,
    /// The contract the token belongs to.
    pub contract: Option<u64>,
    /// The user's UUID.
    pub user: Option<String>,
    /// The user's role, such as `owner`.
    pub role: Option<String>,
    /// What the user may do, such as `DATA_CENTER_CREATE`.
    pub privileges: Vec<String>,
    /// The domain the contract was signed in, such as `ionos.de`.
    pub domain: Option<String>,
    /// The reseller of the contract.
    pub reseller: Option<u64>,
    /// Whether the contract has contracts below it.
    pub is_parent: Option<bool>,
}

impl Claims {
    /// Reads the claims; `None` if they are no JSON object.
    pub fn decode(json: &str) -> Option<Self> {
        let mut claims = Self::default();
        let mut field = |name: &str, value: &mut Reader<'_>| match name {
            "iat" => claims.issued = seconds(value),
            "exp" => claims.expires = seconds(value),
            "identity" => {
                // Of two identities the second one counts, and nothing of the first.
                claims = Self {
                    issued: claims.issued,
                    expires: claims.expires,
                    ..Self::default()
                };
                value.object(&mut |name, value| claims.identity(name, value));
            }
            _ => {}
        };
        read_object(json.as_bytes(), &mut field).then_some(claims)
    }

    fn identity(&mut self, name: &str, value: &mut Reader<'_>) {
        match name {
            "contractNumber" => self.contract = value.natural(),
            "uuid" => self.user = value.string(),
            "role" => self.role = value.string(),
            "privileges" => {
                self.privileges.clear();
                value.array(&mut |value| self.privileges.extend(value.string()));
            }
            "regDomain" => self.domain = value.string(),
            "resellerId" => self.reseller = value.natural(),
            "isParent" => self.is_parent = value.boolean(),
            _ => {}
        }
    }
}

fn seconds(value: &mut Reader<'_>) -> Option<Timestamp> {
    Timestamp::from_timestamp(value.integer()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_order_of_claims_does_not_matter() {
        let forth = r#"{"iat":1,"exp":2,"identity":{"contractNumber":3,"role":"owner"}}"#;
        let back = r#"{"identity":{"role":"owner","contractNumber":3},"exp":2,"iat":1}"#;
        let claims = Claims::decode(forth).unwrap();
        assert_eq!(Claims::decode(back).as_ref(), Some(&claims));
        assert_eq!(claims.expires, Timestamp::from_timestamp(2));
        assert_eq!(claims.contract, Some(3));
    }

    #[test]
    fn a_claim_of_a_wrong_type_hides_no_other() {
        let claims = r#"{"iat":"1","exp":[2],"identity":{"contractNumber":3.5,"uuid":{"a":[]},
            "role":"owner","privileges":["A",-1e999],"isParent":0,"resellerId":1e999,"regDomain":null}}"#;
        assert_eq!(
            Claims::decode(claims),
            Some(Claims {
                role: Some("owner".into()),
                privileges: vec!["A".into()],
                ..Claims::default()
            })
        );
        let claims = r#"{"iat":99999999999999999999,"exp":1.7e9,"identity":"me"}"#;
        assert_eq!(
            Claims::decode(claims),
            Some(Claims {
                expires: Timestamp::from_timestamp(1_700_000_000),
                ..Claims::default()
            })
        );
    }

    #[test]
    fn a_claim_that_comes_twice_counts_the_second_time() {
        let claims = Claims::decode(r#"{"exp":1,"exp":2}"#).unwrap();
        assert_eq!(claims.expires, Timestamp::from_timestamp(2));
    }

    #[test]
    fn a_header_tells_its_id_if_it_has_one() {
        let kid = |json| TokenHeader::decode(json).unwrap().kid;
        assert_eq!(
            kid(r#"{"typ":"JWT","kid":"a","alg":"RS256"}"#),
            Some("a".into())
        );
        assert_eq!(
            kid(r#"{"alg":"RS256","kid":"a","x5c":["b"]}"#),
            Some("a".into())
        );
        for none in ["{}", r#"{"kid":""}"#, r#"{"kid":7}"#, r#"{"kid":null}"#] {
            assert_eq!(kid(none), None, "{none}");
        }
    }

    #[test]
    fn what_is_no_object_has_no_claims() {
        for json in [
            "",
            "null",
            "7",
            "\"a\"",
            "[]",
            "{",
            "{}{}",
            "{\"exp\":}",
            "ey",
        ] {
            assert_eq!(Claims::decode(json), None, "{json}");
            assert_eq!(TokenHeader::decode(json), None, "{json}");
        }
    }
}
