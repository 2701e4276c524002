//! The five operations, and what every other request gets.

use std::sync::Arc;

use axum::extract::rejection::{PathRejection, QueryRejection};
use axum::extract::{Path, Query, State};
use axum::http::HeaderValue;
use axum::http::header::{ALLOW, CACHE_CONTROL};
use axum::response::IntoResponse;
use axum::routing::{any, get};
use axum::{Extension, Json, Router};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::auth::Caller;
use crate::error::ApiError;
use crate::settings::Settings;
use crate::store::{Store, Token};
use crate::{Shared, Wish};

pub(crate) const TOKENS: &str = "/auth/v1/tokens";
pub(crate) const GENERATE: &str = "/auth/v1/tokens/generate";
pub(crate) const TOKEN: &str = "/auth/v1/tokens/{id}";

/// The routes of the API, and its errors for whatever else is asked below its paths.
pub(crate) fn routes() -> Router<Arc<Shared>> {
    // A GET route answers HEAD by doing the same and leaving out the body, which would mint.
    let generate = get(generate).head(generate_by_get_only);
    Router::new()
        .route(
            TOKENS,
            get(list)
                .delete(delete_by_criteria)
                .fallback(method_not_allowed),
        )
        .route(GENERATE, generate.fallback(generate_by_get_only))
        .route(
            TOKEN,
            get(get_one).delete(delete_one).fallback(method_not_allowed),
        )
        .route("/auth/{*path}", any(unknown_path))
        // IONOS's command-line client asks this for a user's name and goes on without it.
        .route("/cloudapi/{*path}", any(unknown_path))
}

/// Answers what belongs to no route.
pub(crate) async fn unknown_path() -> ApiError {
    ApiError::not_found("The requested resource does not exist.")
}

async fn method_not_allowed() -> ApiError {
    ApiError::method_not_allowed()
}

async fn generate_by_get_only() -> impl IntoResponse {
    let allow = [(ALLOW, HeaderValue::from_static("GET"))];
    (allow, ApiError::method_not_allowed())
}

#[derive(Serialize)]
struct List {
    tokens: Vec<Item>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Item {
    id: Uuid,
    href: String,
    created_date: String,
    expiration_date: String,
}

impl Item {
    fn of(token: &Token, settings: &Settings) -> Self {
        Self {
            id: token.id,
            href: format!("{TOKENS}/{}", token.id),
            created_date: settings.date(token.created),
            expiration_date: settings.date(token.expires),
        }
    }
}

async fn list(
    State(shared): State<Arc<Shared>>,
    caller: Caller,
) -> Result<impl IntoResponse, ApiError> {
    let tokens = shared
        .store
        .run(move |store| store.tokens(caller.account.id, Some(caller.contract)))
        .await?;
    let settings = shared.settings();
    let tokens = tokens.iter().map(|token| Item::of(token, &settings));
    Ok(Json(List {
        tokens: tokens.collect(),
    }))
}

async fn get_one(
    State(shared): State<Arc<Shared>>,
    caller: Caller,
    id: Result<Path<String>, PathRejection>,
) -> Result<impl IntoResponse, ApiError> {
    let id = token_id(id)?;
    let token = shared
        .store
        .run(move |store| store.token(caller.account.id, caller.contract, id))
        .await?
        .ok_or_else(no_such_token)?;
    Ok(Json(Item::of(&token, &shared.settings())))
}

#[derive(Deserialize)]
struct GenerateQuery {
    ttl: Option<String>,
}

#[derive(Serialize)]
struct Generated {
    token: String,
}

/// Marks an answer whose request has made a token.
#[derive(Clone, Copy)]
pub(crate) struct Minted(pub(crate) Uuid);

const TTL: std::ops::RangeInclusive<i64> = 60..=31_536_000;

async fn generate(
    State(shared): State<Arc<Shared>>,
    caller: Caller,
    query: Result<Query<GenerateQuery>, QueryRejection>,
) -> Result<impl IntoResponse, ApiError> {
    caller.require_second_factor()?;
    let ttl = match query.map_err(|_| bad_ttl())?.0.ttl {
        Some(text) => integer(&text)
            .filter(|ttl| TTL.contains(ttl))
            .ok_or_else(bad_ttl)?,
        None => *TTL.end(),
    };
    let limit = shared.settings().token_limit;
    let wish = Wish {
        account: caller.account.id,
        contract: caller.contract,
        ttl,
        session: false,
    };
    let minted = shared.generate(wish);
    let (id, token) = minted.await?.ok_or_else(|| {
        ApiError::refused(format!(
            "The maximum number of {limit} tokens is reached. Delete a token to generate another."
        ))
    })?;
    let no_store = [(CACHE_CONTROL, HeaderValue::from_static("no-store"))];
    Ok((Extension(Minted(id)), no_store, Json(Generated { token })))
}

#[derive(Serialize)]
struct Deleted {
    success: bool,
}

const DELETED: Json<Deleted> = Json(Deleted { success: true });

async fn delete_one(
    State(shared): State<Arc<Shared>>,
    caller: Caller,
    id: Result<Path<String>, PathRejection>,
) -> Result<impl IntoResponse, ApiError> {
    caller.require_second_factor()?;
    let id = token_id(id)?;
    let deleted = shared
        .store
        .run(move |store| store.delete(caller.account.id, caller.contract, id))
        .await?;
    deleted.then_some(DELETED).ok_or_else(no_such_token)
}

#[derive(Deserialize)]
struct DeleteQuery {
    criteria: Criteria,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "UPPERCASE")]
pub(crate) enum Criteria {
    All,
    Expired,
    Current,
}

async fn delete_by_criteria(
    State(shared): State<Arc<Shared>>,
    caller: Caller,
    query: Result<Query<DeleteQuery>, QueryRejection>,
) -> Result<impl IntoResponse, ApiError> {
    caller.require_second_factor()?;
    let query = query.map_err(|_| {
        ApiError::refused("The parameter criteria must be ALL, EXPIRED or CURRENT.")
    })?;
    let now = shared.now();
    let (account, contract) = (caller.account.id, caller.contract);
    match query.criteria {
        Criteria::All => {
            let all = move |store: &Store| store.delete_all(account, contract);
            shared.store.run(all).await?;
        }
        Criteria::Expired => {
            let expired = move |store: &Store| store.delete_expired(account, contract, now);
            shared.store.run(expired).await?;
        }
        Criteria::Current => {
            let current = caller
                .token
                .ok_or_else(|| ApiError::refused("The criteria CURRENT needs a bearer token."))?;
            let current = move |store: &Store| store.delete(account, contract, current);
            shared.store.run(current).await?;
        }
    }
    Ok(DELETED)
}

fn bad_ttl() -> ApiError {
    let (least, most) = TTL.into_inner();
    ApiError::refused(format!(
        "The parameter ttl must be an integer from {least} to {most}."
    ))
}

fn no_such_token() -> ApiError {
    ApiError::not_found("The token does not exist.")
}

/// A path segment as a token's ID; what is no UUID, or not even text, names no token.
fn token_id(segment: Result<Path<String>, PathRejection>) -> Result<Uuid, ApiError> {
    let Path(text) = segment.map_err(|_| no_such_token())?;
    Uuid::try_parse(&text)
        .ok()
        .filter(|id| id.to_string().eq_ignore_ascii_case(&text))
        .ok_or_else(no_such_token)
}

/// Digits alone: no sign, no blanks.
fn integer(text: &str) -> Option<i64> {
    let digits = !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    digits.then(|| text.parse().ok()).flatten()
}
