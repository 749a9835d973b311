//! A phone system that tells of its calls by Zammad's generic CTI.

use std::io::{Read, Write};
use std::net::TcpStream;

use serde_json::{Value, json};

use crate::{PATIENCE, until};

/// One caller, ringing extension 101 and perhaps more.
#[derive(Clone, Debug)]
pub struct Caller {
    port: u16,
    call: String,
    from: String,
    users: Vec<String>,
}

/// The token in every test's address.
pub(crate) const TOKEN: &str = "ring-me-9f2c";

impl Caller {
    /// A call `call` from `from` that rings 101, through the endpoint on `port`.
    #[must_use]
    pub fn new(port: u16, call: &str, from: &str) -> Self {
        Caller {
            port,
            call: call.to_owned(),
            from: from.to_owned(),
            users: vec!["101".to_owned()],
        }
    }

    /// The phone begins to ring.
    pub async fn rings(&self) {
        self.tell(json!({ "event": "newCall" })).await;
    }

    /// 101 answers.
    pub async fn is_answered(&self) {
        self.tell(json!({ "event": "answer", "answeringNumber": "101" })).await;
    }

    /// The call is over after it was answered.
    pub async fn hangs_up(&self) {
        self.tell(json!({ "event": "hangup", "cause": "normalClearing" })).await;
    }

    /// The caller gives up before anybody answered.
    pub async fn gives_up(&self) {
        self.tell(json!({ "event": "hangup", "cause": "cancel" })).await;
    }

    async fn tell(&self, event: Value) {
        let mut told = json!({
            "from": self.from, "to": "493023125101", "direction": "in", "callId": self.call, "user": self.users,
        });
        if let (Some(told), Value::Object(event)) = (told.as_object_mut(), event) {
            told.extend(event);
        }
        let status = until("the webhook endpoint is open", async || post(self.port, &told).ok()).await;
        assert!((200..300).contains(&status), "the endpoint answered {status} to {told}");
    }
}

fn post(port: u16, told: &Value) -> std::io::Result<u16> {
    let body = told.to_string();
    let mut stream = TcpStream::connect(("127.0.0.1", port))?;
    stream.set_read_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "POST /in/zammad/{TOKEN} HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n\
         Content-Length: {}\r\nConnection: close\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    let status = answer.split(' ').nth(1).and_then(|status| status.parse().ok());
    status.ok_or_else(|| std::io::Error::other(format!("not HTTP: {answer}")))
}
