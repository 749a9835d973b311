//! What the page of the day may ask.

use tauri::State;

use super::commands::Failure;
use crate::call::CallId;
use crate::desk::DeskHandle;
use crate::journal::TaskId;
use crate::pop::view::TodayView;

/// What was promised, who is to be rung back, and what was done today.
#[tauri::command]
pub(super) async fn today(desk: State<'_, DeskHandle>) -> Result<TodayView, Failure> {
    Ok(desk.today().await?)
}

/// The caller of a missed call need not be rung back, or must be after all; answers when it is on the disk.
#[tauri::command]
pub(super) async fn close_missed(call: CallId, closed: bool, desk: State<'_, DeskHandle>) -> Result<(), Failure> {
    Ok(desk.close_missed(call, closed).await?)
}

/// A task comes again in a while; answers when it is on the disk.
#[tauri::command]
pub(super) async fn snooze_task(task: TaskId, desk: State<'_, DeskHandle>) -> Result<(), Failure> {
    Ok(desk.snooze_task(task).await?)
}
