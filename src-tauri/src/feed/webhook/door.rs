//! One delivery from its first byte to its acknowledgement.
//!
//! It does not know what the fields of a delivery mean; that is the preset's. Nothing here waits for
//! the desk.

use std::future::poll_fn;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::rejection::PathRejection;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::Response;
use axum::routing::post;
use chrono::{DateTime, Utc};
use subtle::ConstantTimeEq;
use tokio::sync::mpsc::error::TrySendError;
use tokio::time::timeout;

use super::fields::Fields;
use super::refusal::{LARGEST, Refusal, answer};
use super::zammad::{Calls, Delivery, Names};
use crate::call::CallEvent;
use crate::feed::{FeedSignal, Signal, Signals};

/// Bytes of a refused body that are read and thrown away, so that its sender gets to read the answer
/// instead of seeing its connection break in the middle of writing.
const DRAINED: usize = 64 << 20;

/// How long a body may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// What all deliveries of a feed share.
pub(super) struct Door {
    feed: Arc<str>,
    token: String,
    hearing: Mutex<Hearing>,
}

/// Held for as long as one delivery is translated and passed on, so that deliveries keep their order.
struct Hearing {
    calls: Calls,
    signals: Signals,
    lost: Lost,
}

/// Deliveries that found no room, and whether the desk has been told of all of them.
#[derive(Default)]
struct Lost {
    deliveries: u64,
    first: Option<DateTime<Utc>>,
    told: u64,
}

impl Door {
    pub(super) fn new(feed: Arc<str>, token: String, names: Names, signals: Signals) -> Self {
        let hearing = Hearing {
            calls: Calls::new(names),
            signals,
            lost: Lost::default(),
        };
        Door {
            feed,
            token,
            hearing: Mutex::new(hearing),
        }
    }

    pub(super) fn router(self) -> Router {
        Router::new()
            .route("/in/zammad/{token}", post(zammad))
            .fallback(|| async { Refusal::Path })
            .method_not_allowed_fallback(|| async { Refusal::Method })
            .with_state(Arc::new(self))
    }

    fn opens(&self, token: &str) -> bool {
        self.token.as_bytes().ct_eq(token.as_bytes()).into()
    }

    fn hear(&self, delivery: &Delivery, at: DateTime<Utc>) -> Result<(), Refusal> {
        let mut hearing = self.hearing.lock().unwrap_or_else(PoisonError::into_inner);
        let events = hearing.calls.translate(delivery)?;
        hearing.pass_on(&self.feed, events, at)
    }
}

impl Hearing {
    /// All events of a delivery or none: half a delivery would tell of a call without its phones.
    fn pass_on(&mut self, feed: &Arc<str>, events: Vec<CallEvent>, at: DateTime<Utc>) -> Result<(), Refusal> {
        let mut signals: Vec<Signal> = self.lost.untold().into_iter().collect();
        signals.extend(events.into_iter().map(Signal::Event));
        match self.signals.try_reserve_many(signals.len()) {
            Ok(room) => {
                for (room, what) in room.zip(signals) {
                    room.send(FeedSignal {
                        feed: feed.clone(),
                        at,
                        what,
                    });
                }
                self.lost.told = self.lost.deliveries;
                Ok(())
            }
            Err(TrySendError::Full(())) => {
                self.lost.count(at);
                tracing::warn!(%feed, lost = self.lost.deliveries, "the desk is behind: a delivery was dropped");
                Ok(())
            }
            Err(TrySendError::Closed(())) => Err(Refusal::Closing),
        }
    }
}

impl Lost {
    fn count(&mut self, at: DateTime<Utc>) {
        self.deliveries += 1;
        self.first.get_or_insert(at);
    }

    fn untold(&self) -> Option<Signal> {
        let first = self.first.filter(|_| self.told < self.deliveries)?;
        let caveat = format!(
            "{} deliveries found Ringside too busy since {} UTC, and what they told is missing; \
             calls of that time may look unfinished until they are closed by age",
            self.deliveries,
            first.format("%F %T")
        );
        Some(Signal::Up { caveat: Some(caveat) })
    }
}

async fn zammad(
    State(door): State<Arc<Door>>,
    token: Result<Path<String>, PathRejection>,
    headers: HeaderMap,
    mut body: Body,
) -> Result<Response, Refusal> {
    let opened = token.is_ok_and(|Path(token)| door.opens(&token));
    let checked = if opened { form(&headers) } else { Err(Refusal::Token) };
    let keep = if checked.is_ok() { LARGEST } else { 0 };
    let bytes = timeout(PATIENCE, whole(&mut body, keep))
        .await
        .map_err(|_| Refusal::TooSlow)?;
    let form = checked?;
    let delivery = read(form, &bytes?)?;
    door.hear(&delivery, Utc::now())?;
    Ok(answer(StatusCode::OK, "{}".to_owned()))
}

fn read(form: Form, bytes: &[u8]) -> Result<Delivery, Refusal> {
    let fields = match form {
        Form::Json => Fields::from_json(bytes).map_err(super::zammad::Bad::from)?,
        Form::UrlEncoded => Fields::from_form(bytes),
    };
    Ok(Delivery::read(&fields)?)
}

/// How a body is written.
#[derive(Clone, Copy)]
enum Form {
    Json,
    UrlEncoded,
}

fn form(headers: &HeaderMap) -> Result<Form, Refusal> {
    let given = headers
        .get(header::CONTENT_TYPE)
        .map_or(&b""[..], |value| value.as_bytes());
    let given = String::from_utf8_lossy(given);
    let kind = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    match kind.as_str() {
        "application/x-www-form-urlencoded" => Ok(Form::UrlEncoded),
        kind if kind == "application/json" || kind.ends_with("+json") => Ok(Form::Json),
        _ => Err(Refusal::ContentType(kind)),
    }
}

/// The body, when it has at most `keep` bytes. What is too much is read on, and not kept.
async fn whole(body: &mut Body, keep: usize) -> Result<Vec<u8>, Refusal> {
    let mut bytes = Vec::new();
    let mut seen = 0;
    while let Some(frame) = poll_fn(|cx| Pin::new(&mut *body).poll_frame(cx)).await {
        let Ok(data) = frame.map_err(|_| Refusal::Broken)?.into_data() else {
            continue;
        };
        seen += data.len();
        if seen <= keep {
            bytes.extend_from_slice(&data);
        }
        if seen > DRAINED {
            break;
        }
    }
    if seen > keep { Err(Refusal::TooLarge) } else { Ok(bytes) }
}
