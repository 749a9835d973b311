//! An HTTP server that answers as a test says, real sockets and all, and misbehaves when it should.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What was asked.
#[derive(Clone, Debug)]
pub(super) struct Asked {
    /// `GET`
    pub(super) method: String,
    /// Path and query.
    pub(super) target: String,
    /// Names in small letters.
    pub(super) headers: Vec<(String, String)>,
    pub(super) body: String,
}

impl Asked {
    pub(super) fn header(&self, name: &str) -> &str {
        self.headers
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value)
    }

    /// A part of the query.
    pub(super) fn query(&self, name: &str) -> Option<String> {
        let url = reqwest::Url::parse(&format!("http://x{}", self.target)).expect("a target");
        url.query_pairs()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value.into_owned())
    }

    pub(super) fn number(&self, name: &str) -> usize {
        self.query(name).and_then(|text| text.parse().ok()).unwrap_or(0)
    }
}

/// What is done about it.
pub(super) enum Act {
    /// Status, headers, body.
    Reply(u16, Vec<(&'static str, String)>, Vec<u8>),
    /// Half an answer, and the line is cut.
    Cut,
    /// A header, and then nothing more, with the line open.
    Silence,
    /// A body without end.
    Endless,
}

impl Act {
    pub(super) fn json(body: impl std::fmt::Display) -> Self {
        Act::status(200, body)
    }

    pub(super) fn status(status: u16, body: impl std::fmt::Display) -> Self {
        Act::Reply(
            status,
            vec![("content-type", "application/json".to_owned())],
            body.to_string().into_bytes(),
        )
    }

    pub(super) fn with(self, name: &'static str, value: impl std::fmt::Display) -> Self {
        match self {
            Act::Reply(status, mut headers, body) => {
                headers.push((name, format!("{value}")));
                Act::Reply(status, headers, body)
            }
            other => other,
        }
    }
}

/// A server on loopback; it ends with the test.
pub(super) struct Server {
    pub(super) url: String,
    asked: Arc<Mutex<Vec<Asked>>>,
}

impl Server {
    /// Answers request after request (counted from 0) as `answer` says.
    pub(super) fn start(answer: impl Fn(usize, &Asked) -> Act + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let asked = Arc::new(Mutex::new(Vec::new()));
        let seen = Arc::clone(&asked);
        std::thread::spawn(move || {
            let mut silent = Vec::new();
            for stream in listener.incoming().map_while(Result::ok) {
                let Some(request) = read(&stream) else { continue };
                let count = {
                    let mut seen = seen.lock().expect("not poisoned");
                    seen.push(request.clone());
                    seen.len() - 1
                };
                act(stream, answer(count, &request), &mut silent);
            }
        });
        Server { url, asked }
    }

    pub(super) fn asked(&self) -> Vec<Asked> {
        self.asked.lock().expect("not poisoned").clone()
    }
}

fn read(stream: &TcpStream) -> Option<Asked> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line).ok()?;
    let mut words = line.split_whitespace();
    let (method, target) = (words.next()?.to_owned(), words.next()?.to_owned());
    let mut headers = Vec::new();
    loop {
        let mut line = String::new();
        reader.read_line(&mut line).ok()?;
        let Some((name, value)) = line.trim_end().split_once(':') else {
            break;
        };
        headers.push((name.to_lowercase(), value.trim().to_owned()));
    }
    let length = headers
        .iter()
        .find(|(name, _)| name == "content-length")
        .and_then(|(_, n)| n.parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body).ok()?;
    let body = String::from_utf8(body).ok()?;
    Some(Asked {
        method,
        target,
        headers,
        body,
    })
}

fn act(mut stream: TcpStream, act: Act, silent: &mut Vec<TcpStream>) {
    // the other side may be gone: that is part of what is tested
    match act {
        Act::Reply(status, headers, body) => {
            let mut head = format!(
                "HTTP/1.1 {status} X\r\nconnection: close\r\ncontent-length: {}\r\n",
                body.len()
            );
            for (name, value) in headers {
                head.push_str(&format!("{name}: {value}\r\n"));
            }
            let _ = stream
                .write_all(format!("{head}\r\n").as_bytes())
                .and_then(|()| stream.write_all(&body));
        }
        Act::Cut => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 5000\r\n\r\n[{\"id\":");
        }
        Act::Silence => {
            let _ = stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-le");
            silent.push(stream);
        }
        Act::Endless => {
            let head = b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n";
            let chunk = format!("10000\r\n{}\r\n", "[".repeat(0x10000));
            let mut going = stream.write_all(head);
            while going.is_ok() {
                going = stream.write_all(chunk.as_bytes());
            }
        }
    }
}
