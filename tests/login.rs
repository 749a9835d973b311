//! Starting at log-in: a file that desktops read, in a settings folder of the test's own.

use std::fs;
use std::path::Path;
use std::process::Command;

use ringside::config::{Config, Home, load, set_start_at_login};
use ringside::login::AtLogin;

fn home(folder: &Path) -> Home {
    Home::find(Some(&folder.join("home"))).expect("a home")
}

fn exec(file: &Path) -> String {
    let text = fs::read_to_string(file).expect("the file is there");
    let line = text.lines().find_map(|line| line.strip_prefix("Exec="));
    line.expect("it has a command").to_owned()
}

#[test]
fn it_is_turned_on_and_off_and_says_which() {
    let folder = tempfile::tempdir().expect("a folder");
    let login = AtLogin::within(folder.path(), Path::new("/usr/bin/ringside"), &home(folder.path())).expect("a file");
    assert!(!login.is_on().expect("readable"));
    login.set(true).expect("turned on");
    assert!(login.is_on().expect("readable"));
    assert!(login.file().starts_with(folder.path().join("autostart")));
    let expected = format!(
        "\"/usr/bin/ringside\" \"--home\" \"{}\"",
        folder.path().join("home").display()
    );
    assert_eq!(exec(login.file()), expected);
    login.set(true).expect("on stays on");
    login.set(false).expect("turned off");
    assert!(!login.is_on().expect("readable"));
    login.set(false).expect("off stays off");
    assert!(!login.file().exists());
}

#[test]
fn what_the_desktop_turned_off_counts_as_off() {
    let folder = tempfile::tempdir().expect("a folder");
    let login = AtLogin::within(folder.path(), Path::new("/usr/bin/ringside"), &home(folder.path())).expect("a file");
    for line in ["Hidden=true", "X-GNOME-Autostart-enabled=false", "Hidden = True"] {
        login.set(true).expect("turned on");
        let text = fs::read_to_string(login.file()).expect("there");
        fs::write(login.file(), text.replace("X-GNOME-Autostart-enabled=true", line)).expect("written");
        assert!(!login.is_on().expect("readable"), "{line}");
    }
}

#[test]
fn a_path_with_odd_characters_is_started_as_it_is_and_never_as_a_command() {
    let folder = tempfile::tempdir().expect("a folder");
    let odd = folder.path().join("a $(touch x) `b` \"c\" \\d 100%");
    fs::create_dir_all(&odd).expect("a folder");
    let program = odd.join("ringside");
    fs::write(&program, "").expect("a program");
    let login = AtLogin::within(folder.path(), &program, &home(folder.path())).expect("a file");
    login.set(true).expect("turned on");
    // as a desktop reads it: the string first, then the quotation
    let text = exec(login.file()).replace("\\\\", "\\");
    let first = text.split("\" \"").next().expect("a first argument");
    let mut read = String::new();
    let mut letters = first.trim_start_matches('"').chars();
    while let Some(letter) = letters.next() {
        match letter {
            '\\' => read.extend(letters.next()),
            '%' => read.extend(letters.next()),
            _ => read.push(letter),
        }
    }
    assert_eq!(Path::new(&read), program);
    let newline = AtLogin::within(folder.path(), Path::new("/tmp/a\nExec=evil"), &home(folder.path()));
    let error = newline.expect_err("no such line").to_string();
    assert!(error.contains("path without odd characters"), "{error}");
}

#[test]
fn each_home_folder_starts_by_itself() {
    let folder = tempfile::tempdir().expect("a folder");
    let at = |name: &str| {
        let home = Home::find(Some(&folder.path().join(name))).expect("a home");
        AtLogin::within(folder.path(), Path::new("/usr/bin/ringside"), &home).expect("a file")
    };
    at("one").set(true).expect("on");
    at("two").set(true).expect("on");
    at("one").set(false).expect("off");
    assert!(!at("one").is_on().expect("readable") && at("two").is_on().expect("readable"));
}

#[test]
fn the_settings_keep_it_beside_everything_else() {
    let folder = tempfile::tempdir().expect("a folder");
    let home = home(folder.path());
    fs::create_dir_all(home.folder()).expect("made");
    fs::write(
        home.config_file(),
        "home_region = \"DE\" # ours\n\n[agent]\nextensions = [\"101\"]\n",
    )
    .expect("written");
    set_start_at_login(&home, true).expect("written");
    let Config {
        start_at_login, agent, ..
    } = load(&home).expect("good settings");
    assert_eq!((start_at_login, agent.extensions), (Some(true), vec!["101".to_owned()]));
    set_start_at_login(&home, false).expect("written");
    let text = fs::read_to_string(home.config_file()).expect("there");
    assert!(
        text.contains("# ours") && text.contains("start_at_login = false"),
        "{text}"
    );
}

#[test]
fn the_doctor_says_whether_it_is_on_in_the_folder_that_the_system_names() {
    let folder = tempfile::tempdir().expect("a folder");
    let settings = folder.path().join("settings");
    let home = home(folder.path());
    fs::create_dir_all(home.folder()).expect("made");
    let doctor = || {
        let ran = Command::new(env!("CARGO_BIN_EXE_ringside"))
            .args(["doctor", "--home"])
            .arg(home.folder())
            .env("XDG_CONFIG_HOME", &settings)
            .env("RINGSIDE_KEYRING", "off")
            .env("RINGSIDE_PASSPHRASE", "a passphrase for tests alone")
            .output()
            .expect("it runs");
        let said = String::from_utf8_lossy(&ran.stdout).into_owned();
        let line = said.lines().find(|line| line.contains("start at log-in"));
        line.unwrap_or_else(|| panic!("nothing of it in {said}")).to_owned()
    };
    assert!(doctor().contains("off"), "{}", doctor());
    let program = Path::new(env!("CARGO_BIN_EXE_ringside"));
    let login = AtLogin::within(&settings, program, &home).expect("a file");
    login.set(true).expect("turned on");
    assert!(doctor().starts_with("ok") && doctor().contains("on"), "{}", doctor());
    fs::write(home.config_file(), "start_at_login = false\n").expect("written");
    assert!(
        doctor().starts_with("warn") && doctor().contains("next start"),
        "{}",
        doctor()
    );
}
