//! The live board: what every phone does now, who waits, and who called in vain and to whom they were given.
//!
//! It knows what the feeds tell and what this desk does; what it does not know it calls unknown.

use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, TimeDelta, Utc};

use super::error::DeskError;
use super::floor::{self, Doing};
use super::identify::Found;
use super::numbers::Via;
use super::pretend::PRETEND;
use super::state::{Desk, moment};
use super::today::{self, midnight, person};
use super::words::told;
use crate::call::{Call, CallId, Direction, Line};
use crate::journal::{MissedPerson, NewTask, Task, TaskKind};
use crate::pop::view::{
    AgentState, AgentView, BoardMissedView, BoardQueueView, BoardView, CardState, GivenView, MissedPersonView,
    WaitingView, WithView,
};

/// By when whoever was given a missed caller is to have called: what the reports call kept in time.
const GIVEN_FOR: TimeDelta = TimeDelta::minutes(15);

impl Desk {
    /// The board as it is now.
    pub(super) fn live(&mut self, now: DateTime<Utc>) -> Result<BoardView, DeskError> {
        self.keep(now);
        self.learn_names();
        let calls = self
            .tracker
            .calls()
            .filter(|call| call.ended.is_none() && call.feed != PRETEND);
        let mut calls: Vec<Call> = calls.cloned().collect();
        calls.sort_by(|one, other| (one.began, &one.id).cmp(&(other.began, &other.id)));
        self.floor.forget(|id| calls.iter().any(|call| call.id == *id));
        let people = self.missed_since(now)?;
        let (settled, missed): (Vec<_>, Vec<_>) = people.into_iter().partition(|person| person.settled);
        let mut reached = settled;
        reached.retain(|person| person.last >= midnight(now));
        let mut agents: Vec<AgentView> = Vec::new();
        for line in self.floor_lines(now) {
            agents.push(self.agent(&line, &calls, now));
        }
        agents.sort_by(|one, other| {
            let place = |agent: &AgentView| {
                (
                    agent.state,
                    agent.name.is_none(),
                    agent.name.clone(),
                    agent.extension.clone(),
                )
            };
            place(one).cmp(&place(other))
        });
        let queues_of_missed: Vec<Option<String>> = missed.iter().map(|person| person.queue.clone()).collect();
        let missed = self.missed_views(missed)?;
        let talks_with = |person: &MissedPersonView| {
            let same = |with: &WithView| is_same(with, person);
            let talking = agents.iter().filter(|agent| agent.state <= AgentState::Held);
            let mut talking = talking.filter(|agent| agent.with.as_ref().is_some_and(same));
            talking.next().map(|agent| agent.extension.clone())
        };
        let missed = missed.into_iter().zip(queues_of_missed);
        let missed = missed.map(|(person, queue)| BoardMissedView {
            talks_with: talks_with(&person),
            person,
            queue,
        });
        let missed: Vec<BoardMissedView> = missed.collect();
        let waiting = self.waiting(&calls, now);
        Ok(BoardView {
            at: now,
            target_seconds: self.rules.target.seconds,
            goal_percent: self.rules.goal_percent,
            queues: queues(&waiting, &missed, &reached),
            waiting,
            agents,
            missed,
            reached: u32::try_from(reached.len()).unwrap_or(u32::MAX),
        })
    }

    /// Gives a missed caller to whoever sits at `line`: a callback of theirs, due in [`GIVEN_FOR`]. One who was given to
    /// somebody else is that one's no longer.
    pub(super) fn give_missed(&mut self, call: &CallId, line: &Line, now: DateTime<Utc>) -> Result<(), DeskError> {
        self.learn_names();
        if !self.floor_lines(now).contains(line) {
            return Err(DeskError::NoSuchAgent(line.0.clone()));
        }
        let people = self.missed_since(now)?;
        let missed = people
            .into_iter()
            .find(|person| person.call == *call && !person.settled);
        let missed = missed.ok_or(DeskError::NotMissed)?;
        let tasks = self.journal.open_tasks(today::MOST_TASKS).map_err(DeskError::Journal)?;
        let due = now + GIVEN_FOR;
        match self.given(&tasks, &missed).map(|given| given.id) {
            Some(given) => {
                let passed = self.journal.pass_task(given, line, due).map_err(DeskError::Journal)?;
                self.changed(passed, DeskError::NoSuchTask)
            }
            None => {
                let plan = callback(missed, line.clone(), due);
                self.journal.plan_task(plan, now).map_err(DeskError::Journal)?;
                self.show_open();
                Ok(())
            }
        }
    }

    /// Missed callers as pages show them, with whom they were given to.
    pub(super) fn missed_views(&self, missed: Vec<MissedPerson>) -> Result<Vec<MissedPersonView>, DeskError> {
        let tasks = self.journal.open_tasks(today::MOST_TASKS).map_err(DeskError::Journal)?;
        let view = |missed: MissedPerson| {
            let task = self.given(&tasks, &missed);
            let given = task.map(|task| GivenView {
                line: task.plan.line.0.clone(),
                name: self.name_at(&task.plan.line),
                due: task.plan.due,
            });
            person(missed, given)
        };
        Ok(missed.into_iter().map(view).collect())
    }

    /// The callback that a missed caller was given for. What somebody promised in a talk is that one's, and stays so.
    fn given<'a>(&self, tasks: &'a [Task], missed: &MissedPerson) -> Option<&'a Task> {
        let of_missed_call = |task: &Task| {
            let call = task.plan.call.as_ref().and_then(|call| told(self.journal.call(call)));
            call.is_some_and(|logged| logged.call.direction == Direction::In && logged.call.answered.is_none())
        };
        tasks.iter().find(|task| is_for(task, missed) && of_missed_call(task))
    }

    /// Who sits where: those who share the desk, those whom the settings name, and, at a desk of one person, me.
    pub(super) fn learn_names(&mut self) {
        let mine = self.lines.iter().map(|line| (line.clone(), self.rules.agent.clone()));
        let mine = mine.filter(|(_, name)| !name.is_empty());
        let colleagues = self.rules.colleagues.clone();
        let users = told(self.journal.users()).into_iter().flat_map(|user| {
            let name = user.who.name;
            user.who.lines.into_iter().map(move |line| (line, name.clone()))
        });
        // what is said later counts
        self.floor.names = mine.chain(colleagues).chain(users).collect();
    }

    fn name_at(&self, line: &Line) -> Option<String> {
        self.floor.names.get(line).cloned()
    }

    /// Every extension of the board: mine, those that have a name, and those that were heard of today.
    fn floor_lines(&self, now: DateTime<Utc>) -> BTreeSet<Line> {
        let heard = self.floor.lines(midnight(now));
        self.lines
            .iter()
            .chain(self.floor.names.keys())
            .chain(heard)
            .cloned()
            .collect()
    }

    fn agent(&mut self, line: &Line, calls: &[Call], now: DateTime<Utc>) -> AgentView {
        let mut view = AgentView {
            extension: line.0.clone(),
            name: self.name_at(line),
            state: AgentState::Unknown,
            since: None,
            with: None,
        };
        if !self.is_heard(line) {
            return view;
        }
        if let Some(Doing { state, since, call }) = floor::doing(line, calls.iter()) {
            let with = self.other_side(call, line, now);
            (view.state, view.since, view.with) = (state, Some(since), Some(with));
        } else if let Some((since, with)) = self.wraps_up(line) {
            (view.state, view.since, view.with) = (AgentState::WrapUp, Some(since), Some(with));
        } else if let Some(quiet) = self.board.quiet().filter(|_| self.lines.contains(line)) {
            (view.state, view.since) = (AgentState::DoNotDisturb, Some(quiet.since));
        } else if let Some(seen) = self.floor.seen(line).filter(|seen| seen.heard >= midnight(now)) {
            (view.state, view.since) = (AgentState::Free, seen.left);
        }
        view
    }

    /// Whether the phone system of an extension can be heard; of one that was never heard of, every one of them.
    fn is_heard(&self, line: &Line) -> bool {
        let feed = self.floor.seen(line).map(|seen| seen.feed.as_str());
        self.board.is_up(feed)
    }

    /// The wrap-up that stands open on one of my lines.
    fn wraps_up(&mut self, line: &Line) -> Option<(DateTime<Utc>, WithView)> {
        let mut cards = self.board.cards();
        let card = cards.find(|card| card.seat.line == *line && card.seat.state == CardState::WrapUp)?;
        Some((card.seat.since, with(&card.found)))
    }

    /// Who is on the other side for whoever sits at `line`.
    fn other_side(&mut self, call: &Call, line: &Line, now: DateTime<Utc>) -> WithView {
        let party = call.other_side(std::slice::from_ref(line));
        if call.direction == Direction::Internal || party != call.remote {
            let colleague = Line(party.number);
            return WithView {
                name: self.name_at(&colleague),
                extension: Some(colleague.0),
                ..WithView::default()
            };
        }
        self.caller(call, now)
    }

    /// Who a call from outside or to it is with, as its card has it, else as the data has it.
    fn caller(&mut self, call: &Call, now: DateTime<Utc>) -> WithView {
        let card = self.board.card(&call.id).filter(|card| card.other_side == call.remote);
        if let Some(card) = card {
            return with(&card.found);
        }
        if let Some(known) = self.floor.known(call) {
            return known;
        }
        let found = self
            .identify
            .find(Via::of(call), &call.remote, Some(&self.journal), moment(now));
        let found = found.unwrap_or_else(|error| {
            tracing::error!(%error, "the customer data could not be read");
            self.identify.nobody(Via::of(call), &call.remote, moment(now))
        });
        let with = with(&found);
        self.floor.know(call, &with);
        with
    }

    fn waiting(&mut self, calls: &[Call], now: DateTime<Utc>) -> Vec<WaitingView> {
        let mut waiting: Vec<WaitingView> = Vec::new();
        for call in calls {
            let Some(since) = call.waits_since().filter(|_| self.board.is_up(Some(&call.feed))) else {
                continue;
            };
            waiting.push(WaitingView {
                call: call.id.0.clone(),
                since,
                queue: call.queue.clone(),
                ringing: call.ringing().map(|line| line.0.clone()).collect(),
                caller: self.caller(call, now),
            });
        }
        waiting.sort_by(|one, other| (one.since, &one.call).cmp(&(other.since, &other.call)));
        waiting
    }

    fn missed_since(&self, now: DateTime<Utc>) -> Result<Vec<MissedPerson>, DeskError> {
        self.journal
            .missed_people(now - today::MISSED_FOR)
            .map_err(DeskError::Journal)
    }
}

/// Every queue that somebody waits in or called in vain, with how many of the latter were reached.
fn queues(waiting: &[WaitingView], missed: &[BoardMissedView], reached: &[MissedPerson]) -> Vec<BoardQueueView> {
    let mut queues: BTreeMap<&String, u32> = BTreeMap::new();
    let waiting = waiting.iter().filter_map(|one| one.queue.as_ref());
    for queue in waiting.chain(missed.iter().filter_map(|one| one.queue.as_ref())) {
        queues.entry(queue).or_default();
    }
    for queue in reached.iter().filter_map(|person| person.queue.as_ref()) {
        *queues.entry(queue).or_default() += 1;
    }
    let view = |(queue, reached): (&String, u32)| BoardQueueView {
        queue: queue.clone(),
        reached,
    };
    queues.into_iter().map(view).collect()
}

/// Whoever was found, for somebody who looks at the call from outside. What is covered is not in it.
fn with(found: &Found) -> WithView {
    let customer = found.pop.customer.as_ref();
    WithView {
        name: customer
            .map(|customer| customer.name.clone())
            .or_else(|| found.pop.caller_name.clone()),
        company: customer.and_then(|customer| customer.company.clone()),
        number: found.pop.number.clone(),
        customer: customer.map(|customer| customer.reference.clone()),
        extension: None,
    }
}

/// Whether a task is a callback to a missed caller, who may have called again since it was planned.
fn is_for(task: &Task, missed: &MissedPerson) -> bool {
    let plan = &task.plan;
    let same_person = || match (&plan.customer, &missed.customer) {
        (Some(one), Some(other)) => *one == other.reference,
        _ => plan.number_display == missed.number_display && !plan.number_display.is_empty(),
    };
    plan.kind == TaskKind::Callback && (plan.call.as_ref() == Some(&missed.call) || same_person())
}

fn is_same(with: &WithView, person: &MissedPersonView) -> bool {
    let customer = person.customer.as_ref().map(|customer| &customer.reference);
    let same_customer = with.customer.is_some() && with.customer.as_ref() == customer;
    same_customer || with.number.as_ref() == Some(&person.number)
}

fn callback(missed: MissedPerson, line: Line, due: DateTime<Utc>) -> NewTask {
    let customer = missed.customer;
    NewTask {
        kind: TaskKind::Callback,
        call: Some(missed.call),
        customer_name: customer
            .as_ref()
            .map_or_else(String::new, |one| one.headline().to_owned()),
        customer: customer.map(|customer| customer.reference),
        number_display: missed.number_display,
        text: String::new(),
        line,
        due,
    }
}
