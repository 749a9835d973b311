//! Reminders: what is due comes once, what was put off comes again, and while nobody is to be disturbed all of it waits.

use chrono::TimeDelta;
use ringside::call::Line;
use ringside::desk::{DeskRequest, QuietFor, Reminder, SNOOZE, Told};
use ringside::journal::{NewTask, TaskId, TaskKind};

use super::*;

impl Seated {
    /// A callback that is due so many minutes after the beginning, planned by another hand on the same journal.
    fn plans(&mut self, text: &str, minutes: i64) -> TaskId {
        let mut journal = Journal::open(&self.folder.path().join("journal.db"), &self.key).expect("a journal");
        let plan = NewTask {
            kind: TaskKind::Callback,
            call: None,
            customer: None,
            customer_name: "Maria Anders".to_owned(),
            number_display: "+49 30 0074321".to_owned(),
            text: text.to_owned(),
            line: Line("101".to_owned()),
            due: self.now + TimeDelta::minutes(minutes),
        };
        let planned = journal.plan_task(plan, self.now).expect("planned");
        self.view();
        planned.id
    }

    fn at_minute(&mut self, minutes: i64) {
        self.desk.timeout(self.now + TimeDelta::minutes(minutes));
    }

    /// What was reminded of so far.
    fn reminded(&self) -> Vec<String> {
        let told = self.panel.told().into_iter();
        told.filter_map(|told| match told {
            Told::Reminded(Reminder::Task(task)) => Some(task.plan.text),
            Told::Reminded(Reminder::Missed(missed)) => missed.name,
            _ => None,
        })
        .collect()
    }
}

#[test]
fn what_is_due_comes_once_and_the_desk_wakes_for_it() {
    let mut seat = Seated::at(&["101"]);
    seat.plans("the offer", 20);
    seat.plans("the other", 40);
    assert_eq!(seat.desk.poll_timeout(), Some(seat.now + TimeDelta::minutes(20)));
    seat.at_minute(19);
    assert_eq!(seat.reminded(), [""; 0]);
    seat.at_minute(20);
    assert_eq!(seat.reminded(), ["the offer"]);
    assert_eq!(seat.desk.poll_timeout(), Some(seat.now + TimeDelta::minutes(40)));
    seat.at_minute(30);
    assert_eq!(seat.reminded(), ["the offer"]);
    let mut again = seat.started_again();
    again.at_minute(30);
    assert_eq!(again.reminded(), [""; 0], "also after a restart");
    again.at_minute(41);
    assert_eq!(again.reminded(), ["the other"]);
}

#[test]
fn what_fell_due_while_ringside_was_not_running_comes_at_the_start() {
    let mut seat = Seated::at(&["101"]);
    seat.plans("the offer", 5);
    seat.now += TimeDelta::hours(2);
    let mut seat = seat.started_again();
    assert!(seat.desk.poll_timeout().is_some_and(|next| next <= seat.now));
    seat.at_minute(0);
    assert_eq!(seat.reminded(), ["the offer"]);
}

#[test]
fn a_task_that_was_put_off_comes_again_and_one_that_is_done_does_not() {
    let mut seat = Seated::at(&["101"]);
    let task = seat.plans("the offer", 0);
    seat.at_minute(0);
    seat.ask(|reply| DeskRequest::SnoozeTask(task, reply)).expect("put off");
    let again = seat.now + TimeDelta::seconds(5) + SNOOZE;
    assert_eq!(seat.desk.poll_timeout(), Some(again));
    seat.desk.timeout(again);
    assert_eq!(seat.reminded(), ["the offer", "the offer"]);
    seat.ask(|reply| DeskRequest::SnoozeTask(task, reply)).expect("put off");
    seat.ask(|reply| DeskRequest::FinishTask(task, true, reply))
        .expect("done");
    assert_eq!(seat.desk.poll_timeout(), None);
    seat.at_minute(60);
    assert_eq!(seat.reminded().len(), 2);
    let gone = seat.ask(|reply| DeskRequest::SnoozeTask(task, reply));
    assert_eq!(gone.map_err(|error| error.code()), Err("no_such_task"));
    let never = seat.ask(|reply| DeskRequest::FinishTask(TaskId(999), true, reply));
    assert_eq!(never.map_err(|error| error.code()), Err("no_such_task"));
}

#[test]
fn a_missed_call_that_was_put_off_comes_again_while_it_stands_in_the_panel() {
    let mut seat = Seated::at(&["101"]);
    seat.play("in_missed", TO_THE_END);
    let call = CallId(seat.view().missed[0].call.clone());
    let snooze = |seat: &mut Seated| seat.ask(|reply| DeskRequest::SnoozeMissed(call.clone(), reply));
    snooze(&mut seat).expect("put off");
    snooze(&mut seat).expect("twice is once");
    let again = seat.now + TimeDelta::seconds(5) + SNOOZE;
    assert!(seat.desk.poll_timeout().is_some_and(|next| next <= again));
    seat.desk.timeout(again);
    assert_eq!((seat.reminded(), seat.missed()), (vec!["Maria Anders".to_owned()], 1));
    snooze(&mut seat).expect("put off again");
    seat.ask(|reply| DeskRequest::DismissMissed(call.clone(), reply))
        .expect("seen");
    seat.at_minute(60);
    assert_eq!(seat.reminded().len(), 1, "nobody is reminded of what was seen");
    assert_eq!(snooze(&mut seat).map_err(|error| error.code()), Err("no_such_call"));
}

#[test]
fn while_nobody_is_to_be_disturbed_reminders_wait() {
    let mut seat = Seated::at(&["101"]);
    seat.play("in_missed", TO_THE_END);
    let call = CallId(seat.view().missed[0].call.clone());
    seat.ask(|reply| DeskRequest::SnoozeMissed(call, reply))
        .expect("put off");
    seat.plans("the offer", 20);
    seat.quiet(Some(QuietFor::Time(TimeDelta::hours(1))));
    let ends = seat.now + TimeDelta::seconds(5) + TimeDelta::hours(1);
    seat.at_minute(30);
    assert_eq!(seat.reminded(), [""; 0]);
    assert_eq!(seat.desk.poll_timeout(), Some(ends), "it does not wake for what waits");
    seat.desk.timeout(ends);
    assert_eq!(seat.reminded(), ["Maria Anders", "the offer"]);
}

#[test]
fn what_the_journal_does_not_give_is_tried_again() {
    let mut seat = Seated::at(&["101"]);
    seat.plans("the offer", 1);
    let journal = store::open_database(&seat.folder.path().join("journal.db"), &seat.key).expect("a second connection");
    journal
        .execute_batch("CREATE TRIGGER full BEFORE UPDATE ON tasks BEGIN SELECT RAISE(ABORT, 'full'); END")
        .expect("made");
    seat.at_minute(1);
    assert_eq!(seat.reminded(), [""; 0]);
    let next = seat.desk.poll_timeout().expect("it is tried again");
    assert_eq!(next, seat.now + TimeDelta::minutes(1) + TimeDelta::seconds(5));
    journal.execute_batch("DROP TRIGGER full").expect("gone");
    seat.desk.timeout(next);
    assert_eq!(seat.reminded(), ["the offer"]);
}
