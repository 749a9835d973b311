//! A real Odoo 14 with its own demonstration data: read whole, changed over its own API, read on, and written into.
//! `cargo xtask test --odoo` makes it; without it the test says that it was skipped.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStdin, Command, Stdio};

use ringside::call::CallId;
use ringside::source::rest::{Entry, Outside, RestSource, Secrets, systems};
use ringside::start::marker;
use serde_json::{Value, json};

use super::kept::Kept;
use super::{given, now};

struct Odoo {
    child: Child,
    open: Option<ChildStdin>,
    url: String,
    database: String,
    user: String,
    key: String,
    runtime: tokio::runtime::Runtime,
}

impl Odoo {
    /// `RINGSIDE_ODOO` names the folder that the kit prepared.
    fn start() -> Option<Self> {
        let cache = std::env::var_os("RINGSIDE_ODOO")?;
        let _ = rustls::crypto::ring::default_provider().install_default();
        let kit = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/sources/odoo/kit.py");
        let mut child = Command::new("python3")
            .arg(kit)
            .arg("serve")
            .arg(cache)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .expect("python3 runs");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped"))
            .read_line(&mut line)
            .expect("readable");
        let said: Value = serde_json::from_str(&line).unwrap_or_else(|_| panic!("Odoo said: {line}"));
        let text = |name: &str| said[name].as_str().expect("said").to_owned();
        Some(Odoo {
            open: child.stdin.take(),
            child,
            url: text("url"),
            database: text("database"),
            user: text("user"),
            key: text("key"),
            runtime: tokio::runtime::Runtime::new().expect("a runtime"),
        })
    }

    fn call(&self, service: &str, method: &str, args: &Value) -> Value {
        let body =
            json!({"jsonrpc": "2.0", "method": "call", "params": {"service": service, "method": method, "args": args}});
        let answer: Value = self.runtime.block_on(async {
            let asked = reqwest::Client::new().post(format!("{}/jsonrpc", self.url)).json(&body);
            asked.send().await.expect("sent").json().await.expect("JSON")
        });
        assert!(answer["error"].is_null(), "{method}: {}", answer["error"]);
        answer["result"].clone()
    }

    /// A method of a model, as the user who may do everything.
    #[allow(clippy::needless_pass_by_value, reason = "each is made where it is handed over")]
    fn of(&self, model: &str, method: &str, args: Value, more: Value) -> Value {
        let user = self.call("common", "login", &json!([self.database, self.user, self.key]));
        self.call(
            "object",
            "execute_kw",
            &json!([self.database, user, self.key, model, method, args, more]),
        )
    }

    #[allow(clippy::needless_pass_by_value, reason = "each is made where it is handed over")]
    fn count(&self, model: &str, domain: Value) -> u64 {
        let count = self.of(model, "search_count", json!([domain]), json!({}));
        count.as_u64().expect("a number")
    }

    /// Odoo's own receivable of every contact.
    fn receivables(&self) -> BTreeMap<String, f64> {
        let fields = json!({"fields": ["credit"]});
        let contacts = self.of("res.partner", "search_read", json!([[]]), fields);
        let contacts = contacts.as_array().expect("a list").iter();
        contacts
            .map(|one| (one["id"].to_string(), one["credit"].as_f64().expect("an amount")))
            .collect()
    }

    fn source(&self, home: &Path) -> RestSource {
        let system = systems::find("odoo").expect("there").system().expect("good");
        let path = home.join("key");
        std::fs::write(&path, &self.key).expect("written");
        std::fs::set_permissions(&path, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("set");
        let values = [
            ("url", self.url.as_str()),
            ("database", &self.database),
            ("user", &self.user),
            ("key", "file:key"),
        ];
        let secrets = Secrets::new(PathBuf::from(home), None);
        RestSource::new(system, given(&values), secrets, Outside::default()).expect("usable")
    }
}

impl Drop for Odoo {
    fn drop(&mut self) {
        self.open = None;
        let _ = self.child.wait();
    }
}

#[test]
fn odoo_is_read_whole_then_what_changed_and_written_into() {
    let Some(odoo) = Odoo::start() else {
        eprintln!("SKIPPED: no Odoo; cargo xtask test --odoo makes one");
        return;
    };
    let home = tempfile::tempdir().expect("a folder");
    let mut source = odoo.source(home.path());
    let mut kept = Kept::default();
    kept.run(&mut source);
    let whole = kept.given;
    assert_eq!(kept.phones.len() as u64, odoo.count("res.partner", json!([])));
    let sold = json!([
        ["state", "in", ["sale", "done"]],
        ["order_line.display_type", "=", false]
    ]);
    assert_eq!(kept.lines.len() as u64, odoo.count("sale.order", sold));
    let lines = json!([["order_id.state", "in", ["sale", "done"]], ["display_type", "=", false]]);
    assert_eq!(
        kept.lines.values().sum::<usize>() as u64,
        odoo.count("sale.order.line", lines)
    );
    kept.owe(odoo.receivables());

    let reachable = kept.phones.iter().filter(|(_, phones)| !phones.is_empty());
    let some: Vec<u64> = reachable.map(|(key, _)| key.parse().expect("a number")).collect();
    let phone = json!([[some[0]], {"phone": "+49 30 99887766", "mobile": "+49 171 5550123"}]);
    odoo.of("res.partner", "write", phone, json!({}));
    let product = odoo.of(
        "product.product",
        "search",
        json!([[["sale_ok", "=", true]]]),
        json!({"limit": 1}),
    )[0]
    .clone();
    let order = json!([{"partner_id": some[1], "order_line": [[0, 0, {"product_id": product, "product_uom_qty": 2}]]}]);
    let order = odoo.of("sale.order", "create", order, json!({}));
    odoo.of("sale.order", "action_confirm", json!([[order]]), json!({}));
    let order = odoo.of("sale.order", "read", json!([[order], ["name"]]), json!({}))[0]["name"].clone();
    let owing = odoo.receivables().into_iter().find(|(_, amount)| *amount > 100.0);
    let (owing, owed) = owing.expect("somebody owes");
    let bank = odoo.of(
        "account.journal",
        "search",
        json!([[["type", "=", "bank"]]]),
        json!({"limit": 1}),
    )[0]
    .clone();
    let payment = json!([{"payment_type": "inbound", "partner_type": "customer", "partner_id": owing.parse::<u64>().expect("a number"),
        "amount": 50, "journal_id": bank}]);
    let payment = odoo.of("account.payment", "create", payment, json!({}));
    odoo.of("account.payment", "action_post", json!([[payment]]), json!({}));
    let left = odoo.of(
        "res.partner",
        "create",
        json!([{"name": "Lea Left", "phone": "+49 30 5550199"}]),
        json!({}),
    );
    kept.run(&mut source);
    assert!(kept.phones.contains_key(&left.to_string()));
    odoo.of("res.partner", "write", json!([[left], {"active": false}]), json!({}));
    kept.run(&mut source);
    let numbers = &kept.phones[&some[0].to_string()];
    for number in ["+49 30 99887766", "+49 171 5550123"] {
        assert!(numbers.contains(&number.to_owned()), "{numbers:?}");
    }
    assert_eq!(kept.lines.get(order.as_str().expect("a name")), Some(&1));
    #[allow(clippy::cast_possible_truncation, reason = "an amount of a test")]
    let expected = ((owed - 50.0) * 100.0).round() as i64;
    assert_eq!(kept.owed[&owing], expected);
    assert!(
        !kept.phones.contains_key(&left.to_string()),
        "an archived contact is gone"
    );
    kept.owe(odoo.receivables());
    eprintln!(
        "Odoo: {whole} records whole, {} with the last run, {} requests",
        kept.given,
        source.requests()
    );
    is_written_into(&odoo, &mut source, some[1]);
}

fn is_written_into(odoo: &Odoo, source: &mut RestSource, contact: u64) {
    let mark = marker(&CallId("pbx:a".to_owned()));
    let mut entry = Entry {
        customer: contact.to_string(),
        title: "Phone call".to_owned(),
        text: format!("Wants 2 \"Art. 5\" <soon> & more\nby Friday\n{mark}"),
        marker: mark,
        began: now(),
        seconds: 61,
        direction: "in".to_owned(),
        number: "+49 30 23125101".to_owned(),
    };
    assert_eq!(source.find_entry(&entry).expect("asked"), None);
    let key = source.create_entry(&entry).expect("made");
    assert_eq!(source.find_entry(&entry).expect("asked"), Some(key.clone()));
    entry.text = format!("Thursday will do\n{}", entry.marker);
    source.update_entry(&key, &entry).expect("changed");
    let below = json!([[
        ["model", "=", "res.partner"],
        ["res_id", "=", contact],
        ["subject", "=", "Phone call"]
    ]]);
    let messages = odoo.of(
        "mail.message",
        "search_read",
        below,
        json!({"fields": ["body", "subject"]}),
    );
    let messages = messages.as_array().expect("a list");
    assert_eq!(messages.len(), 1, "{messages:?}");
    let body = messages[0]["body"].as_str().expect("a text");
    assert!(
        body.contains("Thursday will do") && body.contains(&entry.marker),
        "{body}"
    );
}
