//! What a supervisor writes about calls and gives away, and who shares the desk.

use chrono::{TimeDelta, Utc};
use ringside::call::Line;
use ringside::desk::{DeskRequest, PageRequest, ReviewRequest};
use ringside::journal::{Act, NewUser, User, UserId};
use ringside::pop::view::{Mark, Role, UserRequest};

use super::rows::{MARIA, Row, called, number, row, stranger};
use super::{Editor, Found};

pub(super) fn of_reviews() -> Vec<Row> {
    vec![
        row(
            "Comment",
            |on, n| {
                let call = on.talk(n, MARIA);
                let (asked, text) = (call.clone(), format!("comment {n}"));
                on.seat
                    .ask(|reply| DeskRequest::Review(ReviewRequest::Comment(asked, text, reply)))
                    .expect("written");
                call.0
            },
            |found, call| found.journal.comments(&called(call)).expect("read").len() == 1,
        ),
        row(
            "Mark",
            |on, n| {
                let call = on.talk(n, MARIA);
                let asked = call.clone();
                on.seat
                    .ask(|reply| DeskRequest::Review(ReviewRequest::Mark(asked, Some(Mark::Coaching), reply)))
                    .expect("marked");
                call.0
            },
            |found, call| {
                let marks = found.journal.marks(&called(call)).expect("read");
                marks.iter().any(|marked| marked.mark == Some(Mark::Coaching))
            },
        ),
        row(
            "GiveMissed",
            |on, n| {
                let call = on.miss(n, &stranger(n));
                let asked = call.clone();
                on.seat
                    .page(|reply| PageRequest::GiveMissed(asked, Line("102".to_owned()), reply))
                    .expect("given");
                call.0
            },
            |found, call| {
                let tasks = found.journal.tasks_of_call(&called(call)).expect("read");
                tasks.iter().any(|task| task.plan.line.0 == "102")
            },
        ),
    ]
}

pub(super) fn of_users() -> Vec<Row> {
    vec![
        row(
            "AddUser",
            |on, n| {
                signed_in(on);
                let (user, name) = (request(n), format!("User {n}"));
                on.seat
                    .page(|reply| PageRequest::AddUser(user, String::new(), reply))
                    .expect("added");
                name
            },
            |found, name| users(found).iter().any(|user| user.who.name == name),
        ),
        row(
            "ChangeUser",
            |on, n| {
                signed_in(on);
                let (id, mut user) = (added(on, n), request(n));
                user.role = Role::Supervisor;
                on.seat
                    .page(|reply| PageRequest::ChangeUser(id, user, reply))
                    .expect("changed");
                id.0.to_string()
            },
            |found, id| user(found, id).expect("kept").who.role == Role::Supervisor,
        ),
        row(
            "SetPin",
            |on, n| {
                signed_in(on);
                let id = added(on, n);
                on.seat
                    .page(|reply| PageRequest::SetPin(id, "another".to_owned(), reply))
                    .expect("changed");
                id.0.to_string()
            },
            |found, id| user(found, id).expect("kept").pin == "another",
        ),
        row(
            "RemoveUser",
            |on, n| {
                signed_in(on);
                let id = added(on, n);
                on.seat
                    .page(|reply| PageRequest::RemoveUser(id, reply))
                    .expect("removed");
                id.0.to_string()
            },
            |found, id| user(found, id).is_none(),
        ),
        row(
            "BeginSignIn",
            |on, n| {
                signed_in(on);
                let id = added(on, n);
                on.seat
                    .page(|reply| PageRequest::BeginSignIn(format!("User {n}"), reply))
                    .expect("the first try");
                id.0.to_string()
            },
            |found, id| user(found, id).expect("kept").wrong == 1,
        ),
        row(
            "EndSignIn",
            |on, n| {
                signed_in(on);
                let id = added(on, n);
                on.seat
                    .page(|reply| PageRequest::EndSignIn(id, true, reply))
                    .expect("signed in");
                format!("User {n}")
            },
            |found, name| {
                let trail = found.journal.audit_trail(1_000).expect("read");
                trail
                    .iter()
                    .any(|entry| entry.act == Act::SignedIn && entry.agent == name)
            },
        ),
    ]
}

/// The desk is shared, and an admin sits at it.
fn signed_in(on: &mut Editor) {
    let users = on.other.users().expect("read");
    let admin = users.iter().find(|user| user.who.name == "Admin").map(|user| user.id);
    let admin = admin.unwrap_or_else(|| {
        let admin = NewUser {
            name: "Admin".to_owned(),
            role: Role::Admin,
            lines: Vec::new(),
        };
        on.other
            .add_user(&admin, "", Utc::now() - TimeDelta::days(1))
            .expect("an admin")
    });
    on.seat
        .page(|reply| PageRequest::EndSignIn(admin, true, reply))
        .expect("signed in");
}

fn request(n: usize) -> UserRequest {
    UserRequest {
        name: format!("User {n}"),
        role: Role::Agent,
        extensions: Vec::new(),
    }
}

/// Somebody is there already.
fn added(on: &mut Editor, n: usize) -> UserId {
    let user = NewUser {
        name: format!("User {n}"),
        role: Role::Agent,
        lines: Vec::new(),
    };
    on.other.add_user(&user, "one", Utc::now()).expect("added")
}

fn users(found: &Found) -> Vec<User> {
    found.journal.users().expect("read")
}

fn user(found: &Found, id: &str) -> Option<User> {
    found.journal.user(UserId(number(id))).expect("read")
}
