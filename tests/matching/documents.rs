//! The table "tried as a user would" of `docs/matching.md`: each shop is imported into a home of its own, and every caller is
//! asked with the real commands.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde_json::Value;
use tempfile::TempDir;

/// Set to write the answers into the document instead of comparing them.
const BLESS: &str = "RINGSIDE_BLESS";

/// One shop of the document.
struct Shop {
    settings: String,
    customers: String,
    trunk: Option<&'static str>,
    callers: Vec<String>,
}

fn document() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/matching.md")
}

/// The text of the first block of a language.
fn block(section: &str, language: &str) -> String {
    let open = format!("```{language}\n");
    let (_, rest) = section.split_once(&open).expect(language);
    rest.split_once("```").expect("an end").0.to_owned()
}

fn caller_of(line: &str) -> Option<String> {
    let (caller, _) = line.strip_prefix("| `")?.split_once("` |")?;
    Some(caller.to_owned())
}

fn shops(text: &str) -> Vec<Shop> {
    let (_, tried) = text.split_once("## Tried as a user would").expect("the section");
    let shop = |section: &str| Shop {
        settings: block(section, "toml"),
        customers: block(section, "csv"),
        trunk: section.contains("--trunk pstn").then_some("pstn"),
        callers: section.lines().filter_map(caller_of).collect(),
    };
    tried.split("\n### ").skip(1).map(shop).collect()
}

/// Runs the program in a home, as a person does.
fn ringside(home: &Path, words: &[&str]) -> Vec<u8> {
    let output = Command::new(env!("CARGO_BIN_EXE_ringside"))
        .args(words)
        .current_dir(home)
        .env("RINGSIDE_HOME", home)
        .env("RINGSIDE_PASSPHRASE", "a shop of the documents")
        .output()
        .expect("the program");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words:?}: {said}");
    output.stdout
}

impl Shop {
    /// The rows of its table as they should be.
    fn rows(&self) -> Vec<String> {
        let home = TempDir::new().expect("a home");
        fs::write(home.path().join("config.toml"), &self.settings).expect("settings");
        fs::write(home.path().join("customers.csv"), &self.customers).expect("customers");
        ringside(home.path(), &["import", "customers.csv"]);
        let mut words = vec!["lookup", "--json"];
        words.extend(self.trunk.iter().flat_map(|trunk| ["--trunk", trunk]));
        words.extend(self.callers.iter().map(String::as_str));
        let answers: Vec<Value> = serde_json::from_slice(&ringside(home.path(), &words)).expect("JSON");
        assert_eq!(answers.len(), self.callers.len());
        self.callers
            .iter()
            .zip(&answers)
            .map(|(caller, answer)| row(caller, answer))
            .collect()
    }
}

fn row(caller: &str, answer: &Value) -> String {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let candidates = answer["candidates"].as_array().cloned().unwrap_or_default();
    let name = |one: &Value| match text(&one["name"]) {
        name if name.is_empty() => text(&one["company"]),
        name => name,
    };
    let all = |of: &dyn Fn(&Value) -> String| {
        let mut all: Vec<String> = candidates.iter().map(of).collect();
        all.dedup();
        all.join("; ")
    };
    let who = match text(&answer["verdict"]).as_str() {
        "one" | "several" => all(&name),
        "unknown" => "nobody".to_owned(),
        "own" => "ourselves".to_owned(),
        "internal" => "a colleague".to_owned(),
        verdict => verdict.to_owned(),
    };
    let (read, grade) = (text(&answer["display"]), all(&|one| text(&one["grade"])));
    let because = all(&|one| text(&one["because"]));
    format!("| `{caller}` | {read} | {who} | {grade} | {because} |")
}

#[test]
fn the_table_of_the_documents_is_what_the_program_answers() {
    let text = fs::read_to_string(document()).expect("the document");
    let shops = shops(&text);
    assert_eq!(shops.len(), 3);
    let mut answers = shops.iter().flat_map(Shop::rows);
    let mut checked = 0;
    let lines: Vec<String> = text
        .lines()
        .map(|line| match caller_of(line) {
            Some(_) => {
                checked += 1;
                answers.next().expect("an answer for every caller")
            }
            None => line.to_owned(),
        })
        .collect();
    assert!(checked >= 60, "{checked} callers");
    let now = lines.join("\n") + "\n";
    if std::env::var_os(BLESS).is_some() {
        fs::write(document(), &now).expect("written");
    }
    for (written, answered) in text.lines().zip(now.lines()) {
        assert_eq!(written, answered, "docs/matching.md; {BLESS}=1 writes what is answered");
    }
}
