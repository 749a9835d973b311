//! Subscriptions and registration: agreed, challenged, refused, lost, and made anew.

use ringside::call::{CallEvent, Cause};
use ringside::config::Language;
use ringside::feed::Signal;
use ringside::feed::sip::SessionError;
use ringside::feed::sip::message::Message;

use super::talk::{CHALLENGE, Talk, account, notify, response, ringing};

#[test]
fn a_subscription_is_challenged_agreed_and_up_with_its_first_list() {
    let mut talk = Talk::new(&account(&["102"], false));
    let first = talk.one();
    assert_eq!(first.method(), Some("SUBSCRIBE"));
    assert_eq!(first.get("Event"), Some("dialog"));
    assert!(first.get("Authorization").is_none());
    talk.answer(&first, "401 Unauthorized", CHALLENGE);
    let second = talk.one();
    let proof = second.get("Authorization").expect("an answer");
    assert!(
        proof.contains("algorithm=SHA-256") && proof.contains("nc=00000001"),
        "{proof}"
    );
    assert!(!proof.contains("secret-101"), "{proof}");
    assert_ne!(second.branch(), first.branch());
    talk.answer(
        &second,
        "200 OK",
        "Expires: 120\r\nContact: <sip:presence@10.0.0.1:5060>\r\n",
    );
    assert_eq!(talk.signals, [], "not up before it is known what is on");
    talk.hear(&notify(&second, 1, "active;expires=120", "full", 0, &ringing("a")));
    let Signal::Event(CallEvent::Began { call, .. }) = &talk.signals[0] else {
        panic!("{:?}", talk.signals)
    };
    assert_eq!(
        talk.signals[3..],
        [Signal::Resync(vec![call.clone()]), Signal::Up { caveat: None }]
    );
    assert_eq!(talk.one().code(), Some(200));
}

#[test]
fn the_nonce_is_used_again_and_counted_and_a_stale_one_replaced() {
    let mut talk = Talk::new(&account(&["102"], false));
    let first = talk.one();
    talk.answer(
        &first,
        "407 Proxy Authentication Required",
        "Proxy-Authenticate: Digest realm=\"p\", nonce=\"n1\", qop=\"auth\"\r\n",
    );
    let second = talk.one();
    assert!(
        second
            .get("Proxy-Authorization")
            .is_some_and(|proof| proof.contains("nc=00000001"))
    );
    talk.subscribed(&second);
    talk.until(60_500).expect("all well");
    let sent = talk.sent();
    let refresh = sent
        .iter()
        .find(|message| message.method() == Some("SUBSCRIBE"))
        .expect("a refresh before it is over");
    assert!(
        refresh
            .get("Proxy-Authorization")
            .is_some_and(|proof| proof.contains("nc=0000000")),
        "{refresh:?}"
    );
    assert!(!refresh.get("Proxy-Authorization").expect("one").contains("nc=00000001"));
    assert_eq!(refresh.tag("To"), Some("pbx"));
    assert_eq!(refresh.get("Route"), Some("<sip:10.0.0.1;lr>"));
    talk.answer(
        refresh,
        "407 Proxy Authentication Required",
        "Proxy-Authenticate: Digest realm=\"p\", nonce=\"n2\", qop=\"auth\"\r\n",
    );
    let again = talk.one();
    assert!(
        again
            .get("Proxy-Authorization")
            .is_some_and(|proof| proof.contains("\"n2\"") && proof.contains("nc=00000001"))
    );
    talk.answer(
        &again,
        "407 Proxy Authentication Required",
        "Proxy-Authenticate: Digest realm=\"p\", nonce=\"n3\", qop=\"auth\", stale=true\r\n",
    );
    assert!(
        talk.one()
            .get("Proxy-Authorization")
            .is_some_and(|proof| proof.contains("\"n3\""))
    );
}

#[test]
fn a_wrong_password_is_refused_after_one_answer() {
    let mut talk = Talk::new(&account(&["102"], false));
    let first = talk.one();
    talk.answer(&first, "401 Unauthorized", CHALLENGE);
    let second = talk.one();
    let error = talk
        .session
        .receive(response(&second, "401 Unauthorized", CHALLENGE).as_bytes(), talk.now);
    let says = error.expect_err("refused").to_string();
    assert!(
        says.contains("\"101\" (401 Unauthorized)") && says.contains("secret"),
        "{says}"
    );
    let mut talk = Talk::new(&account(&["102"], false));
    let first = talk.one();
    let basic = response(&first, "401 Unauthorized", "WWW-Authenticate: Basic realm=\"x\"\r\n");
    assert_eq!(
        talk.session.receive(basic.as_bytes(), talk.now),
        Err(SessionError::UnknownChallenge)
    );
    assert_eq!(talk.sent().len(), 0, "a password is never sent in the clear");
}

#[test]
fn a_phone_system_that_wants_longer_subscriptions_gets_them() {
    let mut talk = Talk::new(&account(&["102"], false));
    let first = talk.one();
    talk.answer(&first, "423 Interval Too Brief", "Min-Expires: 600\r\n");
    let second = talk.one();
    assert_eq!(second.get("Expires"), Some("600"));
    let again = response(&second, "423 Interval Too Brief", "Min-Expires: 600\r\n");
    let error = talk
        .session
        .receive(again.as_bytes(), talk.now)
        .expect_err("it makes no sense");
    assert!(error.to_string().contains("423"), "{error}");
}

#[test]
fn a_subscription_that_is_not_known_any_more_is_made_anew() {
    let mut talk = Talk::new(&account(&["102"], false));
    let first = talk.one();
    talk.subscribed(&first);
    talk.until(60_500).expect("all well");
    let refresh = talk
        .sent()
        .into_iter()
        .find(|message| message.method() == Some("SUBSCRIBE"))
        .expect("a refresh");
    talk.answer(&refresh, "481 Subscription Does Not Exist", "");
    let anew = talk.one();
    assert_eq!((anew.method(), anew.tag("To")), (Some("SUBSCRIBE"), None));
    assert_ne!(anew.get("Call-ID"), first.get("Call-ID"));
    talk.subscribed(&anew);
    talk.hear(&notify(&anew, 2, "terminated;reason=deactivated", "full", 1, ""));
    assert_eq!(talk.one().code(), Some(200));
    talk.until(62_000).expect("all well");
    let third = talk
        .sent()
        .into_iter()
        .find(|message| message.method() == Some("SUBSCRIBE"))
        .expect("anew");
    assert_eq!(third.tag("To"), None);
}

#[test]
fn a_lost_partial_list_is_asked_for() {
    let mut talk = Talk::new(&account(&["102"], false));
    let first = talk.one();
    talk.subscribed(&first);
    talk.hear(&notify(&first, 2, "active", "partial", 5, &ringing("a")));
    let sent = talk.sent();
    assert_eq!((sent[0].code(), sent[1].method()), (Some(200), Some("SUBSCRIBE")));
    assert_eq!(sent[1].tag("To"), Some("pbx"), "the same subscription");
}

#[test]
fn a_list_may_come_before_the_agreement_and_twice() {
    let mut talk = Talk::new(&account(&["102"], false));
    let first = talk.one();
    let list = notify(&first, 9, "active;expires=120", "full", 0, &ringing("a"));
    talk.hear(&list);
    talk.hear(&list);
    talk.hear(&notify(&first, 8, "active", "full", 0, ""));
    let codes: Vec<_> = talk.sent().iter().map(Message::code).collect();
    assert_eq!(codes, [Some(200), Some(200), Some(500)]);
    talk.answer(&first, "200 OK", "Expires: 120\r\n");
    assert_eq!(talk.signals.len(), 5, "three events, once, and up: {:?}", talk.signals);
}

#[test]
fn a_stranger_s_list_is_not_believed() {
    let mut talk = Talk::new(&account(&["102"], false));
    let first = talk.one();
    talk.subscribed(&first);
    talk.signals.clear();
    let list = notify(&first, 2, "active", "full", 1, &ringing("a"));
    for forged in [
        list.replace(first.get("Call-ID").expect("one"), "guessed"),
        list.replace(first.tag("From").expect("one"), "x"),
    ] {
        talk.hear(&forged);
        assert_eq!(talk.one().code(), Some(481));
    }
    assert_eq!(talk.signals, []);
}

#[test]
fn requests_are_repeated_until_the_phone_system_is_given_up() {
    let mut talk = Talk::new(&account(&["102"], false));
    talk.one();
    talk.until(15_900).expect("not yet");
    assert_eq!(talk.sent().len(), 6, "after 0.5, 1.5, 3.5, 7.5, 11.5 and 15.5 s");
    assert_eq!(talk.until(16_000), Err(SessionError::Silent));
}

#[test]
fn a_silent_phone_system_is_asked_whether_it_is_there() {
    let mut talk = Talk::new(&account(&["102"], false));
    talk.alive = false;
    let first = talk.one();
    talk.subscribed(&first);
    talk.until(15_000).expect("all well");
    let ping = talk.one();
    assert_eq!(ping.method(), Some("OPTIONS"));
    talk.answer(&ping, "405 Method Not Allowed", "");
    assert!(talk.until(31_500).is_ok());
    assert_eq!(talk.until(46_100), Err(SessionError::Silent));
}

#[test]
fn lines_that_cannot_be_watched_are_named_and_the_others_are_watched() {
    let mut talk = Talk::new(&account(&["102", "103"], false));
    let asked = talk.sent();
    talk.subscribed(&asked[0]);
    assert_eq!(talk.signals, []);
    talk.answer(&asked[1], "404 Not Found", "");
    let Some(Signal::Up { caveat: Some(caveat) }) = talk.signals.last() else {
        panic!("{:?}", talk.signals)
    };
    assert!(
        caveat.to_string().contains("103") && caveat.to_string().contains("hint"),
        "{caveat}"
    );
    let hr = caveat.in_language(Language::Hr);
    assert!(hr.starts_with("centrala nema dijaloga za 103 ("), "{hr}");
    talk.until(62_000).expect("it is up");
    let asked = talk.sent();
    assert!(
        asked
            .iter()
            .any(|message| message.get("To") == Some("<sip:103@pbx.example>")),
        "tried again: {asked:?}"
    );
    let mut talk = Talk::new(&account(&["103"], false));
    let asked = talk.one();
    let error = talk
        .session
        .receive(response(&asked, "489 Bad Event", "").as_bytes(), talk.now)
        .expect_err("nothing agreed");
    assert!(error.to_string().contains("presence_dialoginfo"), "{error}");
}

#[test]
fn a_subscription_that_brings_no_list_is_said() {
    let mut talk = Talk::new(&account(&["102"], false));
    let first = talk.one();
    talk.answer(&first, "200 OK", "Expires: 120\r\n");
    let error = talk.until(11_000).expect_err("nothing came");
    assert!(error.to_string().contains("firewall"), "{error}");
}

#[test]
fn behind_a_router_the_contact_is_where_the_phone_system_sees_us() {
    let mut talk = Talk::new(&account(&["102"], false));
    let first = talk.one();
    assert_eq!(first.get("Contact"), Some("<sip:101@10.0.0.9:5070>"));
    let seen =
        response(&first, "401 Unauthorized", CHALLENGE).replace(";rport;", ";rport=40001;received=198.51.100.7;");
    talk.hear(&seen);
    let second = talk.one();
    assert_eq!(second.get("Contact"), Some("<sip:101@198.51.100.7:40001>"));
    assert!(second.get("Via").is_some_and(|via| via.contains("10.0.0.9:5070")));
}

#[test]
fn who_leaves_ends_registration_and_subscriptions() {
    let mut talk = Talk::new(&account(&["102"], true));
    let asked = talk.sent();
    talk.subscribed(&asked[0]);
    talk.answer(
        &asked[1],
        "200 OK",
        "Contact: <sip:101@10.0.0.9:5070>;expires=60, <sip:101@10.0.0.8>;expires=9\r\n",
    );
    talk.session.leave(talk.now);
    let sent = talk.sent();
    let left: Vec<_> = sent
        .iter()
        .map(|message| (message.method(), message.get("Expires")))
        .collect();
    assert_eq!(left, [(Some("SUBSCRIBE"), Some("0")), (Some("REGISTER"), Some("0"))]);
    assert!(!talk.session.has_left());
    for request in &sent {
        talk.answer(request, "200 OK", "");
    }
    assert!(talk.session.has_left());
}

#[test]
fn the_calls_of_a_line_that_may_not_be_watched_any_more_are_closed() {
    let mut talk = Talk::new(&account(&["102", "103"], false));
    let asked = talk.sent();
    talk.subscribed(&asked[0]);
    talk.subscribed(&asked[1]);
    talk.hear(&notify(&asked[0], 2, "active", "full", 1, &ringing("a")));
    talk.hear(&notify(
        &asked[0],
        3,
        "terminated;reason=rejected",
        "full",
        2,
        &ringing("a"),
    ));
    let last = &talk.signals[talk.signals.len() - 2..];
    assert!(
        matches!(
            &last[0],
            Signal::Event(CallEvent::Ended {
                cause: Cause::Stale,
                ..
            })
        ),
        "{last:?}"
    );
    assert!(
        matches!(&last[1], Signal::Up { caveat: Some(caveat) } if caveat.to_string().contains("102")),
        "{last:?}"
    );
}
