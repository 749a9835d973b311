//! `backup`, `restore`, `doctor` and `secret` as a person types them.

use std::fs;
use std::io::Write as _;
use std::net::TcpListener;
use std::process::{Command, Output, Stdio};

use ringside::config::Home;

use super::{Shop, counts};
use crate::vault::{by_passphrase, fresh_home};

/// The command line on `home`, with a passphrase and without the keyring of whoever runs the tests.
fn ringside(home: &Home, passphrase: &str, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_ringside"))
        .arg("--home")
        .arg(home.folder())
        .args(arguments)
        .env("RINGSIDE_PASSPHRASE", passphrase)
        .env("RINGSIDE_KEYRING", "off")
        .env_remove("RINGSIDE_HOME")
        .env_remove("RINGSIDE_RECOVERY_CODE")
        .stdin(Stdio::null())
        .output()
        .expect("the command runs")
}

fn text(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[test]
fn the_commands_back_up_and_restore() {
    let shop = Shop::new();
    let file = shop.home.folder().with_file_name("cli.ringside");
    let name = file.to_string_lossy().into_owned();
    let saved = ringside(&shop.home, "old", &["backup", &name, "--json"]);
    assert!(saved.status.success(), "{}", text(&saved.stderr));
    let told: serde_json::Value = serde_json::from_slice(&saved.stdout).expect("JSON");
    assert_eq!(
        told["manifest"]["journal"],
        serde_json::json!({ "calls": 10, "notes": 3 })
    );

    let (_folder, other) = fresh_home();
    let mistyped = ringside(
        &other,
        "new",
        &["restore", &name, "--code", "0000-0000-0000-0000-0000-0000-0000"],
    );
    assert!(!mistyped.status.success() && text(&mistyped.stderr).contains("typing error"));
    let code = shop.code.text().to_lowercase();
    let restored = ringside(&other, "new", &["restore", &name, "--code", &code]);
    assert!(restored.status.success(), "{}", text(&restored.stderr));
    assert!(text(&restored.stdout).contains("restored 10 calls and 3 notes"));
    let again = ringside(&other, "new", &["restore", &name]);
    assert!(!again.status.success() && text(&again.stderr).contains("--replace"));
    assert_eq!(counts(&other, &by_passphrase("new")).calls, 10);
}

#[test]
fn a_home_without_a_journal_is_not_backed_up_and_not_made() {
    let (_folder, home) = fresh_home();
    let failed = ringside(&home, "old", &["backup", "nothing.ringside"]);
    assert!(!failed.status.success() && text(&failed.stderr).contains("nothing to back up"));
    assert!(!home.folder().exists());
}

#[test]
fn the_doctor_names_what_is_wrong_and_what_to_do() {
    let shop = Shop::new();
    let well = ringside(&shop.home, "old", &["doctor"]);
    assert!(well.status.success(), "{}", text(&well.stdout));
    assert!(text(&well.stdout).contains("journal: whole: 10 calls, 3 notes"));

    let wrong_key = ringside(&shop.home, "wrong", &["doctor"]);
    assert!(!wrong_key.status.success() && text(&wrong_key.stdout).contains("FAIL  key: wrong passphrase"));

    fs::write(shop.home.config_file(), "home_regoin = \"DE\"").expect("settings");
    let wrong_settings = ringside(&shop.home, "old", &["doctor", "--json"]);
    assert_eq!(wrong_settings.status.code(), Some(1));
    let told: serde_json::Value = serde_json::from_slice(&wrong_settings.stdout).expect("JSON");
    assert_eq!(told["ok"], false);
    assert!(text(&wrong_settings.stdout).contains("did you mean `home_region`?"));
}

#[test]
fn the_doctor_tells_an_asterisk_from_a_closed_port_and_from_something_else() {
    let shop = Shop::new();
    let greeter = |greeting: &'static [u8]| {
        let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
        let port = listener.local_addr().expect("its address").port();
        std::thread::spawn(move || {
            for stream in listener.incoming().flatten().take(1) {
                let mut stream = stream;
                let _ = stream.write_all(greeting);
            }
        });
        port
    };
    let closed = TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a port")
        .port();
    let taken = TcpListener::bind("127.0.0.1:0").expect("a port");
    let asterisk = |name: &str, port: u16| {
        format!(
            "[[feed]]\nname = \"{name}\"\nkind = \"asterisk\"\nhost = \"127.0.0.1\"\nport = {port}\nuser = \"u\"\n\
             secret = \"env:PATH\"\n"
        )
    };
    let settings = [
        asterisk("pbx", greeter(b"Asterisk Call Manager/9.0.0\r\n")),
        asterisk("mail", greeter(b"220 mail.example ESMTP ready\r\n")),
        asterisk("gone", closed),
        format!(
            "[[feed]]\nname = \"hook\"\nkind = \"webhook\"\npreset = \"zammad\"\nlisten = \"{}\"\ntoken = \"env:PATH\"\n",
            taken.local_addr().expect("its address")
        ),
    ];
    fs::write(shop.home.config_file(), settings.concat()).expect("settings");
    let told = text(&ringside(&shop.home, "old", &["doctor"]).stdout);
    for line in [
        "ok    feed pbx: an Asterisk Manager answers",
        "FAIL  feed mail: what answers",
        "FAIL  feed gone: ",
        "warn  feed hook: ",
    ] {
        assert!(told.contains(line), "{line}\n{told}");
    }
}

#[test]
fn a_secret_that_cannot_be_kept_is_said_with_the_other_ways() {
    let (_folder, home) = fresh_home();
    let mut command = Command::new(env!("CARGO_BIN_EXE_ringside"))
        .args(["secret", "set", "pbx", "--home"])
        .arg(home.folder())
        .env("RINGSIDE_KEYRING", "off")
        .env_remove("RINGSIDE_PASSPHRASE")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the command runs");
    command
        .stdin
        .take()
        .expect("its input")
        .write_all(b"s3cret\n")
        .expect("piped");
    let output = command.wait_with_output().expect("ended");
    let said = text(&output.stderr);
    assert!(
        !output.status.success() && said.contains("env:NAME or file:PATH") && !said.contains("s3cret"),
        "{said}"
    );
}
