//! A call nobody answered is announced on the desktop and stays in the panel.

use ringside_e2e::{App, Bus, Caller, Feed, Home, Screen, folder, until};

#[tokio::test]
async fn a_missed_call_is_announced_once_with_who_and_the_number() {
    let folder = folder("missed");
    let (feed, port) = Feed::webhook();
    let home = Home::new(&folder, "101", &feed);
    home.import_northwind();
    let bus = Bus::with_notifications(&folder).await;
    let app = App::start_on(&home, &bus).await;
    let caller = Caller::new(port, "missed", "+49300074321");
    caller.rings().await;
    app.panel().await;
    app.wait_for("who-name", "Maria Anders").await;
    assert_eq!(bus.notifications(), [""; 0], "it is not missed yet");
    caller.gives_up().await;

    let raised = until("a notification is raised", async || {
        Some(bus.notifications()).filter(|raised| raised.iter().any(|said| said.contains("+49 30 0074321")))
    })
    .await;
    for said in [
        "Ringside",
        "Missed call",
        "Maria Anders, Alfreds Futterkiste",
        "+49 30 0074321",
    ] {
        assert!(raised[0].contains(said), "no `{said}` in {raised:?}");
    }
    app.wait_for("missed", "Maria Anders").await;
    Screen.shoot(&folder.join("a-missed-call.png"));

    caller.gives_up().await;
    let other = Caller::new(port, "withheld", "anonymous");
    other.rings().await;
    other.gives_up().await;
    let raised = until("the next one is announced too", async || {
        Some(bus.notifications()).filter(|raised| raised.iter().any(|said| said.contains("withheld")))
    })
    .await;
    assert_eq!(raised.len(), 2, "each call once: {raised:?}");
}

#[tokio::test]
async fn without_a_notification_service_a_missed_call_is_a_line_in_the_log() {
    let folder = folder("missed-silent");
    let (feed, port) = Feed::webhook();
    let home = Home::new(&folder, "101", &feed);
    let bus = Bus::empty(&folder);
    let app = App::start_on(&home, &bus).await;
    let caller = Caller::new(port, "missed", "+49301234567");
    caller.rings().await;
    caller.gives_up().await;
    app.panel().await;
    app.wait_for("missed", "1234567").await;
    until("the log says so", async || {
        app.log().contains("could not be announced").then_some(())
    })
    .await;
    assert!(app.runs());
}
