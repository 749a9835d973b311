//! What may be answered to a request, and nothing else: an INVITE can be answered in five ways here, none of
//! which takes the call or ends it for the other phones. That is what keeps the second contact passive.

use super::message::Message;

/// All that an INVITE is ever answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ToInvite {
    /// We are there; nothing is said to the caller.
    Trying,
    /// For an INVITE within a call, which can only be somebody's mistake.
    NoSuchCall,
    /// The same INVITE came on two ways (RFC 3261, 8.2.2.2).
    LoopDetected,
    /// It was cancelled.
    Terminated,
    /// Nobody came for minutes, and nobody cancelled.
    Unavailable,
}

impl ToInvite {
    fn line(self) -> &'static str {
        match self {
            ToInvite::Trying => "100 Trying",
            ToInvite::NoSuchCall => "481 Call/Transaction Does Not Exist",
            ToInvite::LoopDetected => "482 Loop Detected",
            ToInvite::Terminated => "487 Request Terminated",
            ToInvite::Unavailable => "480 Temporarily Unavailable",
        }
    }
}

/// What other requests are answered.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ToOther {
    /// Received.
    Ok,
    /// About no call or subscription of ours.
    NoSuchCall,
    /// Older than one that came before (RFC 3261, 12.2.2).
    OutOfOrder,
    /// Of a kind that we do not take part in.
    NotAllowed,
}

impl ToOther {
    fn line(self) -> &'static str {
        match self {
            ToOther::Ok => "200 OK",
            ToOther::NoSuchCall => "481 Call/Transaction Does Not Exist",
            ToOther::OutOfOrder => "500 Out Of Order",
            ToOther::NotAllowed => "405 Method Not Allowed",
        }
    }
}

/// The methods that are understood; INVITE is not among them, for it is never accepted.
const ALLOW: &str = "Allow: ACK, CANCEL, NOTIFY, OPTIONS\r\n";

/// Answers an INVITE; `tag` is ours for this call.
pub(super) fn to_invite(invite: &Message, answer: ToInvite, tag: &str) -> Vec<u8> {
    let tag = (answer != ToInvite::Trying).then_some(tag);
    reply(invite, answer.line(), tag, "")
}

/// Answers a request that is no INVITE.
pub(super) fn to_other(request: &Message, answer: ToOther, tag: &str) -> Vec<u8> {
    let more = match (answer, request.method()) {
        (ToOther::NotAllowed, _) => ALLOW,
        (_, Some("OPTIONS")) => concat!(
            "Allow: ACK, CANCEL, NOTIFY, OPTIONS\r\n",
            "Accept: application/dialog-info+xml\r\n"
        ),
        _ => "",
    };
    reply(request, answer.line(), Some(tag), more)
}

/// A response with what must be copied from the request (RFC 3261, 8.2.6.2).
fn reply(request: &Message, line: &str, tag: Option<&str>, more: &str) -> Vec<u8> {
    let mut text = format!("SIP/2.0 {line}\r\n");
    for name in ["Via", "Record-Route", "From", "To", "Call-ID", "CSeq"] {
        for value in request.all(name) {
            let tag = tag.filter(|_| name == "To" && request.tag("To").is_none());
            let tag = tag.map(|tag| format!(";tag={tag}")).unwrap_or_default();
            text.push_str(&format!("{name}: {value}{tag}\r\n"));
        }
    }
    text.push_str(more);
    text.push_str("Content-Length: 0\r\n\r\n");
    text.into_bytes()
}
