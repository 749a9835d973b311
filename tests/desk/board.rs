//! The live board, from recorded calls: what every phone does at each moment, who waits, and to whom missed callers are given.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use ringside::call::{CallId, Line};
use ringside::desk::{DeskError, DeskRequest, PageRequest, QuietFor, Rules, ShowAt, ToDo};
use ringside::feed::Signal;
use ringside::journal::{TaskId, TaskKind};
use ringside::pop::view::{AgentState, AgentView, BoardView};
use ringside::words::Saying;

use super::{Seated, TO_THE_END, recorded};

impl Seated {
    fn board(&mut self) -> BoardView {
        self.page(PageRequest::Board).expect("a board")
    }

    fn up(&mut self) {
        let now = self.now;
        self.signal(Signal::Up { caveat: None }, now);
    }

    fn give(&mut self, call: &str, line: &str) -> Result<(), DeskError> {
        let (call, line) = (CallId(call.to_owned()), Line(line.to_owned()));
        self.page(|reply| PageRequest::GiveMissed(call, line, reply))
    }

    fn agent(&mut self, line: &str) -> AgentView {
        let agents = self.board().agents;
        let agent = agents.into_iter().find(|agent| agent.extension == line);
        agent.expect("on the board")
    }

    /// What the board says while a recording goes on: every change of it once.
    fn watch(&mut self, recording: &str) -> Vec<String> {
        let mut told = Vec::new();
        for (since, event) in recorded(recording) {
            let at = self.now + since;
            self.signal(Signal::Event(event), at);
            let now = said(&self.board());
            if told.last() != Some(&now) {
                told.push(now);
            }
        }
        told
    }
}

/// The busy phones with whom, and who waits.
fn said(board: &BoardView) -> String {
    let busy = board
        .agents
        .iter()
        .filter(|agent| agent.state < AgentState::DoNotDisturb);
    let busy = busy.map(|agent| {
        let with = agent.with.clone().unwrap_or_default();
        let with = with.extension.or(with.name).or(with.number).unwrap_or_default();
        format!("{} {:?} {with}", agent.extension, agent.state)
    });
    let waiting = board.waiting.iter().map(|one| {
        let queue = one.queue.as_deref().unwrap_or("no queue");
        format!("{} waits in {queue}", one.caller.name.as_deref().unwrap_or("somebody"))
    });
    busy.chain(waiting).collect::<Vec<_>>().join(", ")
}

fn named() -> Rules {
    let name = |line: &str, name: &str| (Line(line.to_owned()), name.to_owned());
    Rules {
        agent: "Marta".to_owned(),
        colleagues: BTreeMap::from([name("102", "Tea"), name("103", "Petr")]),
        ..Rules::default()
    }
}

fn supervised() -> Seated {
    let maria = [("ALFKI", "Maria Anders", "+1 202 555 0143")];
    let mut seat = Seated::under(named(), &["109"], ShowAt::Ring, &maria);
    seat.up();
    seat
}

#[test]
fn a_caller_waits_in_the_queue_until_one_of_the_phones_that_ring_is_taken() {
    let mut seat = supervised();
    assert_eq!(
        seat.watch("queue_one_answers"),
        [
            "",
            "Maria Anders waits in support",
            "101 Ringing Maria Anders, Maria Anders waits in support",
            "102 Ringing Maria Anders, 101 Ringing Maria Anders, Maria Anders waits in support",
            "101 Ringing Maria Anders, Maria Anders waits in support",
            "101 Ringing Maria Anders",
            "101 Talking Maria Anders",
            "",
        ]
    );
    let free = seat.agent("101");
    assert_eq!((free.state, free.with), (AgentState::Free, None));
    assert!(
        free.since.is_some_and(|since| since > seat.now),
        "free since the end of its call"
    );
}

#[test]
fn who_gives_up_waits_no_longer_and_is_to_be_rung_back() {
    let mut seat = supervised();
    seat.play("queue_abandoned", TO_THE_END);
    let board = seat.board();
    assert_eq!((board.waiting.len(), board.missed.len(), board.reached), (0, 1, 0));
    let customer = board.missed[0].person.customer.as_ref();
    assert_eq!(customer.map(|customer| customer.name.as_str()), Some("Maria Anders"));
}

#[test]
fn a_call_on_hold_is_said_to_be_and_counts_from_the_hold() {
    let mut seat = supervised();
    let told = seat.watch("hold");
    let with = |state: &str| format!("101 {state} Maria Anders");
    let place = |state: &str| told.iter().position(|one| *one == with(state));
    let order = [place("Talking"), place("Held")];
    assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{told:?}");
}

#[test]
fn colleagues_who_ask_each_other_are_seen_with_each_other_and_then_with_the_caller() {
    let mut seat = supervised();
    let told = seat.watch("transfer_attended");
    let place = |wanted: &str| told.iter().position(|one| one.contains(wanted));
    let order = [
        place("101 Talking Maria Anders"),
        place("102 Ringing 101"),
        place("102 Talking 101"),
        place("102 Talking Maria Anders"),
    ];
    assert!(order.iter().all(Option::is_some) && order.is_sorted(), "{told:#?}");
    assert_eq!(told.last().map(String::as_str), Some(""));
}

#[test]
fn whoever_has_a_name_is_on_the_board_and_unknown_until_the_phone_is_heard_of() {
    let mut seat = supervised();
    let known = |seat: &mut Seated| {
        let agents = seat.board().agents.into_iter();
        agents
            .map(|agent| (agent.extension, agent.name, agent.state))
            .collect::<Vec<_>>()
    };
    let of = |line: &str, name: Option<&str>, state| (line.to_owned(), name.map(str::to_owned), state);
    let (unknown, free) = (AgentState::Unknown, AgentState::Free);
    let silent = [
        of("109", Some("Marta"), unknown),
        of("103", Some("Petr"), unknown),
        of("102", Some("Tea"), unknown),
    ];
    assert_eq!(known(&mut seat), silent);
    seat.play("in_answered", TO_THE_END);
    assert_eq!(known(&mut seat)[0], of("101", None, free));
}

#[test]
fn while_the_phone_system_cannot_be_heard_nothing_is_guessed() {
    let mut seat = supervised();
    seat.play("in_answered", 2.0);
    assert_eq!(seat.agent("101").state, AgentState::Talking);
    let at = seat.now + TimeDelta::seconds(3);
    seat.signal(Signal::Lost(Saying::quoted("the line is cut")), at);
    let agent = seat.agent("101");
    assert_eq!(
        (agent.state, agent.since, agent.with),
        (AgentState::Unknown, None, None)
    );
}

#[test]
fn wrap_up_and_do_not_disturb_are_known_of_my_own_phones() {
    let mut seat = Seated::under(
        named(),
        &["101"],
        ShowAt::Ring,
        &[("ALFKI", "Maria Anders", "+1 202 555 0143")],
    );
    seat.up();
    seat.play("in_answered", TO_THE_END);
    let mine = seat.agent("101");
    assert_eq!(mine.state, AgentState::WrapUp);
    assert_eq!(mine.with.and_then(|with| with.name).as_deref(), Some("Maria Anders"));
    let call = CallId(seat.card().call);
    seat.ask(|reply| DeskRequest::CloseCard(call, reply)).expect("closed");
    assert_eq!(seat.agent("101").state, AgentState::Free);
    seat.ask(|reply| DeskRequest::SetQuiet(Some(QuietFor::Ever), reply))
        .expect("quiet");
    let mine = seat.agent("101");
    assert_eq!(mine.state, AgentState::DoNotDisturb);
    assert!(mine.since.is_some());
}

#[test]
fn a_missed_caller_who_is_given_to_an_agent_stands_in_that_agents_day() {
    let mut seat = supervised();
    seat.play("in_missed", TO_THE_END);
    let call = seat.board().missed[0].person.call.clone();
    seat.give(&call, "102").expect("given");
    let given = seat.board().missed[0].person.given.clone().expect("given");
    assert_eq!((given.line.as_str(), given.name.as_deref()), ("102", Some("Tea")));
    seat.ask(|reply| DeskRequest::SetLines(vec![Line("102".to_owned())], reply))
        .expect("Tea sits here now");
    let day = seat.today();
    let task = &day.tasks[0];
    assert_eq!(
        (task.todo, task.mine, task.line.as_str()),
        (TaskKind::Callback, true, "102")
    );
    assert_eq!(
        task.customer.as_ref().map(|customer| customer.name.as_str()),
        Some("Maria Anders")
    );
    assert_eq!(day.missed[0].given.as_ref(), Some(&given), "the day says so too");
    let task = TaskId(task.id);
    seat.ask(|reply| DeskRequest::FinishTask(task, true, reply))
        .expect("done");
    assert_eq!(seat.board().missed[0].person.given, None, "and nobody reached them yet");
}

#[test]
fn who_is_given_to_another_is_the_firsts_no_longer() {
    let mut seat = supervised();
    seat.play("in_missed", TO_THE_END);
    let call = seat.board().missed[0].person.call.clone();
    seat.give(&call, "102").expect("given");
    seat.give(&call, "103").expect("given on");
    let tasks = seat.today().tasks;
    let lines: Vec<&str> = tasks.iter().map(|task| task.line.as_str()).collect();
    assert_eq!(lines, ["103"]);
}

#[test]
fn what_was_promised_in_a_talk_stays_whose_it_is_and_who_was_given_stays_so_when_calling_again() {
    let maria = [("ALFKI", "Maria Anders", "+1 202 555 0143")];
    let mut seat = Seated::under(named(), &["101"], ShowAt::Ring, &maria);
    seat.up();
    seat.play("in_answered", 2.0);
    let talk = CallId(seat.card().call);
    let todo = ToDo {
        kind: TaskKind::Callback,
        due: seat.now + TimeDelta::days(1),
        text: "Tell the price".to_owned(),
    };
    seat.ask(|reply| DeskRequest::PlanTask(talk, todo, reply))
        .expect("promised");
    seat.play("in_answered", TO_THE_END);
    seat.now += TimeDelta::minutes(2);
    seat.play("in_missed", TO_THE_END);
    let missed = seat.board().missed[0].person.clone();
    assert_eq!(missed.given, None, "the promise is another matter");
    seat.give(&missed.call, "102").expect("given");
    let whose = |seat: &mut Seated| {
        let tasks = seat.today().tasks.into_iter();
        tasks.map(|task| (task.line, task.text)).collect::<Vec<_>>()
    };
    let of = |line: &str, text: &str| (line.to_owned(), text.to_owned());
    let both = [of("102", ""), of("101", "Tell the price")];
    assert_eq!(whose(&mut seat), both);
    seat.now += TimeDelta::minutes(2);
    seat.play("queue_abandoned", TO_THE_END);
    let again = seat.board().missed[0].person.clone();
    assert_ne!(again.call, missed.call, "they called once more");
    assert_eq!(again.given.map(|given| given.line).as_deref(), Some("102"));
    assert_eq!(whose(&mut seat), both);
}

#[test]
fn nobody_is_given_to_a_phone_of_nobody_nor_one_who_was_reached() {
    let mut seat = supervised();
    seat.play("in_missed", TO_THE_END);
    let call = seat.board().missed[0].person.call.clone();
    for strange in ["", "999", "102 ", "1'; DROP TABLE tasks; --"] {
        let refused = seat.give(&call, strange);
        assert!(
            matches!(&refused, Err(DeskError::NoSuchAgent(line)) if line == strange),
            "{refused:?}"
        );
    }
    let refused = seat.give("asterisk:never", "102");
    assert!(matches!(refused, Err(DeskError::NotMissed)), "{refused:?}");
    let closed = CallId(call.clone());
    seat.page(|reply| PageRequest::CloseMissed(closed, true, reply))
        .expect("closed");
    assert!(matches!(seat.give(&call, "102"), Err(DeskError::NotMissed)));
    assert_eq!(seat.today().tasks, []);
}

#[test]
fn phones_that_were_heard_of_before_a_restart_are_on_the_board_after_it() {
    let mut seat = supervised();
    seat.play("in_answered", TO_THE_END);
    let mut seat = seat.started_again();
    seat.up();
    let agent = seat.agent("101");
    assert_eq!(agent.state, AgentState::Free);
    assert!(agent.since.is_some(), "free since it last talked");
}
