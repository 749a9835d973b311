//! Known signatures, and what must not pass.

use ringside::call::{CallEvent, CallKey, Direction, Endpoint, LegKey, Line, Party, Presentation, Trust};
use ringside::feed::webhook::{Examined, Keys, Names, Preset, Proof, Teller, Unproven, examine};

use super::{ED25519_PUBLIC, at, keys};

/// A request with a signature that is known to be right, from the provider's page or computed by its library.
struct Vector {
    preset: Preset,
    secret: &'static str,
    public_key: Option<&'static str>,
    at: i64,
    request: &'static str,
}

const VECTORS: &[Vector] = &[
    Vector {
        preset: Preset::Placetel,
        secret: "12345",
        public_key: None,
        at: 0,
        request: "POST /in/placetel HTTP/1.1\ncontent-type: application/x-www-form-urlencoded\nX-PLACETEL-SIGNATURE: c4f823c5b8806432fe2b83b1fc2ee714422e0cdfb4b5129152a7d0bbcd7792d0\n\ncall_id=4a4cbb39578170aed9a2761a7bec8c7e704a541f52291ef603d6f5f152980c3c&event=CallAccepted&from=0123456789&to=0987654321",
    },
    Vector {
        preset: Preset::Twilio,
        secret: "test-auth-token",
        public_key: None,
        at: 0,
        request: "POST /in/twilio?t=1 HTTP/1.1\ncontent-type: application/x-www-form-urlencoded\nX-Twilio-Signature: +shCeumQ3nHHOaYjPuAlrmsz1Vw=\n\nCallSid=CA00000000000000000000000000000001&From=%2B493055501234&To=%2B493055509999&CallStatus=ringing&Direction=inbound&StirVerstat=TN-Validation-Passed-A",
    },
    Vector {
        preset: Preset::Telnyx,
        secret: "",
        public_key: Some(ED25519_PUBLIC),
        at: 1_700_000_000,
        request: "POST /in/telnyx HTTP/1.1\ncontent-type: application/json\ntelnyx-timestamp: 1700000000\ntelnyx-signature-ed25519: aBuTQ1AtxQGraK6PrtJP6VW9Mu+R2aG6TbxS7lim9/ia8dN94a42JYoTifASA18z3xe+GLlYfveWOuyyKq7OCw==\n\n{\"data\":{\"event_type\":\"call.initiated\"}}",
    },
    Vector {
        preset: Preset::Vonage,
        secret: "test-signature-secret",
        public_key: None,
        at: 1_700_000_000,
        request: "GET /in/vonage HTTP/1.1\nauthorization: Bearer eyJhbGciOiJIUzI1NiIsInR5cCI6IkpXVCJ9.eyJpYXQiOjE3MDAwMDAwMDB9.x5IQeHBURpNfTH78X0z8sUbEcexaPl-v1zMo2A1Nmcc\n\n",
    },
    Vector {
        preset: Preset::Zadarma,
        secret: "test-secret",
        public_key: None,
        at: 0,
        request: "POST /in/zadarma HTTP/1.1\ncontent-type: application/x-www-form-urlencoded\nSignature: MzYzNWFhZDY4ZjI0OTFmZDhkODdlNjE0NGJhZTZiMzZkNWE0MDYxZg==\n\nevent=NOTIFY_START&pbx_call_id=in_1&caller_id=493055501234&called_did=493055509999&call_start=2026-01-02+03%3A04%3A05",
    },
    Vector {
        preset: Preset::ZoomPhone,
        secret: "test-secret",
        public_key: None,
        at: 1_700_000_000,
        request: "POST /in/zoom-phone HTTP/1.1\ncontent-type: application/json\nx-zm-request-timestamp: 1700000000\nx-zm-signature: v0=aabb9d50c9d19ca2332c0e69b71ca2dffb0d0662c2a7071209c26e019462ae6a\n\n{\"event\":\"phone.callee_ringing\",\"payload\":{}}",
    },
    Vector {
        preset: Preset::Plivo,
        secret: "test-auth-token",
        public_key: None,
        at: 0,
        request: "POST /in/plivo HTTP/1.1\ncontent-type: application/x-www-form-urlencoded\nX-Plivo-Signature-V3: M0OEr7e2gyR0uRSDFS0a1r1FaiMgJXBJzFPPaGZ/itA=\nX-Plivo-Signature-V3-Nonce: nonce123\n\nCallUUID=u-1&From=493055501234&To=493055509999",
    },
];

fn examined(vector: &Vector, request: &[u8], now: i64) -> Examined {
    let keys = Keys {
        secrets: vec![vector.secret.to_owned().into()],
        public_key: vector.public_key.map(str::to_owned),
        public_url: Some("https://pop.example.test".to_owned()),
        ..Keys::default()
    };
    examine(vector.preset, keys, Names::default(), request, at(now))
}

#[test]
fn every_known_signature_is_right() {
    for vector in VECTORS {
        let found = examined(vector, vector.request.as_bytes(), vector.at);
        assert_eq!(found.proof, Proof::Signed, "{:?}", vector.preset);
    }
}

#[test]
fn a_known_signature_is_wrong_for_a_body_with_one_flipped_bit() {
    for vector in VECTORS.iter().filter(|vector| !vector.request.ends_with("\n\n")) {
        for bit in 0..8 {
            let mut request = vector.request.as_bytes().to_vec();
            *request.last_mut().expect("a body") ^= 1 << bit;
            let found = examined(vector, &request, vector.at);
            assert_eq!(
                found.proof,
                Proof::Failed(Unproven::Signature),
                "{:?} {bit}",
                vector.preset
            );
        }
    }
}

#[test]
fn a_signed_time_outside_the_window_is_refused_both_ways() {
    let timed = VECTORS.iter().filter(|vector| vector.at != 0);
    assert!(timed.clone().count() > 1);
    for vector in timed {
        let proof = |away: i64| examined(vector, vector.request.as_bytes(), vector.at + away).proof;
        assert_eq!(proof(300), Proof::Signed, "{:?}", vector.preset);
        assert_eq!(proof(-300), Proof::Signed, "{:?}", vector.preset);
        assert_eq!(proof(301), Proof::Failed(Unproven::Stale(301)), "{:?}", vector.preset);
        assert_eq!(proof(-301), Proof::Failed(Unproven::Stale(-301)), "{:?}", vector.preset);
    }
}

#[test]
fn a_signature_that_is_missing_or_garbled_is_said_as_such() {
    for vector in VECTORS {
        let without: String = vector
            .request
            .split_inclusive('\n')
            .filter(|line| !line.to_lowercase().contains("signature") && !line.starts_with("authorization"))
            .collect();
        let proof = examined(vector, without.as_bytes(), vector.at).proof;
        assert!(
            matches!(proof, Proof::Failed(Unproven::Missing(_))),
            "{:?} {proof:?}",
            vector.preset
        );
        let garbled: String = vector.request.split_inclusive('\n').map(garble).collect();
        let proof = examined(vector, garbled.as_bytes(), vector.at).proof;
        assert!(
            matches!(proof, Proof::Failed(Unproven::Unreadable(_))),
            "{:?} {proof:?}",
            vector.preset
        );
    }
}

/// A line with a signature, with a sign in it that stands in none.
fn garble(line: &str) -> String {
    if line.to_lowercase().contains("signature") {
        line.replace(": ", ": ?")
    } else {
        line.replace("Bearer ", "Bearer ?")
    }
}

#[test]
fn a_secret_that_was_changed_is_taken_until_it_is_removed() {
    for vector in VECTORS.iter().filter(|vector| vector.public_key.is_none()) {
        let with = |secrets: &[&str]| {
            let keys = Keys {
                secrets: secrets.iter().map(|secret| (*secret).to_owned().into()).collect(),
                public_url: Some("https://pop.example.test".to_owned()),
                ..Keys::default()
            };
            examine(
                vector.preset,
                keys,
                Names::default(),
                vector.request.as_bytes(),
                at(vector.at),
            )
            .proof
        };
        assert_eq!(with(&["new", vector.secret]), Proof::Signed);
        assert_eq!(with(&["new"]), Proof::Failed(Unproven::Signature));
    }
}

#[test]
fn the_port_in_the_address_makes_no_difference_to_twilio() {
    for url in [
        "https://pop.example.test",
        "https://pop.example.test:443",
        "https://pop.example.test/",
    ] {
        let vector = VECTORS
            .iter()
            .find(|vector| vector.preset == Preset::Twilio)
            .expect("Twilio's");
        let keys = Keys {
            secrets: vec![vector.secret.to_owned().into()],
            public_url: Some(url.to_owned()),
            ..Keys::default()
        };
        let found = examine(Preset::Twilio, keys, Names::default(), vector.request.as_bytes(), at(0));
        assert_eq!(found.proof, Proof::Signed, "{url}");
        let trust = found.caller.map(|caller| caller.trust);
        assert_eq!(trust, Some(Trust::Verified));
    }
}

/// One request of every preset as the simulator sends it.
fn sent(preset: Preset) -> Vec<u8> {
    let (call, leg) = (CallKey("c-1".to_owned()), LegKey("c-1/101".to_owned()));
    let began = CallEvent::Began {
        call: call.clone(),
        direction: Direction::In,
        remote: Party {
            number: "+493055501234".to_owned(),
            presentation: Presentation::Allowed,
            ..Party::default()
        },
        called: "+493055509999".to_owned(),
        trunk: None,
        origin: None,
    };
    let url = format!("https://pop.example.test/in/{}/sesame", preset.name());
    let mut teller = Teller::new(preset, keys(preset, true), &url);
    let to = Endpoint::Line(Line("101".to_owned()));
    let offered = CallEvent::Offered { call, leg, to };
    let told = teller.tell(&[began, offered], at(1_700_000_000));
    told.first().expect("something is told").request.to_text(&[])
}

#[test]
fn every_preset_refuses_a_wrong_token_and_a_changed_body() {
    for preset in Preset::all() {
        let request = sent(*preset);
        let proof = |request: &[u8]| {
            examine(
                *preset,
                keys(*preset, false),
                Names::default(),
                request,
                at(1_700_000_000),
            )
            .proof
        };
        let right = proof(&request);
        assert!(
            matches!(right, Proof::Signed | Proof::TokenOnly),
            "{preset:?} {right:?}"
        );
        let text = String::from_utf8(request.clone()).expect("text");
        let wrong = text.replace("/sesame", "/sesama");
        assert_eq!(proof(wrong.as_bytes()), Proof::Failed(Unproven::Token), "{preset:?}");
        if right == Proof::Signed {
            let changed = [&request[..], b" "].concat();
            assert_eq!(proof(&changed), Proof::Failed(Unproven::Signature), "{preset:?}");
        }
    }
}

#[test]
fn no_preset_is_harmed_by_a_garbled_request() {
    for preset in Preset::all() {
        let request = sent(*preset);
        let told = |request: &[u8]| {
            let names = Names::default();
            examine(*preset, keys(*preset, false), names, request, at(1_700_000_000)).events
        };
        assert!(!told(&request).is_empty(), "{preset:?}");
        for end in 0..request.len() {
            told(&request[..end]);
        }
        for place in (0..request.len()).step_by(3) {
            let mut garbled = request.clone();
            garbled[place] = b'\xFF';
            told(&garbled);
            garbled[place] = b'"';
            told(&garbled);
        }
        let text = String::from_utf8(request).expect("text");
        for value in ["c-1", "493055501234"] {
            told(text.replace(value, &"9".repeat(5000)).as_bytes());
            told(
                text.replace(&format!("\"{value}\""), "{\"a\":[[1.5e300,null]]}")
                    .as_bytes(),
            );
        }
    }
}

#[test]
fn an_examined_request_says_in_words_what_it_tells() {
    let request = "POST /in/zammad/sesame HTTP/1.1\ncontent-type: application/json\n\n\
        {\"event\":\"newCall\",\"from\":\"493055501234\",\"to\":\"493055509999\",\"direction\":\"in\",\"callId\":\"c\",\"user\":[\"101\"]}";
    let look = |request: &str| {
        examine(
            Preset::Zammad,
            keys(Preset::Zammad, false),
            Names::default(),
            request.as_bytes(),
            at(0),
        )
    };
    let found = look(request);
    assert_eq!(found.proof, Proof::TokenOnly);
    assert_eq!(
        found.lines(),
        [
            "c: call from +493055501234 to +493055509999",
            "c: 101 is dialled (c/101)",
            "c: c/101 rings"
        ]
    );
    assert_eq!(
        found.caller.map(|caller| caller.number).as_deref(),
        Some("+493055501234")
    );
    let wrong = look(&request.replace("newCall", "newcalls"));
    assert!(
        wrong
            .trouble
            .is_some_and(|trouble| trouble.to_string().contains("newCall, answer or hangup"))
    );
    let get = look(&request.replace("POST", "GET"));
    assert!(
        get.trouble
            .is_some_and(|trouble| trouble.to_string().contains("it must be POST"))
    );
    let unset = examine(
        Preset::Twilio,
        Keys::default(),
        Names::default(),
        request.as_bytes(),
        at(0),
    );
    assert!(matches!(unset.proof, Proof::Unset(_)));
}
