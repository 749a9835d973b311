//! `application/dialog-info+xml` (RFC 4235): which dialogs a line is in. XML in, a list out.
//!
//! Hostile documents are refused by size, by their number of elements and by their document type (so that no
//! entity can be declared). What a dialog means for a call is not known here.

use roxmltree::{Document, Node, ParsingOptions};

use super::address::Address;

const NAMESPACE: &str = "urn:ietf:params:xml:ns:dialog-info";
/// Longest document read, in bytes.
const LONGEST: usize = 256 * 1024;
/// Most elements, attributes aside; a dialog has about fifteen.
const MOST_NODES: u32 = 20_000;
/// Deepest nesting of a document of this kind is six.
const DEEPEST: usize = 64;

/// Why a document is of no use.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unreadable {
    /// Too long or too deep.
    #[error("a list of dialogs that is too long or too deeply nested")]
    TooMuch,
    /// No XML, or XML with a document type.
    #[error("a list of dialogs that is no XML: {0}")]
    Xml(String),
    /// Other XML.
    #[error("not a list of dialogs: {0}")]
    Other(String),
}

/// One document.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DialogInfo {
    /// Counts up within a subscription.
    pub version: u32,
    /// All dialogs are listed, not only those that changed.
    pub full: bool,
    /// Whose dialogs: the user of the watched address.
    pub entity: String,
    /// The dialogs.
    pub dialogs: Vec<Dialog>,
}

/// One dialog of the line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Dialog {
    /// Unique within the line, while the dialog lasts.
    pub id: String,
    /// The Call-ID of SIP, when told.
    pub call_id: Option<String>,
    /// Who called, when told.
    pub direction: Option<Direction>,
    /// How far it got.
    pub state: State,
    /// Why it is terminated, when told.
    pub event: Option<Event>,
    /// The SIP code that terminated it, when told.
    pub code: Option<u16>,
    /// The other side.
    pub remote: Option<Who>,
    /// The watched side.
    pub local: Option<Who>,
    /// The watched side renders no media: the call is on hold there. `None` when not told.
    pub held: Option<bool>,
}

/// Who began the dialog.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Direction {
    /// The watched line called.
    Initiator,
    /// The watched line was called.
    Recipient,
}

/// The states of RFC 4235, 3.7.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// The INVITE is out, nothing came back.
    Trying,
    /// Something came back, without a tag.
    Proceeding,
    /// It rings.
    Early,
    /// Both talk.
    Confirmed,
    /// It is over.
    Terminated,
}

/// Why a dialog is over (RFC 4235, 4.1.2).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The caller gave up.
    Cancelled,
    /// The callee refused.
    Rejected,
    /// Another dialog took its place.
    Replaced,
    /// The watched side hung up.
    LocalBye,
    /// The other side hung up.
    RemoteBye,
    /// Nothing came in time.
    Timeout,
    /// Anything else.
    Error,
}

/// One side of a dialog.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Who {
    /// The user or number in its address.
    pub user: String,
    /// Its display name.
    pub display: String,
    /// It does not want to be known.
    pub anonymous: bool,
}

impl DialogInfo {
    /// Reads a document. Dialogs in it that are incomplete are left out.
    ///
    /// # Errors
    /// When it is none.
    pub fn parse(bytes: &[u8]) -> Result<Self, Unreadable> {
        if bytes.len() > LONGEST || too_deep(bytes) {
            return Err(Unreadable::TooMuch);
        }
        let text = std::str::from_utf8(bytes).map_err(|_| Unreadable::Xml("it is not UTF-8".to_owned()))?;
        let options = ParsingOptions {
            allow_dtd: false,
            nodes_limit: MOST_NODES,
            ..ParsingOptions::default()
        };
        let text = text.trim_start_matches('\u{feff}').trim();
        let document = Document::parse_with_options(text, options)
            .map_err(|error| Unreadable::Xml(super::message::short(&error.to_string())))?;
        Self::of(document.root_element())
    }

    /// The whole list of a line that is in no dialog.
    pub(super) fn empty() -> Self {
        DialogInfo {
            version: 0,
            full: true,
            entity: String::new(),
            dialogs: Vec::new(),
        }
    }

    fn of(root: Node<'_, '_>) -> Result<Self, Unreadable> {
        if !root.has_tag_name((NAMESPACE, "dialog-info")) {
            return Err(Unreadable::Other(super::message::short(root.tag_name().name())));
        }
        let missing = |what: &str| Unreadable::Other(format!("its {what} is missing or wrong"));
        Ok(DialogInfo {
            version: number(root, "version").ok_or_else(|| missing("version"))?,
            full: match root.attribute("state") {
                Some("full") => true,
                Some("partial") => false,
                _ => return Err(missing("state")),
            },
            entity: root
                .attribute("entity")
                .map(|uri| Address::of_uri(uri).user)
                .unwrap_or_default(),
            dialogs: children(root, "dialog").filter_map(dialog).collect(),
        })
    }
}

fn dialog(node: Node<'_, '_>) -> Option<Dialog> {
    let state = child(node, "state")?;
    let local = child(node, "local");
    Some(Dialog {
        id: node.attribute("id").filter(|id| !id.is_empty())?.to_owned(),
        call_id: node.attribute("call-id").filter(|id| !id.is_empty()).map(str::to_owned),
        direction: match node.attribute("direction") {
            Some("initiator") => Some(Direction::Initiator),
            Some("recipient") => Some(Direction::Recipient),
            _ => None,
        },
        state: match text(state) {
            "trying" => State::Trying,
            "proceeding" => State::Proceeding,
            "early" => State::Early,
            "confirmed" => State::Confirmed,
            "terminated" => State::Terminated,
            _ => return None,
        },
        event: state.attribute("event").map(event),
        code: number(state, "code"),
        remote: child(node, "remote").and_then(who),
        local: local.and_then(who),
        held: local.and_then(held),
    })
}

fn event(name: &str) -> Event {
    match name {
        "cancelled" => Event::Cancelled,
        "rejected" => Event::Rejected,
        "replaced" => Event::Replaced,
        "local-bye" => Event::LocalBye,
        "remote-bye" => Event::RemoteBye,
        "timeout" => Event::Timeout,
        _ => Event::Error,
    }
}

/// The identity, or the target where there is none: the target may be a mere contact address.
fn who(side: Node<'_, '_>) -> Option<Who> {
    let identity = child(side, "identity");
    let uri = match identity {
        Some(identity) => text(identity),
        None => child(side, "target")?.attribute("uri")?,
    };
    let address = Address::parse(uri);
    Some(Who {
        anonymous: address.is_anonymous(),
        display: identity
            .and_then(|node| node.attribute("display"))
            .unwrap_or_default()
            .trim()
            .to_owned(),
        user: address.user,
    })
}

/// `+sip.rendering` of RFC 4235, 5.2: `no` while on hold.
fn held(local: Node<'_, '_>) -> Option<bool> {
    let target = child(local, "target")?;
    let rendering = children(target, "param").find(|param| param.attribute("pname") == Some("+sip.rendering"))?;
    Some(rendering.attribute("pvalue") == Some("no"))
}

fn children<'a, 'i: 'a>(node: Node<'a, 'i>, name: &'static str) -> impl Iterator<Item = Node<'a, 'i>> {
    node.children()
        .filter(move |child| child.has_tag_name((NAMESPACE, name)))
}

fn child<'a, 'i: 'a>(node: Node<'a, 'i>, name: &'static str) -> Option<Node<'a, 'i>> {
    children(node, name).next()
}

fn text<'a>(node: Node<'a, '_>) -> &'a str {
    node.text().unwrap_or_default().trim()
}

fn number<T: std::str::FromStr>(node: Node<'_, '_>, attribute: &str) -> Option<T> {
    node.attribute(attribute)?.trim().parse().ok()
}

/// Whether tags are open deeper than any such document has them. Counts too many rather than too few, and
/// spares the parser, which calls itself for every level.
fn too_deep(bytes: &[u8]) -> bool {
    let (mut depth, mut rest) = (0_usize, bytes);
    while let Some(at) = memchr::memchr(b'<', rest) {
        rest = &rest[at + 1..];
        match rest.first() {
            Some(b'/') => depth = depth.saturating_sub(1),
            Some(b'?' | b'!') | None => {}
            Some(_) => {
                let end = memchr::memchr(b'>', rest).unwrap_or(rest.len());
                if end == 0 || rest[end - 1] != b'/' {
                    depth += 1;
                }
            }
        }
        if depth > DEEPEST {
            return true;
        }
    }
    false
}
