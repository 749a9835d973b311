//! What the panel may ask of what comes of a call: disposition, promises, tickets, answers to suggestions.

#![expect(
    clippy::needless_pass_by_value,
    reason = "Tauri hands a command its arguments by value"
)]

use chrono::Local;
use tauri::State;

use super::commands::Failure;
use crate::call::CallId;
use crate::config::Language;
use crate::desk::{self, DeskHandle, TicketRequest, ToDo};
use crate::journal::{OfferAnswer, TaskId, TicketId, TicketState};
use crate::pop::view::{AfterCallView, WhenView};
use crate::start::Settings;

/// Something is being typed in the card of a call, or nothing is any more.
#[tauri::command]
pub(super) async fn drafting(call: CallId, drafting: bool, desk: State<'_, DeskHandle>) -> Result<(), Failure> {
    Ok(desk.drafting(call, drafting).await?)
}

/// The disposition of a call, or none; answers when it is on the disk.
#[tauri::command]
pub(super) async fn set_disposition(
    call: CallId,
    code: Option<String>,
    desk: State<'_, DeskHandle>,
) -> Result<(), Failure> {
    Ok(desk.set_disposition(call, code).await?)
}

/// How this shop works after a call.
#[tauri::command]
pub(super) fn after_call(settings: State<'_, Settings>) -> AfterCallView {
    settings.after_call()
}

/// When a text means that is typed as the time of a promise.
#[tauri::command]
pub(super) fn read_when(text: String, language: Language, month_first: bool) -> WhenView {
    desk::read_when(&text, &Local::now(), language, month_first)
}

/// Something is to be done for whoever a call is with; answers when it is on the disk.
#[tauri::command]
pub(super) async fn plan_task(call: CallId, todo: ToDo, desk: State<'_, DeskHandle>) -> Result<(), Failure> {
    Ok(desk.plan_task(call, todo).await?)
}

/// A task is done, or still to be done; answers when it is on the disk.
#[tauri::command]
pub(super) async fn finish_task(task: TaskId, done: bool, desk: State<'_, DeskHandle>) -> Result<(), Failure> {
    Ok(desk.finish_task(task, done).await?)
}

/// A task was planned by mistake.
#[tauri::command]
pub(super) async fn drop_task(task: TaskId, desk: State<'_, DeskHandle>) -> Result<(), Failure> {
    Ok(desk.drop_task(task).await?)
}

/// A ticket for whoever a call is with; answers when it is on the disk.
#[tauri::command]
pub(super) async fn open_ticket(
    call: CallId,
    ticket: TicketRequest,
    desk: State<'_, DeskHandle>,
) -> Result<(), Failure> {
    Ok(desk.open_ticket(call, ticket).await?)
}

/// How far a ticket is; answers when it is on the disk.
#[tauri::command]
pub(super) async fn move_ticket(ticket: TicketId, to: TicketState, desk: State<'_, DeskHandle>) -> Result<(), Failure> {
    Ok(desk.move_ticket(ticket, to).await?)
}

/// What was said to a suggested product; answers when it is on the disk.
#[tauri::command]
pub(super) async fn answer_offer(
    call: CallId,
    product: String,
    answer: OfferAnswer,
    desk: State<'_, DeskHandle>,
) -> Result<(), Failure> {
    Ok(desk.answer_offer(call, product, answer).await?)
}
