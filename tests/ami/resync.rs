//! What the Asterisk feed asks for after a log-in, and what it makes of lists that cannot be believed.

use chrono::{DateTime, TimeDelta, Utc};
use ringside::call::CallEvent;
use ringside::feed::Signal;
use ringside::feed::ami::{Dialplan, Session, SessionError};

use super::{NO_CHANNELS, NO_QUEUES, WELCOME, login};

const CALL: &str = "Event: Newchannel\r\nChannel: PJSIP/trunk-1\r\nUniqueid: 1.1\r\nLinkedid: 1.1\r\nCallerIDNum: \
                    +4930123\r\nExten: 101\r\n\r\nEvent: Newchannel\r\nChannel: PJSIP/101-2\r\nUniqueid: 1.2\r\n\
                    Linkedid: 1.1\r\nCallerIDNum: 101\r\nExten: s\r\n\r\nEvent: DialBegin\r\nUniqueid: 1.1\r\n\
                    DestUniqueid: 1.2\r\nChannel: PJSIP/trunk-1\r\nDestChannel: PJSIP/101-2\r\nCallerIDNum: \
                    +4930123\r\nChanVariable: CALLERID(num-pres)=allowed\r\n\r\n";

fn at(seconds: i64) -> DateTime<Utc> {
    DateTime::UNIX_EPOCH + TimeDelta::seconds(seconds)
}

/// A session that has logged in and asked for the channels.
fn logged_in(earlier: Option<Session>) -> Session {
    let dialplan = Dialplan::new(r"\d{3}", vec!["voicemail".to_owned()]).expect("a pattern");
    let translator = earlier.map_or_else(|| Session::translator(dialplan), Session::into_translator);
    let mut session = Session::new(login(), translator, at(0));
    let challenge = "Asterisk Call Manager/11.0.0\r\nResponse: Success\r\nActionID: challenge\r\nChallenge: 1\r\n\r\n";
    hear(&mut session, challenge);
    assert_eq!(hear(&mut session, WELCOME), []);
    assert!(sent(&mut session).contains("Action: CoreShowChannels"));
    session
}

/// The same after a call that rings, and a new connection.
fn after_a_gap() -> Session {
    let mut session = logged_in(None);
    hear(&mut session, NO_CHANNELS);
    hear(&mut session, NO_QUEUES);
    assert_eq!(hear(&mut session, CALL).len(), 2);
    logged_in(Some(session))
}

fn hear(session: &mut Session, text: &str) -> Vec<Signal> {
    session.receive(text.as_bytes(), at(1)).expect("goes on")
}

fn sent(session: &mut Session) -> String {
    String::from_utf8(session.take_to_send()).expect("UTF-8")
}

fn listed(unique: &str) -> String {
    format!("Event: CoreShowChannel\r\nActionID: channels\r\nUniqueid: {unique}\r\n\r\n")
}

fn complete(items: usize) -> String {
    format!("Event: CoreShowChannelsComplete\r\nActionID: channels\r\nListItems: {items}\r\n\r\n")
}

fn has_ended(news: &[Signal]) -> bool {
    news.iter()
        .any(|signal| matches!(signal, Signal::Event(CallEvent::Ended { .. })))
}

#[test]
fn after_the_channels_the_queues_are_asked_for_and_then_the_feed_is_up() {
    let mut session = logged_in(None);
    assert_eq!(hear(&mut session, NO_CHANNELS), [Signal::Resync(vec![])]);
    assert!(sent(&mut session).contains("Action: QueueStatus\r\n"));
    assert!(!session.is_on());
    assert_eq!(hear(&mut session, NO_QUEUES), [Signal::Up { caveat: None }]);
    assert!(session.is_on());
}

#[test]
fn an_asterisk_without_queues_is_up_all_the_same() {
    let mut session = logged_in(None);
    hear(&mut session, NO_CHANNELS);
    let unknown = "Response: Error\r\nActionID: queues\r\nMessage: Invalid/unknown command\r\n\r\n";
    assert_eq!(hear(&mut session, unknown), [Signal::Up { caveat: None }]);
}

#[test]
fn a_call_that_is_listed_goes_on_and_one_that_is_not_is_over() {
    let mut session = after_a_gap();
    let list = [listed("1.1"), listed("1.2"), complete(2)].concat();
    let news = hear(&mut session, &list);
    assert!(!has_ended(&news), "{news:?}");
    assert!(
        matches!(news.last(), Some(Signal::Resync(left)) if left.len() == 1),
        "{news:?}"
    );
    let news = hear(&mut after_a_gap(), &complete(0));
    assert!(has_ended(&news), "{news:?}");
    assert_eq!(news.last(), Some(&Signal::Resync(vec![])));
}

#[test]
fn a_list_that_leaves_channels_out_ends_no_call_and_is_asked_for_again() {
    let mut session = after_a_gap();
    assert_eq!(hear(&mut session, &complete(2)), []);
    assert!(sent(&mut session).contains("Action: CoreShowChannels"));
    let list = [listed("1.1"), listed("1.2"), complete(2)].concat();
    assert!(!has_ended(&hear(&mut session, &list)));
}

#[test]
fn a_list_that_stays_incomplete_is_given_up_and_that_is_said() {
    let mut session = after_a_gap();
    assert_eq!(hear(&mut session, &complete(7)), []);
    assert_eq!(hear(&mut session, &complete(7)), []);
    let news = hear(&mut session, &complete(7));
    assert!(
        matches!(&news[..], [Signal::Up { caveat: Some(caveat) }] if caveat.to_string().contains("incomplete")),
        "{news:?}"
    );
}

#[test]
fn a_list_that_never_ends_is_asked_for_again_and_then_given_up() {
    let mut session = after_a_gap();
    for seconds in [16, 32] {
        hear(&mut session, &listed("1.1"));
        assert_eq!(session.handle_timeout(at(seconds)), Ok(vec![]));
        assert!(sent(&mut session).contains("Action: CoreShowChannels"), "{seconds}");
    }
    let news = session.handle_timeout(at(48)).expect("goes on");
    assert!(matches!(&news[..], [Signal::Up { caveat: Some(_) }]), "{news:?}");
}

#[test]
fn queues_that_are_never_told_do_not_keep_the_feed_down() {
    let mut session = logged_in(None);
    hear(&mut session, NO_CHANNELS);
    let news = session.handle_timeout(session.poll_timeout()).expect("goes on");
    assert_eq!(news, [Signal::Up { caveat: None }]);
}

#[test]
fn a_channel_that_hangs_up_while_the_list_is_on_its_way_leaves_no_ghost() {
    let mut session = logged_in(None);
    let hangup = "Event: Hangup\r\nUniqueid: 1.1\r\nCause: 16\r\n\r\n";
    let news = hear(&mut session, &[hangup, &listed("1.1"), &complete(1)].concat());
    assert_eq!(news, [Signal::Resync(vec![])]);
}

#[test]
fn what_came_of_a_call_that_somebody_else_ordered_is_no_answer_to_us() {
    let mut session = logged_in(None);
    let theirs = "Event: OriginateResponse\r\nActionID: channels\r\nResponse: Failure\r\nReason: 0\r\n\r\n\
                  Event: OriginateResponse\r\nActionID: login\r\nResponse: Failure\r\n\r\n";
    assert_eq!(hear(&mut session, theirs), []);
    assert_eq!(hear(&mut session, NO_CHANNELS), [Signal::Resync(vec![])]);
}

#[test]
fn a_port_on_which_nothing_is_said_may_be_the_one_for_tls() {
    let dialplan = Dialplan::new(r"\d{3}", vec![]).expect("a pattern");
    let mut session = Session::new(login(), Session::translator(dialplan), at(0));
    assert_eq!(session.handle_timeout(at(9)), Ok(vec![]));
    let said = session.handle_timeout(at(10)).expect_err("given up");
    assert_eq!(said, SessionError::Mute);
    assert!(said.to_string().contains("tls = true"));
}
