//! One delivery from its first byte to its acknowledgement.
//!
//! It does not know what a delivery means or how it is signed; that is behind the gate. Nothing here waits for the
//! desk.

use std::future::poll_fn;
use std::net::{IpAddr, Ipv4Addr};
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, HttpBody};
use axum::extract::connect_info::Connected;
use axum::extract::rejection::PathRejection;
use axum::extract::{self, ConnectInfo, Path, State};
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::{MethodFilter, on};
use axum::serve::IncomingStream;
use chrono::{DateTime, Utc};
use tokio::net::TcpListener;
use tokio::sync::mpsc::error::TrySendError;
use tokio::time::timeout;

use super::calls::Calls;
use super::gate::Gate;
use super::names::Names;
use super::proof::Unproven;
use super::refusal::{LARGEST, Refusal, answer};
use super::request::Request;
use super::tls::TlsListener;
use super::told::Told;
use crate::call::CallEvent;
use crate::feed::{FeedSignal, Signal, Signals, Tap};
use crate::words::Saying;

/// Bytes of a refused body that are read and thrown away, so that its sender gets to read the answer
/// instead of seeing its connection break in the middle of writing.
const DRAINED: usize = 64 << 20;

/// How long a body may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// Who is at the other end of the connection.
#[derive(Clone, Copy, Debug)]
pub(super) struct Peer(IpAddr);

impl Connected<IncomingStream<'_, TcpListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TcpListener>) -> Self {
        Peer(stream.remote_addr().ip())
    }
}

impl Connected<IncomingStream<'_, TlsListener>> for Peer {
    fn connect_info(stream: IncomingStream<'_, TlsListener>) -> Self {
        Peer(stream.remote_addr().ip())
    }
}

/// What all deliveries of a feed share.
pub(super) struct Door {
    feed: Arc<str>,
    gate: Arc<Gate>,
    tap: Tap,
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
    pub(super) fn new(feed: Arc<str>, gate: Arc<Gate>, names: Names, tap: Tap, signals: Signals) -> Self {
        let hearing = Hearing {
            calls: Calls::new(names),
            signals,
            lost: Lost::default(),
        };
        Door {
            feed,
            gate,
            tap,
            hearing: Mutex::new(hearing),
        }
    }

    pub(super) fn router(self) -> Router {
        let format = self.gate.format();
        let bare = format!("/in/{}", format.name());
        let full = if self.gate.opens(None) {
            bare.clone()
        } else {
            format!("{bare}/TOKEN")
        };
        let methods: Vec<&str> = format.methods().iter().map(Method::as_str).collect();
        let methods = methods.join(" or ");
        let filter = format
            .methods()
            .iter()
            .filter_map(|method| MethodFilter::try_from(method.clone()).ok());
        let filter = filter.reduce(MethodFilter::or).unwrap_or(MethodFilter::POST);
        let place = format!("{methods} to {full}");
        Router::new()
            .route(&format!("{bare}/{{token}}"), on(filter, with_token))
            .route(&bare, on(filter, without_token))
            .fallback(async || Refusal::Path(place))
            .method_not_allowed_fallback(async || Refusal::Method(methods))
            .with_state(Arc::new(self))
    }

    async fn receive(&self, token: Option<&str>, request: extract::Request) -> Result<Response, Refusal> {
        let (head, mut body) = request.into_parts();
        let peer = head.extensions.get::<ConnectInfo<Peer>>();
        let peer = peer.map_or(IpAddr::from(Ipv4Addr::UNSPECIFIED), |ConnectInfo(Peer(peer))| *peer);
        let mut request = Request {
            method: head.method,
            target: head.uri.path_and_query().map_or_else(String::new, ToString::to_string),
            headers: head.headers,
            body: Vec::new(),
        };
        let admitted = self.gate.admits(peer, &request);
        let opened = admitted && self.gate.opens(token);
        let keep = if opened { LARGEST } else { 0 };
        let bytes = timeout(PATIENCE, whole(&mut body, keep))
            .await
            .map_err(|_| Refusal::TooSlow)?;
        if !admitted {
            return Err(Unproven::Address.into());
        }
        if !opened {
            return Err(Unproven::Token.into());
        }
        request.body = bytes?;
        let now = Utc::now();
        let believed = self.gate.believe(&request, now)?;
        if self.tap.is_open() {
            self.tap.take(now, &self.gate.recorded(&request));
        }
        self.hear(&believed.told, now)?;
        Ok(answer(StatusCode::OK, believed.reply))
    }

    fn hear(&self, told: &[Told], at: DateTime<Utc>) -> Result<(), Refusal> {
        let mut hearing = self.hearing.lock().unwrap_or_else(PoisonError::into_inner);
        let events = told.iter().flat_map(|told| hearing.calls.tell(told, at)).collect();
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
        let caveat = Saying::of("said.deliveries_lost")
            .with("count", self.deliveries)
            .with("since", first.format("%F %T"));
        Some(Signal::Up { caveat: Some(caveat) })
    }
}

async fn with_token(
    State(door): State<Arc<Door>>,
    token: Result<Path<String>, PathRejection>,
    request: extract::Request,
) -> Result<Response, Refusal> {
    // A token that is no text is a wrong one.
    let token = token.map_or_else(|_| String::new(), |Path(token)| token);
    door.receive(Some(&token), request).await
}

async fn without_token(State(door): State<Arc<Door>>, request: extract::Request) -> Result<Response, Refusal> {
    door.receive(None, request).await
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
