//! The feed at a real Kamailio (`tests/pbx/kamailio/kam-run` sets `RINGSIDE_KAMAILIO`) and a real Asterisk
//! (`RINGSIDE_PBX`, as for the windows' tests). Left out where there is none.

use std::io::{BufRead, BufReader, Lines, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use ringside::call::{Call, CallEvent, CallTracker, Cause, Outcome, Presentation};
use ringside::feed::sip::{Account, Credentials, SipFeed, Transport};
use ringside::feed::{Feed, FeedSignal, SIGNALS, Signal};
use serde_json::Value;
use tokio::sync::mpsc;
use zeroize::Zeroizing;

/// There is one 101 at each phone system.
static ALONE: Mutex<()> = Mutex::new(());

/// Telephones that do as they are told.
struct Phones {
    child: Child,
    commands: ChildStdin,
    answers: Lines<BufReader<ChildStdout>>,
    _alone: MutexGuard<'static, ()>,
}

impl Phones {
    fn start(script: &str, arguments: &[&str]) -> Self {
        let alone = ALONE.lock().unwrap_or_else(PoisonError::into_inner);
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/pbx").join(script);
        let mut command = Command::new("python3");
        command
            .arg(script)
            .args(arguments)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped());
        let mut child = command.spawn().expect("python3");
        let commands = child.stdin.take().expect("its input");
        let answers = BufReader::new(child.stdout.take().expect("its output")).lines();
        let mut phones = Phones {
            child,
            commands,
            answers,
            _alone: alone,
        };
        phones.answer("start");
        phones
    }

    fn kamailio() -> Option<(Self, String)> {
        let at = left_out_without("RINGSIDE_KAMAILIO")?;
        Some((Self::start("kamailio/kamplay.py", &[&at]), at))
    }

    fn play(&mut self, command: &str) -> Value {
        writeln!(self.commands, "{command}").expect("the phones listen");
        self.answer(command)
    }

    fn answer(&mut self, what: &str) -> Value {
        let line = self.answers.next().and_then(Result::ok);
        let line = line.unwrap_or_else(|| panic!("the phones ended before `{what}`"));
        let answer: Value = serde_json::from_str(&line).expect("JSON");
        assert_eq!(answer["ok"], true, "`{what}`: {answer}");
        answer
    }
}

impl Drop for Phones {
    fn drop(&mut self) {
        // the end of its input may already have ended it
        let _ = writeln!(self.commands, "quit");
        let _ = self.child.wait();
    }
}

fn left_out_without(variable: &str) -> Option<String> {
    let value = std::env::var(variable).ok();
    if value.is_none() {
        println!("left out: {variable} is not set, so there is no phone system to call through");
    }
    value
}

/// A running feed and what it told.
struct Running {
    signals: mpsc::Receiver<FeedSignal>,
    tracker: CallTracker,
    events: Vec<CallEvent>,
    task: tokio::task::JoinHandle<()>,
}

impl Running {
    async fn to(account: Account) -> Self {
        let (sender, signals) = mpsc::channel(SIGNALS);
        let task = tokio::spawn(Box::new(SipFeed::new("sip", account)).run(sender));
        let mut running = Running {
            signals,
            tracker: CallTracker::default(),
            events: Vec::new(),
            task,
        };
        running
            .until("it is up", |_, signal| matches!(signal, Signal::Up { .. }))
            .await;
        running
    }

    /// Takes in signals until `done` holds of one.
    async fn until(&mut self, what: &str, done: impl Fn(&CallTracker, &Signal) -> bool) {
        let end = Instant::now() + Duration::from_secs(20);
        loop {
            let waited = tokio::time::timeout(end - Instant::now(), self.signals.recv()).await;
            let signal = waited.unwrap_or_else(|_| panic!("never: {what}; told: {:#?}", self.events));
            let signal = signal.expect("the feed runs");
            match &signal.what {
                Signal::Event(event) => {
                    self.tracker.handle("sip", event, signal.at);
                    self.events.push(event.clone());
                }
                Signal::Lost(why) | Signal::Refused(why) => panic!("{why}"),
                Signal::Up { .. } | Signal::Resync(_) => {}
            }
            if done(&self.tracker, &signal.what) {
                return;
            }
        }
    }

    /// Takes in signals until a call is as `is` says.
    async fn call(&mut self, what: &str, is: impl Fn(&Call) -> bool) -> Call {
        if !self.tracker.calls().any(&is) {
            self.until(what, |tracker, _| tracker.calls().any(&is)).await;
        }
        self.tracker
            .calls()
            .find(|call| is(call))
            .cloned()
            .expect("it was just there")
    }

    /// Leaves as the application does, so that no contact stays behind.
    async fn leave(mut self) {
        self.signals.close();
        tokio::time::timeout(Duration::from_secs(5), self.task)
            .await
            .expect("it leaves")
            .expect("without a panic");
    }
}

fn account(at: &str, user: &str, extensions: &[&str], transport: Transport) -> Account {
    let (host, port) = at.rsplit_once(':').expect("host:port");
    Account {
        host: host.to_owned(),
        port: port.parse().expect("a port"),
        transport,
        domain: at.to_owned(),
        credentials: Credentials {
            user: user.to_owned(),
            secret: Zeroizing::new(format!("secret-{user}")),
        },
        extensions: extensions.iter().map(|line| (*line).to_owned()).collect(),
        observe: extensions.is_empty(),
        ca_file: None,
    }
}

fn is_from<'a>(number: &'a str) -> impl Fn(&Call) -> bool + 'a {
    move |call| call.remote.number == number
}

#[tokio::test(flavor = "multi_thread")]
async fn kamailio_tells_the_watcher_who_calls_in_every_state() {
    let Some((mut phones, at)) = Phones::kamailio() else {
        return;
    };
    phones.play("register");
    for transport in [Transport::Udp, Transport::Tcp] {
        let mut feed = Running::to(account(&at, "watch", &["101"], transport)).await;
        phones.play("call a +12025550143");
        let alice = is_from("+12025550143");
        feed.call("101 rings", |call| {
            alice(call) && call.rang().len() == 1 && call.answer().is_none()
        })
        .await;
        phones.play("answer");
        feed.call("101 talks", |call| alice(call) && call.answer().is_some())
            .await;
        // who comes in the middle is told who is talking, too
        let mut late = Running::to(account(&at, "watch", &["101"], transport)).await;
        late.call("the call that is on", |call| alice(call) && call.answer().is_some())
            .await;
        late.leave().await;
        phones.play("call b +442079460123");
        let bob = is_from("+442079460123");
        feed.call("a second call", |call| bob(call) && !call.rang().is_empty())
            .await;
        phones.play("hangup b");
        let call = feed.call("it is over", |call| bob(call) && call.ended.is_some()).await;
        assert_eq!(call.outcome(), Some(Outcome::Missed));
        phones.play("hangup a");
        let call = feed
            .call("the first is over", |call| alice(call) && call.ended.is_some())
            .await;
        assert_eq!((call.outcome(), call.talked().len()), (Some(Outcome::Answered), 1));
        phones.play("call c anonymous");
        phones.play("ringing");
        let call = feed
            .call("a withheld call", |call| {
                call.remote.presentation == Presentation::Restricted
            })
            .await;
        assert_eq!(call.remote.number, "");
        phones.play("hangup c");
        feed.call("it is over", |call| {
            call.remote.number.is_empty() && call.ended.is_some()
        })
        .await;
        assert_eq!(feed.tracker.calls().count(), 3);
        feed.leave().await;
    }
}

/// What the caller gets by what the phone does: without a second contact, and with ours. As in `docs/sip.md`.
const TABLE: [(&str, [&str; 2], &str, &str); 4] = [
    ("answers", ["101", "101"], "", ""),
    ("no-answer", ["voicemail", "voicemail"], "408", "408"),
    ("busy", ["voicemail", "voicemail"], "486", "408"),
    ("offline", ["voicemail", "voicemail"], "offline", "408"),
];

#[tokio::test(flavor = "multi_thread")]
async fn the_second_contact_changes_what_the_caller_gets_only_as_the_table_says() {
    let Some((mut phones, at)) = Phones::kamailio() else {
        return;
    };
    for (does, [with_whom, with_ours], alone, beside) in TABLE {
        let row = phones.play(&format!("case {does}"));
        println!("{does}, no second contact: {row}");
        let heard = row["heard"].clone();
        assert_eq!(
            (&row["caller"], &row["with_whom"][0], &row["fork_result"]),
            (&"talks".into(), &with_whom.into(), &alone.into())
        );
        for transport in [Transport::Udp, Transport::Tcp] {
            let mut feed = Running::to(account(&at, "101", &[], transport)).await;
            let row = phones.play(&format!("case {does}"));
            println!("{does}, ours over {transport:?}: {row}");
            assert_eq!((&row["caller"], &row["fork_result"]), (&"talks".into(), &beside.into()));
            assert_eq!(row["with_whom"], serde_json::json!([with_ours]));
            assert_eq!(row["heard"], heard, "the caller hears no ringing of ours");
            let call = feed.call("it is over", |call| call.ended.is_some()).await;
            assert_eq!(call.remote.number, "+12025550143");
            let cause = if does == "answers" {
                Cause::AnsweredElsewhere
            } else {
                Cause::Cancelled
            };
            assert_eq!(call.ended.expect("over").1, cause);
            feed.leave().await;
        }
    }
    let row = phones.play("case offline");
    assert_eq!(row["fork_result"], "offline", "no contact of ours is left behind");
}

#[tokio::test(flavor = "multi_thread")]
async fn asterisk_tells_the_watcher_who_calls_while_it_rings() {
    let Some(folder) = left_out_without("RINGSIDE_PBX") else {
        return;
    };
    let settings = std::fs::read_to_string(Path::new(&folder).join("pbx.env")).expect("what pbx-up wrote");
    let port = settings
        .lines()
        .find_map(|line| line.strip_prefix("PBX_SIP="))
        .expect("its port");
    let mut phones = Phones::start("play.py", &[&folder, "--phones", "101,102"]);
    for transport in [Transport::Udp, Transport::Tcp] {
        let account = account(&format!("127.0.0.1:{port}"), "watch", &["101", "102"], transport);
        let mut feed = Running::to(account).await;
        phones.play("call 101 from +12025550143 20000");
        let alice = is_from("+12025550143");
        feed.call("101 rings", |call| alice(call) && call.rang().len() == 1)
            .await;
        phones.play("answer 101");
        feed.call("101 talks", |call| alice(call) && call.answer().is_some())
            .await;
        phones.play("hangup 101");
        let call = feed
            .call("it is over", |call| alice(call) && call.ended.is_some())
            .await;
        assert_eq!(call.outcome(), Some(Outcome::Answered));
        phones.play("wait-ended");
        phones.play("give-up 102 from anonymous 1500");
        let call = feed
            .call("a withheld call that is missed", |call| {
                call.ended.is_some() && !alice(call)
            })
            .await;
        assert_eq!(
            (call.remote.presentation, call.outcome()),
            (Presentation::Restricted, Some(Outcome::Missed))
        );
        phones.play("wait-ended");
        assert_eq!(feed.tracker.calls().count(), 2, "{:#?}", feed.events);
        feed.leave().await;
    }
}
