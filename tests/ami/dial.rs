//! Click-to-dial over a real connection.

use std::time::Duration;

use ringside::call::Line;
use ringside::feed::ami::Server;
use ringside::feed::ami::dial::{DialError, Dialler, Plan};
use tokio::net::TcpListener;

use super::{WELCOME, accept_any, action, listener, login, say};

fn dialler(port: u16, timeout: Duration) -> Dialler {
    let plan = Plan {
        context: "internal".to_owned(),
        channel: "PJSIP/{line}".to_owned(),
        timeout,
    };
    Dialler::new(Server::new("127.0.0.1", port), login(), plan)
}

fn id_of(action: &str) -> String {
    let line = action.lines().find_map(|line| line.strip_prefix("ActionID: "));
    line.expect("an ActionID").to_owned()
}

/// Answers one order by `answer`, in which `{id}` stands for its ActionID.
async fn answer(listener: TcpListener, answer: &str) {
    let mut stream = accept_any(&listener, WELCOME).await;
    let order = action(&mut stream).await;
    assert!(
        order.contains("Action: Originate\r\n") && order.contains("Exten: +4930901820\r\n"),
        "{order}"
    );
    say(&mut stream, &answer.replace("{id}", &id_of(&order))).await;
    // until the other side has read it
    let _ = tokio::io::copy(&mut stream, &mut tokio::io::sink()).await;
}

#[tokio::test]
async fn a_call_is_ordered_and_the_phone_is_taken() {
    let (listener, port) = listener().await;
    let dialler = dialler(port, Duration::from_secs(5));
    let line = Line("101".to_owned());
    let taken = "Response: Success\r\nActionID: {id}\r\n\r\nEvent: OriginateResponse\r\nActionID: {id}\r\nResponse: \
                 Success\r\nReason: 4\r\n\r\n";
    let (dialled, ()) = tokio::join!(dialler.dial(&line, "+49 30 901820"), answer(listener, taken));
    dialled.expect("taken");
}

#[tokio::test]
async fn a_user_that_may_not_order_calls_is_told_which_right_is_missing() {
    let (listener, port) = listener().await;
    let dialler = dialler(port, Duration::from_secs(5));
    let line = Line("101".to_owned());
    let denied = "Response: Error\r\nActionID: {id}\r\nMessage: Permission denied\r\n\r\n";
    let (dialled, ()) = tokio::join!(dialler.dial(&line, "+49 30 901820"), answer(listener, denied));
    assert!(dialled.expect_err("denied").to_string().contains("write=originate"));
}

#[tokio::test]
async fn a_number_that_is_none_opens_no_connection() {
    let (listener, port) = listener().await;
    let said = dialler(port, Duration::from_secs(5))
        .dial(&Line("101".to_owned()), "1\r\nX: 2")
        .await;
    assert!(matches!(said, Err(DialError::Number(_))));
    let nobody = tokio::time::timeout(Duration::from_millis(50), listener.accept()).await;
    assert!(nobody.is_err(), "a connection was opened");
}

#[tokio::test]
async fn a_connection_that_breaks_is_said() {
    let (listener, port) = listener().await;
    let dialler = dialler(port, Duration::from_secs(5));
    let line = Line("101".to_owned());
    let (dialled, ()) = tokio::join!(dialler.dial(&line, "112"), async {
        drop(accept_any(&listener, WELCOME).await);
    });
    assert!(matches!(dialled, Err(DialError::Broke(_))), "{dialled:?}");
}
