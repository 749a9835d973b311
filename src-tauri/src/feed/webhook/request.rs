//! One HTTP request as it came, before anything is believed of it.
//!
//! Pure. It does not know whose request it is. The body stays raw, because signatures cover its bytes.

use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};

use super::fields::Fields;
use super::refusal::{LARGEST, Refusal};
use crate::words::Saying;

/// A request that was received, or that is to be sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// The method.
    pub method: Method,
    /// Path and query, as on the first line.
    pub target: String,
    /// The headers.
    pub headers: HeaderMap,
    /// The body, raw.
    pub body: Vec<u8>,
}

/// Why a text is no request.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("{}", self.saying())]
pub enum NotARequest {
    /// The first line is no request line.
    FirstLine,
    /// A line before the blank one is no header.
    Header(usize),
    /// There is more of it than an event has.
    TooLarge,
}

impl NotARequest {
    /// What is wrong and what to do.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            NotARequest::FirstLine => Saying::of("said.hook_first_line"),
            NotARequest::Header(line) => Saying::of("said.hook_no_header").with("line", line),
            NotARequest::TooLarge => Saying::of("said.hook_too_large").with("most", LARGEST),
        }
    }
}

impl Request {
    /// A request without headers and body.
    #[must_use]
    pub fn new(method: Method, target: &str) -> Self {
        Request {
            method,
            target: target.to_owned(),
            headers: HeaderMap::new(),
            body: Vec::new(),
        }
    }

    /// Reads HTTP/1.1 as text. Lines may end in LF alone, as pasted text does; what follows the blank line is the
    /// body to the last byte, whatever `Content-Length` says.
    ///
    /// # Errors
    /// When it is no request.
    pub fn from_text(text: &[u8]) -> Result<Self, NotARequest> {
        if text.len() > 2 * LARGEST {
            return Err(NotARequest::TooLarge);
        }
        let mut rest = text;
        let first = line(&mut rest).ok_or(NotARequest::FirstLine)?;
        let mut words = first.split(|byte| *byte == b' ').filter(|word| !word.is_empty());
        let method = words.next().and_then(|word| Method::from_bytes(word).ok());
        let target = words.next().and_then(|word| std::str::from_utf8(word).ok());
        let (Some(method), Some(target)) = (method, target.filter(|target| target.starts_with('/'))) else {
            return Err(NotARequest::FirstLine);
        };
        let mut request = Request::new(method, target);
        let mut number = 1;
        while let Some(header) = line(&mut rest).filter(|line| !line.is_empty()) {
            number += 1;
            let (name, value) = parsed(header).ok_or(NotARequest::Header(number))?;
            request.headers.append(name, value);
        }
        request.body = rest.to_vec();
        Ok(request)
    }

    /// HTTP/1.1 as text. For a recording `secrets` are struck out wherever they stand, and with them goes every header
    /// that carries a password; without `secrets` it is the whole request.
    #[must_use]
    pub fn to_text(&self, secrets: &[&str]) -> Vec<u8> {
        let mut text = format!("{} {} HTTP/1.1\r\n", self.method, self.target).into_bytes();
        for (name, value) in &self.headers {
            if !secrets.is_empty()
                && [header::AUTHORIZATION, header::COOKIE, header::PROXY_AUTHORIZATION].contains(name)
            {
                continue;
            }
            text.extend_from_slice(name.as_str().as_bytes());
            text.extend_from_slice(b": ");
            text.extend_from_slice(value.as_bytes());
            text.extend_from_slice(b"\r\n");
        }
        text.extend_from_slice(b"\r\n");
        text.extend_from_slice(&self.body);
        for secret in secrets.iter().filter(|secret| !secret.is_empty()) {
            text = struck_out(&text, secret.as_bytes());
        }
        text
    }

    /// The path, without the query.
    #[must_use]
    pub fn path(&self) -> &str {
        self.target.split('?').next().unwrap_or_default()
    }

    /// The query as it came, empty when there is none.
    #[must_use]
    pub fn query(&self) -> &str {
        self.target.split_once('?').map_or("", |(_, query)| query)
    }

    /// The first header of that name, when it is text.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name).and_then(|value| value.to_str().ok())
    }

    /// Sets a header whose name the settings have. What cannot stand in a header is left out.
    pub(super) fn put(&mut self, name: &str, value: &str) {
        if let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name.as_bytes()), HeaderValue::from_str(value)) {
            self.headers.insert(name, value);
        }
    }

    /// Sets a header that this application writes itself. What cannot stand in a header is left out.
    pub(super) fn set(&mut self, name: &'static str, value: &str) {
        if let Ok(value) = HeaderValue::from_str(value) {
            self.headers.insert(HeaderName::from_static(name), value);
        }
    }

    /// The address that was asked for, with scheme and host: signatures of some formats cover it. `base` is the
    /// public one when a proxy stands before this endpoint.
    pub(super) fn url(&self, base: Option<&str>) -> String {
        match base {
            Some(base) => format!("{}{}", base.trim_end_matches('/'), self.target),
            None => format!("http://{}{}", self.header("host").unwrap_or_default(), self.target),
        }
    }

    /// The fields: those of the body as its content type says, or of the query when there can be no body.
    pub(super) fn fields(&self) -> Result<Fields, Refusal> {
        if self.method == Method::GET {
            return Ok(Fields::from_form(self.query().as_bytes()));
        }
        let given = self
            .headers
            .get(header::CONTENT_TYPE)
            .map_or(&b""[..], HeaderValue::as_bytes);
        let given = String::from_utf8_lossy(given);
        let kind = given.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        match kind.as_str() {
            "application/x-www-form-urlencoded" => Ok(Fields::from_form(&self.body)),
            kind if kind == "application/json" || kind.ends_with("+json") => {
                Ok(Fields::from_json(&self.body).map_err(super::told::Bad::from)?)
            }
            _ => Err(Refusal::ContentType(kind)),
        }
    }
}

/// The next line without its end; `None` at the end of the text.
fn line<'a>(rest: &mut &'a [u8]) -> Option<&'a [u8]> {
    if rest.is_empty() {
        return None;
    }
    let end = memchr::memchr(b'\n', rest).unwrap_or(rest.len());
    let line = &rest[..end];
    *rest = rest.get(end + 1..).unwrap_or_default();
    Some(line.strip_suffix(b"\r").unwrap_or(line))
}

fn parsed(line: &[u8]) -> Option<(HeaderName, HeaderValue)> {
    let colon = memchr::memchr(b':', line)?;
    let name = HeaderName::from_bytes(&line[..colon]).ok()?;
    let value = HeaderValue::from_bytes(line[colon + 1..].trim_ascii()).ok()?;
    Some((name, value))
}

fn struck_out(text: &[u8], secret: &[u8]) -> Vec<u8> {
    let mut rest = text;
    let mut clean = Vec::with_capacity(text.len());
    while let Some(at) = memchr::memmem::find(rest, secret) {
        clean.extend_from_slice(&rest[..at]);
        clean.extend_from_slice(b"***");
        rest = &rest[at + secret.len()..];
    }
    clean.extend_from_slice(rest);
    clean
}
