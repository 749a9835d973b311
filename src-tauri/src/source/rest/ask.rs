//! Asks a system: fills a request in, proves who asks, waits when it must, and asks again when that may help.

use std::time::Duration;

use chrono::{DateTime, Utc};
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, RANGE};
use reqwest::{Method, Url};
use serde_json::Value;

use super::answer::{Answer, LONGEST_WAIT, Meaning, backoff, meaning, quota_wait};
use super::auth::Proof;
use super::connect::Secrets;
use super::paging::Position;
use super::path::OneOrMore;

use super::system::{self, Ask, Auth, ErrorRule, Paging, System};
use super::template::{Template, Words};
use super::web::{Lost, Question, Reply, Web};
use crate::source::pull::PullError;
use crate::words::Saying;

/// The clock, the waiting and the chance of a run: tests have their own.
pub struct Outside {
    /// What time it is.
    pub now: Box<dyn Fn() -> DateTime<Utc> + Send>,
    /// Waits so long.
    pub wait: Box<dyn FnMut(Duration) + Send>,
    /// A number from 0 to 1.
    pub chance: Box<dyn FnMut() -> f64 + Send>,
}

impl Default for Outside {
    fn default() -> Self {
        Outside {
            now: Box::new(Utc::now),
            wait: Box::new(std::thread::sleep),
            chance: Box::new(rand::random::<f64>),
        }
    }
}

/// How often something is asked before a run gives up.
const TRIES: u32 = 6;

/// Asks one system.
pub(super) struct Asker {
    pub(super) system: System,
    pub(super) words: Words,
    pub(super) secrets: Secrets,
    pub(super) proof: Proof,
    pub(super) web: Web,
    pub(super) outside: Outside,
    asked: Option<DateTime<Utc>>,
    /// Requests sent so far.
    pub(super) requests: u64,
}

/// One page to ask for.
pub(super) struct Want<'w> {
    pub(super) ask: &'w Ask,
    pub(super) paging: &'w Paging,
    pub(super) position: &'w Position,
    pub(super) words: &'w Words,
    pub(super) errors: &'w [ErrorRule],
    /// What is being read, for messages.
    pub(super) stream: &'w str,
    /// What holds for lists does not hold for it.
    pub(super) alone: bool,
}

/// Why a question got no answer, and whether waiting would help.
pub(super) enum Exchange {
    Answer(Box<Answer>, Url),
    Nothing,
    Expired,
}

impl Asker {
    pub(super) fn new(system: System, words: Words, secrets: Secrets, web: Web, outside: Outside) -> Self {
        Asker {
            system,
            words,
            secrets,
            proof: Proof::default(),
            web,
            outside,
            asked: None,
            requests: 0,
        }
    }

    /// Asks for a page.
    pub(super) fn ask(&mut self, want: &Want<'_>) -> Result<Exchange, PullError> {
        let mut renewed = false;
        let mut tries = 0;
        loop {
            self.prove(want.stream)?;
            let question = self
                .question(want)
                .map_err(|what| self.refused(want.stream, Saying::quoted(what)))?;
            let reply = self.send(&question, want.stream, &mut tries)?;
            let rules = want.errors.iter().chain(&self.system.client.errors);
            match meaning(rules, &reply, (self.outside.now)()) {
                Meaning::Good(answer) => return Ok(Exchange::Answer(Box::new(answer), question.url)),
                Meaning::Nothing => return Ok(Exchange::Nothing),
                Meaning::Expired => return Ok(Exchange::Expired),
                Meaning::Refused { why } => return Err(self.refused(want.stream, why)),
                Meaning::LogIn { why } if renewed || !self.can_renew() => return Err(self.refused(want.stream, why)),
                Meaning::LogIn { .. } => {
                    renewed = true;
                    self.proof.forget();
                }
                Meaning::Retry { why, after } => self.pause(want.stream, &why, after, &mut tries)?,
            }
        }
    }

    /// Sends one question until anything comes back.
    pub(super) fn send(&mut self, question: &Question, stream: &str, tries: &mut u32) -> Result<Reply, PullError> {
        loop {
            self.keep_pace();
            self.requests += 1;
            match self.web.send(question) {
                Ok(reply) => {
                    self.mind_quota(&reply, stream)?;
                    return Ok(reply);
                }
                Err(Lost::Refused(why)) => return Err(self.refused(stream, why)),
                Err(Lost::Broken(why)) => self.pause(stream, &why, None, tries)?,
            }
        }
    }

    /// Waits before the next try; gives up when there were enough or the wait is too long for a run.
    pub(super) fn pause(
        &mut self,
        stream: &str,
        why: &Saying,
        after: Option<Duration>,
        tries: &mut u32,
    ) -> Result<(), PullError> {
        *tries += 1;
        let wait = after.unwrap_or_else(|| backoff(*tries - 1, (self.outside.chance)()));
        if *tries >= TRIES || wait > LONGEST_WAIT {
            let (system, why) = (self.named(stream), why.clone());
            let said = if *tries == 1 {
                Saying::of("import.system_later")
                    .with("system", system)
                    .with_said("why", why)
            } else {
                Saying::of("import.system_later_tried")
                    .with("system", system)
                    .with_said("why", why)
                    .with("times", *tries)
            };
            return Err(PullError::Later { said, after });
        }
        tracing::debug!("{}: {why}; asked again in {wait:?}", self.named(stream));
        (self.outside.wait)(wait);
        Ok(())
    }

    pub(super) fn keep_pace(&mut self) {
        let now = (self.outside.now)();
        if let (Some(asked), Some(rate)) = (self.asked, self.system.client.requests_per_second) {
            let apart = Duration::from_secs_f64(1.0 / rate.max(0.01));
            let since = (now - asked).to_std().unwrap_or(apart);
            if since < apart {
                (self.outside.wait)(apart - since);
            }
        }
        self.asked = Some((self.outside.now)());
    }

    fn mind_quota(&mut self, reply: &Reply, stream: &str) -> Result<(), PullError> {
        let Some(quota) = &self.system.client.quota else {
            return Ok(());
        };
        // what was refused says itself how long to wait
        if !reply.status.is_success() {
            return Ok(());
        }
        let Some(wait) = quota_wait(quota, &reply.headers, (self.outside.now)()) else {
            return Ok(());
        };
        if wait > LONGEST_WAIT {
            return Err(PullError::Later {
                said: Saying::of("import.system_no_quota").with("system", self.named(stream)),
                after: Some(wait),
            });
        }
        (self.outside.wait)(wait);
        Ok(())
    }

    pub(super) fn question(&self, want: &Want<'_>) -> Result<Question, String> {
        let mut words = self.words.clone();
        words.extend(want.words.clone());
        words.insert(
            "now".to_owned(),
            Value::from((self.outside.now)().format("%Y-%m-%dT%H:%M:%SZ").to_string()),
        );
        words.insert("session".to_owned(), self.proof.session());
        want.position.words(want.paging, &mut words);
        let none = Ask::default();
        let defaults = if want.alone { &none } else { &self.system.defaults };
        let base = &self.system.client.base_url;
        let url = match &want.position.url {
            Some(next) => self.of_this_host(next, &words)?,
            None => {
                let path = want.ask.path.as_ref().or(defaults.path.as_ref());
                let mut url = address(base, path, &words)?;
                fill_query(&mut url, &[&defaults.query, &want.ask.query], &words)?;
                url
            }
        };
        let mut headers = HeaderMap::new();
        for written in [&self.system.client.headers, &defaults.headers, &want.ask.headers] {
            fill_headers(&mut headers, written, &words)?;
        }
        if let Some(range) = &want.position.range {
            headers.insert(
                RANGE,
                HeaderValue::from_str(range).map_err(|_| "the range is no header".to_owned())?,
            );
        }
        let body = want.ask.body.as_ref().or(defaults.body.as_ref());
        let body = body.map(|body| json(body, &words)).transpose()?;
        if body.is_some() && !headers.contains_key(CONTENT_TYPE) {
            headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        }
        let usual = if body.is_some() {
            system::Method::Post
        } else {
            system::Method::Get
        };
        let method = match want.ask.method.or(defaults.method).unwrap_or(usual) {
            system::Method::Get => Method::GET,
            system::Method::Post => Method::POST,
            system::Method::Put => Method::PUT,
            system::Method::Patch => Method::PATCH,
        };
        let mut question = Question {
            method,
            url,
            headers,
            body,
        };
        self.show_proof(&mut question, &words)?;
        Ok(question)
    }

    /// An address that an answer gave is asked on the system's own host alone: what proves who asks goes with it.
    fn of_this_host(&self, next: &Url, words: &Words) -> Result<Url, String> {
        let base = address(&self.system.client.base_url, None, words)?;
        let place = |url: &Url| {
            (
                url.scheme().to_owned(),
                url.host_str().map(str::to_owned),
                url.port_or_known_default(),
            )
        };
        if place(next) == place(&base) {
            return Ok(next.clone());
        }
        Err(format!(
            "the next page is said to be on {}, which is another host: nothing secret is sent there",
            super::web::host(next)
        ))
    }

    /// A message that it will not work until somebody changes something.
    pub(super) fn refused(&self, stream: &str, why: Saying) -> PullError {
        PullError::Refused {
            said: Saying::of("import.system")
                .with("system", self.named(stream))
                .with_said("why", why),
        }
    }

    pub(super) fn named(&self, stream: &str) -> String {
        if stream.is_empty() {
            self.system.title.clone()
        } else {
            format!("{} ({stream})", self.system.title)
        }
    }

    /// Does a new log-in give a new proof?
    pub(super) fn can_renew(&self) -> bool {
        matches!(self.system.client.auth, Auth::Oauth2 { .. } | Auth::Session { .. })
    }
}

/// `base` with `path` behind it.
pub(super) fn address(base: &Template, path: Option<&Template>, words: &Words) -> Result<Url, String> {
    let base = base.fill(words)?;
    let path = path.map(|path| path.fill(words)).transpose()?.unwrap_or_default();
    let whole = match (base.trim().trim_end_matches('/'), path.trim()) {
        (base, "") => base.to_owned(),
        (base, path) => format!("{base}/{}", path.trim_start_matches('/')),
    };
    Url::parse(&whole).map_err(|_| format!("`{whole}` is no address; one begins with https://"))
}

fn fill_query(
    url: &mut Url,
    queries: &[&std::collections::BTreeMap<String, OneOrMore<Template>>],
    words: &Words,
) -> Result<(), String> {
    let mut pairs = Vec::new();
    for query in queries {
        for (name, values) in *query {
            for value in values.iter() {
                pairs.push((name.clone(), value.fill(words)?));
            }
        }
    }
    pairs.retain(|(_, value)| !value.trim().is_empty());
    if !pairs.is_empty() {
        url.query_pairs_mut().extend_pairs(pairs);
    }
    Ok(())
}

/// Adds headers; what turns out empty is left out.
pub(super) fn fill_headers(
    headers: &mut HeaderMap,
    written: &std::collections::BTreeMap<String, Template>,
    words: &Words,
) -> Result<(), String> {
    for (name, value) in written {
        let text = value.fill(words)?;
        if text.trim().is_empty() {
            continue;
        }
        let header = HeaderName::from_bytes(name.as_bytes()).map_err(|_| format!("`{name}` is no name of a header"))?;
        headers.insert(header, header_value(name, text.trim())?);
    }
    Ok(())
}

/// What stands in a header, marked as secret so that nothing prints it.
pub(super) fn header_value(name: &str, text: &str) -> Result<HeaderValue, String> {
    let wrong = |_| format!("what the header {name} would hold has signs that no header can have");
    let mut value = HeaderValue::from_str(text).map_err(wrong)?;
    value.set_sensitive(true);
    Ok(value)
}

/// A body, filled in; it must be JSON then, so that a value with a quote in it cannot change what is asked.
pub(super) fn json(body: &Template, words: &Words) -> Result<String, String> {
    let text = body.fill(words)?;
    let checked: Result<serde::de::IgnoredAny, _> = serde_json::from_str(&text);
    checked.map_err(|error| {
        format!(
            "the body is no JSON once it is filled in (line {}, column {}): write texts as {{{{ name|tojson }}}}",
            error.line(),
            error.column()
        )
    })?;
    Ok(text)
}
