//! What a person asks, handed to what does it.

use chrono::{DateTime, Utc};

use super::error::DeskError;
use super::request::{Asked as Request, DeskRequest, Reply};
use super::state::Desk;
use super::why::Asked;
use crate::call::CallId;
use crate::pop::view::WhyView;

impl Desk {
    /// [`Desk::request`], for those who may: whoever asks and may not is told who may.
    pub(super) fn asked(&mut self, asked: Request, now: DateTime<Utc>) {
        let Request { request, refusal } = asked;
        match self.allows(request.act()) {
            Ok(()) => self.request(request, now),
            // whoever asked may be gone: then nobody waits for the answer
            Err(error) => drop(refusal.send(error)),
        }
    }

    /// Does what a person asks and answers.
    pub fn request(&mut self, request: DeskRequest, now: DateTime<Utc>) {
        // whoever asked may be gone: then nobody waits for the answer
        match request {
            DeskRequest::Panel(reply) => drop(reply.send(Ok(self.board.view()))),
            DeskRequest::SaveNote(call, text, reply) => drop(reply.send(self.save_note(&call, &text, now))),
            DeskRequest::CloseCard(call, reply) => {
                if self.board.close(&call) {
                    self.settle(&call, now);
                    self.wrapped([call], now);
                }
                self.panel.log_changed();
                self.tell_panel();
                drop(reply.send(Ok(())));
            }
            DeskRequest::DismissMissed(call, reply) => {
                self.board.dismiss(&call);
                self.tell_panel();
                drop(reply.send(Ok(())));
            }
            DeskRequest::ChooseCustomer(call, customer, reply) => {
                drop(reply.send(self.choose(&call, &customer, now)));
            }
            DeskRequest::Uncover(call, reply) => drop(reply.send(self.uncover(&call, now))),
            DeskRequest::StayOpen(call, reply) => drop(reply.send(self.stay_open(&call))),
            DeskRequest::HandedNote(call, note, reply) => drop(reply.send(self.take_handed_note(&call, &note))),
            DeskRequest::SetDisposition(call, code, reply) => {
                drop(reply.send(self.set_disposition(&call, code, now)));
            }
            DeskRequest::PlanTask(call, todo, reply) => drop(reply.send(self.plan(&call, &todo, now))),
            DeskRequest::FinishTask(task, done, reply) => drop(reply.send(self.finish_task(task, done, now))),
            DeskRequest::DropTask(task, reply) => drop(reply.send(self.drop_task(task))),
            DeskRequest::OpenTicket(call, request, reply) => drop(reply.send(self.open_ticket(&call, &request, now))),
            DeskRequest::MoveTicket(ticket, to, reply) => drop(reply.send(self.move_ticket(ticket, to, now))),
            DeskRequest::AnswerOffer(call, product, answer, reply) => {
                drop(reply.send(self.answer_offer(&call, &product, answer, now)));
            }
            DeskRequest::Drafting(call, drafting, reply) => drop(reply.send(self.drafting(&call, drafting))),
            DeskRequest::LinkCustomer(call, customer, reply) => {
                drop(reply.send(self.link(&call, &customer, now)));
            }
            DeskRequest::CreateCustomer(call, new, number, reply) => {
                drop(reply.send(self.create(&call, &new, &number, now)));
            }
            DeskRequest::TakeBack(call, reply) => drop(reply.send(self.take_back(&call, now))),
            DeskRequest::SearchCustomers(typed, reply) => drop(reply.send(self.search(&typed))),
            DeskRequest::CallLog(before, limit, reply) => drop(reply.send(self.call_log(before.as_ref(), limit, now))),
            DeskRequest::Page(request) => self.page(*request, now),
            DeskRequest::Review(request) => self.review(request, now),
            DeskRequest::Why(call, reply) => self.why(call, reply, now),
            DeskRequest::Lines(reply) => drop(reply.send(Ok(self.lines.clone()))),
            DeskRequest::SetLines(lines, reply) => drop(reply.send(self.set_lines(lines, now))),
            DeskRequest::WhoIs(feed, party, reply) => drop(reply.send(self.who_is(&feed, &party, now))),
            DeskRequest::SetQuiet(wish, reply) => drop(reply.send(self.set_quiet(wish, now))),
            DeskRequest::SnoozeMissed(call, reply) => drop(reply.send(self.snooze_missed(call, now))),
            DeskRequest::SnoozeTask(task, reply) => drop(reply.send(self.snooze_task(task, now))),
            DeskRequest::May(act, reply) => drop(reply.send(self.allows(act).map(|()| self.doer()))),
            DeskRequest::Brought(reply) => {
                self.board.brought();
                drop(reply.send(Ok(())));
            }
        }
        self.look_ahead();
    }

    /// The keeper answers, so that the desk does not wait for the disk.
    fn why(&mut self, call: CallId, reply: Reply<WhyView>, now: DateTime<Utc>) {
        self.keep(now);
        let own = self.own(&call);
        let logged = match own.and_then(|()| self.journal.call(&call).map_err(DeskError::Journal)) {
            Ok(logged) => logged,
            Err(error) => return drop(reply.send(Err(error))),
        };
        let asked = Asked {
            call: Some(call),
            logged,
            lines: self.lines.clone(),
            at: now,
        };
        match self.tracing.keeper() {
            Some(keeper) => keeper.ask(asked, reply),
            None => drop(reply.send(Err(DeskError::NoTraces))),
        }
    }
}
