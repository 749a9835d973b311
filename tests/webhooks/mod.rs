//! Webhooks of every preset: their signatures, and whole calls sent to the real endpoint.

mod round_trip;
mod vectors;

use chrono::{DateTime, Utc};
use ringside::feed::webhook::{Keys, Preset};

/// The key of a phone system that signs by RSA, made for these tests; its private half is the simulator's.
const RSA_PRIVATE: &str = include_str!("rsa.pem");
const RSA_PUBLIC: &str = include_str!("rsa.pub.pem");

/// What one side of preset `preset` has: the endpoint, or the provider (`sends`).
fn keys(preset: Preset, sends: bool) -> Keys {
    let secret = match preset {
        Preset::Sipgate if sends => RSA_PRIVATE,
        _ => "test-secret",
    };
    Keys {
        token: Some("sesame".to_owned().into()),
        secrets: vec![secret.to_owned().into()],
        public_key: (preset == Preset::Sipgate).then(|| RSA_PUBLIC.to_owned()),
        public_url: Some("https://pop.example.test".to_owned()),
        ..Keys::default()
    }
}

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::from_timestamp(seconds, 0).expect("a time")
}
