//! Real HTTP over loopback.

use std::net::Ipv4Addr;

use reqwest::{Client, Response, StatusCode};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;
use tokio::sync::mpsc::Receiver;

use super::*;
use crate::call::CallEvent;

const NEW: &str =
    r#"{"event":"newCall","from":"493055501234","to":"493055509999","direction":"in","callId":"c-1","user":["101"]}"#;

/// A running endpoint.
struct Open {
    address: SocketAddr,
    heard: Receiver<FeedSignal>,
    client: Client,
}

fn webhook(listen: SocketAddr) -> Webhook {
    fit("sesame", listen, Reach::Loopback).expect("fit")
}

fn fit(token: &str, listen: SocketAddr, reach: Reach) -> Result<Webhook, Unfit> {
    let keys = Keys {
        token: Some(token.to_owned().into()),
        ..Keys::default()
    };
    Webhook::new("pbx", Preset::Zammad, listen, keys, Names::default(), reach)
}

async fn open(room: usize) -> Open {
    let webhook = webhook((Ipv4Addr::LOCALHOST, 0).into());
    let listener = webhook.bind().await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (signals, heard) = mpsc::channel(room);
    tokio::spawn(async move { webhook.serve(listener, signals).await });
    // The client wants a TLS provider even for plain HTTP. A second installation fails, and need not succeed.
    drop(rustls::crypto::ring::default_provider().install_default());
    let client = Client::builder().no_proxy().build().expect("a client");
    Open { address, heard, client }
}

impl Open {
    fn url(&self, token: &str) -> String {
        format!("http://{}/in/zammad/{token}", self.address)
    }

    async fn post(&self, kind: &str, body: impl Into<reqwest::Body>) -> Response {
        let post = self
            .client
            .post(self.url("sesame"))
            .header("content-type", kind)
            .body(body);
        post.send().await.expect("an answer")
    }

    async fn json(&self, body: impl Into<reqwest::Body>) -> Response {
        self.post("application/json", body).await
    }

    async fn next(&mut self) -> Signal {
        self.heard.recv().await.expect("a signal").what
    }

    async fn events(&mut self, count: usize) -> Vec<CallEvent> {
        let mut events = Vec::new();
        while events.len() < count {
            if let Signal::Event(event) = self.next().await {
                events.push(event);
            }
        }
        events
    }

    /// Nothing but the news that the feed is up was heard.
    fn heard_nothing(&mut self) -> bool {
        !std::iter::from_fn(|| self.heard.try_recv().ok()).any(|signal| matches!(signal.what, Signal::Event(_)))
    }
}

async fn refused(response: Response, status: StatusCode, word: &str) {
    assert_eq!(response.status(), status);
    let error: serde_json::Value = response.json().await.expect("JSON");
    let error = error["error"].as_str().expect("a sentence");
    assert!(error.contains(word), "{error}");
}

#[tokio::test]
async fn a_delivery_is_acknowledged_and_told() {
    let mut open = open(16).await;
    assert_eq!(open.next().await, Signal::Up { caveat: None });
    let response = open.json(NEW).await;
    assert_eq!(response.status(), StatusCode::OK);
    assert_eq!(response.text().await.expect("a body"), "{}");
    let told = open.events(3).await;
    assert!(matches!(&told[0], CallEvent::Began { remote, .. } if remote.number == "+493055501234"));
    assert!(matches!(&told[2], CallEvent::Ringing { leg, .. } if leg.0 == "c-1/101"));
}

#[tokio::test]
async fn a_form_tells_the_same_as_json() {
    let mut open = open(16).await;
    let form = "event=newCall&from=493055501234&to=493055509999&direction=in&callId=c-1&user%5B%5D=101";
    assert_eq!(
        open.post("application/x-www-form-urlencoded; charset=utf-8", form)
            .await
            .status(),
        StatusCode::OK
    );
    let by_form = open.events(3).await;
    assert_eq!(open.json(NEW).await.status(), StatusCode::OK);
    assert_eq!(by_form, open.events(3).await);
}

#[tokio::test]
async fn a_wrong_token_is_refused_and_tells_nothing() {
    let mut open = open(16).await;
    for token in ["sesam", "sesame1", "SESAME", "%FF", "sesame%00", "x"] {
        let post = open
            .client
            .post(open.url(token))
            .header("content-type", "application/json")
            .body(NEW);
        refused(
            post.send().await.expect("an answer"),
            StatusCode::UNAUTHORIZED,
            "copy the address again",
        )
        .await;
    }
    assert!(open.heard_nothing());
}

#[tokio::test]
async fn broken_bodies_are_refused_and_the_next_good_one_is_taken() {
    let mut open = open(16).await;
    let deep = format!(
        r#"{{"event":"newCall","callId":{}1{}}}"#,
        "[".repeat(5000),
        "]".repeat(5000)
    );
    for (body, word) in [
        ("{\"event\":", "not JSON"),
        ("", "not JSON"),
        ("[]", "a list"),
        ("null", "null"),
        ("{}", "`event` is missing"),
        (r#"{"event":"newCall","callId":{"a":1}}"#, "`callId` is an object"),
        (r#"{"event":null,"callId":null}"#, "`event` is missing"),
        (
            r#"{"event":"newCall","callId":1,"from":[[1]],"direction":"in"}"#,
            "`from` is a list",
        ),
        (deep.as_str(), "not JSON"),
    ] {
        refused(open.json(body.to_owned()).await, StatusCode::BAD_REQUEST, word).await;
    }
    refused(
        open.json(b"{\"event\":\"\xFF\"}".to_vec()).await,
        StatusCode::BAD_REQUEST,
        "not JSON",
    )
    .await;
    assert!(open.heard_nothing());
    assert_eq!(open.json(NEW).await.status(), StatusCode::OK);
    assert_eq!(open.events(3).await.len(), 3);
}

#[tokio::test]
async fn numbers_as_integers_and_windows_1252_are_taken() {
    let mut open = open(16).await;
    let body = r#"{"event":"newCall","from":493055501234,"to":null,"direction":"in","callId":7,"user":[101]}"#;
    assert_eq!(open.json(body).await.status(), StatusCode::OK);
    assert!(matches!(&open.events(3).await[2], CallEvent::Ringing { leg, .. } if leg.0 == "7/101"));
    let form = b"event=newCall&from=1&direction=in&callId=8&user=M%FCller".to_vec();
    assert_eq!(
        open.post("application/x-www-form-urlencoded", form).await.status(),
        StatusCode::OK
    );
    assert!(matches!(&open.events(3).await[2], CallEvent::Ringing { leg, .. } if leg.0 == "8/Müller"));
}

#[tokio::test]
async fn ten_megabytes_are_refused_with_an_answer_that_arrives() {
    let mut open = open(16).await;
    let huge = vec![b' '; 10 << 20];
    refused(
        open.json(huge.clone()).await,
        StatusCode::PAYLOAD_TOO_LARGE,
        "larger than 1048576",
    )
    .await;
    let wrong = open
        .client
        .post(open.url("wrong"))
        .body(huge)
        .send()
        .await
        .expect("an answer");
    refused(wrong, StatusCode::UNAUTHORIZED, "token").await;
    let mut largest = NEW.as_bytes().to_vec();
    largest.resize(1 << 20, b' ');
    assert_eq!(
        open.json(largest.clone()).await.status(),
        StatusCode::OK,
        "exactly the limit"
    );
    largest.push(b' ');
    assert_eq!(
        open.json(largest).await.status(),
        StatusCode::PAYLOAD_TOO_LARGE,
        "one byte more"
    );
    assert_eq!(open.events(3).await.len(), 3);
}

#[tokio::test]
async fn wrong_method_path_and_content_type_are_told_apart() {
    let open = open(16).await;
    let get = open.client.get(open.url("sesame")).send().await.expect("an answer");
    assert_eq!(get.headers()["allow"], "POST");
    refused(
        get,
        StatusCode::METHOD_NOT_ALLOWED,
        "set the phone system's method to POST",
    )
    .await;
    let nowhere = open.client.post(format!("http://{}/in/other/sesame", open.address));
    refused(
        nowhere.send().await.expect("an answer"),
        StatusCode::NOT_FOUND,
        "/in/zammad/TOKEN",
    )
    .await;
    refused(
        open.post("text/xml", NEW).await,
        StatusCode::UNSUPPORTED_MEDIA_TYPE,
        "`text/xml`",
    )
    .await;
    let untyped = open
        .client
        .post(open.url("sesame"))
        .body(NEW)
        .send()
        .await
        .expect("an answer");
    assert_eq!(untyped.status(), StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(
        open.post("Application/JSON; charset=UTF-8", NEW).await.status(),
        StatusCode::OK
    );
}

#[tokio::test]
async fn huge_headers_and_noise_do_not_end_the_feed() {
    let mut open = open(16).await;
    for noise in [
        format!("POST /in/zammad/sesame HTTP/1.1\r\nx: {}\r\n\r\n", "a".repeat(1 << 20)),
        format!("POST /in/zammad/sesame HTTP/1.1\r\n{}\r\n", "x: y\r\n".repeat(5000)),
        "\0\u{1}\u{2} nonsense\r\n\r\n".to_owned(),
        "POST /in/zammad/sesame HTTP/1.1\r\nhost: x\r\ncontent-type: application/json\r\ncontent-length: 500\r\n\r\n{"
            .to_owned(),
    ] {
        let mut stream = TcpStream::connect(open.address).await.expect("a connection");
        // The server may close while we still write; what it answers, if anything, is a refusal.
        let written = stream.write_all(noise.as_bytes()).await.and(stream.shutdown().await);
        let mut answer = Vec::new();
        let read = stream.read_to_end(&mut answer).await;
        let answer = String::from_utf8_lossy(&answer).into_owned();
        assert!(!answer.starts_with("HTTP/1.1 200"), "{answer} {written:?} {read:?}");
    }
    assert!(open.heard_nothing());
    assert_eq!(open.json(NEW).await.status(), StatusCode::OK);
    assert_eq!(open.events(3).await.len(), 3);
}

#[tokio::test]
async fn a_repeated_delivery_is_acknowledged_and_says_the_same() {
    let mut open = open(16).await;
    for _ in 0..2 {
        assert_eq!(open.json(NEW).await.status(), StatusCode::OK);
    }
    let events = open.events(6).await;
    assert_eq!(events[..3], events[3..]);
}

#[tokio::test]
async fn a_desk_that_is_behind_costs_whole_deliveries_and_is_told_how_many() {
    let mut open = open(4).await;
    for id in 1..=3 {
        let body = NEW.replace("c-1", &format!("c-{id}"));
        assert_eq!(
            open.json(body).await.status(),
            StatusCode::OK,
            "acknowledged all the same"
        );
    }
    assert_eq!(open.next().await, Signal::Up { caveat: None });
    assert!(open.events(3).await.iter().all(|event| event.call().0 == "c-1"));
    assert_eq!(
        open.json(r#"{"event":"hangup","callId":"c-1"}"#).await.status(),
        StatusCode::OK
    );
    let Signal::Up { caveat: Some(caveat) } = open.next().await else {
        panic!("a caveat comes first");
    };
    assert!(caveat.to_string().contains("UTC: 2."), "{caveat}");
    assert!(open.events(2).await.iter().all(|event| event.call().0 == "c-1"));
    assert_eq!(open.json(NEW.replace("c-1", "c-4")).await.status(), StatusCode::OK);
    assert!(matches!(open.next().await, Signal::Event(_)), "the caveat is said once");
}

#[tokio::test]
async fn a_taken_port_is_said_and_taken_when_it_is_free() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.expect("a free port");
    let address = taken.local_addr().expect("an address");
    let (signals, mut heard) = mpsc::channel(16);
    let feed = tokio::spawn(Box::new(webhook(address)).run(signals));
    let first = heard.recv().await.expect("a signal");
    assert_eq!(&*first.feed, "pbx");
    assert!(
        matches!(&first.what, Signal::Lost(why) if why.to_string().contains("is taken by another program; close that")),
        "{first:?}"
    );
    drop(taken);
    assert_eq!(heard.recv().await.expect("a signal").what, Signal::Up { caveat: None });
    drop(heard);
    feed.await.expect("the feed ends with its listener");
}

#[test]
fn an_address_open_to_the_network_is_refused_unless_forced() {
    let fit = |listen: &str, reach| {
        let listen = listen.parse().expect("an address");
        self::fit("sesame", listen, reach).map(|_| ())
    };
    for open in [
        "0.0.0.0:8730",
        "192.168.1.5:8730",
        "[::]:8730",
        "[::ffff:127.0.0.1]:8730",
    ] {
        let refused = fit(open, Reach::Loopback).expect_err("open to the network");
        assert!(refused.to_string().contains("set `listen` to 127.0.0.1"), "{refused}");
        assert_eq!(fit(open, Reach::Network), Ok(()));
    }
    assert_eq!(fit("127.0.0.1:8730", Reach::Loopback), Ok(()));
    assert_eq!(fit("[::1]:8730", Reach::Loopback), Ok(()));
}

#[test]
fn a_token_that_cannot_stand_in_a_path_is_refused() {
    let listen = (Ipv4Addr::LOCALHOST, 8730).into();
    for token in ["", "a/b", "a b", "ä", "a?b"] {
        let made = fit(token, listen, Reach::Loopback);
        assert_eq!(made.map(|_| ()), Err(Unfit::Token), "{token}");
    }
}
