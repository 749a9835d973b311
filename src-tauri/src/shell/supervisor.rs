//! What the pages of a supervisor may ask.

use chrono::Utc;
use tauri::State;
use tauri::async_runtime::spawn_blocking;

use super::commands::Failure;
use crate::call::{CallId, Line};
use crate::desk::DeskHandle;
use crate::pop::view::{BoardView, ReportRequest, ReportView};
use crate::review::Part;
use crate::role::Act;
use crate::start::{CallReport, NoCallReport};

impl From<NoCallReport> for Failure {
    fn from(error: NoCallReport) -> Self {
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
    desk.may(Act::Team).await?;
    let reports = reports.inner().clone();
    Ok(spawn_blocking(move || reports.make(&request, Utc::now())).await??)
}

/// Writes a list of a report as CSV, or all of it as a workbook, among the downloads, and says where it is.
#[tauri::command]
pub(super) async fn export_call_report(
    request: ReportRequest,
    part: Option<Part>,
    reports: State<'_, CallReport>,
    desk: State<'_, DeskHandle>,
) -> Result<String, Failure> {
    desk.may(Act::Team).await?;
    let reports = reports.inner().clone();
    let path = spawn_blocking(move || reports.write(&request, part, Utc::now())).await??;
    Ok(path.display().to_string())
}

/// What every phone does now, who waits, and who called in vain.
#[tauri::command]
pub(super) async fn board(desk: State<'_, DeskHandle>) -> Result<BoardView, Failure> {
    Ok(desk.board().await?)
}

/// Gives a missed caller to whoever sits at an extension; answers when it is on the disk.
#[tauri::command]
pub(super) async fn give_missed(call: CallId, line: Line, desk: State<'_, DeskHandle>) -> Result<(), Failure> {
    Ok(desk.give_missed(call, line).await?)
}
