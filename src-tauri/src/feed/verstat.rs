//! `verstat`, the attestation that carriers put on a caller's number (3GPP TS 24.229, 7.2A.20). Read, never checked.

use crate::call::Trust;

/// The word after `verstat=`, wherever it stands: on P-Asserted-Identity, on From, or in a variable that a
/// dialplan reads such a header into.
pub(super) fn verstat_in(text: &str) -> Option<String> {
    let (_, rest) = text.split_once("verstat=")?;
    let end = rest
        .find(|c: char| !c.is_ascii_alphanumeric() && c != '-')
        .unwrap_or(rest.len());
    (end > 0).then(|| rest[..end].to_owned())
}

/// Carriers append the attestation level (`…-Passed-A`); without one, `Passed` is full attestation.
pub(super) fn trust_of(verstat: &str) -> Trust {
    match verstat {
        "TN-Validation-Passed" | "TN-Validation-Passed-A" => Trust::Verified,
        "TN-Validation-Passed-B" => Trust::NotVerifiedB,
        "TN-Validation-Passed-C" => Trust::NotVerifiedC,
        failed if failed.starts_with("TN-Validation-Failed") => Trust::Failed,
        _ => Trust::Unknown,
    }
}
