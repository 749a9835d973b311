//! A real Tryton on a real PostgreSQL: read whole, changed, and read on. `cargo xtask test --sources` makes it; without
//! it the test says that it was skipped.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, ChildStdout, Command, Stdio};

use ringside::source::rest::{Outside, RestSource, Secrets, systems};
use serde_json::{Value, json};

use super::given;
use super::kept::Kept;

pub(super) struct Tryton {
    child: Child,
    say: Option<ChildStdin>,
    hear: BufReader<ChildStdout>,
    pub(super) url: String,
    pub(super) database: String,
}

impl Tryton {
    /// `RINGSIDE_TRYTON` names the folder that the kit prepared, `RINGSIDE_TRYTON_PARTIES` which of its databases.
    pub(super) fn start() -> Option<(Self, String)> {
        let cache = std::env::var_os("RINGSIDE_TRYTON")?;
        let parties = std::env::var("RINGSIDE_TRYTON_PARTIES").unwrap_or_else(|_| "100".to_owned());
        let kit = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sources/tryton/kit.py");
        let mut command = Command::new("python3");
        command.arg(kit).arg("serve").arg(cache).arg(parties);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 runs");
        let hear = BufReader::new(child.stdout.take().expect("piped"));
        let say = child.stdin.take();
        let mut tryton = Tryton {
            child,
            say,
            hear,
            url: String::new(),
            database: String::new(),
        };
        let first = tryton.answer();
        let text = |name: &str| first[name].as_str().expect("said").to_owned();
        (tryton.url, tryton.database) = (text("url"), text("database"));
        Some((tryton, text("key")))
    }

    fn answer(&mut self) -> Value {
        let mut line = String::new();
        self.hear.read_line(&mut line).expect("readable");
        serde_json::from_str(&line).unwrap_or_else(|_| panic!("Tryton said: {line}"))
    }

    pub(super) fn tell(&mut self, command: &Value) -> Value {
        writeln!(self.say.as_mut().expect("open"), "{command}").expect("written");
        self.answer()
    }
}

impl Drop for Tryton {
    fn drop(&mut self) {
        self.say = None;
        let _ = self.child.wait();
    }
}

fn owes_what_tryton_says(kept: &Kept, tryton: &mut Tryton) {
    let receivables = tryton.tell(&json!({"do": "receivables"}));
    let receivables = receivables.as_object().expect("an object").iter();
    let said = receivables.map(|(party, text)| {
        let amount = text.as_str().expect("a text").parse::<f64>().expect("a number");
        (party.clone(), amount)
    });
    kept.owe(said.collect());
}

#[test]
fn tryton_is_read_whole_and_then_what_changed() {
    let Some((mut tryton, key)) = Tryton::start() else {
        eprintln!("SKIPPED: no Tryton; cargo xtask test --sources makes one");
        return;
    };
    let system = systems::find("tryton").expect("there").system().expect("good");
    let home = tempfile::tempdir().expect("a folder");
    let path = home.path().join("key");
    std::fs::write(&path, key).expect("written");
    std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("set");
    let values = [
        ("url", tryton.url.as_str()),
        ("database", &tryton.database),
        ("key", "file:key"),
    ];
    let secrets = Secrets::new(PathBuf::from(home.path()), None);
    let mut source = RestSource::new(system, given(&values), secrets, Outside::default()).expect("usable");

    let counts = tryton.tell(&json!({"do": "counts"}));
    let mut kept = Kept::default();
    kept.run(&mut source);
    assert_eq!(Some(kept.phones.len() as u64), counts["party.party"].as_u64());
    assert_eq!(Some(kept.lines.len() as u64), counts["sale.sale"].as_u64());
    assert_eq!(
        Some(kept.lines.values().sum::<usize>() as u64),
        counts["sale.line"].as_u64()
    );
    owes_what_tryton_says(&kept, &mut tryton);
    let whole = kept.given;

    let parties: Vec<String> = kept
        .phones
        .iter()
        .filter(|(_, phones)| !phones.is_empty())
        .map(|(key, _)| key.clone())
        .take(4)
        .collect();
    let number = |at: usize| parties[at].parse::<u64>().expect("a number");
    tryton.tell(&json!({"do": "phone", "party": number(0), "value": "+49 30 99887766"}));
    let sale = tryton.tell(&json!({"do": "sale", "party": number(1)}));
    let paid = tryton.tell(&json!({"do": "pay"}));
    tryton.tell(&json!({"do": "deactivate", "party": number(2)}));
    tryton.tell(&json!({"do": "drop_phone", "party": number(3)}));
    let dropped = kept.phones[&parties[3]][0].clone();
    let before = kept.owed.clone();
    kept.run(&mut source);
    assert!(
        kept.phones[&parties[0]].contains(&"+49 30 99887766".to_owned()),
        "{:?}",
        kept.phones[&parties[0]]
    );
    assert_eq!(kept.lines.get(sale["number"].as_str().expect("a number")), Some(&1));
    let paid = paid["party"].to_string();
    assert_eq!(kept.owed[&paid], before[&paid] - 50);
    assert!(!kept.phones.contains_key(&parties[2]));
    assert!(!kept.phones[&parties[3]].contains(&dropped));
    owes_what_tryton_says(&kept, &mut tryton);
    eprintln!(
        "Tryton: {whole} records whole, {} with the next run, {} requests",
        kept.given,
        source.requests()
    );
}
