//! Zammad's generic CTI push: what phone systems POST that were made to talk to Zammad.
//!
//! JSON or a form; the token in the path is all there is to verify. Other bridges write the names of the fields in
//! their own way (`call_id`, `Event`), which is borne. Source: <https://docs.zammad.org/en/latest/api/generic-cti/>.
//!
//! ```text
//! POST /in/zammad/TOKEN
//! {"event":"newCall","from":"493055501234","to":"493055509999","direction":"in",
//!  "callId":"c-1001","user":["Ada Example"],"queue":"sales"}
//! ```

use chrono::{DateTime, Utc};

use super::cti;
use crate::call::CallEvent;
use crate::feed::webhook::fields::Fields;
use crate::feed::webhook::preset::{Draft, Format, Lack};
use crate::feed::webhook::proof::{Keys, Need, Unproven};
use crate::feed::webhook::request::Request;
use crate::feed::webhook::teller::Story;
use crate::feed::webhook::told::{Bad, Told, What};

#[derive(Debug)]
pub(in crate::feed::webhook) struct Zammad;

impl Format for Zammad {
    fn name(&self) -> &'static str {
        "zammad"
    }

    fn needs(&self) -> &'static [Need] {
        &[Need::Token]
    }

    fn is_signed(&self) -> bool {
        false
    }

    fn lacks(&self) -> &'static [Lack] {
        &[
            Lack::Name,
            Lack::Trust,
            Lack::Hold,
            Lack::Ender,
            Lack::Voicemail,
            Lack::Rang,
            Lack::Refusal,
        ]
    }

    fn prove(&self, _: &Request, _: &Keys, _: DateTime<Utc>) -> Result<(), Unproven> {
        Ok(())
    }

    fn read(&self, fields: &Fields) -> Result<Vec<Told>, Bad> {
        let Some(told) = cti::read(fields)? else {
            return Err(Bad::Word {
                field: "event".to_owned(),
                word: fields.needed("event")?,
                allowed: "said.hook_zammad_events",
            });
        };
        let queue = fields.text("queue")?.filter(|_| told.what == What::BeganRinging);
        let queued = queue.map(|queue| Told::new(told.session.clone(), What::Queued(queue)));
        Ok([told].into_iter().chain(queued).collect())
    }

    fn write(&self, story: &Story, event: &CallEvent, _: DateTime<Utc>) -> Vec<Draft> {
        cti::write(story, event)
            .into_iter()
            .map(|(word, fields)| Draft::json(word, fields.into()))
            .collect()
    }
}

#[cfg(test)]
mod tests;
