//! A pasted webhook request, tried: whether it is believed, what it says, and that nothing of it happens.

use super::*;

/// Placetel's own example of a signed delivery: the secret is 12345.
const SIGNED: &str = "POST /in/placetel HTTP/1.1\ncontent-type: application/x-www-form-urlencoded\nX-PLACETEL-SIGNATURE: c4f823c5b8806432fe2b83b1fc2ee714422e0cdfb4b5129152a7d0bbcd7792d0\n\ncall_id=4a4cbb39578170aed9a2761a7bec8c7e704a541f52291ef603d6f5f152980c3c&event=CallAccepted&from=0123456789&to=0987654321";

impl Office {
    pub(super) fn settings(&self) -> Settings {
        let config = config::load(&self.home).expect("settings");
        Settings::new(self.home.clone(), config, None, None)
    }

    pub(super) async fn tries(&self, running: &Running, feed: &str, text: &str) -> Result<WebhookTrialView, NoTrial> {
        let (feed, text) = (feed.to_owned(), text.to_owned());
        self.settings().try_webhook(&running.desk, feed, text, Utc::now()).await
    }
}

fn pasted(token: &str, from: &str, user: &str) -> String {
    let event = json!({"event": "newCall", "from": from, "to": "493023125101", "direction": "in", "callId": "c9", "user": [user]});
    format!("POST /in/zammad/{token} HTTP/1.1\nHost: localhost\nContent-Type: application/json\n\n{event}\n")
}

#[tokio::test]
async fn a_pasted_request_says_whether_it_is_believed_and_who_would_pop_and_nothing_happens() {
    let office = Office::new("").has_customer("ALFKI", "Maria Anders", "+49 30 0074321");
    let panel = RecordedPanel::default();
    let running = office.open(&panel);
    is_up(&running).await;
    assert_eq!(office.settings().webhooks(), ["pbx"]);
    let tried = office
        .tries(&running, "pbx", &pasted("a-token", "49300074321", "101"))
        .await;
    let tried = tried.expect("tried");
    assert_eq!(
        (tried.proof, &tried.proof_detail, tried.mine),
        (ProofView::TokenOnly, &Vec::new(), true)
    );
    let kinds: Vec<bool> = tried.events.iter().map(|event| event.call == "c9").collect();
    assert_eq!(kinds, [true; 3], "{:?}", tried.events);
    assert!(matches!(&tried.events[0].what, WhatView::Began { number: Some(number), .. } if number == "+49300074321"));
    assert_eq!(
        tried.events[2].what,
        WhatView::Ringing {
            phone: "101".to_owned()
        }
    );
    let caller = tried.caller.expect("a caller");
    assert_eq!(caller.customer.expect("known").name, "Maria Anders");
    assert_eq!(
        (caller.grade, caller.number.as_deref()),
        (Some(Grade::Exact), Some("+49 30 0074321"))
    );
    assert!(running.desk.panel().await.expect("a view").cards.is_empty());
    assert!(running.desk.call_log(None, 10).await.expect("a log").is_empty());
    assert!(
        !panel
            .told()
            .iter()
            .any(|told| matches!(told, Told::Show(_) | Told::LogChanged))
    );
    running.stop();
}

#[tokio::test]
async fn a_pasted_request_with_a_wrong_token_still_says_what_it_tells() {
    let office = Office::new("");
    let running = office.open(&RecordedPanel::default());
    let tried = office
        .tries(&running, "pbx", &pasted("wrong", "4930999", "102"))
        .await
        .expect("tried");
    assert_eq!((tried.proof, tried.mine), (ProofView::Failed, false));
    assert_eq!(
        said(&tried.proof_detail, Language::Hr),
        "token u adresi nije token ove veze; ponovno kopirajte adresu iz postavki"
    );
    assert_eq!(tried.caller.expect("a caller").verdict, VerdictKind::Unknown);
    let withheld = office
        .tries(&running, "pbx", &pasted("a-token", "anonymous", "101"))
        .await
        .expect("tried");
    let caller = withheld.caller.expect("a caller");
    assert_eq!((caller.verdict, caller.number), (VerdictKind::Withheld, None));
    for hostile in ["", "\0", "GET", "POST / HTTP/1.1\n<script>\n\n", "\u{202e}\r\n\r\n"] {
        let tried = office.tries(&running, "pbx", hostile).await.expect("tried");
        assert!(
            !tried.trouble.is_empty() && tried.events.is_empty(),
            "{hostile:?}: {tried:?}"
        );
    }
    let word = pasted("a-token", "+493023125101", "101").replace("newCall", "ring");
    let tried = office.tries(&running, "pbx", &word).await.expect("tried");
    assert_eq!(
        said(&tried.trouble, Language::Es),
        "`event` es `ring`; debe ser newCall, answer o hangup"
    );
    let unknown = office.tries(&running, "other", "").await;
    assert!(matches!(unknown, Err(NoTrial::NoFeed(name)) if name == "other"));
    running.stop();
}

#[tokio::test]
async fn a_pasted_signature_is_right_also_when_the_end_of_the_line_was_copied() {
    let signed = "[[feed]]\nname = \"signed\"\nkind = \"webhook\"\npreset = \"placetel\"\nlisten = \"127.0.0.1:0\"\nsecret = \"file:secret\"";
    let office = Office::new(signed);
    let secret = office.home.folder().join("secret");
    let running = office.open(&RecordedPanel::default());
    let missing = office.tries(&running, "signed", SIGNED).await.expect_err("no secret");
    assert!(missing.to_string().contains("secret"), "{missing}");
    std::fs::write(&secret, "12345").expect("written");
    #[cfg(unix)]
    std::fs::set_permissions(&secret, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("mode set");
    for (text, proof) in [
        (SIGNED.to_owned(), ProofView::Signed),
        (format!("{SIGNED}\r\n"), ProofView::Signed),
        (SIGNED.replace("0123456789", "0123456780"), ProofView::Failed),
    ] {
        let tried = office.tries(&running, "signed", &text).await.expect("tried");
        assert_eq!(tried.proof, proof, "{tried:?}");
    }
    running.stop();
}
