//! The whole way with a real Tryton: settings, sync into the cache, the pop with its balance, a call that pops, and its note
//! back in Tryton. It is left out, and says so, but in `cargo xtask test --sources`.

use std::collections::HashMap;
use std::net::TcpListener;
use std::time::{Duration, Instant};

use chrono::{FixedOffset, TimeZone as _, Utc};
use ringside::call::{CallId, Party};
use ringside::config::{self, Config, Home, Memory};
use ringside::desk::{Identify, Moment, RecordedPanel, Via};
use ringside::directory::Directory;
use ringside::number::DialContext;
use ringside::pop::view::{CardState, PopView};
use ringside::source::sync::{Progress, Report};
use ringside::start::{Follower, Running, Sources, Start, Wish, marker, said_in};
use ringside::vault::{self, Unlocked, Ways};
use serde_json::{Value, json};
use tempfile::TempDir;
use zeroize::Zeroizing;

use super::tryton::Tryton;

struct Office {
    home: Home,
    config: Config,
    unlocked: Unlocked,
    port: u16,
    _folder: TempDir,
}

/// Waits for nothing and tells nobody.
struct Alone;

impl Follower for Alone {
    fn progress(&mut self, _: &Progress) {}

    fn wait(&mut self, _: Duration) -> bool {
        true
    }

    fn is_stopped(&self) -> bool {
        false
    }
}

impl Office {
    fn of(tryton: &Tryton, key: &str) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home::find(Some(folder.path())).expect("a home");
        home.create().expect("created");
        let free = TcpListener::bind("127.0.0.1:0").and_then(|free| free.local_addr());
        let port = free.expect("a free port").port();
        let settings = format!(
            "home_region = \"DE\"\n[agent]\nextensions = [\"101\"]\n\
             [[feed]]\nname = \"pbx\"\nkind = \"webhook\"\npreset = \"zammad\"\nlisten = \"127.0.0.1:{port}\"\ntoken = \"file:token\"\n\
             [[source]]\nname = \"erp\"\nkind = \"rest\"\nsystem = \"tryton\"\nprivate_hosts = [\"127.0.0.1\"]\nwrite_back = true\n\
             every_minutes = 0\n[source.with]\nurl = \"{}\"\ndatabase = \"{}\"\nkey = \"file:key\"\n",
            tryton.url, tryton.database
        );
        std::fs::write(home.config_file(), settings).expect("written");
        for (name, secret) in [("token", "a-token"), ("key", key)] {
            let path = folder.path().join(name);
            std::fs::write(&path, secret).expect("written");
            std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("mode set");
        }
        let passphrase = Some(Zeroizing::new("for tests".to_owned()));
        let ways = Ways {
            passphrase,
            keyring: None,
        };
        Office {
            config: config::load(&home).expect("settings"),
            unlocked: vault::unlock(&home, &ways).expect("unlocked"),
            home,
            port,
            _folder: folder,
        }
    }

    fn cache(&self) -> Directory {
        Directory::open(&self.unlocked.cache_db(), self.unlocked.key.bytes()).expect("a cache")
    }

    fn sync(&self) -> Report {
        let hand = said_in(&self.unlocked.journal_db(), &self.unlocked.key);
        let sources = Sources::new(&self.home, &self.config, self.cache().place(), hand);
        let report = sources
            .run(&sources.all()[0], Wish::default(), &mut Alone)
            .expect("a cache");
        assert_eq!((report.failed.as_ref(), report.tally.refused), (None, 0), "{report:?}");
        report
    }

    fn identify(&self) -> Identify {
        Identify::new(
            self.cache(),
            DialContext::of(self.config.home()),
            HashMap::new(),
            Vec::new(),
        )
    }

    /// Every party that Tryton says is active pops at each of its numbers, with Tryton's own receivable.
    fn pops_as_tryton_says(&self, tryton: &mut Tryton) -> usize {
        let mut identify = self.identify();
        let parties = tryton.tell(&json!({"do": "parties"}));
        let mut looked = 0;
        for (party, said) in parties.as_object().expect("an object") {
            let cents = said["receivable"]
                .as_str()
                .and_then(|text| text.parse::<f64>().ok())
                .expect("an amount")
                * 100.0;
            #[allow(clippy::cast_possible_truncation, reason = "an amount of a test")]
            let cents = cents.round() as i64;
            for number in said["phones"].as_array().expect("a list") {
                let pop = pop(&mut identify, number.as_str().expect("a text"));
                assert_eq!(
                    pop.customer.as_ref().map(|one| one.reference.clone()),
                    Some(format!("erp/{party}")),
                    "{number}"
                );
                let open: i64 = pop.balance.iter().map(|balance| balance.open.minor).sum();
                assert_eq!(open, cents, "party {party}");
                looked += 1;
            }
        }
        looked
    }

    fn open(&self) -> Running {
        let start = Start {
            home: &self.home,
            config: &self.config,
            unlocked: &self.unlocked,
            keyring: None,
            memory: Memory::of(&self.home),
            demo: None,
        };
        start.run(Box::new(RecordedPanel::default())).expect("started")
    }

    async fn post(&self, number: &str, event: &str) {
        let call = json!({"event": event, "from": number.trim_start_matches('+').replace(' ', ""), "to": "493023125101", "direction": "in",
            "callId": "c1", "user": ["101"], "answeringNumber": "101", "cause": "normalClearing"});
        let address = format!("http://127.0.0.1:{}/in/zammad/a-token", self.port);
        let sent = reqwest::Client::new().post(address).json(&call).send().await;
        assert_eq!(sent.expect("sent").status(), 200);
    }
}

fn pop(identify: &mut Identify, number: &str) -> PopView {
    let via = Via {
        feed: "",
        called: "",
        trunk: None,
    };
    let party = Party {
        number: number.to_owned(),
        ..Party::default()
    };
    let now = Utc.with_ymd_and_hms(2026, 11, 28, 12, 0, 0).single().expect("a time");
    let moment = Moment {
        now,
        offset: FixedOffset::east_opt(0).expect("an offset"),
    };
    identify.find(via, &party, None, moment).expect("a cache").pop
}

/// Waits until what happens elsewhere is seen here.
async fn until(what: &str, mut seen: impl AsyncFnMut() -> bool) {
    for _ in 0..1200 {
        if seen().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(25)).await;
    }
    panic!("never seen: {what}");
}

#[test]
fn tryton_is_synced_changes_arrive_and_a_call_pops_and_leaves_its_note_there() {
    // it takes a minute: part of `cargo xtask test --sources`
    let whole = std::env::var_os("RINGSIDE_SOURCES").is_some();
    let Some((mut tryton, key)) = whole.then(Tryton::start).flatten() else {
        eprintln!("SKIPPED: no Tryton; cargo xtask test --sources makes one");
        return;
    };
    let office = Office::of(&tryton, &key);
    let began = Instant::now();
    let first = office.sync().tally;
    let took = began.elapsed();
    let whole = office.pops_as_tryton_says(&mut tryton);
    eprintln!(
        "Tryton: {} records in {took:?}, {whole} numbers pop with Tryton's receivable",
        first.added
    );

    let said = tryton.tell(&json!({"do": "parties"}));
    let said = said.as_object().expect("an object");
    let with_phone = |(party, said): (&String, &Value)| {
        let number = said["phones"][0].as_str()?.to_owned();
        Some((party.parse::<u64>().expect("a number"), number))
    };
    let some: Vec<(u64, String)> = said.iter().filter_map(with_phone).take(4).collect();
    tryton.tell(&json!({"do": "phone", "party": some[0].0, "value": "+49 30 99887766"}));
    let sale = tryton.tell(&json!({"do": "sale", "party": some[1].0}));
    tryton.tell(&json!({"do": "pay"}));
    tryton.tell(&json!({"do": "deactivate", "party": some[2].0}));
    let changes = office.sync().tally;
    office.pops_as_tryton_says(&mut tryton);
    let mut identify = office.identify();
    assert!(
        pop(&mut identify, &some[0].1).customer.is_none(),
        "the old number is nobody's"
    );
    let bought = pop(&mut identify, &some[1].1).purchases.expect("purchases");
    assert_eq!(Some(bought.last_order.as_str()), sale["number"].as_str());
    assert!(pop(&mut identify, &some[2].1).customer.is_none(), "deactivated");
    assert!(
        changes.changed + changes.added < 50 && changes.removed > 0,
        "{changes:?}"
    );
    drop(identify);
    let runtime = tokio::runtime::Runtime::new().expect("a runtime");
    runtime.block_on(a_call_pops_and_leaves_its_note(&office, &mut tryton, &some[3]));
}

async fn a_call_pops_and_leaves_its_note(office: &Office, tryton: &mut Tryton, (party, number): &(u64, String)) {
    let _ = rustls::crypto::ring::default_provider().install_default();
    let running = office.open();
    until("the feed is up", async || {
        running
            .desk
            .panel()
            .await
            .expect("a view")
            .feeds
            .iter()
            .all(|feed| feed.health == ringside::pop::view::FeedHealth::Up)
    })
    .await;
    office.post(number, "newCall").await;
    until("the call pops", async || {
        !running.desk.panel().await.expect("a view").cards.is_empty()
    })
    .await;
    let card = running.desk.panel().await.expect("a view").cards.remove(0);
    assert_eq!(card.pop.customer.expect("known").reference, format!("erp/{party}"));
    office.post(number, "answer").await;
    let call = CallId(card.call);
    let note = "Wants 2 \"Art. 5\" <soon>\nby Friday";
    running
        .desk
        .save_note(call.clone(), note.to_owned())
        .await
        .expect("saved");
    office.post(number, "hangup").await;
    until("the wrap-up", async || {
        let cards = running.desk.panel().await.expect("a view").cards;
        cards.iter().any(|card| card.state == CardState::WrapUp)
    })
    .await;
    let ask = json!({"do": "notes", "party": party});
    assert_eq!(tryton.tell(&ask)["notes"], json!([]), "the wrap-up is not left yet");
    running.desk.close_card(call.clone()).await.expect("closed");
    until("the note in Tryton", async || tryton.tell(&ask)["notes"] != json!([])).await;
    running
        .desk
        .save_note(call.clone(), "Thursday will do".to_owned())
        .await
        .expect("saved");
    running.stop();
    let notes = tryton.tell(&ask)["notes"].clone();
    let notes = notes.as_array().expect("a list");
    assert_eq!(notes.len(), 1);
    let text = notes[0].as_str().expect("a text");
    assert!(text.contains(note) && text.ends_with(&marker(&call)), "{text}");
}
