//! The whole feed over real sockets.

use std::time::Duration;

use ringside::call::{CallEvent, Cause};
use ringside::feed::sip::message::Message;
use ringside::feed::sip::{Account, SipFeed, Transport};
use ringside::feed::{Feed, FeedSignal, Piece, SIGNALS, Signal, Tap};
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;

use super::folder;
use super::server::{Listener, Peer};
use super::talk::{account, notify, response, ringing};

struct Running {
    signals: mpsc::Receiver<FeedSignal>,
    pieces: mpsc::UnboundedReceiver<Piece>,
    task: JoinHandle<()>,
}

impl Running {
    fn to(account: Account) -> Self {
        let (sender, signals) = mpsc::channel(SIGNALS);
        let (tap, pieces) = Tap::open();
        let feed = Box::new(SipFeed::new("sip", account).tapped(tap));
        Running {
            signals,
            pieces,
            task: tokio::spawn(feed.run(sender)),
        }
    }

    async fn next(&mut self) -> Signal {
        let waited = tokio::time::timeout(Duration::from_secs(20), self.signals.recv()).await;
        waited.expect("a signal in time").expect("the feed runs").what
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

async fn server(transport: Transport) -> (Listener, Account) {
    let listener = match transport {
        Transport::Udp => Listener::udp().await,
        Transport::Tcp => Listener::tcp().await,
        Transport::Tls => Listener::tls().await,
    };
    let mut account = account(&["102"], false);
    account.port = listener.port();
    account.transport = transport;
    if transport == Transport::Tls {
        account.host = "localhost".to_owned();
        account.ca_file = Some(folder().join("tls/ca.pem"));
    }
    (listener, account)
}

fn hex(text: &str) -> String {
    Sha256::digest(text.as_bytes())
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// Whether the proof is the one of RFC 7616 for user 101 and `secret-101`, computed here anew.
#[track_caller]
fn assert_proven(request: &Message, nonce: &str) {
    let proof = request.get("Authorization").expect("a proof");
    let of = |name: &str| {
        let rest = proof.split_once(&format!(" {name}=")).expect("it is there").1;
        rest.split(',').next().expect("a value").trim_matches('"').to_owned()
    };
    let a1 = hex("101:pbx:secret-101");
    let a2 = hex(&format!("SUBSCRIBE:{}", of("uri")));
    let expected = hex(&format!("{a1}:{nonce}:{}:{}:auth:{a2}", of("nc"), of("cnonce")));
    assert_eq!(of("response"), expected, "{proof}");
}

/// Takes the feed through challenge and agreement; what it subscribed with.
async fn subscribed(peer: &mut Peer<'_>, dialogs: &str) -> Message {
    let asked = peer.hear("SUBSCRIBE").await;
    let challenge = "WWW-Authenticate: Digest realm=\"pbx\", nonce=\"n1\", qop=\"auth\", algorithm=SHA-256\r\n";
    peer.say(&response(&asked, "401 Unauthorized", challenge)).await;
    let asked = peer.hear("SUBSCRIBE").await;
    assert_proven(&asked, "n1");
    peer.say(&response(&asked, "200 OK", "Expires: 120\r\n")).await;
    peer.say(&notify(&asked, 1, "active;expires=120", "full", 0, dialogs))
        .await;
    peer.hear("200").await;
    asked
}

#[tokio::test]
async fn calls_are_told_over_udp_tcp_and_tls() {
    for transport in [Transport::Udp, Transport::Tcp, Transport::Tls] {
        let (listener, account) = server(transport).await;
        let mut feed = Running::to(account);
        let mut peer = listener.accept().await.expect("a connection");
        let asked = subscribed(&mut peer, "").await;
        assert_eq!(feed.next().await, Signal::Resync(vec![]), "{transport:?}");
        assert_eq!(feed.next().await, Signal::Up { caveat: None });
        let said = notify(&asked, 2, "active", "full", 1, &ringing("a"));
        peer.say(&said).await;
        assert!(matches!(feed.next().await, Signal::Event(CallEvent::Began { remote, .. }) if remote.number == "+491"));
        let mut last = None;
        while let Ok(piece) = feed.pieces.try_recv() {
            last = Some(piece.bytes);
        }
        assert_eq!(
            last.as_deref(),
            Some(said.as_bytes()),
            "the tap has the bytes as they came"
        );
    }
}

#[tokio::test]
async fn a_certificate_that_nobody_vouches_for_says_what_to_do() {
    let (listener, mut account) = server(Transport::Tls).await;
    account.ca_file = None;
    let mut feed = Running::to(account);
    assert!(listener.accept().await.is_none());
    let Signal::Lost(why) = feed.next().await else {
        panic!("not lost")
    };
    assert!(why.to_string().contains("ca_file"), "{why}");
}

#[tokio::test]
async fn a_phone_system_that_is_off_says_what_to_check() {
    for transport in [Transport::Udp, Transport::Tcp] {
        let (listener, account) = server(transport).await;
        drop(listener);
        let mut feed = Running::to(account);
        let Signal::Lost(why) = feed.next().await else {
            panic!("not lost")
        };
        assert!(
            why.to_string().contains("server") || why.to_string().contains("transport"),
            "{why}"
        );
    }
}

#[tokio::test]
async fn what_is_no_sip_at_all_says_what_to_check() {
    let (listener, account) = server(Transport::Tcp).await;
    let mut feed = Running::to(account);
    let mut peer = listener.accept().await.expect("a connection");
    peer.hear("SUBSCRIBE").await;
    peer.say("HTTP/1.1 400 Bad Request\r\nContent-Length: x\r\n\r\n").await;
    let Signal::Lost(why) = feed.next().await else {
        panic!("not lost")
    };
    assert!(why.to_string().contains("not SIP"), "{why}");
}

#[tokio::test]
async fn a_wrong_password_is_refused_over_the_wire() {
    let (listener, account) = server(Transport::Udp).await;
    let mut feed = Running::to(account);
    let mut peer = listener.accept().await.expect("a connection");
    for _ in 0..2 {
        let asked = peer.hear("SUBSCRIBE").await;
        let challenge = "WWW-Authenticate: Digest realm=\"pbx\", nonce=\"n1\", qop=\"auth\"\r\n";
        peer.say(&response(&asked, "401 Unauthorized", challenge)).await;
    }
    let Signal::Refused(why) = feed.next().await else {
        panic!("not refused")
    };
    assert!(
        why.to_string().contains("\"101\"") && why.to_string().contains("secret"),
        "{why}"
    );
}

#[tokio::test]
async fn after_a_break_the_subscription_is_made_anew_and_calls_that_ended_meanwhile_are_closed() {
    let (listener, account) = server(Transport::Tcp).await;
    let mut feed = Running::to(account);
    let mut peer = listener.accept().await.expect("a connection");
    subscribed(&mut peer, &(ringing("a") + &ringing("b"))).await;
    let mut ids = Vec::new();
    loop {
        match feed.next().await {
            Signal::Event(CallEvent::Began { call, .. }) => ids.push(call),
            Signal::Up { .. } => break,
            _ => {}
        }
    }
    drop(peer);
    assert!(matches!(feed.next().await, Signal::Lost(_)));
    let mut peer = listener.accept().await.expect("a connection again");
    subscribed(&mut peer, &ringing("b")).await;
    assert!(matches!(
        feed.next().await,
        Signal::Event(CallEvent::LegEnded {
            cause: Cause::Stale,
            ..
        })
    ));
    assert!(matches!(feed.next().await, Signal::Event(CallEvent::Ended { call, .. }) if call == ids[0]));
    assert_eq!(feed.next().await, Signal::Resync(vec![ids[1].clone()]));
    assert_eq!(feed.next().await, Signal::Up { caveat: None });
}

#[tokio::test]
async fn when_nobody_listens_any_more_the_phone_system_is_told() {
    let (listener, account) = server(Transport::Udp).await;
    let mut feed = Running::to(account);
    let mut peer = listener.accept().await.expect("a connection");
    subscribed(&mut peer, "").await;
    while !matches!(feed.next().await, Signal::Up { .. }) {}
    feed.signals.close();
    let last = peer.hear("SUBSCRIBE").await;
    assert_eq!(last.get("Expires"), Some("0"));
}
