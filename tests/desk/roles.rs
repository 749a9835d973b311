//! Several people at one desk: who is refused what, who is whose author, and what a wrong PIN costs.

use chrono::{DateTime, TimeDelta, Utc};
use ringside::call::{CallId, Line};
use ringside::desk::{DeskError, DeskHandle, DeskRequest, PageRequest, Reply, Rules, ShowAt, run, ways};
use ringside::journal::{Act, Journal, TaskId, TaskKind, UserId};
use ringside::pop::view::{Role, SessionView, TicketFilter, UserRequest};
use ringside::role;
use tokio::sync::oneshot;

use super::{Seated, TO_THE_END};

const MARIA: [(&str, &str, &str); 1] = [("ALFKI", "Maria Anders", "+1 202 555 0143")];

fn user(name: &str, role: Role, lines: &[&str]) -> UserRequest {
    UserRequest {
        name: name.to_owned(),
        role,
        extensions: lines.iter().map(|line| (*line).to_owned()).collect(),
    }
}

impl Seated {
    fn journal(&self) -> Journal {
        Journal::open(&self.folder.path().join("journal.db"), &self.key).expect("a journal")
    }

    fn at_time<T>(
        &mut self,
        now: DateTime<Utc>,
        request: impl FnOnce(Reply<T>) -> PageRequest,
    ) -> Result<T, DeskError> {
        let (reply, mut answer) = oneshot::channel();
        self.desk.request(DeskRequest::Page(Box::new(request(reply))), now);
        answer.try_recv().expect("answered at once")
    }

    /// Adds somebody whose PIN nobody knows: what is kept of it is nothing.
    fn add(&mut self, user: UserRequest) -> UserId {
        let name = user.name.clone();
        self.page(|reply| PageRequest::AddUser(user, String::new(), reply))
            .expect("added");
        let all = self.journal().users().expect("read");
        all.into_iter().find(|one| one.who.name == name).expect("there").id
    }

    /// Signs somebody in as if the PIN was right.
    fn enters(&mut self, id: UserId) -> SessionView {
        self.page(|reply| PageRequest::EndSignIn(id, true, reply))
            .expect("signed in")
    }

    fn tries(&mut self, name: &str, now: DateTime<Utc>) -> Result<SessionView, DeskError> {
        let attempt = self.at_time(now, |reply| PageRequest::BeginSignIn(name.to_owned(), reply))?;
        self.at_time(now, |reply| PageRequest::EndSignIn(attempt.user, false, reply))
    }
}

/// A shared desk: Ana is the admin, Petr a supervisor, Tea an agent at 102.
fn shared() -> (Seated, [UserId; 3]) {
    let rules = Rules {
        agent: "Marta".to_owned(),
        ..Rules::default()
    };
    let mut seat = Seated::under(rules, &["101"], ShowAt::Ring, &MARIA);
    let ana = seat.add(user("Ana", Role::Admin, &[]));
    let petr = seat.add(user("Petr", Role::Supervisor, &["103"]));
    let tea = seat.add(user("Tea", Role::Agent, &["102"]));
    (seat, [ana, petr, tea])
}

/// Asks a desk that runs, as the windows do.
fn asking<T>(seat: Seated, question: impl AsyncFnOnce(DeskHandle) -> T) -> T {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()
        .expect("a runtime");
    let Seated { desk, folder, .. } = seat;
    let answer = runtime.block_on(async {
        let (_signals, handle, inbox) = ways();
        let running = tokio::spawn(run(desk, inbox));
        let answer = question(handle).await;
        running.await.expect("the desk ends");
        answer
    });
    drop(folder);
    answer
}

fn only<T: std::fmt::Debug>(refused: Result<T, DeskError>, role: Role) {
    let Err(error) = refused else {
        panic!("allowed: {refused:?}");
    };
    assert_eq!(error.code(), "forbidden", "{error}");
    assert!(matches!(error, DeskError::Forbidden(least) if least == role), "{error}");
    let who = if role == Role::Admin {
        "only an admin"
    } else {
        "only a supervisor"
    };
    assert!(error.to_string().starts_with(who), "{error}");
}

fn out<T: std::fmt::Debug>(refused: &Result<T, DeskError>) {
    assert!(matches!(refused, Err(DeskError::SignInFirst)), "{refused:?}");
}

#[test]
fn one_person_alone_is_asked_for_no_pin_and_may_do_everything() {
    asking(Seated::at(&["101"]), async |desk| {
        let session = desk.session().await.expect("a session");
        assert_eq!((session.people.len(), session.signed_in), (0, None));
        desk.board().await.expect("the board");
        desk.users().await.expect("the users");
        desk.may(role::Act::Settings).await.expect("the settings");
        desk.set_lines(vec![Line("102".to_owned())]).await.expect("moved");
    });
}

#[test]
fn an_agent_is_refused_what_only_a_supervisor_or_an_admin_may() {
    let (mut seat, [_, _, tea]) = shared();
    seat.enters(tea);
    asking(seat, async |desk| {
        let (call, line) = (CallId("pbx:1".to_owned()), Line("102".to_owned()));
        only(desk.board().await, Role::Supervisor);
        only(desk.give_missed(call, line.clone()).await, Role::Supervisor);
        only(desk.may(role::Act::Team).await, Role::Supervisor);
        only(desk.may(role::Act::Settings).await, Role::Admin);
        only(desk.set_lines(vec![line]).await, Role::Admin);
        only(desk.users().await, Role::Admin);
        let eve = user("Eve", Role::Admin, &[]);
        only(desk.add_user(eve.clone(), "4711".to_owned()).await, Role::Admin);
        only(desk.change_user(tea, eve).await, Role::Admin);
        only(desk.set_pin(tea, "4711".to_owned()).await, Role::Admin);
        only(desk.remove_user(tea).await, Role::Admin);
        desk.today().await.expect("her day");
        desk.tickets(TicketFilter::default(), None, 50)
            .await
            .expect("the tickets");
    });
}

#[test]
fn a_supervisor_sees_the_team_and_sets_nothing_up() {
    let (mut seat, [_, petr, _]) = shared();
    seat.enters(petr);
    asking(seat, async |desk| {
        desk.board().await.expect("the board");
        desk.may(role::Act::Team).await.expect("the reports");
        only(desk.users().await, Role::Admin);
        only(desk.may(role::Act::Settings).await, Role::Admin);
    });
}

#[test]
fn while_nobody_is_signed_in_calls_pop_and_are_noted_and_no_page_opens() {
    let (mut seat, _) = shared();
    seat.play("in_answered", 2.0);
    assert_eq!(seat.came_up(), 1, "the phone asks for no PIN");
    let call = CallId(seat.card().call);
    asking(seat, async |desk| {
        desk.panel().await.expect("the panel");
        desk.save_note(call.clone(), "rang about the lorry".to_owned())
            .await
            .expect("noted");
        out(&desk.today().await);
        out(&desk.call_log(None, 10).await);
        out(&desk.board().await);
        out(&desk.users().await);
        out(&desk.uncover(call).await);
        out(&desk.search_customers("maria".to_owned()).await);
        out(&desk.add_user(user("Eve", Role::Admin, &[]), "4711".to_owned()).await);
    });
}

#[test]
fn the_right_pin_signs_in_and_the_wrong_one_does_not() {
    asking(Seated::at(&["101"]), async |desk| {
        desk.add_user(user("Ana", Role::Admin, &["104"]), "4711".to_owned())
            .await
            .expect("added");
        out(&desk.users().await);
        let wrong = desk.sign_in("Ana".to_owned(), "4712".to_owned()).await;
        assert!(matches!(wrong, Err(DeskError::WrongPin)), "{wrong:?}");
        for hostile in ["", "4711 ", "' OR 1=1 --", "99999999999999999999"] {
            let wrong = desk.sign_in("Ana".to_owned(), hostile.to_owned()).await;
            assert!(wrong.is_err(), "{hostile}: {wrong:?}");
        }
        // the fifth wrong one began a pause, and even the right one has to wait for its end
        let waits = desk.sign_in("Ana".to_owned(), "4711".to_owned()).await;
        assert!(matches!(waits, Err(DeskError::Waits(1..=31))), "{waits:?}");
        let nobody = desk.sign_in("Eve".to_owned(), "4711".to_owned()).await;
        assert!(matches!(nobody, Err(DeskError::NoSuchUser)), "{nobody:?}");
    });
}

#[test]
fn whoever_signs_in_has_the_desk_by_name_and_extension_until_signing_out() {
    asking(Seated::at(&["101"]), async |desk| {
        let ana = user("Ana", Role::Admin, &["104"]);
        desk.add_user(ana, "4711".to_owned()).await.expect("added");
        let session = desk.sign_in("Ana".to_owned(), "4711".to_owned()).await.expect("in");
        assert_eq!(session.signed_in.map(|one| one.name).as_deref(), Some("Ana"));
        assert_eq!(desk.lines().await.expect("lines"), [Line("104".to_owned())]);
        let bad = desk.add_user(user("Tea", Role::Agent, &[]), "12".to_owned()).await;
        assert!(matches!(bad, Err(DeskError::BadPin)), "{bad:?}");
        let bad = desk
            .add_user(user("Tea", Role::Agent, &["1 2"]), "4712".to_owned())
            .await;
        assert!(matches!(bad, Err(DeskError::BadExtension(_))), "{bad:?}");
        desk.lock().await.expect("locked");
        out(&desk.users().await);
        assert_eq!(
            desk.lines().await.expect("lines"),
            [Line("104".to_owned())],
            "calls still pop for her"
        );
        desk.sign_in("Ana".to_owned(), "4711".to_owned()).await.expect("back");
        desk.users().await.expect("hers again");
        desk.sign_out().await.expect("out");
        out(&desk.users().await);
        assert_eq!(desk.lines().await.expect("lines"), [Line("101".to_owned())]);
    });
}

#[test]
fn five_wrong_pins_cost_half_a_minute_also_after_a_restart() {
    let (mut seat, _) = shared();
    let now = seat.now;
    for _ in 0..4 {
        assert!(matches!(seat.tries("Tea", now), Err(DeskError::WrongPin)));
    }
    assert!(matches!(seat.tries("Tea", now), Err(DeskError::Waits(30))));
    let mut seat = seat.started_again();
    let soon = now + TimeDelta::seconds(10);
    assert!(matches!(seat.tries("Tea", soon), Err(DeskError::Waits(21))));
    let trail = seat.journal().audit_trail(10).expect("read");
    let refused = trail.iter().filter(|entry| entry.act == Act::SignInRefused);
    let names: Vec<&str> = refused.map(|entry| entry.agent.as_str()).collect();
    assert_eq!(names, ["Tea"; 6]);
}

#[test]
fn what_is_uncovered_is_uncovered_by_whoever_is_signed_in() {
    let rules = Rules {
        cover: ringside::pop::Cover::Always,
        agent: "Marta".to_owned(),
        ..Rules::default()
    };
    let mut seat = Seated::under(rules, &["101"], ShowAt::Ring, &MARIA);
    let ana = seat.add(user("Ana", Role::Admin, &["101"]));
    seat.enters(ana);
    seat.play("in_answered", 2.0);
    let call = CallId(seat.card().call);
    seat.ask(|reply| DeskRequest::Uncover(call, reply)).expect("uncovered");
    let trail = seat.journal().audit_trail(10).expect("read");
    let done: Vec<(Act, &str)> = trail.iter().map(|one| (one.act, one.agent.as_str())).collect();
    assert_eq!(
        done,
        [
            (Act::Uncovered, "Ana"),
            (Act::SignedIn, "Ana"),
            (Act::UserAdded, "Marta")
        ]
    );
}

#[test]
fn an_agent_sees_own_calls_alone_and_a_supervisor_all() {
    let (mut seat, [_, petr, tea]) = shared();
    // 101 talks, and then nobody answers at 101
    seat.play("in_answered", TO_THE_END);
    seat.now += TimeDelta::minutes(2);
    seat.play("queue_abandoned", TO_THE_END);
    seat.enters(petr);
    let all = seat.log();
    assert_eq!(all.len(), 2);
    seat.enters(tea);
    let hers = seat.log();
    let rang: Vec<&[String]> = hers.iter().map(|row| row.rang.as_slice()).collect();
    assert_eq!(rang, [["101", "102"]], "the queue rang at 102 too");
    let others = all.iter().find(|row| row.call != hers[0].call).expect("the other");
    let other = CallId(others.call.clone());
    let note = seat.ask(|reply| DeskRequest::SaveNote(other.clone(), "mine?".to_owned(), reply));
    assert!(matches!(note, Err(DeskError::NoSuchCall)), "{note:?}");
    let why = seat.ask(|reply| DeskRequest::Why(other, reply));
    assert!(matches!(why, Err(DeskError::NoSuchCall)), "{why:?}");
}

#[test]
fn an_agents_day_has_her_own_promises_and_the_missed_callers_that_are_hers() {
    let (mut seat, [_, petr, tea]) = shared();
    seat.play("in_missed", TO_THE_END);
    seat.enters(tea);
    let day = seat.today();
    assert_eq!((day.tasks.len(), day.missed.len()), (0, 0), "it rang at 101");
    seat.enters(petr);
    let call = CallId(seat.today().missed[0].call.clone());
    let to = |line: &str| Line(line.to_owned());
    let given = call.clone();
    seat.page(|reply| PageRequest::GiveMissed(given, to("102"), reply))
        .expect("given");
    let task = TaskId(seat.today().tasks[0].id);
    seat.enters(tea);
    let day = seat.today();
    assert_eq!((day.tasks[0].todo, day.missed.len()), (TaskKind::Callback, 1));
    assert_eq!(
        day.missed[0].given.as_ref().and_then(|given| given.name.as_deref()),
        Some("Tea")
    );
    seat.enters(petr);
    seat.page(|reply| PageRequest::GiveMissed(call, to("103"), reply))
        .expect("given on");
    seat.enters(tea);
    assert_eq!(seat.today().tasks, []);
    let finished = seat.ask(|reply| DeskRequest::FinishTask(task, true, reply));
    assert!(matches!(finished, Err(DeskError::NoSuchTask)), "{finished:?}");
}

#[test]
fn whom_the_command_line_removed_is_signed_in_no_longer() {
    let (mut seat, [_, _, tea]) = shared();
    seat.enters(tea);
    seat.journal().remove_user(tea).expect("removed");
    asking(seat, async |desk| {
        out(&desk.today().await);
        assert_eq!(desk.session().await.expect("a session").signed_in, None);
    });
}
