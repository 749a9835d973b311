//! A session and the phone system's side of it, message by message, with time as an argument.

use chrono::{DateTime, Utc};
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
pub(super) struct Talk {
    pub(super) session: Session,
    pub(super) now: DateTime<Utc>,
    pub(super) signals: Vec<Signal>,
    outbox: Vec<Message>,
    /// Whether the phone system says that it is there when asked.
    pub(super) alive: bool,
}

impl Talk {
    pub(super) fn new(account: &Account) -> Self {
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

    pub(super) fn sent(&mut self) -> Vec<Message> {
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
    pub(super) fn one(&mut self) -> Message {
        let sent = self.sent();
        assert_eq!(sent.len(), 1, "{sent:#?}");
        sent.into_iter().next().expect("one")
    }

    #[track_caller]
    pub(super) fn hear(&mut self, text: &str) {
        let heard = self.session.receive(text.as_bytes(), self.now).expect("no refusal");
        self.signals.extend(heard);
    }

    #[track_caller]
    pub(super) fn answer(&mut self, request: &Message, line: &str, headers: &str) {
        self.hear(&response(request, line, headers));
    }

    /// Lets time pass to a moment, doing what is due on the way.
    pub(super) fn until(&mut self, milliseconds: i64) -> Result<(), SessionError> {
        while self.session.poll_timeout() <= at(milliseconds) {
            self.now = self.now.max(self.session.poll_timeout());
            self.signals.extend(self.session.handle_timeout(self.now)?);
            self.collect();
        }
        self.now = at(milliseconds);
        Ok(())
    }

    /// Agrees to the subscription and sends its first list.
    pub(super) fn subscribed(&mut self, request: &Message) {
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

pub(super) const CHALLENGE: &str = "WWW-Authenticate: Digest realm=\"pbx\", nonce=\"n1\", qop=\"auth\", algorithm=MD5\r\n\
                         WWW-Authenticate: Digest realm=\"pbx\", nonce=\"n1\", qop=\"auth\", algorithm=SHA-256\r\n";
