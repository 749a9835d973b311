//! One request and its answer, within bounds: how long, how large, and where to.
//!
//! It knows HTTP. What an answer means is `answer`'s to say, what is asked `ask`'s.

use std::io::Read as _;
use std::time::Duration;

use reqwest::header::{ACCEPT_ENCODING, CONTENT_ENCODING, HeaderMap, LOCATION};
use reqwest::{Client, Method, StatusCode, Url};
use tokio::runtime::Runtime;

use super::address::{Allowed, Lookup, Private};
use crate::words::Saying;

/// What is sent.
#[derive(Clone)]
pub(super) struct Question {
    pub(super) method: Method,
    pub(super) url: Url,
    pub(super) headers: HeaderMap,
    pub(super) body: Option<String>,
}

/// What came back.
#[derive(Clone, Debug)]
pub(super) struct Reply {
    pub(super) status: StatusCode,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
}

/// Why nothing came back.
#[derive(Debug)]
pub(super) enum Lost {
    /// The network or the server failed: it may work later.
    Broken(Saying),
    /// It must not be asked, or the answer not be read.
    Refused(Saying),
}

/// Sends requests.
pub(super) struct Web {
    runtime: Runtime,
    client: Client,
    allowed: Allowed,
    largest: usize,
}

/// How often an answer may send elsewhere on the same host.
const REDIRECTS: usize = 5;

impl Web {
    /// A sender that waits `timeout` for a whole answer of at most `largest` bytes.
    pub(super) fn new(allowed: Allowed, timeout: Duration, largest: usize) -> Result<Self, String> {
        // every process with TLS needs one provider; a second call finds it there
        let _ = rustls::crypto::ring::default_provider().install_default();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        let client = Client::builder()
            .user_agent(concat!("Ringside/", env!("CARGO_PKG_VERSION")))
            .redirect(reqwest::redirect::Policy::none())
            .dns_resolver(Lookup(allowed.clone()))
            .connect_timeout(timeout.min(Duration::from_secs(15)))
            .timeout(timeout)
            .build();
        Ok(Web {
            runtime: runtime.map_err(|error| format!("cannot begin to ask: {error}"))?,
            client: client.map_err(|error| format!("cannot begin to ask: {error}"))?,
            allowed,
            largest,
        })
    }

    /// Sends `question` and reads the answer. A redirect is followed on the same host alone, where nothing that is sent
    /// comes to know a stranger.
    pub(super) fn send(&self, question: &Question) -> Result<Reply, Lost> {
        self.allowed
            .check(&question.url)
            .map_err(|why| Lost::Refused(Saying::quoted(why)))?;
        self.runtime.block_on(async {
            let mut question = question.clone();
            for _ in 0..=REDIRECTS {
                let reply = self.once(&question).await?;
                match redirected(&question, &reply)? {
                    Some(next) => question = next,
                    None => return Ok(reply),
                }
            }
            Err(Lost::Refused(
                Saying::of("import.net_without_end").with("host", host(&question.url)),
            ))
        })
    }

    async fn once(&self, question: &Question) -> Result<Reply, Lost> {
        let mut request = self.client.request(question.method.clone(), question.url.clone());
        request = request
            .headers(question.headers.clone())
            .header(ACCEPT_ENCODING, "gzip");
        if let Some(body) = &question.body {
            request = request.body(body.clone());
        }
        let mut response = request.send().await.map_err(|error| lost(&question.url, &error))?;
        let mut body = Vec::new();
        while let Some(chunk) = response.chunk().await.map_err(|error| lost(&question.url, &error))? {
            if body.len() + chunk.len() > self.largest {
                return Err(self.too_large(&question.url));
            }
            body.extend_from_slice(&chunk);
        }
        let (status, headers) = (response.status(), response.headers().clone());
        if headers.get(CONTENT_ENCODING).is_some_and(|encoding| encoding == "gzip") && !body.is_empty() {
            body = self.unpacked(&question.url, &body)?;
        }
        Ok(Reply { status, headers, body })
    }

    fn unpacked(&self, url: &Url, packed: &[u8]) -> Result<Vec<u8>, Lost> {
        let mut body = Vec::new();
        let broken = |error: std::io::Error| {
            Lost::Broken(
                Saying::of("import.net_not_unpacked")
                    .with("host", host(url))
                    .with("why", error),
            )
        };
        let bound = self.largest as u64 + 1;
        let mut unpacking = flate2::read::MultiGzDecoder::new(packed).take(bound);
        unpacking.read_to_end(&mut body).map_err(broken)?;
        if body.len() > self.largest {
            return Err(self.too_large(url));
        }
        Ok(body)
    }

    fn too_large(&self, url: &Url) -> Lost {
        let most = self.largest / (1024 * 1024);
        Lost::Refused(
            Saying::of("import.net_too_large")
                .with("host", host(url))
                .with("most", most),
        )
    }
}

/// The question that a redirect asks for.
fn redirected(question: &Question, reply: &Reply) -> Result<Option<Question>, Lost> {
    let to = reply.headers.get(LOCATION).and_then(|to| to.to_str().ok());
    let Some(to) = to.filter(|_| matches!(reply.status.as_u16(), 301 | 302 | 303 | 307 | 308)) else {
        return Ok(None);
    };
    let url = question
        .url
        .join(to)
        .map_err(|_| Lost::Refused(Saying::of("import.net_no_address").with("host", host(&question.url))))?;
    let place = |url: &Url| (url.scheme().to_owned(), host(url), url.port_or_known_default());
    if place(&url) != place(&question.url) {
        let there = format!("{}://{}", url.scheme(), host(&url));
        return Err(Lost::Refused(
            Saying::of("import.net_elsewhere")
                .with("host", host(&question.url))
                .with("there", there),
        ));
    }
    let keeps = matches!(reply.status.as_u16(), 307 | 308);
    let mut next = Question {
        url,
        ..question.clone()
    };
    if !keeps && question.method == Method::POST {
        next.method = Method::GET;
        next.body = None;
    }
    Ok(Some(next))
}

/// The host of an address, for messages.
pub(super) fn host(url: &Url) -> String {
    url.host_str().unwrap_or("the server").to_owned()
}

fn lost(url: &Url, error: &reqwest::Error) -> Lost {
    let mut causes = vec![];
    let mut cause: Option<&dyn std::error::Error> = std::error::Error::source(error);
    while let Some(error) = cause {
        if let Some(private) = error.downcast_ref::<Private>() {
            return Lost::Refused(Saying::quoted(private));
        }
        causes.push(error.to_string());
        cause = error.source();
    }
    let host = host(url);
    let last = causes.pop().unwrap_or_else(|| "no reason given".to_owned());
    if error.is_timeout() {
        Lost::Broken(Saying::of("import.net_late").with("host", host))
    } else if error.is_connect() && (last.contains("certificate") || last.contains("Certificate")) {
        Lost::Refused(
            Saying::of("import.net_certificate")
                .with("host", host)
                .with("why", last),
        )
    } else if error.is_connect() {
        Lost::Broken(
            Saying::of("import.net_unreachable")
                .with("host", host)
                .with("why", last),
        )
    } else {
        Lost::Broken(Saying::of("import.net_cut").with("host", host).with("why", last))
    }
}
