//! What the pages of campaigns and of a customer's records may ask.

use chrono::Utc;
use tauri::State;
use tauri::async_runtime::spawn_blocking;

use super::commands::Failure;
use crate::customer::CustomerRef;
use crate::desk::DeskHandle;
use crate::directory::DirectoryError;
use crate::journal::{CampaignId, EntryId};
use crate::pop::view::{
    CampaignEntryView, CampaignView, CampaignWorkView, EntryState, NewCampaign, Pick, PickedView, TryRequest,
};
use crate::role::Act;
use crate::start::{self, CallLists, Schedule};
use crate::words::Saying;

impl From<DirectoryError> for Failure {
    fn from(error: DirectoryError) -> Self {
        Failure::new(
            "directory",
            &Saying::of("refused.directory").with_said("why", error.saying()),
        )
    }
}

/// All campaigns.
#[tauri::command]
pub(super) async fn campaigns(desk: State<'_, DeskHandle>) -> Result<Vec<CampaignView>, Failure> {
    Ok(desk.campaigns().await?)
}

/// The names of the tiers.
#[tauri::command]
pub(super) async fn tiers(lists: State<'_, CallLists>, desk: State<'_, DeskHandle>) -> Result<Vec<String>, Failure> {
    desk.may(Act::Work).await?;
    Ok(lists.tiers())
}

/// Whom a campaign would have.
#[tauri::command]
pub(super) async fn pick(
    pick: Pick,
    limit: u32,
    lists: State<'_, CallLists>,
    desk: State<'_, DeskHandle>,
) -> Result<Vec<PickedView>, Failure> {
    desk.may(Act::Team).await?;
    let lists = lists.inner().clone();
    let limit = limit as usize;
    let with_tickets = start::with_tickets(&desk, &pick, limit).await?;
    Ok(spawn_blocking(move || lists.pick(&pick, &with_tickets, limit, Utc::now())).await??)
}

/// Makes a campaign; answers when it is on the disk.
#[tauri::command]
pub(super) async fn new_campaign(
    campaign: NewCampaign,
    picked: Vec<PickedView>,
    desk: State<'_, DeskHandle>,
) -> Result<CampaignView, Failure> {
    Ok(desk.new_campaign(campaign, picked).await?)
}

/// A part of a campaign's list.
#[tauri::command]
pub(super) async fn campaign_entries(
    campaign: CampaignId,
    state: Option<EntryState>,
    offset: u32,
    limit: u32,
    desk: State<'_, DeskHandle>,
) -> Result<Vec<CampaignEntryView>, Failure> {
    Ok(desk.campaign_entries(campaign, state, (offset, limit)).await?)
}

/// Whom to call now.
#[tauri::command]
pub(super) async fn campaign_work(
    campaign: CampaignId,
    entry: Option<EntryId>,
    desk: State<'_, DeskHandle>,
) -> Result<CampaignWorkView, Failure> {
    Ok(desk.campaign_work(campaign, entry).await?)
}

/// What came of an attempt; answers when it is on the disk.
#[tauri::command]
pub(super) async fn campaign_try(
    entry: EntryId,
    attempt: TryRequest,
    desk: State<'_, DeskHandle>,
) -> Result<CampaignWorkView, Failure> {
    Ok(desk.campaign_try(entry, attempt).await?)
}

/// Closes a campaign, or opens it again; answers when it is on the disk.
#[tauri::command]
pub(super) async fn close_campaign(
    campaign: CampaignId,
    closed: bool,
    desk: State<'_, DeskHandle>,
) -> Result<CampaignView, Failure> {
    Ok(desk.close_campaign(campaign, closed).await?)
}

/// Two records are one; answers when that is on the disk, with those that stood apart before.
#[tauri::command]
pub(super) async fn link_records(
    one: String,
    other: String,
    desk: State<'_, DeskHandle>,
    sources: State<'_, Schedule>,
) -> Result<Vec<CustomerRef>, Failure> {
    let apart = desk.link_records(CustomerRef(one), CustomerRef(other)).await?;
    relink(&sources).await?;
    Ok(apart)
}

/// They are not; answers when that is on the disk.
#[tauri::command]
pub(super) async fn undo_link(
    one: String,
    other: String,
    apart: Vec<CustomerRef>,
    desk: State<'_, DeskHandle>,
    sources: State<'_, Schedule>,
) -> Result<(), Failure> {
    desk.undo_link(CustomerRef(one), CustomerRef(other), apart).await?;
    relink(&sources).await
}

/// A record is nobody else; answers when that is on the disk.
#[tauri::command]
pub(super) async fn part_record(
    reference: String,
    desk: State<'_, DeskHandle>,
    sources: State<'_, Schedule>,
) -> Result<(), Failure> {
    desk.part_record(CustomerRef(reference)).await?;
    relink(&sources).await
}

/// The cache follows. Where another run writes to it, that run does it at its end.
async fn relink(sources: &Schedule) -> Result<(), Failure> {
    let sources = sources.clone();
    let linked = spawn_blocking(move || sources.link()).await?;
    if let Err(error) = linked {
        tracing::warn!(%error, "what was said of two records counts from the next run of a source on");
        return Err(Failure::new("linked_later", &Saying::of("merge.later")));
    }
    Ok(())
}
