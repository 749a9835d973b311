//! `ringside lookup --set` on the labelled set, scored.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::path::Path;

use clap::Parser;
use flate2::read::GzDecoder;
use ringside::cli::lookup::{self, LookupArgs, LookupError};
use tempfile::TempDir;

#[derive(Parser)]
struct Command {
    #[command(flatten)]
    lookup: LookupArgs,
}

/// Whom a call names, with the grade.
type Named = BTreeMap<String, String>;

/// Runs `ringside lookup --set` on a folder.
fn matched(folder: &Path) -> Result<BTreeMap<String, Named>, LookupError> {
    let out = folder.join("pred.csv");
    let words = [
        "lookup".as_ref(),
        "--set".as_ref(),
        folder.as_os_str(),
        "--out".as_ref(),
        out.as_os_str(),
    ];
    let args = Command::try_parse_from(words).expect("arguments");
    lookup::run_set(&args.lookup, &mut io::sink())?;
    let of_row = |row: &BTreeMap<String, String>| {
        let (who, grades) = (listed(&row["customer_ids"]), listed(&row["grades"]));
        assert_eq!(who.len(), grades.len(), "{row:?}");
        (row["call_id"].clone(), who.into_iter().zip(grades).collect())
    };
    Ok(rows(&out).iter().map(of_row).collect())
}

fn listed(cell: &str) -> Vec<String> {
    cell.split(';').filter(|id| !id.is_empty()).map(str::to_owned).collect()
}

fn rows(path: &Path) -> Vec<BTreeMap<String, String>> {
    let mut reader = csv::Reader::from_path(path).expect("a table");
    reader.deserialize().map(|row| row.expect("a row")).collect()
}

/// The labelled set, unpacked.
fn labelled() -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for file in ["tenants.csv", "customers.csv", "calls.csv", "truth.csv"] {
        let packed = Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("tests/match")
            .join(format!("{file}.gz"));
        let mut packed = GzDecoder::new(File::open(packed).expect("the set"));
        let mut plain = File::create(folder.path().join(file)).expect("a file");
        io::copy(&mut packed, &mut plain).expect("unpacked");
    }
    folder
}

/// How a prediction does against the truth.
#[derive(Default)]
struct Score {
    right: u32,
    wrong: u32,
    missed: u32,
    planted: u32,
    grades_right: u32,
}

impl Score {
    fn count(&mut self, named: &Named, truth: &BTreeMap<String, String>) {
        let must: Named = listed(&truth["must"])
            .iter()
            .filter_map(|one| one.split_once(':'))
            .map(|(id, grade)| (id.to_owned(), grade.to_owned()))
            .collect();
        let optional: BTreeSet<String> = listed(&truth["optional"]).into_iter().collect();
        let planted: BTreeSet<String> = listed(&truth["must_not"]).into_iter().collect();
        for (id, grade) in named.iter().filter(|(id, _)| !optional.contains(*id)) {
            self.planted += u32::from(planted.contains(id));
            match must.get(id) {
                Some(expected) => {
                    self.right += 1;
                    self.grades_right += u32::from(expected == grade);
                }
                None => self.wrong += 1,
            }
        }
        self.missed += must
            .keys()
            .filter(|id| !named.contains_key(*id))
            .map(|_| 1)
            .sum::<u32>();
    }

    fn f1(&self) -> f64 {
        let right = f64::from(2 * self.right);
        right / (right + f64::from(self.wrong + self.missed))
    }

    fn of(part: u32, whole: u32) -> f64 {
        f64::from(part) / f64::from(whole)
    }
}

#[test]
fn the_labelled_set_is_matched_without_a_wrong_person() {
    let set = labelled();
    let named = matched(set.path()).expect("a set");
    let mut score = Score::default();
    let truth = rows(&set.path().join("truth.csv"));
    for call in &truth {
        score.count(&named[&call["call_id"]], call);
    }
    let precision = Score::of(score.right, score.right + score.wrong);
    let grades = Score::of(score.grades_right, score.right);
    println!(
        "{} calls: F1 {:.2} %, precision {:.2} %, {} missed, {} wrong, {} planted, grades right {:.2} %",
        truth.len(),
        100.0 * score.f1(),
        100.0 * precision,
        score.missed,
        score.wrong,
        score.planted,
        100.0 * grades
    );
    assert!(
        truth.len() == 6_000 && score.right > 3_000,
        "the set must have been read"
    );
    assert!(score.f1() >= 0.995, "F1 {:.4}", score.f1());
    assert!(precision >= 0.999, "precision {precision:.4}");
    assert_eq!(score.planted, 0, "planted near-misses");
    assert!(grades >= 0.99, "grades right {grades:.4}");
}

/// A set of three small files.
fn small(tenants: &str, customers: &str, calls: &str) -> TempDir {
    let folder = TempDir::new().expect("a folder");
    for (file, text) in [
        ("tenants.csv", tenants),
        ("customers.csv", customers),
        ("calls.csv", calls),
    ] {
        if !text.is_empty() {
            fs::write(folder.path().join(file), text).expect("a file");
        }
    }
    folder
}

const TENANTS: &str =
    "tenant,home_region,home_area,trunk,trunk_region,cli_prefix,idd\nA,DE,30,t,DE,0,00\nB,DE,30,t,DE,,00\n";
const CUSTOMERS: &str = "tenant,customer_id,name,kind,country,phone_raw\nA,C1,Ana,person,,030 23125101\nA,C1,Ana,person,,\
                         +49 171 1234567\nB,C2,Ben,person,,030 23125101\n";
const CALLS: &str = "call_id,tenant,trunk,caller_id\nK1,A,t,003023125101\nK2,B,t,+4930 23125101\nK3,A,t,+491711234567\nK4,B,t,\
                     +491711234567\nK5,A,t,anonymous\n";

#[test]
fn tenants_are_deployments_of_their_own() {
    let named = matched(small(TENANTS, CUSTOMERS, CALLS).path()).expect("a set");
    let who = |call: &str| {
        named[call]
            .iter()
            .map(|(id, grade)| format!("{id} {grade}"))
            .collect::<Vec<_>>()
    };
    assert_eq!(who("K1"), ["C1 national"]);
    assert_eq!(who("K2"), ["C2 national"]);
    assert_eq!(who("K3"), ["C1 exact"]);
    assert!(who("K4").is_empty() && who("K5").is_empty());
}

#[test]
fn a_set_that_cannot_be_used_is_refused_with_the_place_and_the_reason() {
    let without_column = CALLS.replacen("caller_id", "number", 1);
    let cases = [
        (small(TENANTS, CUSTOMERS, ""), "calls.csv: No such file or directory"),
        (
            small("", CUSTOMERS, CALLS),
            "a set has tenants.csv, customers.csv and calls.csv",
        ),
        (
            small(TENANTS, CUSTOMERS, &without_column),
            "calls.csv has no column `caller_id`; it has call_id, tenant, trunk, number",
        ),
        (
            small(&TENANTS.replace("A,DE", "A,Narnia"), CUSTOMERS, CALLS),
            "tenants.csv, line 2: `Narnia` is no country",
        ),
        (
            small(TENANTS, &CUSTOMERS.replace("B,C2", "Z,C2"), CALLS),
            "customers.csv, line 4: tenants.csv has no tenant `Z`",
        ),
        (
            small(TENANTS, CUSTOMERS, &CALLS.replace("K4,B,t", "K4,B,x")),
            "calls.csv, line 5: tenants.csv gives B no trunk `x`",
        ),
        (
            small(TENANTS, CUSTOMERS, "call_id,tenant,trunk,caller_id\nK1,A\n"),
            "calls.csv",
        ),
    ];
    for (folder, said) in cases {
        let error = matched(folder.path()).expect_err(said).to_string();
        assert!(error.contains(said), "{error}");
        assert!(!folder.path().join("pred.csv").exists(), "nothing is written: {said}");
    }
}

#[test]
fn a_set_with_hostile_texts_is_read_and_nobody_is_named_for_them() {
    let long = "9".repeat(100_000);
    let customers = format!("{CUSTOMERS}A,C3,\"Bo\"\"b\",person,\u{202e}zz,\"\u{0}\u{1F600};;||++//\n{long}\"\n");
    let calls = format!(
        "{CALLS}K6,A,t,\"sip:%ff%00@x;;\"\nK7,A,t,{long}\nK8,A,t,\"+\"\nK9,A,t,\"=cmd|' /C calc'!A0\"\nK10,A,t,\u{663}\u{660}\n"
    );
    let named = matched(small(TENANTS, &customers, &calls).path()).expect("a set");
    for call in ["K6", "K7", "K8", "K9", "K10"] {
        assert!(named[call].is_empty(), "{call} {:?}", named[call]);
    }
}
