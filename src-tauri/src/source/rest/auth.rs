//! Proof of who asks: put into each request, fetched first where it must be, and fetched anew when it is no longer good.
//!
//! A refresh token that a service gives in place of the old one is kept, durably, before anything is asked with what
//! came along with it: whatever happens then, the next run can log in.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use reqwest::Method;
use reqwest::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, HeaderMap, HeaderValue};
use serde_json::Value;
use zeroize::Zeroizing;

use super::answer::{Answer, Meaning, meaning};
use super::ask::{Asker, address, fill_headers, header_value, json};
use super::system::{Auth, ClientIn, ErrorRule, Grant};
use super::template::Words;
use super::web::Question;
use crate::source::pull::PullError;
use crate::words::Saying;

/// What was fetched to prove who asks.
#[derive(Default)]
pub(super) struct Proof {
    token: Option<Zeroizing<String>>,
    session: Option<Value>,
    until: Option<DateTime<Utc>>,
}

impl Proof {
    /// What the log-in gave.
    pub(super) fn session(&self) -> Value {
        self.session.clone().unwrap_or(Value::Null)
    }

    /// It is no longer good.
    pub(super) fn forget(&mut self) {
        *self = Proof::default();
    }
}

/// A token is fetched anew so long before it ends.
const EARLY: TimeDelta = TimeDelta::seconds(30);

impl Asker {
    /// Fetches what proves who asks, unless that is there and good for a while.
    pub(super) fn prove(&mut self, stream: &str) -> Result<(), PullError> {
        let now = (self.outside.now)();
        let there = self.proof.token.is_some() || self.proof.session.is_some();
        if there && self.proof.until.is_none_or(|until| now + EARLY < until) {
            return Ok(());
        }
        match &self.system.client.auth {
            Auth::None | Auth::Basic { .. } | Auth::Bearer { .. } | Auth::Header { .. } | Auth::Query { .. } => Ok(()),
            Auth::Oauth2 { .. } => self.fetch_token(stream),
            Auth::Session { .. } => self.log_in(stream),
        }
    }

    /// Puts the proof into a question.
    pub(super) fn show_proof(&self, question: &mut Question, words: &Words) -> Result<(), String> {
        let headers = &mut question.headers;
        match &self.system.client.auth {
            Auth::None => {}
            Auth::Basic { user, password } => {
                let both = Zeroizing::new(format!("{}:{}", user.fill(words)?, password.fill(words)?));
                headers.insert(
                    AUTHORIZATION,
                    header_value("Authorization", &format!("Basic {}", STANDARD.encode(&*both)))?,
                );
            }
            Auth::Bearer { token } => {
                let text = format!("Bearer {}", token.fill(words)?);
                headers.insert(AUTHORIZATION, header_value("Authorization", &text)?);
            }
            Auth::Header { name, value } => {
                let one = [(name.clone(), value.clone())].into();
                fill_headers(headers, &one, words)?;
            }
            Auth::Query { name, value } => {
                question.url.query_pairs_mut().append_pair(name, &value.fill(words)?);
            }
            Auth::Oauth2 { prefix, .. } => {
                let token = self.proof.token.as_ref().map_or("", |token| token);
                let text = format!("{} {token}", prefix.as_deref().unwrap_or("Bearer"));
                headers.insert(AUTHORIZATION, header_value("Authorization", &text)?);
            }
            Auth::Session { headers: carried, .. } => fill_headers(headers, carried, words)?,
        }
        Ok(())
    }

    fn log_in(&mut self, stream: &str) -> Result<(), PullError> {
        let Auth::Session {
            path, body, session, ..
        } = self.system.client.auth.clone()
        else {
            return Ok(());
        };
        let question = || -> Result<Question, String> {
            Ok(Question {
                method: Method::POST,
                url: address(&self.system.client.base_url, Some(&path), &self.words)?,
                headers: json_headers(),
                body: Some(json(&body, &self.words)?),
            })
        };
        let question = question().map_err(|what| self.refused(stream, Saying::quoted(what)))?;
        let answer = self.told(
            &question,
            stream,
            "import.of_log_in",
            &self.system.client.errors.clone(),
        )?;
        let found = session.first(super::path::Place::alone(&answer.body)).cloned();
        let good = found.filter(|found| !matches!(found, Value::Bool(false)) && found != &Value::from(0));
        let Some(found) = good else {
            return Err(self.refused(stream, Saying::of("import.log_in_not_accepted")));
        };
        self.proof.session = Some(found);
        Ok(())
    }

    fn fetch_token(&mut self, stream: &str) -> Result<(), PullError> {
        let question = self
            .token_question()
            .map_err(|what| self.refused(stream, Saying::quoted(what)))?;
        let answer = self.told(&question, stream, "import.of_tokens", &[])?;
        let text = |name: &str| {
            answer
                .body
                .get(name)
                .and_then(Value::as_str)
                .filter(|text| !text.is_empty())
        };
        let Some(token) = text("access_token") else {
            let said = text("error_description").or_else(|| text("error"));
            let said = said.map(|said| format!(" ({said})")).unwrap_or_default();
            return Err(self.refused(stream, Saying::of("import.no_token").with("said", said)));
        };
        if let Some(new) = text("refresh_token") {
            self.keep_refresh_token(new, stream)?;
        }
        let lives = answer
            .body
            .get("expires_in")
            .and_then(|n| n.as_i64().or_else(|| n.as_str()?.parse().ok()));
        let lives = lives.and_then(TimeDelta::try_seconds);
        self.proof = Proof {
            token: Some(Zeroizing::new(token.to_owned())),
            session: None,
            until: lives.and_then(|lives| (self.outside.now)().checked_add_signed(lives)),
        };
        Ok(())
    }

    fn token_question(&self) -> Result<Question, String> {
        let Auth::Oauth2 {
            token_url,
            grant,
            client_id,
            client_secret,
            client_in,
            refresh_token,
            form,
            ..
        } = &self.system.client.auth
        else {
            return Err("there is no token to fetch".to_owned());
        };
        let words = &self.words;
        let mut pairs: Vec<(String, String)> = Vec::new();
        match grant {
            Grant::ClientCredentials => pairs.push(("grant_type".to_owned(), "client_credentials".to_owned())),
            Grant::RefreshToken => {
                let name = refresh_token.as_deref().unwrap_or_default();
                let token = words.get(name).and_then(Value::as_str).unwrap_or_default();
                pairs.push(("grant_type".to_owned(), "refresh_token".to_owned()));
                pairs.push(("refresh_token".to_owned(), token.to_owned()));
            }
        }
        let mut headers = json_headers();
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        let (id, secret) = (client_id.fill(words)?, Zeroizing::new(client_secret.fill(words)?));
        match client_in {
            ClientIn::Body => {
                pairs.push(("client_id".to_owned(), id));
                pairs.push(("client_secret".to_owned(), secret.to_string()));
            }
            ClientIn::Basic => {
                let both = Zeroizing::new(format!("{id}:{}", *secret));
                headers.insert(
                    AUTHORIZATION,
                    header_value("Authorization", &format!("Basic {}", STANDARD.encode(&*both)))?,
                );
            }
        }
        for (name, value) in form {
            pairs.push((name.clone(), value.fill(words)?));
        }
        Ok(Question {
            method: Method::POST,
            url: address(token_url, None, words)?,
            headers,
            body: Some(serde_urlencoded::to_string(&pairs).map_err(|error| error.to_string())?),
        })
    }

    /// Keeps a refresh token that the service gave in place of the old one.
    fn keep_refresh_token(&mut self, new: &str, stream: &str) -> Result<(), PullError> {
        let Auth::Oauth2 {
            refresh_token: Some(name),
            ..
        } = &self.system.client.auth
        else {
            return Ok(());
        };
        let name = name.clone();
        if self.words.get(&name).and_then(Value::as_str) == Some(new) {
            return Ok(());
        }
        self.secrets
            .keep(&name, new)
            .map_err(|why| self.refused(stream, Saying::of("import.token_not_kept").with("why", why)))?;
        self.words.insert(name, Value::from(new));
        Ok(())
    }

    /// The answer to a log-in, asked again while that may help.
    fn told(
        &mut self,
        question: &Question,
        stream: &str,
        what: &'static str,
        rules: &[ErrorRule],
    ) -> Result<Answer, PullError> {
        let mut tries = 0;
        loop {
            let reply = self.send(question, stream, &mut tries)?;
            match meaning(rules.iter(), &reply, (self.outside.now)()) {
                Meaning::Good(answer) => return Ok(answer),
                Meaning::Retry { why, after } => {
                    self.pause(stream, &Saying::of(what).with_said("why", why), after, &mut tries)?;
                }
                Meaning::LogIn { why } | Meaning::Refused { why } => {
                    return Err(self.refused(stream, Saying::of(what).with_said("why", why)));
                }
                Meaning::Nothing | Meaning::Expired => {
                    let nothing = Saying::of("import.gave_nothing");
                    return Err(self.refused(stream, Saying::of(what).with_said("why", nothing)));
                }
            }
        }
    }
}

fn json_headers() -> HeaderMap {
    let json = HeaderValue::from_static("application/json");
    [(CONTENT_TYPE, json.clone()), (ACCEPT, json)].into_iter().collect()
}
