//! Who calls, and what number was dialled, as an INVITE tells: From, P-Asserted-Identity, Privacy, Diversion,
//! History-Info and `verstat`. The Identity header (RFC 8224) is not verified: that is the carrier's part.

use super::address::{Address, list};
use super::message::{Message, Start, param};
use crate::call::{Party, Presentation};
use crate::feed::verstat;

/// The caller. A withheld number stays in it, for those who may ask for it; nobody shows it.
pub(super) fn party(invite: &Message) -> Party {
    let from = Address::parse(invite.get("From").unwrap_or_default());
    let asserted = asserted(invite);
    let restricted = wants_privacy(invite) || from.is_anonymous();
    let number = match &asserted {
        // the carrier's word goes before the caller's (RFC 3325)
        Some(asserted) => asserted.user.clone(),
        None if from.is_anonymous() => String::new(),
        None => from.user.clone(),
    };
    let name = asserted
        .map(|asserted| asserted.display)
        .filter(|name| !name.is_empty());
    let verstat = verstat_of(invite);
    Party {
        number,
        name: if restricted {
            String::new()
        } else {
            name.unwrap_or(from.display)
        },
        presentation: if restricted {
            Presentation::Restricted
        } else {
            Presentation::Allowed
        },
        trust: verstat::trust_of(&verstat),
        verstat,
    }
}

/// The number that the caller dialled: where the call went before it was sent on, else the address it is for.
pub(super) fn called(invite: &Message) -> String {
    let first_of_history = || {
        let entries: Vec<&str> = invite.all("History-Info").flat_map(list).collect();
        let first = entries
            .iter()
            .min_by_key(|entry| param(after_bracket(entry), "index").map(index))?;
        (entries.len() > 1).then(|| Address::parse(first).user)
    };
    // the last Diversion is the oldest (RFC 5806, 3)
    let diverted = || {
        invite
            .all("Diversion")
            .flat_map(list)
            .last()
            .map(|entry| Address::parse(entry).user)
    };
    let to = || invite.get("To").map(|to| Address::parse(to).user);
    let target = || match &invite.start {
        Start::Request { uri, .. } => Some(Address::of_uri(uri).user),
        Start::Response { .. } => None,
    };
    let ways: [&dyn Fn() -> Option<String>; 4] = [&first_of_history, &diverted, &to, &target];
    ways.iter()
        .find_map(|way| way().filter(|number| !number.is_empty()))
        .unwrap_or_default()
}

/// The identity that the network vouches for: a SIP URI and a `tel:` URI may both be there (RFC 3325, 9.1).
fn asserted(invite: &Message) -> Option<Address> {
    let all: Vec<Address> = invite
        .all("P-Asserted-Identity")
        .flat_map(list)
        .map(Address::parse)
        .filter(|address| !address.user.is_empty() && !address.is_anonymous())
        .collect();
    let named = all.iter().find(|address| !address.display.is_empty());
    named.or(all.first()).cloned()
}

/// `id` (RFC 3325), `user` and `header` (RFC 3323) hide who calls; `none`, `session` and `critical` do not.
fn wants_privacy(invite: &Message) -> bool {
    invite
        .all("Privacy")
        .flat_map(|value| value.split([';', ',']))
        .any(|word| {
            ["id", "user", "header"]
                .iter()
                .any(|hides| word.trim().eq_ignore_ascii_case(hides))
        })
}

/// On P-Asserted-Identity, else on From (3GPP TS 24.229, 7.2A.20).
fn verstat_of(invite: &Message) -> String {
    let mut headers = invite.all("P-Asserted-Identity").chain(invite.all("From"));
    headers.find_map(verstat::verstat_in).unwrap_or_default()
}

fn after_bracket(entry: &str) -> &str {
    entry.rfind('>').map_or(entry, |end| &entry[end..])
}

fn index(text: &str) -> Vec<u32> {
    text.split('.').map(|part| part.parse().unwrap_or(u32::MAX)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::call::Trust;

    fn invite(headers: &str) -> Message {
        let text = format!("INVITE sip:101@10.0.0.9 SIP/2.0\r\n{headers}\r\nContent-Length: 0\r\n\r\n");
        Message::parse(text.as_bytes()).expect("a message")
    }

    #[test]
    fn the_carriers_word_goes_before_the_callers() {
        let told = party(&invite(
            "From: \"Boss\" <sip:100@pbx>;tag=1\r\nP-Asserted-Identity: \"ACME\" \
             <sip:+12025550143;verstat=TN-Validation-Passed-B@carrier>, <tel:+12025550143>",
        ));
        assert_eq!((told.number.as_str(), told.name.as_str()), ("+12025550143", "ACME"));
        assert_eq!(told.trust, Trust::NotVerifiedB);
        assert_eq!(told.verstat, "TN-Validation-Passed-B");
        assert_eq!(told.presentation, Presentation::Allowed);
    }

    #[test]
    fn a_number_with_privacy_is_withheld_although_it_is_there() {
        for from in [
            "\"Anonymous\" <sip:anonymous@anonymous.invalid>",
            "\"Jane\" <sip:+12025550143@carrier>",
        ] {
            let told = party(&invite(&format!(
                "From: {from};tag=1\r\nPrivacy: id;critical\r\nP-Asserted-Identity: \"Jane\" <sip:+12025550143@c>"
            )));
            assert_eq!(told.presentation, Presentation::Restricted, "{from}");
            assert_eq!(told.name, "", "{from}");
        }
        let anonymous = party(&invite("From: <sip:anonymous@10.0.0.1>;tag=1"));
        assert_eq!(
            (anonymous.number.as_str(), anonymous.presentation),
            ("", Presentation::Restricted)
        );
    }

    #[test]
    fn privacy_none_hides_nothing() {
        let told = party(&invite("From: <sip:+49301@c;user=phone>;tag=1\r\nPrivacy: none"));
        assert_eq!(
            (told.number.as_str(), told.presentation),
            ("+49301", Presentation::Allowed)
        );
    }

    #[test]
    fn an_identity_header_alone_verifies_nothing() {
        let told = party(&invite(
            "From: <sip:+49301@c>;tag=1\r\nIdentity: eyJhbGciOiJFUzI1NiJ9..x;info=<https://c>;alg=ES256",
        ));
        assert_eq!((told.trust, told.verstat.as_str()), (Trust::Unknown, ""));
    }

    #[test]
    fn the_number_dialled_is_where_the_call_went_first() {
        assert_eq!(called(&invite("To: <sip:+493023125101@pbx>")), "+493023125101");
        assert_eq!(called(&invite("To: <sip:pbx>")), "101");
        let diverted =
            "To: <sip:101@pbx>\r\nDiversion: <sip:102@pbx>;reason=no-answer, <sip:+4930100@pbx>;reason=unconditional";
        assert_eq!(called(&invite(diverted)), "+4930100");
        let history = "To: <sip:101@pbx>\r\nHistory-Info: <sip:101@pbx>;index=1.2, <sip:+4930200@pbx>;index=1\r\n\
                       History-Info: <sip:103@pbx>;index=1.1";
        assert_eq!(called(&invite(history)), "+4930200");
    }
}
