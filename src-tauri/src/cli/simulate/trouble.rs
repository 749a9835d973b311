//! Why a post was not taken, and what to do about it.

use reqwest::StatusCode;

/// Why a post was not taken.
#[derive(Debug, thiserror::Error)]
pub(super) enum Trouble {
    #[error(
        "nothing took the post ({}); is Ringside running with a webhook feed, and are host and port of --to right?", root(.0)
    )]
    Unsent(#[source] reqwest::Error),
    #[error("{0}: {1}; {advice}", advice = advice(*.0))]
    Refused(StatusCode, String),
}

impl Trouble {
    pub(super) fn status(&self) -> String {
        match self {
            Trouble::Unsent(_) => "---".to_owned(),
            Trouble::Refused(status, _) => status.as_u16().to_string(),
        }
    }
}

fn advice(status: StatusCode) -> &'static str {
    match status {
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => "check the token at the end of --to",
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => "check the path of --to",
        StatusCode::BAD_REQUEST | StatusCode::UNSUPPORTED_MEDIA_TYPE => {
            "check that the other side understands this preset; try it with or without --form"
        }
        status if status.is_redirection() => "give the address it moved to in --to",
        status if status.is_server_error() => "look into the log of the other side",
        _ => "check --to",
    }
}

/// The last reason in the chain: `connection refused` says more than `error sending request`.
fn root(error: &reqwest::Error) -> String {
    let mut deepest: &dyn std::error::Error = error;
    while let Some(source) = deepest.source() {
        deepest = source;
    }
    deepest.to_string()
}

/// The sentence in a JSON answer, or the beginning of any other.
pub(super) fn reason(said: &str) -> String {
    let json: Option<serde_json::Value> = serde_json::from_str(said).ok();
    let sentence = json
        .as_ref()
        .and_then(|json| json.get("error"))
        .and_then(|error| error.as_str());
    let first = sentence.unwrap_or(said).lines().next().unwrap_or_default();
    let short: String = first.chars().filter(|c| !c.is_control()).take(200).collect();
    if short.is_empty() {
        "no reason was given".to_owned()
    } else {
        short
    }
}
