//! Those who share a desk: what is refused, and what a wrong PIN costs.

use chrono::{DateTime, TimeDelta, Utc};
use ringside::call::Line;
use ringside::journal::{Journal, NewUser, UserError, UserId};
use ringside::role::Role;
use tempfile::TempDir;

use super::open;

const PIN: &str = "$argon2id$v=19$m=19456,t=2,p=1$c2FsdHNhbHQ$aGFzaGhhc2g";

fn new(name: &str, role: Role, lines: &[&str]) -> NewUser {
    NewUser {
        name: name.to_owned(),
        role,
        lines: lines.iter().map(|line| Line((*line).to_owned())).collect(),
    }
}

fn at() -> DateTime<Utc> {
    "2026-11-24T09:00:00Z".parse().expect("a time")
}

/// A journal with an admin and an agent.
fn two(folder: &TempDir) -> (Journal, UserId, UserId) {
    let mut journal = open(folder.path());
    let ana = journal
        .add_user(&new("Ana", Role::Admin, &[]), PIN, at())
        .expect("an admin");
    let tea = journal
        .add_user(&new("Tea", Role::Agent, &["102", "112"]), PIN, at())
        .expect("an agent");
    (journal, ana, tea)
}

#[test]
fn the_first_is_an_admin_and_the_last_admin_stays_one() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut journal = open(folder.path());
    assert!(!journal.is_shared().expect("read"));
    let refused = journal.add_user(&new("Tea", Role::Supervisor, &[]), PIN, at());
    assert!(matches!(refused, Err(UserError::FirstIsAdmin)), "{refused:?}");
    let ana = journal
        .add_user(&new("Ana", Role::Admin, &[]), PIN, at())
        .expect("an admin");
    assert!(matches!(journal.remove_user(ana), Err(UserError::LastAdmin)));
    let demoted = journal.change_user(ana, &new("Ana", Role::Agent, &[]));
    assert!(matches!(demoted, Err(UserError::LastAdmin)), "{demoted:?}");
    let tea = journal
        .add_user(&new("Tea", Role::Admin, &[]), PIN, at())
        .expect("another");
    journal.remove_user(ana).expect("one is left");
    assert!(matches!(journal.remove_user(tea), Err(UserError::LastAdmin)));
    assert!(journal.is_shared().expect("read"));
}

#[test]
fn somebody_is_kept_as_written_and_their_number_is_never_given_again() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut journal, _, tea) = two(&folder);
    journal
        .change_user(tea, &new(" Tea Marić ", Role::Supervisor, &["104"]))
        .expect("changed");
    let user = journal.user(tea).expect("read").expect("there");
    assert_eq!(user.who, new("Tea Marić", Role::Supervisor, &["104"]));
    journal.remove_user(tea).expect("removed");
    assert_eq!(journal.user(tea).expect("read"), None);
    let ivo = journal
        .add_user(&new("Ivo", Role::Agent, &[]), PIN, at())
        .expect("added");
    assert!(ivo > tea);
}

#[test]
fn a_name_is_one_persons_however_it_is_capitalised_and_can_be_seen() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut journal, ana, _) = two(&folder);
    let taken = journal.add_user(&new(" TEA ", Role::Agent, &[]), PIN, at());
    assert!(matches!(taken, Err(UserError::Taken)), "{taken:?}");
    journal
        .change_user(ana, &new("ANA", Role::Admin, &[]))
        .expect("her own name");
    let long = "x".repeat(41);
    for bad in [
        "",
        "   ",
        "two\nlines",
        "A\u{202e}na",
        "Te\u{200b}a",
        "\u{0}",
        long.as_str(),
    ] {
        let refused = journal.add_user(&new(bad, Role::Agent, &[]), PIN, at());
        assert!(matches!(refused, Err(UserError::BadName)), "{bad:?}: {refused:?}");
    }
    let quoted = "Robert'); DROP TABLE users; --";
    let id = journal.add_user(&new(quoted, Role::Agent, &["1'0"]), PIN, at());
    let robert = journal.user(id.expect("added")).expect("read").expect("there");
    assert_eq!(robert.who, new(quoted, Role::Agent, &["1'0"]));
    assert_eq!(journal.users().expect("read").len(), 3);
}

#[test]
fn after_five_wrong_pins_none_is_looked_at_for_a_while_that_grows_and_survives_a_restart() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut journal, ..) = two(&folder);
    for _ in 0..5 {
        journal.begin_sign_in("Tea", at()).expect("looked at");
    }
    let waits = |journal: &mut Journal, after: i64| match journal.begin_sign_in("Tea", at() + TimeDelta::seconds(after))
    {
        Err(UserError::TooSoon { seconds }) => Some(seconds),
        Ok(_) => None,
        Err(error) => panic!("{error}"),
    };
    assert_eq!(waits(&mut journal, 0), Some(31));
    drop(journal);
    let mut journal = open(folder.path());
    assert_eq!(waits(&mut journal, 29), Some(2), "also after a restart");
    assert_eq!(waits(&mut journal, 30), None, "the sixth is looked at");
    assert_eq!(waits(&mut journal, 89), Some(2), "and costs twice as much");
    journal.begin_sign_in("Ana", at()).expect("others do not wait");
}

#[test]
fn the_right_pin_and_a_new_one_forget_the_wrong_ones() {
    let folder = tempfile::tempdir().expect("a folder");
    let (mut journal, _, tea) = two(&folder);
    for _ in 0..4 {
        journal.begin_sign_in("Tea", at()).expect("looked at");
    }
    journal.signed_in(tea).expect("the right one");
    for _ in 0..5 {
        journal.begin_sign_in("Tea", at()).expect("counted anew");
    }
    assert!(journal.begin_sign_in("Tea", at()).is_err());
    journal.set_pin(tea, PIN).expect("reset");
    journal.begin_sign_in("Tea", at()).expect("at once");
    assert!(matches!(journal.set_pin(UserId(99), PIN), Err(UserError::NoSuchUser)));
    assert!(matches!(journal.begin_sign_in("tea", at()), Err(UserError::NoSuchUser)));
}
