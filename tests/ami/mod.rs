//! The Asterisk feed against a server that misbehaves in every way a real one can.

mod dial;
mod resync;
mod tls;

use std::time::Duration;

use ringside::feed::ami::{AmiFeed, Dialplan, Login, Server};
use ringside::feed::{Feed, FeedSignal, SIGNALS, Signal, Tap};
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use zeroize::Zeroizing;

struct Running {
    signals: mpsc::Receiver<FeedSignal>,
    task: JoinHandle<()>,
}

impl Drop for Running {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Running {
    fn to(port: u16) -> Self {
        Self::over(Server::new("127.0.0.1", port), Tap::default())
    }

    fn over(server: Server, tap: Tap) -> Self {
        let (sender, signals) = mpsc::channel(SIGNALS);
        let dialplan = Dialplan::new(r"\d{3}", vec!["voicemail".to_owned()]).expect("a pattern");
        let feed = Box::new(AmiFeed::at("asterisk", server, login(), dialplan).tapped(tap));
        Running {
            signals,
            task: tokio::spawn(feed.run(sender)),
        }
    }

    async fn next(&mut self) -> Signal {
        let waited = tokio::time::timeout(Duration::from_secs(10), self.signals.recv()).await;
        waited
            .expect("a signal within ten seconds")
            .expect("the feed runs")
            .what
    }
}

fn login() -> Login {
    Login {
        user: "ringside".to_owned(),
        secret: Zeroizing::new("secret".to_owned()),
    }
}

pub(crate) async fn listener() -> (TcpListener, u16) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("bound").port();
    (listener, port)
}

/// Reads one action and gives its headers.
pub(crate) async fn action(stream: &mut (impl AsyncRead + Unpin)) -> String {
    let mut text = String::new();
    let mut byte = [0];
    while !text.ends_with("\r\n\r\n") {
        assert_ne!(
            stream.read(&mut byte).await.expect("readable"),
            0,
            "closed after {text:?}"
        );
        text.push(char::from(byte[0]));
    }
    text
}

pub(crate) async fn say(stream: &mut (impl AsyncWrite + Unpin), text: &str) {
    stream.write_all(text.as_bytes()).await.expect("writable");
    stream.flush().await.expect("writable");
}

/// Takes a connection up to the answer to the log-in.
async fn accept(listener: &TcpListener, log_in: &str) -> TcpStream {
    let (mut stream, _) = listener.accept().await.expect("a connection");
    greet(&mut stream, log_in).await;
    stream
}

/// The same for a user with whatever name and classes of events.
async fn accept_any(listener: &TcpListener, log_in: &str) -> TcpStream {
    let (mut stream, _) = listener.accept().await.expect("a connection");
    challenge(&mut stream).await;
    action(&mut stream).await;
    say(&mut stream, log_in).await;
    stream
}

async fn challenge(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) {
    say(stream, "Asterisk Call Manager/11.0.0\r\n").await;
    assert!(action(stream).await.contains("AuthType: MD5"));
    let challenge = "Response: Success\r\nActionID: challenge\r\nChallenge: 840415273\r\n\r\n";
    say(stream, challenge).await;
}

async fn greet(stream: &mut (impl AsyncRead + AsyncWrite + Unpin), log_in: &str) {
    challenge(stream).await;
    let asked = action(stream).await;
    assert!(
        asked.contains("Username: ringside") && asked.contains("Events: call,agent"),
        "{asked}"
    );
    assert!(!asked.contains("secret"), "the secret crosses the network: {asked}");
    say(stream, log_in).await;
}

const WELCOME: &str = "Response: Success\r\nActionID: login\r\nMessage: Authentication accepted\r\n\r\n";
const NO_CHANNELS: &str = "Response: Success\r\nActionID: channels\r\nEventList: start\r\n\r\n\
                           Event: CoreShowChannelsComplete\r\nActionID: channels\r\nListItems: 0\r\n\r\n";
const NO_QUEUES: &str = "Response: Success\r\nActionID: queues\r\nEventList: start\r\n\r\n\
                         Event: QueueStatusComplete\r\nActionID: queues\r\nListItems: 0\r\n\r\n";

#[tokio::test]
async fn a_wrong_password_says_what_to_check() {
    let (listener, port) = listener().await;
    let mut feed = Running::to(port);
    let refusal = "Response: Error\r\nActionID: login\r\nMessage: Authentication failed\r\n\r\n";
    let _stream = accept(&listener, refusal).await;
    let Signal::Refused(why) = feed.next().await else {
        panic!("not refused")
    };
    assert!(
        why.to_string().contains("\"ringside\" (Authentication failed)") && why.to_string().contains("manager.conf"),
        "{why}"
    );
}

#[tokio::test]
async fn a_closed_port_says_what_to_check() {
    let (listener, port) = listener().await;
    drop(listener);
    let mut feed = Running::to(port);
    let Signal::Lost(why) = feed.next().await else {
        panic!("not lost")
    };
    assert!(
        why.to_string().contains(&format!("127.0.0.1:{port}")) && why.to_string().contains("enabled=yes"),
        "{why}"
    );
}

#[tokio::test]
async fn the_banner_of_something_else_is_named() {
    let (listener, port) = listener().await;
    let mut feed = Running::to(port);
    let (mut stream, _) = listener.accept().await.expect("a connection");
    say(&mut stream, "SSH-2.0-OpenSSH_9.2\x07p1\r\n").await;
    let Signal::Refused(why) = feed.next().await else {
        panic!("not refused")
    };
    assert!(
        why.to_string().contains("\"SSH-2.0-OpenSSH_9.2p1\"") && why.to_string().contains("5038"),
        "{why}"
    );
}

#[tokio::test]
async fn a_broken_connection_is_opened_again_and_calls_that_ended_meanwhile_are_closed() {
    let (listener, port) = listener().await;
    let mut feed = Running::to(port);
    let mut stream = accept(&listener, WELCOME).await;
    action(&mut stream).await;
    say(&mut stream, NO_CHANNELS).await;
    assert_eq!(feed.next().await, Signal::Resync(vec![]));
    say(&mut stream, NO_QUEUES).await;
    assert_eq!(feed.next().await, Signal::Up { caveat: None });
    let call = "Event: Newchannel\r\nChannel: PJSIP/trunk-1\r\nUniqueid: 1.1\r\nLinkedid: 1.1\r\nCallerIDNum: +4930\
                123\r\nExten: 101\r\n\r\nEvent: Newchannel\r\nChannel: PJSIP/101-2\r\nUniqueid: 1.2\r\nLinkedid: \
                1.1\r\nCallerIDNum: 101\r\nExten: s\r\n\r\nEvent: DialBegin\r\nUniqueid: 1.1\r\nDestUniqueid: \
                1.2\r\nChannel: PJSIP/trunk-1\r\nDestChannel: PJSIP/101-2\r\nCallerIDNum: +4930123\r\n\
                ChanVariable: CALLERID(num-pres)=allowed\r\n\r\n";
    say(&mut stream, call).await;
    assert!(matches!(
        feed.next().await,
        Signal::Event(ringside::call::CallEvent::Began { .. })
    ));
    assert!(matches!(
        feed.next().await,
        Signal::Event(ringside::call::CallEvent::Offered { .. })
    ));
    drop(stream);
    assert!(matches!(feed.next().await, Signal::Lost(_)));
    let mut stream = accept(&listener, WELCOME).await;
    action(&mut stream).await;
    say(&mut stream, NO_CHANNELS).await;
    assert!(matches!(
        feed.next().await,
        Signal::Event(ringside::call::CallEvent::LegEnded { .. })
    ));
    assert!(matches!(
        feed.next().await,
        Signal::Event(ringside::call::CallEvent::Ended { by: None, .. })
    ));
    assert_eq!(feed.next().await, Signal::Resync(vec![]));
    say(&mut stream, NO_QUEUES).await;
    assert_eq!(feed.next().await, Signal::Up { caveat: None });
}

#[tokio::test]
async fn a_user_that_may_not_list_channels_is_told_which_right_is_missing() {
    let (listener, port) = listener().await;
    let mut feed = Running::to(port);
    let mut stream = accept(&listener, WELCOME).await;
    action(&mut stream).await;
    say(
        &mut stream,
        "Response: Error\r\nActionID: channels\r\nMessage: Permission denied\r\n\r\n",
    )
    .await;
    let Signal::Up { caveat: Some(caveat) } = feed.next().await else {
        panic!("no caveat")
    };
    assert!(caveat.to_string().contains("write=reporting"), "{caveat}");
}

#[tokio::test]
async fn garbage_for_events_ends_nothing() {
    let (listener, port) = listener().await;
    let mut feed = Running::to(port);
    let mut stream = accept(&listener, WELCOME).await;
    action(&mut stream).await;
    let garbage = "Event: DialBegin\r\n\r\nEvent:\r\n\r\n:::\r\n\r\nEvent: Hangup\r\nUniqueid: ☃\r\nCause: NaN\r\n\r\n";
    say(&mut stream, garbage).await;
    stream
        .write_all(b"Event: Newchannel\r\nUniqueid: \xff\xfe\r\nChannel: \x00/-\r\n\r\n")
        .await
        .expect("writable");
    say(&mut stream, NO_CHANNELS).await;
    assert!(matches!(feed.next().await, Signal::Resync(_)));
    say(&mut stream, NO_QUEUES).await;
    assert_eq!(feed.next().await, Signal::Up { caveat: None });
}

#[tokio::test]
async fn a_copy_of_all_that_is_received_goes_to_the_tap() {
    let (listener, port) = listener().await;
    let (tap, mut out) = Tap::open();
    let mut feed = Running::over(Server::new("127.0.0.1", port), tap);
    let mut stream = accept(&listener, WELCOME).await;
    action(&mut stream).await;
    say(&mut stream, NO_CHANNELS).await;
    assert!(matches!(feed.next().await, Signal::Resync(_)));
    let mut copy = Vec::new();
    while let Ok(piece) = out.try_recv() {
        copy.extend_from_slice(&piece.bytes);
    }
    let copy = String::from_utf8(copy).expect("UTF-8");
    assert!(
        copy.starts_with("Asterisk Call Manager/11.0.0\r\n") && copy.ends_with(NO_CHANNELS),
        "{copy}"
    );
}
