//! What is asked about one person in the window of a Ringside that runs: who may, what is refused, and what the next start does.

use std::fs::File;
use std::path::{Path, PathBuf};

use ringside::call::CallId;
use ringside::config::{Config, Home, Memory};
use ringside::desk::{DeskError, RecordedPanel};
use ringside::journal::{Act, AuditFilter};
use ringside::pop::view::{Role, StartNotice, UserRequest};
use ringside::role;
use ringside::start::{Declined, Instance, NoPerson, Running, Start};
use ringside::vault::{self, Unlocked, Ways};

use super::people::{self, THEIRS, VICTIM};
use super::{Shop, now};

/// Starts a Ringside over the stores of `home`.
pub(super) fn start(home: &Path, config: &Config, unlocked: &Unlocked) -> Running {
    let home = Home::find(Some(home)).expect("a home");
    let start = Start {
        home: &home,
        config,
        unlocked,
        keyring: None,
        memory: Memory::of(&home),
        demo: None,
    };
    start.run(Box::new(RecordedPanel::default())).expect("started")
}

impl Shop {
    pub(super) fn start(&self) -> Running {
        start(self.folder.path(), &self.config, &self.unlocked)
    }

    fn begun(&self) -> usize {
        self.journal().erasures().expect("read").len()
    }

    pub(super) fn acts(&self, act: Act) -> Vec<String> {
        let filter = AuditFilter {
            act: Some(act),
            ..AuditFilter::default()
        };
        let rows = self.journal().audited(&filter, None, 100).expect("read");
        rows.into_iter().map(|row| row.entry.agent).collect()
    }

    /// Which of their words stand anywhere in the stores.
    fn left_of_them(&self) -> Vec<&'static str> {
        let pages = self.pages();
        let there = THEIRS
            .iter()
            .filter(|word| pages.iter().any(|file| file.have(word.as_bytes())));
        there.copied().collect()
    }
}

async fn erase(shop: &Shop, running: &Running, reference: &str, typed: &str) -> Result<(), Declined> {
    let people = shop.people();
    people
        .asked_to_erase(&running.desk, reference.to_owned(), typed.to_owned(), now())
        .await
}

pub(super) async fn give_out(shop: &Shop, running: &Running, path: PathBuf) -> Result<u64, Declined> {
    let people = shop.people();
    let given = people.asked_to_give_out(&running.desk, "crm/17".to_owned(), path, now());
    given.await.map(|given| given.rows)
}

#[tokio::test]
async fn who_is_to_be_erased_is_gone_after_the_next_start_which_says_so_once() {
    let shop = Shop::full();
    let running = shop.start();
    assert_eq!(running.erased, []);
    erase(&shop, &running, "shop/9001", VICTIM).await.expect("begun");
    erase(&shop, &running, "crm/17", VICTIM).await.expect("begun already");
    assert!(
        shop.people().find("crm/17").is_ok(),
        "nothing is taken out while it runs"
    );
    running.stop();
    assert_eq!(shop.begun(), 1, "once, whichever record was asked for");

    let running = shop.start();
    let [
        StartNotice::Erased {
            pseudonym,
            gone,
            stay,
            finished,
            files,
        },
    ] = &running.erased[..]
    else {
        panic!("{:?}", running.erased);
    };
    assert!(
        pseudonym.starts_with("erased-") && *gone > 20 && *stay >= 6 && *finished,
        "{:?}",
        running.erased
    );
    assert_eq!(files, &Vec::<String>::new());
    assert!(running.erased.iter().all(|notice| notice.is_for() == role::Act::Team));
    let session = running.desk.session().await.expect("the desk runs");
    assert_eq!(session.signed_in, None);
    running.stop();
    assert_eq!(shop.begun(), 0);
    assert_eq!(shop.left_of_them(), Vec::<&str>::new());
    assert!(matches!(shop.people().find("crm/17"), Err(NoPerson::Nobody(_))));
    assert_eq!(shop.acts(Act::PersonErased), ["Marta"]);

    let running = shop.start();
    assert_eq!(running.erased, [], "it is said once");
    running.stop();
}

#[tokio::test]
async fn what_was_written_between_the_wish_and_the_start_goes_too() {
    let shop = Shop::full();
    let running = shop.start();
    erase(&shop, &running, "crm/17", VICTIM).await.expect("begun");
    let late = people::call("chat-late", people::OWN, Some(("crm/17", VICTIM)), 0);
    shop.journal().put_call(&late).expect("logged");
    shop.journal()
        .save_note(&CallId("chat-late".to_owned()), "Quendolin calls back", now())
        .expect("noted");
    running.stop();
    shop.start().stop();
    assert_eq!(shop.left_of_them(), Vec::<&str>::new());
    let late = CallId("chat-late".to_owned());
    assert!(shop.journal().call(&late).expect("read").is_none());
}

#[tokio::test]
async fn a_start_that_has_no_turn_to_write_says_so_and_the_next_one_finishes() {
    let shop = Shop::full();
    let running = shop.start();
    erase(&shop, &running, "crm/17", VICTIM).await.expect("begun");
    running.stop();
    let turn = shop.taken();
    let running = shop.start();
    let [StartNotice::NotErased { said }] = &running.erased[..] else {
        panic!("{:?}", running.erased);
    };
    assert_eq!(said[0].key, "refused.not_finished");
    running.stop();
    drop(turn);
    let running = shop.start();
    assert!(matches!(
        running.erased[..],
        [StartNotice::Erased { finished: true, .. }]
    ));
    running.stop();
    assert_eq!(shop.left_of_them(), Vec::<&str>::new());
}

impl Shop {
    /// The turn to write into the cache, as another process has it.
    fn taken(&self) -> File {
        let lock = File::options()
            .create(true)
            .append(true)
            .open(self.unlocked.cache_db().with_extension("lock"));
        let lock = lock.expect("the file");
        lock.lock().expect("free");
        lock
    }
}

#[tokio::test]
async fn nobody_is_erased_while_a_call_with_them_is_on_a_source_is_read_or_another_name_is_typed() {
    let shop = Shop::full();
    let running = shop.start();
    for wrong in ["", "Quendolin", "quendolin xaverovitz", "Ulrike Bystanderin"] {
        let refused = erase(&shop, &running, "crm/17", wrong).await.expect_err(wrong);
        assert!(
            matches!(refused, Declined::Person(NoPerson::AnotherName)),
            "{wrong}: {refused}"
        );
    }
    let turn = shop.taken();
    let refused = erase(&shop, &running, "crm/17", VICTIM)
        .await
        .expect_err("being written");
    assert_eq!(refused.code(), "cache_taken");
    assert!(
        refused.saying().to_string().contains("source is being read"),
        "{}",
        refused.saying()
    );
    drop(turn);
    let mut on = people::call("chat-on", people::OWN, Some(("crm/17", VICTIM)), 0);
    (on.ended, on.outcome) = (None, None);
    shop.journal().put_call(&on).expect("logged");
    let refused = erase(&shop, &running, "crm/17", VICTIM)
        .await
        .expect_err("on the phone");
    assert_eq!(refused.code(), "on_a_call");
    assert!(
        refused.saying().to_string().contains("wait until it has ended"),
        "{}",
        refused.saying()
    );
    assert_eq!(shop.begun(), 0);
    running.stop();
}

#[tokio::test]
async fn only_the_record_of_a_page_names_somebody() {
    let shop = Shop::full();
    let running = shop.start();
    let long = "x/".repeat(50_000);
    for hostile in [
        "",
        "crm/99",
        "crm/17 ",
        "Quendolin Xaverovitz",
        "+49 30 23125177",
        "030 23125188",
        "'; DROP TABLE erasures; --/",
        "\0/\u{202e}",
        long.as_str(),
    ] {
        let refused = erase(&shop, &running, hostile, VICTIM).await.expect_err(hostile);
        assert_eq!(refused.code(), "no_such_customer", "{hostile}: {refused}");
        assert!(!refused.saying().to_string().contains('\0'));
    }
    assert_eq!(shop.begun(), 0);
    running.stop();
}

/// Shares the desk and signs `name` in.
async fn signed_in(running: &Running, name: &str) {
    let people = [("Ana", Role::Admin), ("Petr", Role::Supervisor), ("Tea", Role::Agent)];
    let user = |name: &str, role| UserRequest {
        name: name.to_owned(),
        role,
        extensions: Vec::new(),
    };
    let desk = &running.desk;
    desk.add_user(user("Ana", Role::Admin), "4711".to_owned())
        .await
        .expect("added");
    desk.sign_in("Ana".to_owned(), "4711".to_owned())
        .await
        .expect("signed in");
    for (name, role) in &people[1..] {
        desk.add_user(user(name, *role), "4711".to_owned())
            .await
            .expect("added");
    }
    desk.sign_in(name.to_owned(), "4711".to_owned())
        .await
        .expect("signed in");
}

#[tokio::test]
async fn an_agent_and_whoever_is_not_signed_in_are_refused_and_nothing_is_written() {
    let shop = Shop::full();
    let running = shop.start();
    signed_in(&running, "Tea").await;
    let path = shop.folder.path().join("request.json");
    for locked in [false, true] {
        if locked {
            running.desk.lock().await.expect("locked");
        }
        let known = shop
            .people()
            .asked_what_is_known(&running.desk, "crm/17".to_owned())
            .await
            .map(drop);
        let given = give_out(&shop, &running, path.clone()).await.map(drop);
        let erased = erase(&shop, &running, "crm/17", VICTIM).await;
        for refused in [known, given, erased] {
            let refused = refused.expect_err("refused");
            match locked {
                false => assert!(
                    matches!(refused, Declined::Desk(DeskError::Forbidden(Role::Supervisor))),
                    "{refused}"
                ),
                true => assert!(matches!(refused, Declined::Desk(DeskError::SignInFirst)), "{refused}"),
            }
        }
    }
    assert!(!path.exists());
    assert_eq!((shop.begun(), shop.acts(Act::PersonExported).len()), (0, 0));
    running.stop();
}

#[tokio::test]
async fn what_a_supervisor_does_stands_in_the_trail_under_their_name() {
    let shop = Shop::full();
    let running = shop.start();
    signed_in(&running, "Petr").await;
    let known = shop
        .people()
        .asked_what_is_known(&running.desk, "crm/17".to_owned())
        .await;
    assert_eq!(known.expect("known").name, VICTIM);
    assert_eq!(shop.acts(Act::PersonExported), [""; 0], "counts are no export");
    give_out(&shop, &running, shop.folder.path().join("request.json"))
        .await
        .expect("given out");
    erase(&shop, &running, "crm/17", VICTIM).await.expect("begun");
    running.stop();
    let running = shop.start();
    let [StartNotice::Erased { files, .. }] = &running.erased[..] else {
        panic!("{:?}", running.erased);
    };
    assert!(
        files.iter().any(|file| file.ends_with("request.json")),
        "it has them still: {files:?}"
    );
    running.stop();
    assert_eq!(shop.acts(Act::PersonExported), ["Petr"]);
    assert_eq!(shop.acts(Act::PersonErased), ["Petr"]);
}

#[test]
fn nobody_is_erased_where_nothing_is_kept_for_the_next_start() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = Home::find(Some(folder.path())).expect("a home");
    home.create().expect("made");
    let unlocked = vault::unlock(&home, &Ways::default()).expect("for this run");
    let shop = Shop {
        folder,
        config: super::settings(""),
        unlocked,
    };
    people::fill(&shop);
    let person = shop.people().find("crm/17").expect("found");
    let refused = shop.people().begin(&person, now()).expect_err("refused");
    assert!(matches!(refused, NoPerson::ThisRunOnly), "{refused}");
    assert_eq!(shop.begun(), 0);
}

#[test]
fn the_command_line_says_that_the_window_can_do_it_too() {
    let shop = Shop::full();
    let _running = Instance::take(shop.folder.path()).expect("alone");
    let people = shop.people();
    let person = people.find("crm/17").expect("found");
    let refused = people.erase(&person, now()).expect_err("refused").to_string();
    assert!(refused.contains("on their page in its window"), "{refused}");
}
