//! What each request does, for [`role`](crate::role) to say who may: a new request has to choose.

use super::error::DeskError;
use super::pages::PageRequest;
use super::request::DeskRequest;
use super::state::Desk;
use crate::call::CallId;
use crate::journal::{CallRecord, TaskId};
use crate::role::{Act, Refused, Standing};

impl DeskRequest {
    /// What it does, as far as it matters who asks.
    #[must_use]
    pub fn act(&self) -> Act {
        match self {
            DeskRequest::Panel(..)
            | DeskRequest::SaveNote(..)
            | DeskRequest::CloseCard(..)
            | DeskRequest::DismissMissed(..)
            | DeskRequest::ChooseCustomer(..)
            | DeskRequest::StayOpen(..)
            | DeskRequest::Drafting(..)
            | DeskRequest::SetDisposition(..)
            | DeskRequest::PlanTask(..)
            | DeskRequest::OpenTicket(..)
            | DeskRequest::AnswerOffer(..)
            | DeskRequest::HandedNote(..)
            | DeskRequest::TakeBack(..)
            | DeskRequest::Lines(..)
            | DeskRequest::SetQuiet(..)
            | DeskRequest::SnoozeMissed(..)
            | DeskRequest::Brought(..) => Act::Phone,
            DeskRequest::Uncover(..)
            | DeskRequest::FinishTask(..)
            | DeskRequest::DropTask(..)
            | DeskRequest::SnoozeTask(..)
            | DeskRequest::MoveTicket(..)
            | DeskRequest::LinkCustomer(..)
            | DeskRequest::CreateCustomer(..)
            | DeskRequest::SearchCustomers(..)
            | DeskRequest::CallLog(..)
            | DeskRequest::Why(..) => Act::Work,
            DeskRequest::SetLines(..) | DeskRequest::WhoIs(..) => Act::Settings,
            DeskRequest::Review(..) => Act::Team,
            DeskRequest::May(act, _) => *act,
            DeskRequest::Page(page) => page.act(),
        }
    }
}

impl PageRequest {
    /// What it does, as far as it matters who asks.
    #[must_use]
    pub fn act(&self) -> Act {
        match self {
            PageRequest::Session(..)
            | PageRequest::BeginSignIn(..)
            | PageRequest::EndSignIn(..)
            | PageRequest::SignOut(..)
            | PageRequest::Lock(..) => Act::SignIn,
            PageRequest::Today(..)
            | PageRequest::CloseMissed(..)
            | PageRequest::Tickets(..)
            | PageRequest::Ticket(..)
            | PageRequest::ChangeTicket(..)
            | PageRequest::NewTicket(..)
            | PageRequest::Search(..)
            | PageRequest::Customer(..)
            | PageRequest::History(..)
            | PageRequest::Orders(..)
            | PageRequest::AddContact(..)
            | PageRequest::DropContact(..)
            | PageRequest::PlanFor(..)
            | PageRequest::Campaigns(..)
            | PageRequest::CampaignEntries(..)
            | PageRequest::CampaignWork(..)
            | PageRequest::CampaignTry(..)
            | PageRequest::LinkRecords(..)
            | PageRequest::UndoLink(..)
            | PageRequest::PartRecord(..)
            | PageRequest::Filters(..)
            | PageRequest::KeepFilter(..) => Act::Work,
            PageRequest::Board(..)
            | PageRequest::Callers(..)
            | PageRequest::GiveMissed(..)
            | PageRequest::NewCampaign(..)
            | PageRequest::CloseCampaign(..) => Act::Team,
            PageRequest::Pretend(..) => Act::Settings,
            PageRequest::Users(..)
            | PageRequest::AddUser(..)
            | PageRequest::ChangeUser(..)
            | PageRequest::SetPin(..)
            | PageRequest::RemoveUser(..) => Act::Users,
        }
    }
}

impl Desk {
    /// Whether whoever sits here may do it.
    pub(super) fn allows(&mut self, act: Act) -> Result<(), DeskError> {
        if crate::role::least(act).is_none() {
            return Ok(());
        }
        self.standing()?.allows(act).map_err(|refused| match refused {
            Refused::SignInFirst => DeskError::SignInFirst,
            Refused::Only(role) => DeskError::Forbidden(role),
        })
    }

    /// Whether only calls at my own extensions are to be seen.
    pub(super) fn sees_own_alone(&mut self) -> Result<bool, DeskError> {
        self.standing().map(Standing::sees_own_alone)
    }

    /// Refuses a call that whoever sits here may not see, as if it was not there.
    pub(super) fn own(&mut self, id: &CallId) -> Result<(), DeskError> {
        if self.board.has(id) || !self.sees_own_alone()? {
            return Ok(());
        }
        let logged = self.journal.call(id).map_err(DeskError::Journal)?;
        match logged {
            Some(logged) if !self.is_mine(&logged.call) => Err(DeskError::NoSuchCall),
            _ => Ok(()),
        }
    }

    /// Whether one of my extensions took part.
    pub(super) fn is_mine(&self, call: &CallRecord) -> bool {
        call.lines.iter().any(|line| self.lines.contains(&line.line))
    }

    /// Refuses a task of somebody else to whoever sees only their own, as if it was not there.
    pub(super) fn own_task(&mut self, id: TaskId) -> Result<(), DeskError> {
        if !self.sees_own_alone()? {
            return Ok(());
        }
        let task = self.journal.task(id).map_err(DeskError::Journal)?;
        match task {
            Some(task) if !self.lines.contains(&task.plan.line) => Err(DeskError::NoSuchTask),
            _ => Ok(()),
        }
    }
}
