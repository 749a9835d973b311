//! The feed's side of the conversation, message by message, with time as an argument.

use chrono::{DateTime, Utc};
use ringside::call::{CallEvent, Cause, Trust};
use ringside::feed::Signal;
use ringside::feed::sip::message::Message;
use ringside::feed::sip::{Account, Credentials, Reader, Session, SessionError, Transport};
use zeroize::Zeroizing;

use super::at;

pub(super) fn account(extensions: &[&str], observe: bool) -> Account {
    Account {
        host: "127.0.0.1".to_owned(),
        port: 5060,
        transport: Transport::Udp,
        domain: "pbx.example".to_owned(),
        credentials: Credentials {
            user: "101".to_owned(),
            secret: Zeroizing::new("secret-101".to_owned()),
        },
        extensions: extensions.iter().map(|line| (*line).to_owned()).collect(),
        observe,
        ca_file: None,
    }
}

/// A session and the phone system's side of it.
struct Talk {
    session: Session,
    now: DateTime<Utc>,
    signals: Vec<Signal>,
    outbox: Vec<Message>,
    /// Whether the phone system says that it is there when asked.
    alive: bool,
}

impl Talk {
    fn new(account: &Account) -> Self {
        let local = "10.0.0.9:5070".parse().expect("an address");
        let reader = Reader::new(&account.credentials.user, &account.extensions);
        Talk {
            session: Session::new(account, reader, local, [7; 32], at(0)),
            now: at(0),
            signals: Vec::new(),
            outbox: Vec::new(),
            alive: true,
        }
    }

    fn sent(&mut self) -> Vec<Message> {
        self.collect();
        std::mem::take(&mut self.outbox)
    }

    fn collect(&mut self) {
        for bytes in self.session.take_to_send() {
            let message = Message::parse(&bytes).expect("what we send is SIP");
            if self.alive && message.method() == Some("OPTIONS") {
                self.answer(&message, "200 OK", "");
            } else {
                self.outbox.push(message);
            }
        }
    }

    /// The one message that was sent.
    #[track_caller]
    fn one(&mut self) -> Message {
        let sent = self.sent();
        assert_eq!(sent.len(), 1, "{sent:#?}");
        sent.into_iter().next().expect("one")
    }

    #[track_caller]
    fn hear(&mut self, text: &str) {
        let heard = self.session.receive(text.as_bytes(), self.now).expect("no refusal");
        self.signals.extend(heard);
    }

    #[track_caller]
    fn answer(&mut self, request: &Message, line: &str, headers: &str) {
        self.hear(&response(request, line, headers));
    }

    /// Lets time pass to a moment, doing what is due on the way.
    fn until(&mut self, milliseconds: i64) -> Result<(), SessionError> {
        while self.session.poll_timeout() <= at(milliseconds) {
            self.now = self.now.max(self.session.poll_timeout());
            self.signals.extend(self.session.handle_timeout(self.now)?);
            self.collect();
        }
        self.now = at(milliseconds);
        Ok(())
    }

    /// Agrees to the subscription and sends its first list.
    fn subscribed(&mut self, request: &Message) {
        self.answer(
            request,
            "200 OK",
            "Expires: 120\r\nContact: <sip:presence@10.0.0.1:5060>\r\nRecord-Route: <sip:10.0.0.1;lr>\r\n",
        );
        self.hear(&notify(request, 1, "active;expires=120", "full", 0, ""));
        assert!(self.one().code() == Some(200));
    }
}

pub(super) fn response(request: &Message, line: &str, headers: &str) -> String {
    let copied = |name: &str| request.get(name).expect("it is there").to_owned();
    let to = if request.tag("To").is_some() || line.starts_with("40") {
        String::new()
    } else {
        ";tag=pbx".to_owned()
    };
    format!(
        "SIP/2.0 {line}\r\nVia: {}\r\nFrom: {}\r\nTo: {}{to}\r\nCall-ID: {}\r\nCSeq: {}\r\n{headers}Content-Length: 0\r\n\r\n",
        copied("Via"),
        copied("From"),
        copied("To"),
        copied("Call-ID"),
        copied("CSeq")
    )
}

pub(super) fn notify(
    subscribe: &Message,
    cseq: u32,
    subscription: &str,
    state: &str,
    version: u32,
    dialogs: &str,
) -> String {
    let body = format!(
        "<dialog-info xmlns=\"urn:ietf:params:xml:ns:dialog-info\" version=\"{version}\" state=\"{state}\" \
         entity=\"sip:102@pbx.example\">{dialogs}</dialog-info>"
    );
    format!(
        "NOTIFY sip:101@10.0.0.9:5070 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;branch=z9hG4bKn{cseq}\r\nFrom: \
         <sip:102@pbx.example>;tag=pbx\r\nTo: {}\r\nCall-ID: {}\r\nCSeq: {cseq} NOTIFY\r\nContact: <sip:presence@10.0.0.1:5060>\r\n\
         Event: dialog\r\nSubscription-State: {subscription}\r\nContent-Type: application/dialog-info+xml\r\n\
         Content-Length: {}\r\n\r\n{body}",
        subscribe.get("From").expect("From"),
        subscribe.get("Call-ID").expect("Call-ID"),
        body.len()
    )
}

pub(super) fn ringing(id: &str) -> String {
    format!(
        "<dialog id=\"{id}\" direction=\"recipient\"><state>early</state><remote><identity>sip:+491@x</identity></remote></dialog>"
    )
}

const CHALLENGE: &str = "WWW-Authenticate: Digest realm=\"pbx\", nonce=\"n1\", qop=\"auth\", algorithm=MD5\r\n\
                         WWW-Authenticate: Digest realm=\"pbx\", nonce=\"n1\", qop=\"auth\", algorithm=SHA-256\r\n";

#[test]
fn a_subscription_is_challenged_agreed_and_up_with_its_first_list() {
    let mut talk = Talk::new(&account(&["102"], false));
    let first = talk.one();
    assert_eq!(first.method(), Some("SUBSCRIBE"));
    assert_eq!(first.get("Event"), Some("dialog"));
    assert!(first.get("Authorization").is_none());
    talk.answer(&first, "401 Unauthorized", CHALLENGE);
    let second = talk.one();
    let proof = second.get("Authorization").expect("an answer");
    assert!(
        proof.contains("algorithm=SHA-256") && proof.contains("nc=00000001"),
        "{proof}"
    );
    assert!(!proof.contains("secret-101"), "{proof}");
    assert_ne!(second.branch(), first.branch());
    talk.answer(
        &second,
        "200 OK",
        "Expires: 120\r\nContact: <sip:presence@10.0.0.1:5060>\r\n",
    );
    assert_eq!(talk.signals, [], "not up before it is known what is on");
    talk.hear(&notify(&second, 1, "active;expires=120", "full", 0, &ringing("a")));
    let Signal::Event(CallEvent::Began { call, .. }) = &talk.signals[0] else {
        panic!("{:?}", talk.signals)
    };
    assert_eq!(
        talk.signals[3..],
        [Signal::Resync(vec![call.clone()]), Signal::Up { caveat: None }]
    );
    assert_eq!(talk.one().code(), Some(200));
}

#[test]
fn the_nonce_is_used_again_and_counted_and_a_stale_one_replaced() {
    let mut talk = Talk::new(&account(&["102"], false));
    let first = talk.one();
    talk.answer(
        &first,
        "407 Proxy Authentication Required",
        "Proxy-Authenticate: Digest realm=\"p\", nonce=\"n1\", qop=\"auth\"\r\n",
    );
    let second = talk.one();
    assert!(
        second
            .get("Proxy-Authorization")
            .is_some_and(|proof| proof.contains("nc=00000001"))
    );
    talk.subscribed(&second);
    talk.until(60_500).expect("all well");
    let sent = talk.sent();
    let refresh = sent
        .iter()
        .find(|message| message.method() == Some("SUBSCRIBE"))
        .expect("a refresh before it is over");
    assert!(
        refresh
            .get("Proxy-Authorization")
            .is_some_and(|proof| proof.contains("nc=0000000")),
        "{refresh:?}"
    );
    assert!(!refresh.get("Proxy-Authorization").expect("one").contains("nc=00000001"));
    assert_eq!(refresh.tag("To"), Some("pbx"));
    assert_eq!(refresh.get("Route"), Some("<sip:10.0.0.1;lr>"));
    talk.answer(
        refresh,
        "407 Proxy Authentication Required",
        "Proxy-Authenticate: Digest realm=\"p\", nonce=\"n2\", qop=\"auth\"\r\n",
    );
    let again = talk.one();
    assert!(
        again
            .get("Proxy-Authorization")
            .is_some_and(|proof| proof.contains("\"n2\"") && proof.contains("nc=00000001"))
    );
    talk.answer(
        &again,
        "407 Proxy Authentication Required",
        "Proxy-Authenticate: Digest realm=\"p\", nonce=\"n3\", qop=\"auth\", stale=true\r\n",
    );
    assert!(
        talk.one()
            .get("Proxy-Authorization")
            .is_some_and(|proof| proof.contains("\"n3\""))
    );
}

#[test]
fn a_wrong_password_is_refused_after_one_answer() {
    let mut talk = Talk::new(&account(&["102"], false));
    let first = talk.one();
    talk.answer(&first, "401 Unauthorized", CHALLENGE);
    let second = talk.one();
    let error = talk
        .session
        .receive(response(&second, "401 Unauthorized", CHALLENGE).as_bytes(), talk.now);
    let says = error.expect_err("refused").to_string();
    assert!(
        says.contains("\"101\" (401 Unauthorized)") && says.contains("secret"),
        "{says}"
    );
    let mut talk = Talk::new(&account(&["102"], false));
    let first = talk.one();
    let basic = response(&first, "401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\"\r\n");
    assert_eq!(
        talk.session.receive(basic.as_bytes(), talk.now),
        Err(SessionError::UnknownChallenge)
    );
    assert_eq!(talk.sent().len(), 0, "a password is never sent in the clear");
}

#[test]
fn a_phone_system_that_wants_longer_subscriptions_gets_them() {
    let mut talk = Talk::new(&account(&["102"], false));
    let first = talk.one();
    talk.answer(&first, "423 Interval Too Brief", "Min-Expires: 600\r\n");
    let second = talk.one();
    assert_eq!(second.get("Expires"), Some("600"));
    let again = response(&second, "423 Interval Too Brief", "Min-Expires: 600\r\n");
    let error = talk
        .session
        .receive(again.as_bytes(), talk.now)
        .expect_err("it makes no sense");
    assert!(error.to_string().contains("423"), "{error}");
}

#[test]
fn a_subscription_that_is_not_known_any_more_is_made_anew() {
    let mut talk = Talk::new(&account(&["102"], false));
    let first = talk.one();
    talk.subscribed(&first);
    talk.until(60_500).expect("all well");
    let refresh = talk
        .sent()
        .into_iter()
        .find(|message| message.method() == Some("SUBSCRIBE"))
        .expect("a refresh");
    talk.answer(&refresh, "481 Subscription Does Not Exist", "");
    let anew = talk.one();
    assert_eq!((anew.method(), anew.tag("To")), (Some("SUBSCRIBE"), None));
    assert_ne!(anew.get("Call-ID"), first.get("Call-ID"));
    talk.subscribed(&anew);
    talk.hear(&notify(&anew, 2, "terminated;reason=deactivated", "full", 1, ""));
    assert_eq!(talk.one().code(), Some(200));
    talk.until(62_000).expect("all well");
    let third = talk
        .sent()
        .into_iter()
        .find(|message| message.method() == Some("SUBSCRIBE"))
        .expect("anew");
    assert_eq!(third.tag("To"), None);
}

#[test]
fn a_lost_partial_list_is_asked_for() {
    let mut talk = Talk::new(&account(&["102"], false));
    let first = talk.one();
    talk.subscribed(&first);
    talk.hear(&notify(&first, 2, "active", "partial", 5, &ringing("a")));
    let sent = talk.sent();
    assert_eq!((sent[0].code(), sent[1].method()), (Some(200), Some("SUBSCRIBE")));
    assert_eq!(sent[1].tag("To"), Some("pbx"), "the same subscription");
}

#[test]
fn a_list_may_come_before_the_agreement_and_twice() {
    let mut talk = Talk::new(&account(&["102"], false));
    let first = talk.one();
    let list = notify(&first, 9, "active;expires=120", "full", 0, &ringing("a"));
    talk.hear(&list);
    talk.hear(&list);
    talk.hear(&notify(&first, 8, "active", "full", 0, ""));
    let codes: Vec<_> = talk.sent().iter().map(Message::code).collect();
    assert_eq!(codes, [Some(200), Some(200), Some(500)]);
    talk.answer(&first, "200 OK", "Expires: 120\r\n");
    assert_eq!(talk.signals.len(), 5, "three events, once, and up: {:?}", talk.signals);
}

#[test]
fn a_stranger_s_list_is_not_believed() {
    let mut talk = Talk::new(&account(&["102"], false));
    let first = talk.one();
    talk.subscribed(&first);
    talk.signals.clear();
    let list = notify(&first, 2, "active", "full", 1, &ringing("a"));
    for forged in [
        list.replace(first.get("Call-ID").expect("one"), "guessed"),
        list.replace(first.tag("From").expect("one"), "x"),
    ] {
        talk.hear(&forged);
        assert_eq!(talk.one().code(), Some(481));
    }
    assert_eq!(talk.signals, []);
}

#[test]
fn requests_are_repeated_until_the_phone_system_is_given_up() {
    let mut talk = Talk::new(&account(&["102"], false));
    talk.one();
    talk.until(15_900).expect("not yet");
    assert_eq!(talk.sent().len(), 6, "after 0.5, 1.5, 3.5, 7.5, 11.5 and 15.5 s");
    assert_eq!(talk.until(16_000), Err(SessionError::Silent));
}

#[test]
fn a_silent_phone_system_is_asked_whether_it_is_there() {
    let mut talk = Talk::new(&account(&["102"], false));
    talk.alive = false;
    let first = talk.one();
    talk.subscribed(&first);
    talk.until(15_000).expect("all well");
    let ping = talk.one();
    assert_eq!(ping.method(), Some("OPTIONS"));
    talk.answer(&ping, "405 Method Not Allowed", "");
    assert!(talk.until(31_500).is_ok());
    assert_eq!(talk.until(46_100), Err(SessionError::Silent));
}

#[test]
fn lines_that_cannot_be_watched_are_named_and_the_others_are_watched() {
    let mut talk = Talk::new(&account(&["102", "103"], false));
    let asked = talk.sent();
    talk.subscribed(&asked[0]);
    assert_eq!(talk.signals, []);
    talk.answer(&asked[1], "404 Not Found", "");
    let Some(Signal::Up { caveat: Some(caveat) }) = talk.signals.last() else {
        panic!("{:?}", talk.signals)
    };
    assert!(caveat.contains("103") && caveat.contains("hint"), "{caveat}");
    talk.until(62_000).expect("it is up");
    let asked = talk.sent();
    assert!(
        asked
            .iter()
            .any(|message| message.get("To") == Some("<sip:103@pbx.example>")),
        "tried again: {asked:?}"
    );
    let mut talk = Talk::new(&account(&["103"], false));
    let asked = talk.one();
    let error = talk
        .session
        .receive(response(&asked, "489 Bad Event", "").as_bytes(), talk.now)
        .expect_err("nothing agreed");
    assert!(error.to_string().contains("presence_dialoginfo"), "{error}");
}

#[test]
fn a_subscription_that_brings_no_list_is_said() {
    let mut talk = Talk::new(&account(&["102"], false));
    let first = talk.one();
    talk.answer(&first, "200 OK", "Expires: 120\r\n");
    let error = talk.until(11_000).expect_err("nothing came");
    assert!(error.to_string().contains("firewall"), "{error}");
}

#[test]
fn behind_a_router_the_contact_is_where_the_phone_system_sees_us() {
    let mut talk = Talk::new(&account(&["102"], false));
    let first = talk.one();
    assert_eq!(first.get("Contact"), Some("<sip:101@10.0.0.9:5070>"));
    let seen =
        response(&first, "401 Unauthorized", CHALLENGE).replace(";rport;", ";rport=40001;received=198.51.100.7;");
    talk.hear(&seen);
    let second = talk.one();
    assert_eq!(second.get("Contact"), Some("<sip:101@198.51.100.7:40001>"));
    assert!(second.get("Via").is_some_and(|via| via.contains("10.0.0.9:5070")));
}

#[test]
fn who_leaves_ends_registration_and_subscriptions() {
    let mut talk = Talk::new(&account(&["102"], true));
    let asked = talk.sent();
    talk.subscribed(&asked[0]);
    talk.answer(
        &asked[1],
        "200 OK",
        "Contact: <sip:101@10.0.0.9:5070>;expires=60, <sip:101@10.0.0.8>;expires=9\r\n",
    );
    talk.session.leave(talk.now);
    let sent = talk.sent();
    let left: Vec<_> = sent
        .iter()
        .map(|message| (message.method(), message.get("Expires")))
        .collect();
    assert_eq!(left, [(Some("SUBSCRIBE"), Some("0")), (Some("REGISTER"), Some("0"))]);
    assert!(!talk.session.has_left());
    for request in &sent {
        talk.answer(request, "200 OK", "");
    }
    assert!(talk.session.has_left());
}

fn registered() -> Talk {
    let mut talk = Talk::new(&account(&[], true));
    let asked = talk.one();
    assert_eq!(asked.method(), Some("REGISTER"));
    talk.answer(&asked, "200 OK", "Contact: <sip:101@10.0.0.9:5070>;expires=120\r\n");
    let Some(Signal::Up { caveat: Some(caveat) }) = talk.signals.last() else {
        panic!("{:?}", talk.signals)
    };
    assert!(caveat.contains("second contact"), "{caveat}");
    talk.signals.clear();
    talk
}

fn offer(method: &str, branch: &str, more: &str) -> String {
    format!(
        "{method} sip:101@10.0.0.9:5070 SIP/2.0\r\nVia: SIP/2.0/UDP 10.0.0.1;branch={branch}\r\nVia: SIP/2.0/UDP 10.0.0.2;branch=z9hG4bKx\r\n\
         Record-Route: <sip:10.0.0.1;lr>\r\nFrom: <sip:+491@x>;tag=c\r\nTo: <sip:101@pbx.example>\r\nCall-ID: call\r\n\
         CSeq: 7 {method}\r\n{more}Content-Length: 0\r\n\r\n"
    )
}

#[test]
fn an_offered_call_is_answered_with_trying_and_nothing_more() {
    let mut talk = registered();
    talk.hear(&offer("INVITE", "z9hG4bK1", ""));
    let trying = talk.one();
    assert_eq!((trying.code(), trying.tag("To")), (Some(100), None));
    assert_eq!(trying.all("Via").count(), 2);
    assert_eq!(talk.signals.len(), 3);
    talk.hear(&offer("INVITE", "z9hG4bK1", ""));
    assert_eq!(talk.one().code(), Some(100), "a repeated INVITE is known");
    talk.hear(&offer("INVITE", "z9hG4bK2", ""));
    assert_eq!(talk.one().code(), Some(482), "the same on another way");
    assert_eq!(talk.signals.len(), 3);
    talk.hear(&offer("INVITE", "z9hG4bK3", "").replace("To: <sip:101@pbx.example>", "To: <sip:101@pbx.example>;tag=q"));
    assert_eq!(
        talk.one().code(),
        Some(481),
        "an INVITE within a call that we are not in"
    );
}

#[test]
fn a_cancelled_call_is_answered_until_it_is_acknowledged() {
    let mut talk = registered();
    talk.hear(&offer("INVITE", "z9hG4bK1", ""));
    talk.sent();
    talk.hear(&offer(
        "CANCEL",
        "z9hG4bK1",
        "Reason: Q.850;cause=26;text=\"x\", SIP;cause=487\r\n",
    ));
    let sent = talk.sent();
    assert_eq!((sent[0].code(), sent[0].get("CSeq")), (Some(200), Some("7 CANCEL")));
    assert_eq!((sent[1].code(), sent[1].get("CSeq")), (Some(487), Some("7 INVITE")));
    assert_eq!(sent[0].tag("To"), sent[1].tag("To"));
    let Some(Signal::Event(CallEvent::Ended { cause, by, .. })) = talk.signals.last() else {
        panic!("{:?}", talk.signals)
    };
    assert_eq!((*cause, *by), (Cause::AnsweredElsewhere, None));
    talk.hear(&offer("CANCEL", "z9hG4bK1", ""));
    assert_eq!(talk.one().code(), Some(200), "a repeated CANCEL");
    talk.until(4_000).expect("all well");
    assert_eq!(
        talk.sent().iter().filter(|message| message.code() == Some(487)).count(),
        3,
        "at 0.5, 1.5 and 3.5 s"
    );
    talk.hear(&offer("ACK", "z9hG4bK1", ""));
    talk.until(14_000).expect("all well");
    assert_eq!(talk.sent().len(), 0, "acknowledged");
    assert_eq!(talk.signals.len(), 5);
    talk.hear(&offer("CANCEL", "z9hG4bK9", ""));
    assert_eq!(talk.one().code(), Some(481));
}

#[test]
fn no_request_whatever_is_answered_so_that_a_call_is_taken_or_ended() {
    let mut talk = registered();
    for method in [
        "INVITE",
        "UPDATE",
        "BYE",
        "PRACK",
        "REFER",
        "INFO",
        "MESSAGE",
        "OPTIONS",
        "PUBLISH",
        "FOO",
        "SUBSCRIBE",
    ] {
        for more in [
            "",
            "Replaces: call;to-tag=1;from-tag=2\r\n",
            "Require: 100rel\r\n",
            "Answer-Mode: Auto\r\nAlert-Info: <x>;answer-after=0\r\n",
        ] {
            talk.hear(&offer(method, &format!("z9hG4bK{method}{}", more.len()), more));
            talk.hear(
                &offer(method, "z9hG4bKq", more)
                    .replace("To: <sip:101@pbx.example>", "To: <sip:101@pbx.example>;tag=q"),
            );
            for reply in talk.sent() {
                let code = reply.code().expect("a reply");
                assert!(code < 600, "{method} {more}: {code}");
                assert!(
                    method == "OPTIONS" || !(101..300).contains(&code),
                    "{method} {more}: {code}"
                );
            }
        }
    }
}

#[test]
fn a_call_that_nobody_cancels_is_given_up() {
    let mut talk = registered();
    talk.hear(&offer("INVITE", "z9hG4bK1", ""));
    talk.sent();
    for seconds in (10..=200).step_by(10) {
        let _ = talk.until(seconds * 1000);
        for message in talk.sent() {
            if message.method().is_some() {
                talk.answer(&message, "200 OK", "");
            } else {
                assert_eq!(message.code(), Some(480));
            }
        }
    }
    let ended = talk.signals.iter().any(|signal| {
        matches!(
            signal,
            Signal::Event(CallEvent::Ended {
                cause: Cause::Stale,
                ..
            })
        )
    });
    assert!(ended, "{:?}", talk.signals);
}

#[test]
fn calls_that_rang_when_the_connection_broke_are_closed() {
    let mut talk = registered();
    talk.hear(&offer("INVITE", "z9hG4bK1", ""));
    let (_, events) = talk.session.into_reader();
    assert!(
        matches!(
            events[..],
            [
                CallEvent::LegEnded { .. },
                CallEvent::Ended {
                    cause: Cause::Stale,
                    ..
                }
            ]
        ),
        "{events:?}"
    );
}

#[test]
fn a_line_that_is_watched_and_registered_tells_one_call_to_its_end() {
    for list_first in [true, false] {
        let mut talk = Talk::new(&account(&["101"], true));
        let asked = talk.sent();
        talk.subscribed(&asked[0]);
        talk.answer(&asked[1], "200 OK", "Contact: <sip:101@10.0.0.9:5070>;expires=120\r\n");
        let list = |cseq, state: &str| {
            let dialog = ringing("d")
                .replace("id=\"d\"", "id=\"d\" call-id=\"call\"")
                .replace("early", state);
            let list = notify(&asked[0], cseq, "active", "full", cseq, &dialog);
            list.replace("<sip:102@pbx.example>;tag=pbx", "<sip:101@pbx.example>;tag=pbx")
        };
        let invite = offer(
            "INVITE",
            "z9hG4bK1",
            "P-Asserted-Identity: \"ACME\" <sip:+491;verstat=TN-Validation-Passed@x>\r\n",
        );
        let order = [list(2, "early"), invite];
        let order = if list_first {
            [&order[0], &order[1]]
        } else {
            [&order[1], &order[0]]
        };
        order.iter().for_each(|message| talk.hear(message));
        talk.hear(&offer("CANCEL", "z9hG4bK1", "Reason: SIP;cause=200\r\n"));
        talk.hear(&list(3, "confirmed"));
        let told = |signals: &[Signal]| {
            let events = signals.iter().filter_map(|signal| match signal {
                Signal::Event(event) => Some((event.clone(), at(0))),
                _ => None,
            });
            super::calls(&events.collect::<Vec<_>>())
        };
        let calls = told(&talk.signals);
        assert_eq!(calls.len(), 1, "{calls:#?}");
        assert!(calls[0].ended.is_none() && calls[0].answer().is_some(), "{calls:#?}");
        assert_eq!(
            (calls[0].remote.name.as_str(), calls[0].remote.trust),
            ("ACME", Trust::Verified)
        );
        talk.hear(&list(4, "terminated"));
        assert!(told(&talk.signals)[0].ended.is_some());
    }
}
