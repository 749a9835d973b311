//! What a sender is told when its delivery is not taken: a status and a sentence that says what to do.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use super::preset::Reply;
use super::proof::Unproven;
use super::told::Bad;
use crate::words::Saying;

/// Bytes that a delivery may have.
pub(super) const LARGEST: usize = 1 << 20;

/// Why a delivery is not taken.
#[derive(Debug, thiserror::Error)]
pub(super) enum Refusal {
    #[error(transparent)]
    Unproven(#[from] Unproven),
    #[error("nothing is here; the address is {0}")]
    Path(String),
    #[error("only {0} is understood here; set the phone system's method to {0}")]
    Method(String),
    #[error("{}", self.saying())]
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
    /// What is wrong and what to do; what only a sender meets stays in English.
    pub(super) fn saying(&self) -> Saying {
        match self {
            Refusal::Unproven(unproven) => unproven.saying(),
            Refusal::Bad(bad) => bad.saying(),
            Refusal::ContentType(kind) => Saying::of("said.hook_content_type").with("kind", kind),
            Refusal::Path(_)
            | Refusal::Method(_)
            | Refusal::TooLarge
            | Refusal::Broken
            | Refusal::TooSlow
            | Refusal::Closing => Saying::quoted(self),
        }
    }

    fn status(&self) -> StatusCode {
        match self {
            Refusal::Unproven(_) => StatusCode::UNAUTHORIZED,
            Refusal::Path(_) => StatusCode::NOT_FOUND,
            Refusal::Method(_) => StatusCode::METHOD_NOT_ALLOWED,
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
        let said = json!({ "error": self.to_string() }).to_string();
        answer(self.status(), Reply::json(said))
    }
}

/// An answer with that status.
pub(super) fn answer(status: StatusCode, reply: Reply) -> Response {
    let mut response = Response::new(Body::from(reply.body));
    *response.status_mut() = status;
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(reply.kind));
    if let Some((name, value)) = reply.header
        && let Ok(value) = HeaderValue::from_str(&value)
    {
        headers.insert(HeaderName::from_static(name), value);
    }
    response
}
