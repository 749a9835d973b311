//! What a request of a mapped format says.
//!
//! Pure. It does not know how it was verified.

use axum::http::Method;
use chrono::{DateTime, Utc};

use super::{AnswerKind, Mapping, MappingEvent, MappingForm, MappingMethod, Place};
use crate::call::{CallEvent, Cause, Direction, TransferKind};
use crate::feed::webhook::fields::Fields;
use crate::feed::webhook::preset::{Draft, Format, Lack, Reply};
use crate::feed::webhook::proof::{Keys, Need, Unproven};
use crate::feed::webhook::refusal::Refusal;
use crate::feed::webhook::request::Request;
use crate::feed::webhook::teller::Story;
use crate::feed::webhook::told::{Bad, Told, What, direction_of, trust_of};

impl Format for Mapping {
    fn name(&self) -> &str {
        &self.name
    }

    fn needs(&self) -> &'static [Need] {
        self.proof.needs()
    }

    fn is_signed(&self) -> bool {
        self.proof.is_signed()
    }

    /// Nobody knows what the phone system leaves out; what the mapping leaves out is not told either.
    fn lacks(&self) -> &'static [Lack] {
        &[]
    }

    fn methods(&self) -> &'static [Method] {
        match self.method {
            MappingMethod::Post => &[Method::POST],
            MappingMethod::Get => &[Method::GET],
        }
    }

    fn prove(&self, request: &Request, keys: &Keys, now: DateTime<Utc>) -> Result<(), Unproven> {
        self.proof.prove(request, keys, now)
    }

    fn fields(&self, request: &Request) -> Result<Fields, Refusal> {
        let mut fields = match self.written {
            MappingForm::ByContentType => request.fields()?,
            MappingForm::Json => Fields::from_json(&request.body).map_err(Bad::from)?,
            MappingForm::Form => Fields::from_form(&request.body),
            MappingForm::Query => Fields::from_form(request.query().as_bytes()),
        };
        fields.add_form("@query", request.query().as_bytes());
        fields.add_headers("@header", &request.headers);
        Ok(fields)
    }

    fn read(&self, fields: &Fields) -> Result<Vec<Told>, Bad> {
        let event = self.fields.event.needed(fields)?;
        let Some(event) = self.events.get(&event) else {
            return Ok(Vec::new());
        };
        let queue = self.fields.queue.text(fields)?;
        let verstat = self.fields.attestation.text(fields)?.unwrap_or_default();
        let order = self.fields.order.text(fields)?.and_then(|text| text.parse().ok());
        let told = Told {
            direction: self.direction(fields)?,
            from: self.number(self.fields.from.text(fields)?),
            to: self.number(self.fields.to.text(fields)?),
            name: self.fields.name.text(fields)?.unwrap_or_default(),
            dialler: self.fields.dialler.text(fields)?,
            users: self.fields.users.texts(fields)?,
            leg: self.fields.phone.text(fields)?.filter(|_| is_about_phone(*event)),
            answering: self.fields.answering.text(fields)?,
            trust: trust_of(&verstat),
            verstat,
            cause: self.cause(self.fields.cause.text(fields)?),
            last_ends: self.ends_with_last_phone,
            order: order.unwrap_or(0),
            trunk: self.fields.trunk.text(fields)?,
            ..Told::new(self.fields.call.needed(fields)?, what_of(*event, queue.clone()))
        };
        let queued = queue.filter(|_| matches!(event, MappingEvent::Began | MappingEvent::RingsAll));
        let queued = queued.map(|queue| Told::new(told.session.clone(), What::Queued(queue)));
        Ok([told].into_iter().chain(queued).collect())
    }

    fn reply(&self, _: &Fields, _: &str) -> Reply {
        match self.answer.kind {
            AnswerKind::Json => Reply::json(&self.answer.text),
            AnswerKind::Xml => Reply::xml(&self.answer.text),
        }
    }

    fn write(&self, story: &Story, event: &CallEvent, _: DateTime<Utc>) -> Vec<Draft> {
        self.draft(story, event).into_iter().collect()
    }

    fn sign(&self, request: &mut Request, keys: &Keys, _: &str, at: DateTime<Utc>) {
        self.proof.sign(request, keys, at);
    }
}

impl Mapping {
    fn direction(&self, fields: &Fields) -> Result<Option<Direction>, Bad> {
        let Some(word) = self.fields.direction.text(fields)? else {
            return Ok(self.only_direction);
        };
        let known = self.directions.get(&word).copied().or_else(|| direction_of(&word));
        known.map(Some).ok_or_else(|| Bad::Word {
            field: self.fields.direction.to_string(),
            word,
            allowed: "said.hook_directions",
        })
    }

    fn number(&self, text: Option<String>) -> String {
        let text = text.unwrap_or_default();
        if self.withheld.contains(&text) {
            return "anonymous".to_owned();
        }
        let group = self
            .number
            .as_ref()
            .and_then(|pattern| pattern.0.captures(&text)?.get(1));
        group.map_or_else(|| text.clone(), |group| group.as_str().to_owned())
    }

    fn cause(&self, word: Option<String>) -> Option<Cause> {
        word.map(|word| self.causes.get(&word).map_or(Cause::Other, |cause| (*cause).into()))
    }
}

impl Place {
    fn text(&self, fields: &Fields) -> Result<Option<String>, Bad> {
        Ok(self.texts(fields)?.into_iter().next())
    }

    fn needed(&self, fields: &Fields) -> Result<String, Bad> {
        self.text(fields)?.ok_or_else(|| Bad::Missing(self.to_string()))
    }

    fn texts(&self, fields: &Fields) -> Result<Vec<String>, Bad> {
        for place in &self.0 {
            let texts = match place.split_once(".*.") {
                None => fields.texts(place)?,
                Some((list, rest)) => {
                    let mut texts = Vec::new();
                    for index in 0..fields.count(list).min(64) {
                        texts.extend(fields.texts(&format!("{list}.{index}.{rest}"))?);
                    }
                    texts
                }
            };
            if !texts.is_empty() {
                return Ok(texts);
            }
        }
        Ok(Vec::new())
    }
}

/// The places as they stand in the settings.
impl std::fmt::Display for Place {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0.join("` or `"))
    }
}

fn what_of(event: MappingEvent, queue: Option<String>) -> What {
    match event {
        MappingEvent::Began => What::Began,
        MappingEvent::RingsAll => What::BeganRinging,
        MappingEvent::Dialled => What::Offered,
        MappingEvent::Rings => What::Ringing,
        MappingEvent::Answered => What::Answered,
        MappingEvent::Held => What::Held,
        MappingEvent::Resumed => What::Resumed,
        MappingEvent::Changed => What::Changed,
        MappingEvent::Queued => What::Queued(queue.unwrap_or_default()),
        MappingEvent::Transferred => What::Passed(TransferKind::Blind, None),
        MappingEvent::Voicemail => What::Voicemail,
        MappingEvent::PhoneEnded => What::LegEnded,
        MappingEvent::Ended => What::Ended,
    }
}

fn is_about_phone(event: MappingEvent) -> bool {
    match event {
        MappingEvent::Dialled | MappingEvent::Rings | MappingEvent::Answered | MappingEvent::PhoneEnded => true,
        MappingEvent::Began
        | MappingEvent::RingsAll
        | MappingEvent::Held
        | MappingEvent::Resumed
        | MappingEvent::Changed
        | MappingEvent::Queued
        | MappingEvent::Transferred
        | MappingEvent::Voicemail
        | MappingEvent::Ended => false,
    }
}
