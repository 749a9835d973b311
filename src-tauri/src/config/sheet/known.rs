//! Every key of `config.toml`. A test compares it with what the reader takes.

use serde::{Deserialize, Serialize};
use ts_rs::TS;

use crate::config::keys;
use crate::feed::webhook::Preset;
use crate::source::Field;
use crate::source::rest::systems;

/// A table, or a list of tables, with all that may stand in it.
#[derive(Clone, Debug, PartialEq)]
pub struct Group {
    /// Its name in the file; empty for what stands before the first table.
    pub name: &'static str,
    /// There may be several.
    pub many: bool,
    /// By kind; one without a name where there are no kinds.
    pub kinds: Vec<(Option<&'static str>, Vec<Key>, Vec<Group>)>,
}

/// One key.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, TS)]
pub struct Key {
    /// Its name in the file.
    pub name: String,
    /// What may stand there.
    pub input: Input,
    /// It has to be there.
    pub needed: bool,
}

/// What may stand behind a key. What is more is said by the reader.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, TS)]
#[serde(tag = "as", rename_all = "snake_case")]
pub enum Input {
    /// A line.
    Text,
    /// Several lines.
    Lines,
    /// A number.
    Number,
    /// Yes or no.
    Flag,
    /// One of these.
    Choice {
        /// The words of the file.
        of: Vec<String>,
    },
    /// Texts in an order.
    Texts,
    /// Names with what they stand for; the names are one of `of` where there are any.
    Pairs {
        /// What a name may be; anything when empty.
        of: Vec<String>,
    },
    /// A reference to a secret.
    Secret,
    /// What has no form of its own: TOML.
    Toml,
}

/// All of it, in the order of the page.
#[must_use]
pub fn known() -> Vec<Group> {
    let one = |name, keys| Group {
        name,
        many: false,
        kinds: vec![(None, keys, Vec::new())],
    };
    vec![
        one("agent", vec![text("name"), texts("extensions"), number("lock_minutes")]),
        many("colleague", vec![needed(text("extension")), needed(text("name"))]),
        feeds(),
        sources(),
        one(
            "",
            vec![
                text("home_region"),
                text("home_area"),
                text("home_currency"),
                texts("own_numbers"),
                choice("language", &["en", "es", "hr"]),
                flag("start_at_login"),
            ],
        ),
        one("panel", panel()),
        many("disposition", vec![needed(text("code")), text("name")]),
        many(
            "template",
            vec![needed(text("name")), needed(key("text", Input::Lines))],
        ),
        many("tier", tier()),
        one("advice", vec![texts("durable"), texts("sensitive")]),
        one(
            "retention",
            ["calls", "notes", "contacts", "tasks", "tickets", "traces", "audit"]
                .map(number)
                .to_vec(),
        ),
        one("service_level", vec![number("within_seconds"), number("goal_percent")]),
        one("keys", keys::free().map(texts).collect()),
    ]
}

fn panel() -> Vec<Key> {
    vec![
        choice("show_at", &["ring", "answer"]),
        choice("corner", &["top-right", "top-left", "bottom-right", "bottom-left"]),
        text("monitor"),
        text("shortcut"),
        choice("cover", &["never", "failed", "unverified", "always"]),
        number("wrap_up_seconds"),
        number("stale_after_hours"),
    ]
}

fn tier() -> Vec<Key> {
    vec![
        needed(text("name")),
        text("entitles"),
        number("value"),
        number("value_a_year"),
        text("currency"),
        number("orders"),
        number("orders_a_year"),
        number("years"),
    ]
}

fn feeds() -> Group {
    let ddi = many(
        "ddi",
        vec![
            needed(text("number")),
            text("label"),
            text("region"),
            choice("language", &["en", "es", "hr"]),
        ],
    );
    let trunk = many(
        "trunk",
        vec![needed(text("name")), text("region"), text("prefix"), text("idd")],
    );
    let dial = Group {
        name: "dial",
        many: false,
        kinds: vec![(None, dial(), Vec::new())],
    };
    let faults = Group {
        name: "faults",
        many: false,
        kinds: vec![(
            None,
            vec![number("duplicate"), number("reorder"), number("lost_hangup")],
            Vec::new(),
        )],
    };
    let of = |kind, keys: Vec<Key>, own: Vec<Group>| {
        let keys = std::iter::once(needed(text("name"))).chain(keys).collect();
        (
            Some(kind),
            keys,
            own.into_iter().chain([ddi.clone(), trunk.clone()]).collect(),
        )
    };
    Group {
        name: "feed",
        many: true,
        kinds: vec![
            of("asterisk", asterisk(), vec![dial]),
            of("sip", sip(), Vec::new()),
            of("webhook", webhook(), Vec::new()),
            of(
                "simulated",
                vec![number("calls_per_hour"), flag("day"), number("seed")],
                vec![faults],
            ),
            of(
                "replay",
                vec![needed(text("file")), number("speed"), text("agents"), text("region")],
                Vec::new(),
            ),
        ],
    }
}

fn asterisk() -> Vec<Key> {
    vec![
        needed(text("host")),
        number("port"),
        needed(text("user")),
        needed(key("secret", Input::Secret)),
        flag("tls"),
        text("ca_file"),
        text("fingerprint"),
        text("agents"),
        texts("voicemail"),
        text("region"),
        text("outside_prefix"),
    ]
}

fn dial() -> Vec<Key> {
    vec![
        needed(text("user")),
        needed(key("secret", Input::Secret)),
        text("context"),
        text("channel"),
        number("timeout"),
    ]
}

fn sip() -> Vec<Key> {
    vec![
        needed(text("server")),
        choice("transport", &["udp", "tcp", "tls"]),
        needed(text("user")),
        needed(key("secret", Input::Secret)),
        text("domain"),
        texts("extensions"),
        flag("observe"),
        text("ca_file"),
        text("region"),
    ]
}

fn webhook() -> Vec<Key> {
    let presets: Vec<&str> = Preset::all().iter().map(|preset| preset.name()).collect();
    vec![
        choice("preset", &presets),
        needed(text("listen")),
        flag("open_to_network"),
        key("token", Input::Secret),
        key("secret", Input::Secret),
        key("secret_before", Input::Secret),
        key("public_key", Input::Lines),
        text("public_url"),
        texts("from_addresses"),
        key("tls", Input::Toml),
        key("agents", Input::Pairs { of: Vec::new() }),
        choice("numbers", &["country-code", "as-dialled"]),
        text("region"),
        key("mapping", Input::Toml),
    ]
}

fn sources() -> Group {
    let of = |kind, keys: Vec<Key>| {
        let keys = std::iter::once(needed(text("name")))
            .chain(keys)
            .chain([number("every_minutes"), number("precedence")]);
        (Some(kind), keys.collect(), Vec::new())
    };
    let fields = Field::ALL.iter().map(|field| field.name().to_owned()).collect();
    let files = vec![
        needed(text("path")),
        key("map", Input::Pairs { of: fields }),
        texts("leave_out"),
        text("region"),
        text("currency"),
    ];
    let names: Vec<&str> = systems::ALL.iter().map(|ready| ready.name).collect();
    let rest = vec![
        choice("system", &names),
        text("file"),
        key("with", Input::Pairs { of: Vec::new() }),
        texts("private_hosts"),
        flag("write_back"),
    ];
    Group {
        name: "source",
        many: true,
        kinds: vec![
            of("files", files),
            of("rest", rest),
            of("sql", vec![needed(text("file"))]),
        ],
    }
}

fn many(name: &'static str, keys: Vec<Key>) -> Group {
    Group {
        name,
        many: true,
        kinds: vec![(None, keys, Vec::new())],
    }
}

fn key(name: &str, input: Input) -> Key {
    Key {
        name: name.to_owned(),
        input,
        needed: false,
    }
}

fn needed(key: Key) -> Key {
    Key { needed: true, ..key }
}

fn text(name: &str) -> Key {
    key(name, Input::Text)
}

fn texts(name: &str) -> Key {
    key(name, Input::Texts)
}

fn number(name: &str) -> Key {
    key(name, Input::Number)
}

fn flag(name: &str) -> Key {
    key(name, Input::Flag)
}

fn choice(name: &str, of: &[&str]) -> Key {
    let of = of.iter().map(|&word| word.to_owned()).collect();
    key(name, Input::Choice { of })
}
