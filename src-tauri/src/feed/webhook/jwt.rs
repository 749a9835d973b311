//! JSON Web Tokens signed by HMAC-SHA256 (RFC 7515, RFC 7519), as far as webhooks carry them.
//!
//! Pure. `alg` must be `HS256`; whatever else a token asks for (`none`, another algorithm) is refused, because the
//! token must not choose how it is checked.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, Utc};
use serde_json::Value;

use super::proof::{Keys, SHA256, Unproven, mac};

/// The claims of `token`, signed by one of the secrets and not expired. One without a time is refused.
pub(super) fn claims(token: &str, keys: &Keys, now: DateTime<Utc>) -> Result<Value, Unproven> {
    let unreadable = || Unproven::Unreadable("authorization".to_owned());
    let (signed, signature) = token.rsplit_once('.').ok_or_else(unreadable)?;
    let (head, body) = signed.split_once('.').ok_or_else(unreadable)?;
    let signature = URL_SAFE_NO_PAD.decode(signature).map_err(|_| unreadable())?;
    let head = json(head).ok_or_else(unreadable)?;
    if head.get("alg").and_then(Value::as_str) != Some("HS256") {
        return Err(Unproven::Signature);
    }
    keys.signed(SHA256, &[signed.as_bytes()], &signature)?;
    let claims = json(body).ok_or_else(unreadable)?;
    let time = |name: &str| claims.get(name).and_then(Value::as_i64);
    let issued = time("iat").ok_or_else(unreadable)?;
    keys.fresh(issued, now)?;
    match time("exp").filter(|expires| *expires < now.timestamp()) {
        Some(expired) => Err(Unproven::Stale(now.timestamp() - expired)),
        None => Ok(claims),
    }
}

/// A token of `claims`.
pub(super) fn token(claims: &Value, secret: &[u8]) -> String {
    let head = URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","typ":"JWT"}"#);
    let signed = format!("{head}.{}", URL_SAFE_NO_PAD.encode(claims.to_string()));
    let signature = URL_SAFE_NO_PAD.encode(mac(SHA256, secret, &[signed.as_bytes()]));
    format!("{signed}.{signature}")
}

fn json(part: &str) -> Option<Value> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}
