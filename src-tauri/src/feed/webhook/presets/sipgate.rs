//! sipgate.io push: forms, signed with sipgate's RSA key over the raw body.
//!
//! `answer` and `hangup` come only when the answer to `newCall` asks for them. Source: sipgate-io/sipgateio-node
//! (`lib/webhook`), whose key is [`KEY`]. `dtmf` is none of a call's events here.
//!
//! ```text
//! POST /in/sipgate
//! X-Sipgate-Signature: base64
//!
//! event=newCall&direction=in&from=493055501234&to=493055509999&callId=77&origCallId=77&user%5B%5D=Ada
//! ```

use chrono::{DateTime, Utc};
use serde_json::Value;

use super::cti;
use crate::call::CallEvent;
use crate::feed::webhook::fields::Fields;
use crate::feed::webhook::preset::{Draft, Format, Lack, Reply, Written};
use crate::feed::webhook::proof::{Keys, Need, Unproven, base64, base64_header};
use crate::feed::webhook::request::Request;
use crate::feed::webhook::rsa;
use crate::feed::webhook::teller::Story;
use crate::feed::webhook::told::{Bad, Told, What};

const SIGNATURE: &str = "x-sipgate-signature";

/// The public key of sipgate.io, from `lib/webhook/signatureVerifier.ts` of sipgate-io/sipgateio-node (MIT).
const KEY: &str = include_str!("sipgate.pem");

#[derive(Debug)]
pub(in crate::feed::webhook) struct Sipgate;

impl Format for Sipgate {
    fn name(&self) -> &'static str {
        "sipgate"
    }

    fn needs(&self) -> &'static [Need] {
        &[]
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

    fn prove(&self, request: &Request, keys: &Keys, _: DateTime<Utc>) -> Result<(), Unproven> {
        let signature = base64_header(request, SIGNATURE)?;
        let key = keys.public_key.as_deref().unwrap_or(KEY);
        match rsa::is_signed(key, &request.body, &signature) {
            None => Err(Unproven::Key),
            Some(false) => Err(Unproven::Signature),
            Some(true) => Ok(()),
        }
    }

    fn read(&self, fields: &Fields) -> Result<Vec<Told>, Bad> {
        Ok(cti::read(fields)?.into_iter().collect())
    }

    /// Asks for `answer` and `hangup` in the answer to `newCall`.
    fn reply(&self, fields: &Fields, url: &str) -> Reply {
        let begins = cti::read(fields).is_ok_and(|told| told.is_some_and(|told| told.what == What::BeganRinging));
        let head = r#"<?xml version="1.0" encoding="UTF-8"?>"#;
        if begins {
            let url = escaped(url);
            Reply::xml(format!(r#"{head}<Response onAnswer="{url}" onHangup="{url}"/>"#))
        } else {
            Reply::xml(format!("{head}<Response/>"))
        }
    }

    fn write(&self, story: &Story, event: &CallEvent, _: DateTime<Utc>) -> Vec<Draft> {
        let Some((word, fields)) = cti::write(story, event) else {
            return Vec::new();
        };
        let mut pairs = Vec::new();
        for (name, value) in fields {
            match value {
                Value::Array(values) => {
                    let texts = values.iter().filter_map(Value::as_str);
                    pairs.extend(texts.map(|text| ("user[]".to_owned(), text.to_owned())));
                }
                value => pairs.extend(value.as_str().map(|text| (name, text.to_owned()))),
            }
        }
        pairs.push(("origCallId".to_owned(), story.call.clone()));
        vec![Draft {
            word: word.to_owned(),
            fields: Written::Form(pairs),
        }]
    }

    fn sign(&self, request: &mut Request, keys: &Keys, _: &str, _: DateTime<Utc>) {
        let key = keys.secrets.first().map_or("", |key| key.as_str());
        if let Some(signature) = rsa::sign(key, &request.body) {
            request.set(SIGNATURE, &base64(&signature));
        }
    }
}

/// As the value of an attribute: the address holds what the sender wrote into its `Host` header.
fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

#[cfg(test)]
mod tests;
