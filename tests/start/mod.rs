//! Everything put together without a window: settings, stores, a feed over real HTTP, the desk, the log.

mod trial;

use std::net::TcpListener;
use std::time::Duration;

use chrono::Utc;
use ringside::call::{CallId, Line, Outcome};
use ringside::config::{self, Home, Language, Memory};
use ringside::desk::{RecordedPanel, Told};
use ringside::directory::Directory;
use ringside::number;
use ringside::pop::view::{
    CardState, FeedHealth, Grade, ParamView, ProofView, SentenceView, VerdictKind, WebhookTrialView, WhatView,
};
use ringside::source::record::{CustomerRow, PhoneRow, Record};
use ringside::start::{NoTrial, Running, Settings, Start};
use ringside::vault::{self, Unlocked, Ways};
use serde_json::json;
use tempfile::TempDir;
use zeroize::Zeroizing;

use crate::ami::{action, listener, say};
use crate::first_steps::said;

struct Office {
    home: Home,
    unlocked: Unlocked,
    port: u16,
    _folder: TempDir,
}

impl Office {
    fn new(agent: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home::find(Some(folder.path())).expect("a home");
        home.create().expect("created");
        let port = TcpListener::bind("127.0.0.1:0")
            .and_then(|free| free.local_addr())
            .expect("a free port")
            .port();
        let settings = format!(
            "home_region = \"DE\"\n[agent]\nextensions = [\"101\"]\n[[feed]]\nname = \"pbx\"\nkind = \"webhook\"\n\
             preset = \"zammad\"\nlisten = \"127.0.0.1:{port}\"\ntoken = \"file:token\"\n{agent}\n"
        );
        std::fs::write(home.config_file(), settings).expect("written");
        let token = folder.path().join("token");
        std::fs::write(&token, "a-token").expect("written");
        #[cfg(unix)]
        std::fs::set_permissions(&token, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("mode set");
        let ways = Ways {
            passphrase: Some(Zeroizing::new("for tests".to_owned())),
            keyring: None,
        };
        let unlocked = vault::unlock(&home, &ways).expect("unlocked");
        Office {
            home,
            unlocked,
            port,
            _folder: folder,
        }
    }

    fn has_customer(self, key: &str, name: &str, phone: &str) -> Self {
        let directory = Directory::open(&self.unlocked.cache_db(), self.unlocked.key.bytes()).expect("a cache");
        let mut import = directory.begin_import("files", Utc::now()).expect("begun");
        let read = number::read(phone, None).expect("a number");
        let phone = PhoneRow {
            raw: phone.to_owned(),
            label: String::new(),
            key: Some(read.key),
            given: read.given,
            ext: None,
        };
        let row = CustomerRow {
            key: key.to_owned(),
            name: name.to_owned(),
            phones: vec![phone],
            ..CustomerRow::default()
        };
        import.record(&Record::Customer(row)).expect("taken");
        import.finish().expect("finished");
        self
    }

    fn open(&self, panel: &RecordedPanel) -> Running {
        let config = config::load(&self.home).expect("settings");
        let start = Start {
            home: &self.home,
            config: &config,
            unlocked: &self.unlocked,
            keyring: None,
            memory: Memory::of(&self.home),
            demo: None,
        };
        start.run(Box::new(panel.clone())).expect("started")
    }

    async fn post(&self, event: serde_json::Value) {
        // an earlier test may have done it already
        let _ = rustls::crypto::ring::default_provider().install_default();
        let address = format!("http://127.0.0.1:{}/in/zammad/a-token", self.port);
        let sent = reqwest::Client::new()
            .post(address)
            .json(&event)
            .send()
            .await
            .expect("sent");
        assert_eq!(sent.status(), 200);
    }
}

/// Waits until what a thread does elsewhere is seen here.
async fn until(what: &str, mut seen: impl AsyncFnMut() -> bool) {
    for _ in 0..400 {
        if seen().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("never seen: {what}");
}

async fn is_up(running: &Running) {
    until("the feed is up", async || {
        let view = running.desk.panel().await.expect("a view");
        view.feeds.iter().all(|feed| feed.health == FeedHealth::Up)
    })
    .await;
}

#[tokio::test]
async fn a_posted_call_pops_its_customer_and_stands_in_the_log_after_the_next_start() {
    let office = Office::new("").has_customer("ALFKI", "Maria Anders", "+49 30 0074321");
    let panel = RecordedPanel::default();
    let running = office.open(&panel);
    is_up(&running).await;
    let of = |event: &str| json!({"event": event, "from": "49300074321", "to": "493023125101", "direction": "in", "callId": "c1", "user": ["101"], "answeringNumber": "101", "cause": "normalClearing"});
    office.post(of("newCall")).await;
    until("the panel comes up", async || {
        panel.told().iter().any(|told| matches!(told, Told::Show(_)))
    })
    .await;
    let card = running.desk.panel().await.expect("a view").cards.remove(0);
    assert_eq!(card.state, CardState::Ringing);
    assert_eq!(card.pop.customer.expect("known").name, "Maria Anders");
    office.post(of("answer")).await;
    running
        .desk
        .save_note(CallId(card.call), "calls again on Friday".to_owned())
        .await
        .expect("saved");
    office.post(of("hangup")).await;
    until("the call is over", async || {
        let rows = running.desk.call_log(None, 1).await.expect("a log");
        rows[0].outcome == Some(Outcome::Answered)
    })
    .await;
    running.stop();

    let running = office.open(&RecordedPanel::default());
    let rows = running.desk.call_log(None, 10).await.expect("a log");
    running.stop();
    assert_eq!(rows.len(), 1);
    assert_eq!(rows[0].note, "calls again on Friday");
    assert_eq!(rows[0].customer.as_ref().expect("logged for").reference, "files/ALFKI");
}

#[tokio::test]
async fn the_providers_name_of_an_agent_is_the_agents_extension() {
    let office = Office::new("agents = { \"Ada Example\" = \"101\" }");
    let panel = RecordedPanel::default();
    let running = office.open(&panel);
    is_up(&running).await;
    let call = json!({"event": "newCall", "from": "49301234567", "to": "493023125101", "direction": "in", "callId": "c2", "user": ["Ada Example"]});
    office.post(call).await;
    until("the panel comes up", async || {
        panel.told().iter().any(|told| matches!(told, Told::Show(_)))
    })
    .await;
    assert_eq!(running.desk.panel().await.expect("a view").cards[0].line, "101");
    running.stop();
}

#[tokio::test]
async fn why_a_feed_cannot_be_used_as_it_is_set_has_words_in_every_language() {
    let office = Office::new("");
    std::fs::write(office.home.folder().join("token"), "not a path").expect("written");
    let running = office.open(&RecordedPanel::default());
    until("the feed is refused", async || {
        let feeds = running.desk.panel().await.expect("a view").feeds;
        feeds[0].said.iter().any(|said| said.key == "said.hook_token_form")
    })
    .await;
    let feeds = running.desk.panel().await.expect("a view").feeds;
    assert!(said(&feeds[0].said, Language::Hr).starts_with("token se mora sastojati od slova"));
    running.stop();
}

#[tokio::test]
async fn a_feed_whose_secret_is_missing_says_so_and_the_desk_starts_all_the_same() {
    let office = Office::new("");
    std::fs::remove_file(office.home.folder().join("token")).expect("removed");
    let running = office.open(&RecordedPanel::default());
    until("the feed is refused", async || {
        let feeds = running.desk.panel().await.expect("a view").feeds;
        let refused = feeds[0].health == FeedHealth::Refused;
        let no_file = |said: &SentenceView| match said.params.get("path") {
            Some(ParamView::Text(path)) => said.key == "secret.not_read" && path.ends_with("token"),
            _ => false,
        };
        refused && feeds[0].said.iter().any(no_file)
    })
    .await;
    running.stop();
}

/// An Asterisk feed that nobody answers at; one that may order calls has `[feed.dial]`.
fn asterisk(name: &str, port: u16, dial: &str) -> String {
    format!(
        "[[feed]]\nname = \"{name}\"\nkind = \"asterisk\"\nhost = \"127.0.0.1\"\nport = {port}\nuser = \"{name}\"\nsecret = \"file:token\"\n{dial}\n"
    )
}

/// A manager that lets everybody in and answers the first order by `answer`, in which `{id}` stands for its ActionID.
/// Gives the log-in and the order.
async fn manage(listener: tokio::net::TcpListener, answer: &str) -> (String, String) {
    loop {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        say(&mut stream, "Asterisk Call Manager/11.0.0\r\n").await;
        action(&mut stream).await;
        say(
            &mut stream,
            "Response: Success\r\nActionID: challenge\r\nChallenge: 1\r\n\r\n",
        )
        .await;
        let login = action(&mut stream).await;
        say(&mut stream, "Response: Success\r\nActionID: login\r\n\r\n").await;
        let order = action(&mut stream).await;
        // the feed that listens comes to the same port
        if !order.contains("Action: Originate\r\n") {
            continue;
        }
        let id = order.lines().find_map(|line| line.strip_prefix("ActionID: "));
        say(&mut stream, &answer.replace("{id}", id.expect("an ActionID"))).await;
        return (login, order);
    }
}

#[tokio::test]
async fn a_call_is_ordered_through_the_first_feed_that_may_and_rings_the_first_of_my_extensions() {
    let (listener, port) = listener().await;
    let may = "[feed.dial]\nuser = \"dialer\"\nsecret = \"file:token\"";
    let office = Office::new(&format!("{}{}", asterisk("ears", 1, ""), asterisk("voice", port, may)));
    let running = office.open(&RecordedPanel::default());
    running
        .desk
        .set_lines(vec![Line("204".to_owned()), Line("101".to_owned())])
        .await
        .expect("set");
    let taken = "Response: Success\r\nActionID: {id}\r\n\r\nEvent: OriginateResponse\r\nActionID: {id}\r\nResponse: Success\r\nReason: 4\r\n\r\n";
    let settings = office.settings();
    let (dialled, (login, order)) =
        tokio::join!(settings.dial(&running.desk, "+49 30 901820"), manage(listener, taken));
    dialled.expect("taken");
    assert!(login.contains("Username: dialer\r\n"), "{login}");
    assert!(
        order.contains("Channel: PJSIP/204\r\n") && order.contains("Exten: +4930901820\r\n"),
        "{order}"
    );
    running.stop();
}

#[tokio::test]
async fn whoever_asks_for_a_call_is_told_which_right_asterisk_misses() {
    let (listener, port) = listener().await;
    let may = "[feed.dial]\nuser = \"dialer\"\nsecret = \"file:token\"";
    let office = Office::new(&asterisk("voice", port, may));
    let running = office.open(&RecordedPanel::default());
    let denied = "Response: Error\r\nActionID: {id}\r\nMessage: Permission denied\r\n\r\n";
    let settings = office.settings();
    let (dialled, _) = tokio::join!(settings.dial(&running.desk, "112"), manage(listener, denied));
    let said = dialled.expect_err("denied");
    assert_eq!(said.code(), "not_dialled");
    assert!(said.to_string().contains("write=originate"), "{said}");
    let none = settings.dial(&running.desk, "101\r\nApplication: System").await;
    assert!(none.expect_err("no number").to_string().contains("cannot be dialled"));
    running.stop();
}

#[tokio::test]
async fn without_a_feed_that_may_order_calls_it_is_said_how_to_set_one_up() {
    let office = Office::new(&asterisk("ears", 1, ""));
    let running = office.open(&RecordedPanel::default());
    let said = office.settings().dial(&running.desk, "112").await.expect_err("no feed");
    assert_eq!(said.code(), "no_dial");
    assert!(said.to_string().contains("[feed.dial]"), "{said}");
    let may = "[feed.dial]\nuser = \"dialer\"\nsecret = \"file:token\"";
    let office = Office::new(&asterisk("voice", 1, may));
    running.desk.set_lines(Vec::new()).await.expect("set");
    let said = office.settings().dial(&running.desk, "112").await.expect_err("no line");
    assert_eq!(said.code(), "no_line");
    running.stop();
}
