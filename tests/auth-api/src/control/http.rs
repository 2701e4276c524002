//! [`Control`] as JSON over HTTP.

use axum::extract::{Query, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::{Html, IntoResponse, Response};
use axum::routing::{get, post};
use axum::{Json, Router};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use crate::control::{Control, ControlError};
use crate::faults::{BadFault, Rule};
use crate::requests::Received;
use crate::settings::Settings;

pub(crate) fn router(control: Control) -> Router {
    Router::new()
        .route("/", get(page))
        .route("/examples", get(examples))
        .route("/faults", get(faults).post(add_faults).delete(clear_faults))
        .route("/requests", get(requests).delete(forget_requests))
        .route("/settings", get(settings).post(change_settings))
        .route("/tokens", get(token_ids))
        .route("/tokens/bulk", post(add_tokens))
        .route("/token", post(token))
        .route("/session", post(session))
        .with_state(control)
}

async fn page() -> Html<&'static str> {
    Html(include_str!("page.html"))
}

/// The faults that the page offers.
pub(crate) const EXAMPLES: &str = include_str!("examples.json");

async fn examples() -> impl IntoResponse {
    ([(CONTENT_TYPE, "application/json")], EXAMPLES)
}

async fn faults(State(control): State<Control>) -> Json<Vec<Rule>> {
    Json(control.faults())
}

/// Adds one rule, or several in an array.
async fn add_faults(
    State(control): State<Control>,
    Json(rules): Json<Value>,
) -> Result<Json<Vec<Rule>>, Response> {
    let rules = match rules {
        Value::Array(rules) => rules,
        rule => vec![rule],
    };
    let rules: Vec<Rule> = serde_json::from_value(rules.into()).map_err(refused)?;
    control
        .add_faults(rules)
        .map_err(IntoResponse::into_response)?;
    Ok(Json(control.faults()))
}

async fn clear_faults(State(control): State<Control>) -> StatusCode {
    control.clear_faults();
    StatusCode::NO_CONTENT
}

async fn requests(State(control): State<Control>) -> Json<Vec<Received>> {
    Json(control.requests())
}

async fn forget_requests(State(control): State<Control>) -> StatusCode {
    control.forget_requests();
    StatusCode::NO_CONTENT
}

async fn settings(State(control): State<Control>) -> Json<Settings> {
    Json(control.settings())
}

/// Changes the settings that are named and leaves the others.
async fn change_settings(
    State(control): State<Control>,
    Json(changes): Json<Map<String, Value>>,
) -> Result<Json<Settings>, Response> {
    let mut changed = serde_json::to_value(control.settings()).map_err(refused)?;
    for (name, value) in changes {
        changed[name] = value;
    }
    let changed: Settings = serde_json::from_value(changed).map_err(refused)?;
    control.change_settings(|settings| settings.clone_from(&changed));
    Ok(Json(changed))
}

#[derive(Deserialize)]
struct Of {
    account: String,
}

async fn token_ids(
    State(control): State<Control>,
    Query(of): Query<Of>,
) -> Result<Json<Vec<Uuid>>, ControlError> {
    control.token_ids(&of.account).map(Json)
}

#[derive(Deserialize)]
struct Bulk {
    account: String,
    count: u32,
}

async fn add_tokens(
    State(control): State<Control>,
    Json(bulk): Json<Bulk>,
) -> Result<StatusCode, ControlError> {
    control.add_tokens(&bulk.account, bulk.count)?;
    Ok(StatusCode::NO_CONTENT)
}

#[derive(Serialize)]
struct Token {
    token: String,
}

#[derive(Deserialize)]
struct TokenOf {
    account: String,
    ttl: i64,
}

async fn token(
    State(control): State<Control>,
    Query(of): Query<TokenOf>,
) -> Result<Json<Token>, ControlError> {
    let token = control.token(&of.account, of.ttl)?;
    Ok(Json(Token { token }))
}

async fn session(
    State(control): State<Control>,
    Query(of): Query<Of>,
) -> Result<Json<Token>, ControlError> {
    let token = control.session(&of.account)?;
    Ok(Json(Token { token }))
}

impl IntoResponse for BadFault {
    fn into_response(self) -> Response {
        refusal(StatusCode::UNPROCESSABLE_ENTITY, &self)
    }
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let status = match self {
            Self::NoAccount => StatusCode::NOT_FOUND,
            Self::Full => StatusCode::CONFLICT,
            Self::Failed => StatusCode::INTERNAL_SERVER_ERROR,
        };
        refusal(status, &self)
    }
}

fn refused(error: serde_json::Error) -> Response {
    refusal(StatusCode::UNPROCESSABLE_ENTITY, &error)
}

fn refusal(status: StatusCode, error: &dyn std::error::Error) -> Response {
    (status, Json(json!({ "error": error.to_string() }))).into_response()
}
