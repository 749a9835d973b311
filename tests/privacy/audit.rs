//! The audit trail: never changed, listed by what is asked for, and written as a file that runs nothing.

use chrono::{Local, TimeDelta};
use clap::Parser;
use ringside::cli::audit::AuditArgs;
use ringside::cli::calls::CallsArgs;
use ringside::cli::report::ReportArgs;
use ringside::journal::{Act, AuditFilter};
use ringside::pop::view::AuditRequest;
use ringside::start::AuditTrail;
use ringside::store;
use rusqlite::Connection;

use super::{Shop, days_ago, now, reference};

fn trail(shop: &Shop) -> AuditTrail {
    AuditTrail::new(&shop.config, &shop.unlocked).writing_to(shop.folder.path().to_owned())
}

fn sql(shop: &Shop) -> Connection {
    store::open_database(&shop.unlocked.journal_db(), &shop.unlocked.key).expect("open")
}

#[test]
fn no_statement_changes_the_trail_or_takes_anything_out_of_it() {
    let shop = Shop::new();
    trail(&shop)
        .note(Act::Uncovered, "", Some(&reference("crm/1")), now())
        .expect("noted");
    let sql = sql(&shop);
    for statement in [
        "UPDATE audit SET agent = 'nobody'",
        "DELETE FROM audit",
        "INSERT OR REPLACE INTO audit (id, at, agent, extension, act, detail) VALUES (1, 0, '', '', 'uncovered', '')",
        "UPDATE audit_about SET customer = 'crm/2'",
        "UPDATE audit_about SET customer = NULL, call = NULL",
        "DELETE FROM audit_about",
    ] {
        sql.execute(statement, []).expect_err(statement);
    }
    let rows = shop.journal().audited(&AuditFilter::default(), None, 10).expect("read");
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (rows[0].entry.agent.as_str(), rows[0].entry.customer.clone()),
        ("Marta", Some(reference("crm/1")))
    );
}

#[test]
fn a_trail_of_an_earlier_version_is_kept_entry_by_entry() {
    let sql = Connection::open_in_memory().expect("open");
    for step in [
        include_str!("../../src-tauri/migrations/journal/1_calls_and_notes.sql"),
        include_str!("../../src-tauri/migrations/journal/2_audit.sql"),
        "INSERT INTO audit VALUES (1, 1000, 'Marta', '101', 'uncovered', 'c1', 'crm/1');
         INSERT INTO audit VALUES (2, 2000, 'Marta', '101', 'uncovered', NULL, 'crm/1');
         INSERT INTO audit VALUES (3, 3000, 'Ivo', '102', 'uncovered', 'c1', 'crm/1');
         INSERT INTO audit VALUES (4, 4000, 'Ivo', '102', 'uncovered', NULL, NULL);",
        include_str!("../../src-tauri/migrations/journal/13_privacy.sql"),
    ] {
        sql.execute_batch(step).expect("a step");
    }
    let mut select = sql
        .prepare(
            "SELECT a.id || ' ' || a.at || ' ' || a.agent || ' ' || coalesce(o.call, '-') || ' ' || coalesce(o.customer, '-')
             FROM audit a LEFT JOIN audit_about o ON o.id = a.about ORDER BY a.id",
        )
        .expect("a statement");
    let kept = select.query_map([], |row| row.get(0)).expect("rows");
    let kept: Vec<String> = kept.collect::<Result<_, _>>().expect("texts");
    assert_eq!(
        kept,
        [
            "1 1000 Marta c1 crm/1",
            "2 2000 Marta - crm/1",
            "3 3000 Ivo c1 crm/1",
            "4 4000 Ivo - -"
        ]
    );
}

#[test]
fn entries_are_listed_by_agent_act_customer_and_day() {
    let shop = Shop::full();
    let trail = trail(&shop);
    trail
        .note(Act::SettingsChanged, "panel.cover", None, now())
        .expect("noted");
    let count = |request: &AuditRequest| trail.entries(request, None).expect("read").len();
    let all = AuditRequest::default();
    assert_eq!(count(&all), 3);
    let of = |change: &dyn Fn(&mut AuditRequest)| {
        let mut request = AuditRequest::default();
        change(&mut request);
        count(&request)
    };
    assert_eq!(of(&|request| request.act = Some(Act::Uncovered)), 2);
    assert_eq!(of(&|request| request.customer = "crm/18".to_owned()), 1);
    assert_eq!(of(&|request| request.agent = "101".to_owned()), 3);
    assert_eq!(of(&|request| request.agent = "Ivo".to_owned()), 0);
    let day = |days| Some(days_ago(days).with_timezone(&Local).date_naive());
    assert_eq!(of(&|request| request.from = day(0)), 1);
    assert_eq!(of(&|request| request.until = day(1)), 2);
}

#[test]
fn a_long_trail_is_read_page_by_page_without_a_gap_or_a_double() {
    let shop = Shop::new();
    let trail = trail(&shop);
    for nth in 0..450 {
        // several in one millisecond
        let at = now() + TimeDelta::milliseconds(nth / 3);
        trail
            .note(Act::ReportExported, &nth.to_string(), None, at)
            .expect("noted");
    }
    let (mut seen, mut before) = (Vec::new(), None);
    loop {
        let page = trail.page(&AuditRequest::default(), before).expect("read");
        let Some(last) = page.rows.last() else { break };
        before = Some(last.id);
        seen.extend(page.rows.iter().map(|row| row.detail.parse::<u32>().expect("a number")));
    }
    assert_eq!(seen, (0..450).rev().collect::<Vec<_>>());
}

#[test]
fn the_file_runs_no_formula_and_is_in_the_trail_itself() {
    let shop = Shop::new();
    let trail = trail(&shop);
    let evil = reference("=HYPERLINK(\"http://evil\")/1");
    trail
        .note(Act::Uncovered, "+cmd|' /C calc'!A0", Some(&evil), now())
        .expect("noted");
    let path = trail.write(&AuditRequest::default(), now()).expect("written");
    let text = std::fs::read_to_string(path).expect("read");
    assert!(text.contains("'=HYPERLINK") && text.contains("'+cmd"), "{text}");
    assert!(text.contains("audit_exported"), "{text}");
}

#[derive(Parser, Debug)]
enum Command {
    Audit(AuditArgs),
    Calls(CallsArgs),
    Report(ReportArgs),
}

#[test]
fn a_day_in_other_words_is_answered_with_the_form_of_one() {
    for command in ["audit", "calls", "report"] {
        for wrong in [
            "yesterday",
            "1.11.2026",
            "2026-02-31",
            "",
            "2026-11-01T10:00",
            "\u{202e}2026",
        ] {
            let refused = Command::try_parse_from(["ringside", command, &format!("--from={wrong}")]);
            let said = refused.expect_err(wrong).to_string();
            assert!(
                said.contains("--from") && said.contains("as in 2026-11-01"),
                "{command} {wrong}: {said}"
            );
        }
        Command::try_parse_from(["ringside", command, "--from", "2026-11-01"]).expect("the form that is said");
    }
}
