//! Which formats there are, and what each of them has to answer.
//!
//! It does not know HTTP connections. A preset is one file in `presets`, and one line in [`Preset`] and
//! [`Preset::format`].

use std::fmt::Debug;

use axum::http::Method;
use chrono::{DateTime, Utc};
use clap::ValueEnum;
use serde::Deserialize;
use serde_json::Value;

use super::fields::Fields;
use super::presets;
use super::proof::{Keys, Need, Unproven};
use super::refusal::Refusal;
use super::request::Request;
use super::teller::Story;
use super::told::{Bad, Told};
use crate::call::CallEvent;

/// Formats of webhooks that are built in.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Deserialize, ValueEnum)]
#[serde(rename_all = "kebab-case")]
pub enum Preset {
    /// Zammad's generic CTI.
    Zammad,
    /// sipgate.io push.
    Sipgate,
    /// Placetel Notify.
    Placetel,
    /// Twilio voice requests and status callbacks.
    Twilio,
    /// Telnyx Call Control, and its TeXML.
    Telnyx,
    /// Vonage Voice events.
    Vonage,
    /// RingCentral telephony sessions.
    #[serde(rename = "ringcentral")]
    #[value(name = "ringcentral")]
    RingCentral,
    /// Exotel's applets, status callbacks and app notices.
    Exotel,
    /// Amazon Connect contact events over EventBridge.
    AmazonConnect,
    /// What others push for 3CX.
    #[serde(rename = "3cx")]
    #[value(name = "3cx")]
    ThreeCx,
    /// Zadarma's PBX notifications.
    Zadarma,
    /// Zoom Phone events.
    ZoomPhone,
    /// Aircall webhooks.
    Aircall,
    /// Plivo voice requests and callbacks.
    Plivo,
}

impl Preset {
    /// All of them.
    #[must_use]
    pub fn all() -> &'static [Preset] {
        Preset::value_variants()
    }

    /// Its name in the configuration and in the address.
    #[must_use]
    pub fn name(self) -> &'static str {
        self.format().name()
    }

    /// What a feed of this format must be given to tell its provider from anybody else.
    #[must_use]
    pub fn needs(self) -> &'static [Need] {
        self.format().needs()
    }

    /// What its format cannot tell, so that it is missing from its calls.
    #[must_use]
    pub fn lacks(self) -> &'static [Lack] {
        self.format().lacks()
    }

    pub(super) fn format(self) -> &'static dyn Format {
        match self {
            Preset::Zammad => &presets::zammad::Zammad,
            Preset::Sipgate => &presets::sipgate::Sipgate,
            Preset::Placetel => &presets::placetel::Placetel,
            Preset::Twilio => &presets::twilio::Twilio,
            Preset::Telnyx => &presets::telnyx::Telnyx,
            Preset::Vonage => &presets::vonage::Vonage,
            Preset::RingCentral => &presets::ringcentral::RingCentral,
            Preset::Exotel => &presets::exotel::Exotel,
            Preset::AmazonConnect => &presets::amazon_connect::AmazonConnect,
            Preset::ThreeCx => &presets::three_cx::ThreeCx,
            Preset::Zadarma => &presets::zadarma::Zadarma,
            Preset::ZoomPhone => &presets::zoom_phone::ZoomPhone,
            Preset::Aircall => &presets::aircall::Aircall,
            Preset::Plivo => &presets::plivo::Plivo,
        }
    }
}

/// Something that a format has no words for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Lack {
    /// The caller's display name.
    Name,
    /// The attestation.
    Trust,
    /// Hold.
    Hold,
    /// Who hung up.
    Ender,
    /// That a mailbox took the call.
    Voicemail,
    /// Which phones rang: all that were dialled, or none, are told.
    Rang,
    /// Busy and refused are one word.
    Refusal,
    /// Why nobody answered: no answer, busy, refused and given up are one.
    Reason,
    /// Calls between two of our phones.
    Internal,
    /// Which of our phones dialled an outgoing call.
    Dialler,
    /// Outgoing calls.
    Outgoing,
    /// Which of our phones answered.
    Answerer,
}

/// One format. A preset is mostly [`Format::read`]; what it leaves out is as most providers do it.
pub(super) trait Format: Debug + Send + Sync {
    /// Its name in the configuration and in the address `/in/NAME`.
    fn name(&self) -> &str;

    /// What it must be given to be verified.
    fn needs(&self) -> &'static [Need];

    /// What it cannot tell.
    fn lacks(&self) -> &'static [Lack];

    /// Whether it has a signature or secret of its own, beside the token in the path.
    fn is_signed(&self) -> bool {
        true
    }

    /// The methods that the provider uses.
    fn methods(&self) -> &'static [Method] {
        &[Method::POST]
    }

    /// Whether the request is the provider's; the token in the path was compared before. Looks at the raw bytes.
    ///
    /// # Errors
    /// Which check failed.
    fn prove(&self, request: &Request, keys: &Keys, now: DateTime<Utc>) -> Result<(), Unproven>;

    /// The answer to a request by which the provider finds out whether somebody is here; `None` for any other.
    /// Asked after the path's token was compared and before anything else.
    fn greet(&self, _request: &Request, _keys: &Keys) -> Option<Reply> {
        None
    }

    /// The fields of a request.
    ///
    /// # Errors
    /// When the body cannot be read.
    fn fields(&self, request: &Request) -> Result<Fields, Refusal> {
        request.fields()
    }

    /// What the fields say; nothing for events that are none of a call.
    ///
    /// # Errors
    /// When what is needed is missing or cannot be read.
    fn read(&self, fields: &Fields) -> Result<Vec<Told>, Bad>;

    /// The acknowledgement of what was taken. `url` is the address that was asked for.
    fn reply(&self, _fields: &Fields, _url: &str) -> Reply {
        Reply::json("{}")
    }

    /// How the provider would tell this event; nothing when the format has no word for it.
    fn write(&self, story: &Story, event: &CallEvent, at: DateTime<Utc>) -> Vec<Draft>;

    /// Signs as the provider would. `url` is the whole address it is sent to.
    fn sign(&self, _request: &mut Request, _keys: &Keys, _url: &str, _at: DateTime<Utc>) {}
}

/// The answer to a request that was taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reply {
    pub(super) kind: &'static str,
    pub(super) body: String,
    /// One more header.
    pub(super) header: Option<(&'static str, String)>,
}

impl Reply {
    pub(super) fn json(body: impl Into<String>) -> Self {
        Reply {
            kind: "application/json",
            body: body.into(),
            header: None,
        }
    }

    pub(super) fn xml(body: impl Into<String>) -> Self {
        Reply {
            kind: "application/xml",
            body: body.into(),
            header: None,
        }
    }
}

/// A delivery that is to be sent, without address and signature.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Draft {
    /// The provider's word for the event, for a line that a person reads.
    pub(super) word: String,
    pub(super) fields: Written,
}

/// How the fields of a delivery are written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Written {
    /// A JSON body.
    Json(Value),
    /// A form as body.
    Form(Vec<(String, String)>),
    /// A form in the query of a GET.
    Query(Vec<(String, String)>),
}

impl Draft {
    pub(super) fn json(word: &str, value: Value) -> Self {
        Draft {
            word: word.to_owned(),
            fields: Written::Json(value),
        }
    }

    pub(super) fn form(word: &str, pairs: &[(&str, &str)]) -> Self {
        let owned = pairs
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Draft {
            word: word.to_owned(),
            fields: Written::Form(owned.collect()),
        }
    }
}
