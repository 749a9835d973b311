//! The kinds of edits: how one is made, and how it is told afterwards that it is there.

use ringside::call::CallId;

use super::{Editor, Found, calls, customers, team, work};

pub(super) const MARIA: &str = "+12025550143";
pub(super) const SHARED: &str = "+493023125199";

/// A kind of edit.
pub(super) struct Row {
    /// The request that makes it, or what it is called where no request of the desk does.
    pub(super) name: &'static str,
    /// Makes the edit of that number and gives what it was.
    pub(super) edit: fn(&mut Editor, usize) -> String,
    /// Whether that is there, or, where the edits replace each other, it or the next one.
    pub(super) kept: fn(&Found, &str) -> bool,
    /// Each edit takes the place of the one before.
    pub(super) replaces: bool,
}

pub(super) fn row(name: &'static str, edit: fn(&mut Editor, usize) -> String, kept: fn(&Found, &str) -> bool) -> Row {
    Row {
        name,
        edit,
        kept,
        replaces: false,
    }
}

/// A row whose edits take the place of each other.
pub(super) fn again(name: &'static str, edit: fn(&mut Editor, usize) -> String, kept: fn(&Found, &str) -> bool) -> Row {
    Row {
        replaces: true,
        ..row(name, edit, kept)
    }
}

/// All kinds.
pub(super) fn rows() -> Vec<Row> {
    let mut all = calls::of_calls();
    all.extend(calls::of_people());
    all.extend(work::of_tasks());
    all.extend(work::of_tickets());
    all.extend(customers::of_customers());
    all.extend(work::of_campaigns());
    all.extend(team::of_reviews());
    all.extend(team::of_users());
    all.extend(customers::of_files());
    all
}

/// The edit that was told, or the one after it, which may have been made and not told.
pub(super) fn next(n: &str) -> [usize; 2] {
    let n = n.parse().expect("a number");
    [n, n + 1]
}

pub(super) fn number(text: &str) -> i64 {
    text.parse().expect("a number")
}

pub(super) fn called(id: &str) -> CallId {
    CallId(id.to_owned())
}

/// A number that nobody has.
pub(super) fn stranger(n: usize) -> String {
    format!("+49302399{n:04}")
}
