//! Webhooks of every preset: their signatures, and whole calls sent to the real endpoint.

mod hostile;
mod mapping;
mod round_trip;
mod tls;
mod vectors;

use chrono::{DateTime, Utc};
use ringside::feed::webhook::{Keys, Preset};

/// The key of a phone system that signs by RSA, made for these tests; its private half is the simulator's.
const RSA_PRIVATE: &str = include_str!("rsa.pem");
const RSA_PUBLIC: &str = include_str!("rsa.pub.pem");

/// The key of a phone system that signs by Ed25519: the bytes 0 to 31, in base64.
const SEED: &str = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8=";
const ED25519_PUBLIC: &str = "A6EHv/POEL4dcN0Y50vAmWfk1jCbpQ1fHdyGZBJVMbg=";

/// What one side of preset `preset` has: the endpoint, or the provider (`sends`).
fn keys(preset: Preset, sends: bool) -> Keys {
    let secret = match preset {
        Preset::Sipgate if sends => RSA_PRIVATE,
        Preset::Telnyx => SEED,
        _ => "test-secret",
    };
    Keys {
        token: Some("sesame".to_owned().into()),
        secrets: vec![secret.to_owned().into()],
        public_key: match preset {
            Preset::Sipgate => Some(RSA_PUBLIC.to_owned()),
            Preset::Telnyx => Some(ED25519_PUBLIC.to_owned()),
            _ => None,
        },
        public_url: Some("https://pop.example.test".to_owned()),
        ..Keys::default()
    }
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).expect("a time")
}
