//! The file of a system: how to ask it, what it has, and what stands where in its answers.
//!
//! Pure data. `read` checks what these types cannot say; `docs/rest-sources.md` explains each key to people.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::entry::WriteBack;
use super::path::{Condition, OneOrMore, Path};
use super::stream::Stream;
use super::template::Template;

/// A system.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct System {
    /// Its short name: small letters, digits and `-`.
    pub name: String,
    /// What people call it.
    pub title: String,
    /// What the file was run against, for example `Tryton 8.2 with PostgreSQL 15`.
    #[serde(default)]
    pub tested: Option<String>,
    /// What the file was never run against, for example `against the service`; shown wherever the file is named.
    #[serde(default)]
    pub untested: Option<String>,
    /// How to get access, in a few sentences.
    #[serde(default)]
    pub about: String,
    /// What whoever connects it must say.
    #[serde(default)]
    pub parameters: BTreeMap<String, Parameter>,
    /// How it is reached.
    pub(super) client: Client,
    /// What holds for every request that says nothing else.
    #[serde(default)]
    pub(super) defaults: Ask,
    /// What it has, in the order in which it is read: what others refer to comes first.
    #[serde(rename = "stream")]
    pub(super) streams: Vec<Stream>,
    /// How a call is written into it, where there is a place for that. It is done only where the settings say so.
    #[serde(default)]
    pub(super) write_back: Option<WriteBack>,
}

/// Something that whoever connects the system must say.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub struct Parameter {
    /// What it is and where to find it.
    pub about: String,
    /// How one looks.
    pub example: Option<String>,
    /// What holds when nothing is said.
    pub default: Option<String>,
    /// What is said, in a file of one's own.
    pub value: Option<String>,
    /// It is a password or token: what is said is `keyring:NAME`, `env:NAME` or `file:PATH`, never itself.
    pub secret: bool,
}

/// How a system is reached.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Client {
    /// What every path is added to. Requests go to this host alone.
    #[cfg_attr(test, schemars(with = "String"))]
    pub(super) base_url: Template,
    /// Headers of every request.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "BTreeMap<String, String>"))]
    pub(super) headers: BTreeMap<String, Template>,
    /// How it is proved who asks.
    #[serde(default)]
    pub(super) auth: Auth,
    /// Headers that say how much may still be asked.
    #[serde(default)]
    pub(super) quota: Option<Quota>,
    /// What answers mean, before what their status says; the first that fits counts.
    #[serde(default)]
    pub(super) errors: Vec<ErrorRule>,
    /// No more requests than this in a second.
    #[serde(default)]
    pub(super) requests_per_second: Option<f64>,
    /// How long an answer may take, 60 when absent.
    #[serde(default)]
    pub(super) timeout_seconds: Option<u32>,
    /// How large an answer may be when unpacked, in megabytes, 64 when absent.
    #[serde(default)]
    pub(super) largest_answer_mb: Option<u32>,
}

/// How it is proved who asks.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Auth {
    /// It is not.
    #[default]
    None,
    /// User and password (RFC 7617).
    Basic {
        /// The user.
        #[cfg_attr(test, schemars(with = "String"))]
        user: Template,
        /// The password.
        #[cfg_attr(test, schemars(with = "String"))]
        password: Template,
    },
    /// A token (RFC 6750).
    Bearer {
        /// The token.
        #[cfg_attr(test, schemars(with = "String"))]
        token: Template,
    },
    /// A header.
    Header {
        /// Its name.
        name: String,
        /// What stands in it.
        #[cfg_attr(test, schemars(with = "String"))]
        value: Template,
    },
    /// A part of the query. It may end up in the logs of the server: only for systems that know nothing else.
    Query {
        /// Its name.
        name: String,
        /// What stands in it.
        #[cfg_attr(test, schemars(with = "String"))]
        value: Template,
    },
    /// OAuth 2 (RFC 6749): a token that is fetched, and again when it is no longer good.
    Oauth2 {
        /// Where tokens are fetched.
        #[cfg_attr(test, schemars(with = "String"))]
        token_url: Template,
        /// What it is fetched for.
        grant: Grant,
        /// The application.
        #[cfg_attr(test, schemars(with = "String"))]
        client_id: Template,
        /// Its secret.
        #[cfg_attr(test, schemars(with = "String"))]
        client_secret: Template,
        /// Where the application's secret stands.
        #[serde(default)]
        client_in: ClientIn,
        /// The parameter that holds the refresh token. Where the service gives a new one each time, it is kept there.
        #[serde(default)]
        refresh_token: Option<String>,
        /// Anything else that is sent, `scope` among it.
        #[serde(default)]
        #[cfg_attr(test, schemars(with = "BTreeMap<String, String>"))]
        form: BTreeMap<String, Template>,
        /// What stands before the token in the header `Authorization`, `Bearer` when absent.
        #[serde(default)]
        prefix: Option<String>,
    },
    /// A log-in; what it answers is `session` in later requests.
    Session {
        /// The path of the log-in.
        #[cfg_attr(test, schemars(with = "String"))]
        path: Template,
        /// What is sent.
        #[cfg_attr(test, schemars(with = "String"))]
        body: Template,
        /// Where the answer has the session.
        #[cfg_attr(test, schemars(with = "String"))]
        session: Path,
        /// Headers that carry it; none where bodies do.
        #[serde(default)]
        #[cfg_attr(test, schemars(with = "BTreeMap<String, String>"))]
        headers: BTreeMap<String, Template>,
    },
}

/// What a token is fetched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(super) enum Grant {
    /// The application itself.
    ClientCredentials,
    /// Somebody who agreed once.
    RefreshToken,
}

/// Where the application's secret stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(super) enum ClientIn {
    /// In the form.
    #[default]
    Body,
    /// As user and password.
    Basic,
}

/// Headers that say how much may still be asked.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct Quota {
    /// How many requests are left.
    pub(super) remaining: String,
    /// When there are more.
    #[serde(default)]
    pub(super) reset: Option<String>,
    /// What stands in `reset`.
    #[serde(default)]
    pub(super) reset_is: ResetIs,
}

/// What stands in a header about when there are more requests.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(super) enum ResetIs {
    /// Seconds until then.
    #[default]
    Seconds,
    /// Milliseconds until then.
    Milliseconds,
    /// The time, in seconds since 1970.
    Unix,
}

/// What an answer means.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub(super) struct ErrorRule {
    /// Its status is one of these; any when absent.
    #[serde(default)]
    pub(super) status: Option<OneOrMore<u16>>,
    /// And this holds of its body.
    #[serde(default)]
    pub(super) body: Option<Condition>,
    /// What it means.
    pub(super) then: Then,
    /// Where it says what is wrong.
    #[serde(default)]
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(super) message: Option<Path>,
    /// What whoever reads the message can do.
    #[serde(default)]
    pub(super) say: Option<String>,
}

/// What an answer means.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "kebab-case")]
pub(super) enum Then {
    /// It may work when it is asked again.
    Retry,
    /// There is nothing, and that is right.
    Ignore,
    /// Too much was asked.
    RateLimited,
    /// What changed since the mark is no longer known.
    ExpiredMark,
    /// Whoever asks is not known any more: log in again.
    LogIn,
    /// It will not work until somebody changes something.
    Refuse,
}

/// A request for records.
#[derive(Clone, Debug, Default, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(default, deny_unknown_fields)]
pub(super) struct Ask {
    /// `GET` when absent, `POST` with a body.
    pub(super) method: Option<Method>,
    /// What is added to `base_url`.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(super) path: Option<Template>,
    /// The query. What turns out empty is left out; a list stands there several times.
    #[cfg_attr(test, schemars(with = "BTreeMap<String, OneOrMore<String>>"))]
    pub(super) query: BTreeMap<String, OneOrMore<Template>>,
    /// Headers of this request. What turns out empty is left out.
    #[cfg_attr(test, schemars(with = "BTreeMap<String, String>"))]
    pub(super) headers: BTreeMap<String, Template>,
    /// The body, JSON.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(super) body: Option<Template>,
    /// Where its records are, `$[*]` when absent.
    #[cfg_attr(test, schemars(with = "Option<String>"))]
    pub(super) records: Option<Path>,
    /// How there is more of them.
    pub(super) paging: Option<Paging>,
    /// How many there are in all: a path into the answer, or the name of a header.
    pub(super) total: Option<String>,
}

/// Methods.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "UPPERCASE")]
pub(super) enum Method {
    /// GET.
    Get,
    /// POST.
    Post,
    /// PUT, in `[write_back]`.
    Put,
    /// PATCH, in `[write_back]`.
    Patch,
}

/// How an answer goes on. What each kind counts is filled into the request by name.
#[derive(Clone, Debug, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(tag = "kind", rename_all = "kebab-case", deny_unknown_fields)]
pub(super) enum Paging {
    /// It does not.
    None,
    /// `page`, counted from `first`, of `size` records.
    Page {
        /// Records of a page.
        size: u32,
        /// The first page's number.
        #[serde(default = "one")]
        first: u64,
    },
    /// `offset`, counted in records.
    Offset {
        /// Records of a page.
        size: u32,
    },
    /// `cursor`, which the answer gives for the next page.
    Cursor {
        /// Records of a page.
        #[serde(default)]
        size: Option<u32>,
        /// Where it stands.
        #[cfg_attr(test, schemars(with = "String"))]
        cursor: Path,
        /// Where the answer says whether there is more, when it gives a cursor on the last page as well.
        #[serde(default)]
        #[cfg_attr(test, schemars(with = "Option<String>"))]
        more: Option<Path>,
    },
    /// The address of the next page, in the body.
    NextUrl {
        /// Records of a page.
        #[serde(default)]
        size: Option<u32>,
        /// Where it stands.
        #[cfg_attr(test, schemars(with = "String"))]
        url: Path,
    },
    /// The address of the next page, in the header `Link` (RFC 8288).
    Link {
        /// Records of a page.
        #[serde(default)]
        size: Option<u32>,
    },
    /// The header `Range`, in units of the system's own.
    Range {
        /// Records of a page.
        size: u32,
        /// What is counted, for example `records`.
        unit: String,
    },
    /// `last`, the key of the last record, where records come in the order of a key that never changes. Nothing is
    /// missed when records change meanwhile, and a run that was stopped goes on where it was.
    LastId {
        /// Records of a page.
        size: u32,
        /// Where a record has the key.
        #[cfg_attr(test, schemars(with = "String"))]
        id: Path,
        /// Where the answer says whether there is more; a page that is not full is the last when absent.
        #[serde(default)]
        #[cfg_attr(test, schemars(with = "Option<String>"))]
        more: Option<Path>,
    },
}

fn one() -> u64 {
    1
}
