//! An order against everything that Asterisk can answer, and what only an attacker would.

use zeroize::Zeroizing;

use super::*;

const GREETING: &str = "Asterisk Call Manager/11.0.0\r\n";
const CHALLENGE: &str = "Response: Success\r\nActionID: challenge\r\nChallenge: 1\r\n\r\n";
const WELCOME: &str = "Response: Success\r\nActionID: login\r\nMessage: Authentication accepted\r\n\r\n";

fn order(line: &str, number: &str) -> Result<Order, DialError> {
    let login = Login {
        user: "dialer".to_owned(),
        secret: Zeroizing::new("secret".to_owned()),
    };
    let plan = Plan {
        context: "internal".to_owned(),
        channel: "PJSIP/{line}".to_owned(),
        timeout: Duration::from_secs(30),
    };
    Order::new(
        login,
        plan,
        Line(line.to_owned()),
        Dialled::new(number)?,
        "ours".to_owned(),
    )
}

fn given() -> Order {
    let mut order = order("101", "+49 30 901820").expect("an order");
    for heard in [GREETING, CHALLENGE, WELCOME] {
        assert!(!order.receive(heard.as_bytes()).expect("goes on"), "{heard}");
    }
    order
}

#[test]
fn the_phone_of_the_agent_is_called_and_then_the_number() {
    let mut order = given();
    let sent = String::from_utf8(order.take_to_send()).expect("UTF-8");
    let last = sent.trim_end().rsplit("\r\n\r\n").next();
    assert_eq!(
        last,
        Some(
            "Action: Originate\r\nActionID: ours\r\nChannel: PJSIP/101\r\nContext: internal\r\nExten: +4930901820\r\n\
             Priority: 1\r\nTimeout: 30000\r\nAsync: true"
        )
    );
    assert!(!sent.contains("secret"), "the secret crosses the network: {sent}");
    let queued = "Response: Success\r\nActionID: ours\r\nMessage: Originate successfully queued\r\n\r\n";
    assert!(!order.receive(queued.as_bytes()).expect("goes on"));
    let taken = "Event: OriginateResponse\r\nActionID: ours\r\nResponse: Success\r\nReason: 4\r\n\r\n";
    assert!(order.receive(taken.as_bytes()).expect("taken"));
}

#[test]
fn what_went_wrong_is_said_with_what_to_do() {
    let event = |reason| format!("Event: OriginateResponse\r\nActionID: ours\r\nResponse: Failure\r\nReason: {reason}");
    let error = |says| format!("Response: Error\r\nActionID: ours\r\nMessage: {says}");
    for (heard, part) in [
        (
            error("Permission denied"),
            "\"dialer\" may not order calls: give it write=originate",
        ),
        (
            error("Extension does not exist."),
            "no +4930901820 in the context \"internal\"",
        ),
        (
            error("Channel not specified"),
            "refuses to make the call: Channel not specified",
        ),
        (event("0"), "101 cannot be reached: check that it is on and registered"),
        (event("1"), "101 rang and was not taken"),
        (event("3"), "101 rang and was not taken"),
        (event("5"), "101 is busy"),
        (event("8"), "101 now; try again"),
        (event(""), "101 rang and was not taken"),
    ] {
        let said = given()
            .receive(format!("{heard}\r\n\r\n").as_bytes())
            .expect_err(&heard)
            .to_string();
        assert!(said.contains(part), "{heard}\n gave {said}");
    }
}

#[test]
fn what_came_of_an_order_of_somebody_else_is_not_ours() {
    let mut order = given();
    for theirs in [
        "Event: OriginateResponse\r\nActionID: theirs\r\nResponse: Failure\r\nReason: 5",
        "Event: OriginateResponse\r\nResponse: Success\r\nReason: 4",
        "Event: Hangup\r\nActionID: ours\r\nResponse: Error",
        "Response: Error\r\nActionID: theirs\r\nMessage: Permission denied",
    ] {
        assert!(!order.receive(format!("{theirs}\r\n\r\n").as_bytes()).expect(theirs));
    }
}

#[test]
fn a_wrong_password_and_a_stranger_are_said() {
    let mut refused = order("101", "112").expect("an order");
    refused.receive(GREETING.as_bytes()).expect("goes on");
    refused.receive(CHALLENGE.as_bytes()).expect("goes on");
    let said = refused.receive(b"Response: Error\r\nActionID: login\r\nMessage: Authentication failed\r\n\r\n");
    assert!(matches!(said, Err(DialError::Session(SessionError::Refused { .. }))));
    let said = order("101", "112").expect("an order").receive(b"SSH-2.0-x\r\n");
    assert!(matches!(said, Err(DialError::Session(SessionError::NotAsterisk(_)))));
}

#[test]
fn an_order_is_given_once_and_never_before_the_log_in() {
    let mut order = order("101", "112").expect("an order");
    for heard in [GREETING, WELCOME, CHALLENGE, CHALLENGE, WELCOME, WELCOME, WELCOME] {
        order.receive(heard.as_bytes()).expect("goes on");
    }
    let sent = String::from_utf8(order.take_to_send()).expect("UTF-8");
    assert_eq!(sent.matches("Action: Originate").count(), 1, "{sent}");
}

#[test]
fn an_extension_that_would_say_more_than_an_extension_is_refused() {
    for hostile in [
        "",
        "101\r\nApplication: System",
        "101&PJSIP/102",
        "101/x",
        "101@x",
        "101 ",
        "ü",
    ] {
        assert!(matches!(order(hostile, "112"), Err(DialError::Line(_))), "{hostile:?}");
    }
}
