//! What the pages of a supervisor may ask.

use std::sync::Arc;

use chrono::{DateTime, Utc};
use tauri::State;
use tauri::async_runtime::spawn_blocking;

use super::commands::Failure;
use crate::call::{CallId, Line};
use crate::desk::DeskHandle;
use crate::feed::Heard;
use crate::journal::{Act, Doer};
use crate::link::{NoLink, to_log};
use crate::pop::view::{
    AuditRequest, AuditView, BoardView, FeedHeardView, LastHourView, LogChoicesView, LogFilter, LogRowView, Mark,
    ReportRequest, ReportView, StoryView,
};
use crate::review::{PARTS, Part};
use crate::role;
use crate::start::{AuditTrail, CallReport, NoCallReport, NoTrail};

impl From<NoCallReport> for Failure {
    fn from(error: NoCallReport) -> Self {
        Failure::new(error.code(), &error.saying())
    }
}

impl From<NoLink> for Failure {
    fn from(error: NoLink) -> Self {
        Failure::new("no_link", &error.saying())
    }
}

/// Calls that a filter lets through, before the one named or from the newest, the newest first.
#[tauri::command]
pub(super) async fn log_rows(
    filter: LogFilter,
    before: Option<CallId>,
    limit: u32,
    log: State<'_, CallReport>,
    desk: State<'_, DeskHandle>,
) -> Result<Vec<LogRowView>, Failure> {
    desk.may(role::Act::Team).await?;
    let log = log.inner().clone();
    Ok(spawn_blocking(move || log.log(&filter, before.as_ref(), limit, Utc::now())).await??)
}

/// What the filters of the log can choose from.
#[tauri::command]
pub(super) async fn log_choices(
    log: State<'_, CallReport>,
    desk: State<'_, DeskHandle>,
) -> Result<LogChoicesView, Failure> {
    desk.may(role::Act::Team).await?;
    let log = log.inner().clone();
    Ok(spawn_blocking(move || log.log_choices()).await??)
}

/// The link that opens the log with a filter.
#[tauri::command]
#[expect(clippy::needless_pass_by_value, reason = "Tauri gives what it has read")]
pub(super) fn log_link(filter: LogFilter) -> Result<String, Failure> {
    Ok(to_log(&filter)?)
}

/// All that is known of a call.
#[tauri::command]
pub(super) async fn story(call: CallId, desk: State<'_, DeskHandle>) -> Result<StoryView, Failure> {
    Ok(desk.story(call).await?)
}

/// Writes a comment on a call; answers when it is on the disk.
#[tauri::command]
pub(super) async fn comment_call(
    call: CallId,
    text: String,
    desk: State<'_, DeskHandle>,
) -> Result<StoryView, Failure> {
    Ok(desk.comment_call(call, text).await?)
}

/// Marks a call, or takes its mark away; answers when it is on the disk.
#[tauri::command]
pub(super) async fn mark_call(
    call: CallId,
    mark: Option<Mark>,
    desk: State<'_, DeskHandle>,
) -> Result<StoryView, Failure> {
    Ok(desk.mark_call(call, mark).await?)
}

impl From<NoTrail> for Failure {
    fn from(error: NoTrail) -> Self {
        Failure::new(error.code(), &error.saying())
    }
}

/// What a period of calls came to.
#[tauri::command]
pub(super) async fn call_report(
    request: ReportRequest,
    reports: State<'_, CallReport>,
    desk: State<'_, DeskHandle>,
) -> Result<ReportView, Failure> {
    desk.may(role::Act::Team).await?;
    let reports = reports.inner().clone();
    Ok(spawn_blocking(move || reports.make(&request, Utc::now())).await??)
}

/// Writes a list of a report as CSV, or all of it as a workbook, among the downloads, and says where it is. That it is written
/// stands in the audit trail first.
#[tauri::command]
pub(super) async fn export_call_report(
    request: ReportRequest,
    part: Option<Part>,
    reports: State<'_, CallReport>,
    trail: State<'_, AuditTrail>,
    desk: State<'_, DeskHandle>,
) -> Result<String, Failure> {
    let by = desk.may(role::Act::Team).await?;
    let name = PARTS.iter().find(|(one, _)| Some(*one) == part);
    let file = name.map_or("report.xlsx".to_owned(), |(_, name)| format!("{name}.csv"));
    note(&trail, by, Act::ReportExported, file).await?;
    let reports = reports.inner().clone();
    let path = spawn_blocking(move || reports.write(&request, part, Utc::now())).await??;
    Ok(path.display().to_string())
}

/// What every phone does now, who waits, and who called in vain.
#[tauri::command]
pub(super) async fn board(desk: State<'_, DeskHandle>) -> Result<BoardView, Failure> {
    Ok(desk.board().await?)
}

/// Today so far in one queue, or, where `queue` is empty, in any and in none, beside the same weekday a week before.
#[tauri::command]
pub(super) async fn today_so_far(
    queue: String,
    reports: State<'_, CallReport>,
    desk: State<'_, DeskHandle>,
) -> Result<ReportView, Failure> {
    desk.may(role::Act::Team).await?;
    let reports = reports.inner().clone();
    Ok(spawn_blocking(move || reports.today(queue, Utc::now())).await??)
}

/// When each phone system said anything last; those that said nothing yet are absent.
#[tauri::command]
pub(super) async fn feeds_heard(
    heard: State<'_, Heard>,
    desk: State<'_, DeskHandle>,
) -> Result<Vec<FeedHeardView>, Failure> {
    desk.may(role::Act::Team).await?;
    let view = |(feed, at): (Arc<str>, DateTime<Utc>)| FeedHeardView {
        feed: feed.to_string(),
        at,
    };
    Ok(heard.last().into_iter().map(view).collect())
}

/// Who waited in the last hour in one queue, or, where `queue` is empty, in any and in none.
#[tauri::command]
pub(super) async fn last_hour(
    queue: String,
    reports: State<'_, CallReport>,
    desk: State<'_, DeskHandle>,
) -> Result<LastHourView, Failure> {
    let on = desk.callers().await?;
    let reports = reports.inner().clone();
    Ok(spawn_blocking(move || reports.last_hour(&on, &queue, Utc::now())).await??)
}

/// Gives a missed caller to whoever sits at an extension; answers when it is on the disk.
#[tauri::command]
pub(super) async fn give_missed(call: CallId, line: Line, desk: State<'_, DeskHandle>) -> Result<(), Failure> {
    Ok(desk.give_missed(call, line).await?)
}

/// A page of the audit trail.
#[tauri::command]
pub(super) async fn audit_trail(
    request: AuditRequest,
    before: Option<i64>,
    trail: State<'_, AuditTrail>,
    desk: State<'_, DeskHandle>,
) -> Result<AuditView, Failure> {
    desk.may(role::Act::Team).await?;
    let trail = trail.inner().clone();
    Ok(spawn_blocking(move || trail.page(&request, before)).await??)
}

/// Writes every entry of the trail that is asked for as CSV among the downloads, and says where it is.
#[tauri::command]
pub(super) async fn export_audit(
    request: AuditRequest,
    trail: State<'_, AuditTrail>,
    desk: State<'_, DeskHandle>,
) -> Result<String, Failure> {
    let by = desk.may(role::Act::Team).await?;
    let trail = trail.inner().clone().by(by);
    let path = spawn_blocking(move || trail.write(&request, Utc::now())).await??;
    Ok(path.display().to_string())
}

/// Writes down what somebody does; it is on the disk when this answers.
pub(super) async fn note(trail: &AuditTrail, by: Doer, act: Act, detail: String) -> Result<(), Failure> {
    let trail = trail.clone().by(by);
    Ok(spawn_blocking(move || trail.note(act, &detail, None, Utc::now())).await??)
}
