//! What a sender is told when its delivery is not taken: a status and a sentence that says what to do.

use axum::body::Body;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::zammad::Bad;

/// Bytes that a delivery may have.
pub(super) const LARGEST: usize = 1 << 20;

/// Why a delivery is not taken.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error("the token in the address is not the one of this feed; copy the address again from the settings")]
    Token,
    #[error("nothing is here; POST to /in/zammad/TOKEN")]
    Path,
    #[error("only POST is understood here; set the phone system's method to POST")]
    Method,
    #[error("the content type is `{0}`; send application/json or application/x-www-form-urlencoded")]
    ContentType(String),
    #[error("the body is larger than {LARGEST} bytes; an event has a few hundred")]
    TooLarge,
    #[error("the body did not arrive whole; send it again")]
    Broken,
    #[error("the body took too long; send it again at once")]
    TooSlow,
    #[error(transparent)]
    Bad(#[from] Bad),
    #[error("the feed is closing; send it again in a moment")]
    Closing,
}

impl Refusal {
    fn status(&self) -> StatusCode {
        match self {
            Refusal::Token => StatusCode::UNAUTHORIZED,
            Refusal::Path => StatusCode::NOT_FOUND,
            Refusal::Method => StatusCode::METHOD_NOT_ALLOWED,
            Refusal::ContentType(_) => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Refusal::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Refusal::Broken | Refusal::Bad(_) => StatusCode::BAD_REQUEST,
            Refusal::TooSlow => StatusCode::REQUEST_TIMEOUT,
            Refusal::Closing => StatusCode::SERVICE_UNAVAILABLE,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        answer(self.status(), json!({ "error": self.to_string() }).to_string())
    }
}

/// A JSON answer.
pub(super) fn answer(status: StatusCode, body: String) -> Response {
    let mut response = Response::new(Body::from(body));
    *response.status_mut() = status;
    let json = HeaderValue::from_static("application/json");
    response.headers_mut().insert(header::CONTENT_TYPE, json);
    response
}
