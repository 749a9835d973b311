//! Campaigns: whom to call next, and what came of it. Whoever wants no advertising is never given to be called.

use chrono::{DateTime, Utc};

use super::error::DeskError;
use super::state::Desk;
use crate::journal::{CampaignId, EntryId};
use crate::pop::view::{
    CampaignEntryView, CampaignView, CampaignWorkView, EntryState, NewCampaign, PickedView, TryRequest, TryResult,
};

/// The most characters of a name, and of a goal or a note.
const MOST_NAME: usize = 100;
const MOST_TEXT: usize = 2_000;
/// Most rows of a list in one answer.
const MOST_ROWS: u32 = 500;
/// Most customers of a campaign.
const MOST_ENTRIES: usize = 5_000;

impl Desk {
    pub(super) fn campaigns(&self) -> Result<Vec<CampaignView>, DeskError> {
        self.journal.campaigns().map_err(DeskError::Journal)
    }

    /// Makes a campaign of those who were picked.
    pub(super) fn new_campaign(
        &mut self,
        new: &NewCampaign,
        picked: &[PickedView],
        now: DateTime<Utc>,
    ) -> Result<CampaignView, DeskError> {
        let new = NewCampaign {
            name: checked(&new.name, MOST_NAME)?,
            goal: checked(&new.goal, MOST_TEXT)?,
            target: new.target,
        };
        if new.name.is_empty() {
            return Err(DeskError::NoFilterName);
        }
        if picked.is_empty() || picked.len() > MOST_ENTRIES {
            return Err(DeskError::NobodyPicked);
        }
        let here = self.here();
        let made = self.journal.make_campaign(&new, picked, &here, now);
        self.of_campaign(made.map_err(DeskError::Journal)?)
    }

    /// A part of the list of a campaign.
    pub(super) fn campaign_entries(
        &self,
        id: CampaignId,
        state: Option<EntryState>,
        (offset, limit): (u32, u32),
    ) -> Result<Vec<CampaignEntryView>, DeskError> {
        let part = (offset, limit.min(MOST_ROWS));
        self.journal
            .campaign_entries(id, state, part)
            .map_err(DeskError::Journal)
    }

    /// Whom to call now: `entry` where somebody was chosen, else whoever is next.
    pub(super) fn campaign_work(
        &self,
        id: CampaignId,
        entry: Option<EntryId>,
        now: DateTime<Utc>,
    ) -> Result<CampaignWorkView, DeskError> {
        let campaign = self.of_campaign(id)?;
        let entry = match entry {
            Some(entry) => {
                let found = self.journal.campaign_entry(entry).map_err(DeskError::Journal)?;
                let found = found.filter(|(of, _)| *of == id);
                Some(found.ok_or(DeskError::NoSuchEntry)?.1)
            }
            None if campaign.closed.is_some() => None,
            None => self.journal.next_entry(id, now).map_err(DeskError::Journal)?,
        };
        let tries = match &entry {
            Some(entry) => self
                .journal
                .campaign_tries(EntryId(entry.id))
                .map_err(DeskError::Journal)?,
            None => Vec::new(),
        };
        Ok(CampaignWorkView { campaign, entry, tries })
    }

    /// Keeps what came of an attempt, with the call that was made, and gives whom to call next.
    pub(super) fn campaign_try(
        &mut self,
        entry: EntryId,
        request: &TryRequest,
        now: DateTime<Utc>,
    ) -> Result<CampaignWorkView, DeskError> {
        let request = TryRequest {
            note: checked(&request.note, MOST_TEXT)?,
            ..request.clone()
        };
        if request.result == TryResult::Again && request.next.is_some_and(|next| next <= now) {
            return Err(DeskError::Past);
        }
        let found = self.journal.campaign_entry(entry).map_err(DeskError::Journal)?;
        let (campaign, known) = found.ok_or(DeskError::NoSuchEntry)?;
        if known.state == EntryState::OptedOut {
            return Err(DeskError::WantsNoCalls);
        }
        // what is still on is written first, so that the call is found
        self.keep(now);
        let call = match request.begun {
            Some(begun) => self
                .journal
                .call_since(&known.customer, &known.number, begun)
                .map_err(DeskError::Journal)?,
            None => None,
        };
        let here = self.here();
        let kept = self.journal.put_try(entry, &request, call.as_ref(), &here, now);
        if !kept.map_err(DeskError::Journal)? {
            return Err(DeskError::NoSuchEntry);
        }
        self.panel.log_changed();
        self.campaign_work(campaign, None, now)
    }

    /// Closes a campaign, or opens it again.
    pub(super) fn close_campaign(
        &mut self,
        id: CampaignId,
        closed: bool,
        now: DateTime<Utc>,
    ) -> Result<CampaignView, DeskError> {
        let changed = self.journal.close_campaign(id, closed.then_some(now));
        if !changed.map_err(DeskError::Journal)? {
            return Err(DeskError::NoSuchCampaign);
        }
        self.of_campaign(id)
    }

    fn of_campaign(&self, id: CampaignId) -> Result<CampaignView, DeskError> {
        let found = self.journal.campaign(id).map_err(DeskError::Journal)?;
        found.ok_or(DeskError::NoSuchCampaign)
    }
}

/// A text without what does not belong into one, not too long.
fn checked(text: &str, most: usize) -> Result<String, DeskError> {
    let text = text
        .replace(|c: char| c.is_control() && c != '\n', " ")
        .trim()
        .to_owned();
    match text.chars().count() > most {
        true => Err(DeskError::TextTooLong(most)),
        false => Ok(text),
    }
}
