//! Calls that a real Asterisk is ordered to make.

use std::time::Duration;

use ringside::call::Line;
use ringside::feed::ami::dial::{DialError, Dialler, Plan};
use ringside::feed::ami::{Login, Server};
use zeroize::Zeroizing;

use crate::pbx;
use crate::phones::Phones;

fn dialler(port: u16, user: &str, context: &str) -> Dialler {
    let login = Login {
        user: user.to_owned(),
        secret: Zeroizing::new(format!("{user}-ami")),
    };
    let plan = Plan {
        context: context.to_owned(),
        channel: "PJSIP/{line}".to_owned(),
        timeout: Duration::from_secs(4),
    };
    Dialler::new(Server::new("127.0.0.1", port), login, plan)
}

#[tokio::test]
async fn the_number_is_dialled_when_the_phone_is_taken_and_not_before() {
    let Some(folder) = pbx() else { return };
    let phones = Phones::at(&folder);
    let dialler = dialler(phones.ami_port, "dialer", "internal");
    let line = Line("101".to_owned());
    let dialling = tokio::spawn(async move { dialler.dial(&line, "1-0-2").await });
    let phones = playing(phones, &["ringing 101"]).await;
    assert!(!dialling.is_finished(), "it was said to be taken while it rang");
    let phones = playing(phones, &["answer 101"]).await;
    dialling.await.expect("no panic").expect("dialled");
    playing(phones, &["ringing 102", "answer 102", "hangup 101", "wait-ended"]).await;
}

/// Does the commands while the rest of the test goes on.
async fn playing(mut phones: Phones, commands: &'static [&'static str]) -> Phones {
    let played = tokio::task::spawn_blocking(move || {
        commands.iter().for_each(|command| phones.play(command));
        phones
    });
    played.await.expect("no panic")
}

#[tokio::test]
async fn what_a_real_asterisk_refuses_is_said_with_what_to_do() {
    let Some(folder) = pbx() else { return };
    let mut phones = Phones::at(&folder);
    let port = phones.ami_port;
    let dial = async |user: &str, context: &str, line: &str, number: &str| {
        let dialled = dialler(port, user, context).dial(&Line(line.to_owned()), number).await;
        dialled.expect_err("refused")
    };
    let may_not = dial("popmin", "internal", "101", "102").await;
    assert!(matches!(may_not, DialError::NotPermitted(_)), "{may_not}");
    for (context, number) in [("nowhere", "102"), ("internal", "777")] {
        let nowhere = dial("dialer", context, "101", number).await;
        assert!(matches!(nowhere, DialError::NoExtension { .. }), "{nowhere}");
    }
    let not_there = dial("dialer", "internal", "103", "102").await;
    assert!(matches!(not_there, DialError::NotReachable { .. }), "{not_there}");
    let not_taken = dial("dialer", "internal", "101", "102").await;
    assert!(matches!(not_taken, DialError::NotTaken(_)), "{not_taken}");
    phones.play("wait-ended");
}
