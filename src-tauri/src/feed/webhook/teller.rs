//! Calls told as a provider would tell them: the other way round, for the simulator and for tests.
//!
//! Pure; time is an argument. It does not know how a provider writes; that is the preset's.

use std::collections::HashMap;

use axum::http::Method;
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::dialect::Dialect;
use super::preset::{Draft, Written};
use super::proof::Keys;
use super::request::Request;
use crate::call::{CallEvent, CallKey, Direction, Endpoint, LegKey, Line, Party, Presentation, Then};

/// Tells the story of calls in a provider's requests, validly signed.
#[derive(Debug)]
pub struct Teller {
    dialect: Dialect,
    keys: Keys,
    url: String,
    target: String,
    forms: bool,
    stories: HashMap<CallKey, Story>,
}

/// One request to send.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Telling {
    /// The request; its target is path and query of the address.
    pub request: Request,
    /// What it says, in one line for a person; without secrets.
    pub says: String,
}

impl Teller {
    /// Tells calls to `url`, the whole address with path and token, signed with `keys` (the provider's private key
    /// as first secret, where it signs with one).
    #[must_use]
    pub fn new(dialect: impl Into<Dialect>, keys: Keys, url: &str) -> Self {
        let after_scheme = url.find("://").map_or(0, |at| at + 3);
        let path = url[after_scheme..].find('/').map(|at| &url[after_scheme + at..]);
        Teller {
            dialect: dialect.into(),
            keys,
            url: url.to_owned(),
            target: path.unwrap_or("/").to_owned(),
            forms: false,
            stories: HashMap::new(),
        }
    }

    /// Sends forms where the format leaves the choice, and would send JSON.
    #[must_use]
    pub fn with_forms(mut self, forms: bool) -> Self {
        self.forms = forms;
        self
    }

    /// The requests for what happened at one moment. The phones of a new call must be offered in the moment
    /// in which it begins, because some formats name them all at once.
    pub fn tell(&mut self, moment: &[CallEvent], at: DateTime<Utc>) -> Vec<Telling> {
        for event in moment {
            self.note(event, at);
        }
        let mut tellings = Vec::new();
        for event in moment {
            let Some(story) = self.stories.get(event.call()) else {
                continue;
            };
            let drafts = self.dialect.format().write(story, event, at);
            tellings.extend(drafts.into_iter().map(|draft| self.telling(story, draft, at)));
            if let CallEvent::Ended { call, .. } = event {
                self.stories.remove(call);
            } else if let Some(story) = self.stories.get_mut(event.call()) {
                story.remember(event, at);
            }
        }
        tellings
    }

    fn note(&mut self, event: &CallEvent, at: DateTime<Utc>) {
        if let CallEvent::Began {
            call,
            direction,
            remote,
            called,
            origin,
            ..
        } = event
        {
            let story = Story {
                call: call.0.clone(),
                direction: *direction,
                remote: remote.clone(),
                called: called.clone(),
                origin: origin.clone(),
                phones: Vec::new(),
                began: at,
                talks: None,
                then: None,
            };
            self.stories.entry(call.clone()).or_insert(story);
        }
        if let CallEvent::Offered { call, leg, to } = event
            && let Some(story) = self.stories.get_mut(call)
            && story.phone(leg).is_none()
        {
            story.phones.push((leg.clone(), to.clone()));
        }
        if let CallEvent::Diverted { call, then } = event
            && let Some(story) = self.stories.get_mut(call)
        {
            story.then = Some(*then);
        }
    }

    fn telling(&self, story: &Story, draft: Draft, at: DateTime<Utc>) -> Telling {
        let says = format!("{:<12} {story}", draft.word);
        let mut url = self.url.clone();
        let mut request = Request::new(Method::POST, &self.target);
        match draft.fields {
            Written::Json(Value::Object(object)) if self.forms => {
                let pairs: Vec<_> = object
                    .into_iter()
                    .flat_map(|(name, value)| pairs(&name, value))
                    .collect();
                fill(&mut request, &pairs);
            }
            Written::Json(value) => {
                request.set("content-type", "application/json");
                request.body = value.to_string().into_bytes();
            }
            Written::Form(pairs) => fill(&mut request, &pairs),
            Written::Query(pairs) => {
                let query = encoded(&pairs);
                let joint = if self.target.contains('?') { '&' } else { '?' };
                if self.dialect.format().methods().first() == Some(&Method::GET) {
                    request.method = Method::GET;
                }
                request.target = format!("{}{joint}{query}", self.target);
                url = format!("{}{joint}{query}", self.url);
            }
        }
        self.dialect.format().sign(&mut request, &self.keys, &url, at);
        Telling { request, says }
    }
}

fn fill(request: &mut Request, pairs: &[(String, String)]) {
    request.set("content-type", "application/x-www-form-urlencoded");
    request.body = encoded(pairs).into_bytes();
}

fn encoded(pairs: &[(String, String)]) -> String {
    // Pairs of texts can always be encoded.
    serde_urlencoded::to_string(pairs).unwrap_or_default()
}

/// A field of JSON as fields of a form: a list as `name[]`.
fn pairs(name: &str, value: Value) -> Vec<(String, String)> {
    match value {
        Value::Array(values) => {
            let name = format!("{name}[]");
            values.into_iter().flat_map(|value| pairs(&name, value)).collect()
        }
        Value::String(text) => vec![(name.to_owned(), text)],
        other => vec![(name.to_owned(), other.to_string())],
    }
}

/// What has to be repeated with every event of a call.
#[derive(Clone, Debug)]
pub(super) struct Story {
    pub(super) call: String,
    pub(super) direction: Direction,
    pub(super) remote: Party,
    pub(super) called: String,
    pub(super) origin: Option<Line>,
    /// The phones dialled until now.
    pub(super) phones: Vec<(LegKey, Endpoint)>,
    pub(super) began: DateTime<Utc>,
    /// The first phone that talked, and since when.
    pub(super) talks: Option<(LegKey, DateTime<Utc>)>,
    /// Where it went when nobody answered.
    pub(super) then: Option<Then>,
}

impl Story {
    fn remember(&mut self, event: &CallEvent, at: DateTime<Utc>) {
        if let CallEvent::Answered { leg, .. } = event {
            self.talks.get_or_insert((leg.clone(), at));
        }
    }

    /// The number of the person outside, or of the colleague; `withheld` when it may not be shown.
    pub(super) fn remote<'a>(&'a self, withheld: &'a str) -> &'a str {
        match self.remote.presentation {
            Presentation::Restricted => withheld,
            Presentation::Allowed | Presentation::Unknown => &self.remote.number,
        }
    }

    /// From which number to which, with `withheld` for one that may not be shown.
    #[allow(clippy::wrong_self_convention, reason = "it gives the two fields `from` and `to`")]
    pub(super) fn from_to<'a>(&'a self, withheld: &'a str) -> (&'a str, &'a str) {
        let ours = self.origin.as_ref().map_or("", |line| line.0.as_str());
        match self.direction {
            Direction::In | Direction::Internal => (self.remote(withheld), &self.called),
            Direction::Out => (ours, self.remote(withheld)),
        }
    }

    /// Our phones that were dialled.
    pub(super) fn lines(&self) -> impl Iterator<Item = &Line> {
        self.phones.iter().filter_map(|(_, to)| match to {
            Endpoint::Line(line) => Some(line),
            Endpoint::Outside(_) => None,
        })
    }

    /// Who was dialled as `leg`.
    pub(super) fn phone(&self, leg: &LegKey) -> Option<&Endpoint> {
        self.phones.iter().find(|(key, _)| key == leg).map(|(_, to)| to)
    }
}

impl std::fmt::Display for Story {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (from, to) = self.from_to("anonymous");
        let direction = match self.direction {
            Direction::In => "in",
            Direction::Out => "out",
            Direction::Internal => "internal",
        };
        write!(f, "{}  {direction:<3}  {from} → {to}", self.call)?;
        let lines: Vec<&str> = self.lines().map(|line| line.0.as_str()).collect();
        if lines.is_empty() {
            Ok(())
        } else {
            write!(f, "  {}", lines.join(", "))
        }
    }
}

/// The number with the country code and without the plus.
pub(super) fn digits(number: &str) -> &str {
    number.strip_prefix('+').unwrap_or(number)
}
