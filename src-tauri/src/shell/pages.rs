//! What the pages of the desk may ask beside what the panel asks.

use tauri::State;

use super::commands::Failure;
use crate::call::CallId;
use crate::customer::CustomerRef;
use crate::desk::{DeskHandle, TicketRequest, ToDo};
use crate::journal::{ContactId, TaskId, TicketId};
use crate::pop::view::{
    ContactRequest, CustomerPageView, FoundView, HistoryView, OrdersView, PagePlace, SavedFilterView, TicketChange,
    TicketFilter, TicketPage, TicketPlace, TicketView, TodayView,
};

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

/// A page of the tickets that a filter lets through.
#[tauri::command]
pub(super) async fn tickets(
    filter: TicketFilter,
    behind: Option<TicketPlace>,
    limit: u32,
    desk: State<'_, DeskHandle>,
) -> Result<TicketPage, Failure> {
    Ok(desk.tickets(filter, behind, limit).await?)
}

/// A ticket with all that was said and done.
#[tauri::command]
pub(super) async fn ticket(ticket: TicketId, desk: State<'_, DeskHandle>) -> Result<TicketView, Failure> {
    Ok(desk.ticket(ticket).await?)
}

/// Changes a ticket or comments on it; answers when it is on the disk.
#[tauri::command]
pub(super) async fn change_ticket(
    ticket: TicketId,
    change: TicketChange,
    desk: State<'_, DeskHandle>,
) -> Result<TicketView, Failure> {
    Ok(desk.change_ticket(ticket, change).await?)
}

/// Opens a ticket without a call; answers when it is on the disk.
#[tauri::command]
pub(super) async fn new_ticket(
    customer: Option<String>,
    ticket: TicketRequest,
    desk: State<'_, DeskHandle>,
) -> Result<TicketView, Failure> {
    Ok(desk.new_ticket(customer.map(CustomerRef), ticket).await?)
}

/// The filters of a list that have a name.
#[tauri::command]
pub(super) async fn filters(page: String, desk: State<'_, DeskHandle>) -> Result<Vec<SavedFilterView>, Failure> {
    Ok(desk.filters(page).await?)
}

/// Gives a filter of a list a name, or takes it away; answers when it is on the disk.
#[tauri::command]
pub(super) async fn keep_filter(
    page: String,
    name: String,
    filter: Option<String>,
    desk: State<'_, DeskHandle>,
) -> Result<(), Failure> {
    Ok(desk.keep_filter(page, name, filter).await?)
}

/// Everything that fits what was typed so far.
#[tauri::command]
pub(super) async fn search_all(typed: String, desk: State<'_, DeskHandle>) -> Result<FoundView, Failure> {
    Ok(desk.search_all(typed).await?)
}

/// A customer's page, with what is covered or without.
#[tauri::command]
pub(super) async fn customer_page(
    reference: String,
    uncover: bool,
    desk: State<'_, DeskHandle>,
) -> Result<CustomerPageView, Failure> {
    Ok(desk.customer_page(CustomerRef(reference), uncover).await?)
}

/// What the journal has of a customer, behind a place in their timeline.
#[tauri::command]
pub(super) async fn history(
    reference: String,
    behind: Option<PagePlace>,
    desk: State<'_, DeskHandle>,
) -> Result<HistoryView, Failure> {
    Ok(desk.history(CustomerRef(reference), behind).await?)
}

/// A customer's orders behind a place in their list, with what is covered or without.
#[tauri::command]
pub(super) async fn orders(
    reference: String,
    behind: Option<PagePlace>,
    uncover: bool,
    desk: State<'_, DeskHandle>,
) -> Result<OrdersView, Failure> {
    Ok(desk.orders(CustomerRef(reference), behind, uncover).await?)
}

/// Writes a contact over another channel down; answers when it is on the disk.
#[tauri::command]
pub(super) async fn add_contact(
    reference: String,
    contact: ContactRequest,
    desk: State<'_, DeskHandle>,
) -> Result<(), Failure> {
    Ok(desk.add_contact(CustomerRef(reference), contact).await?)
}

/// A contact was written down by mistake.
#[tauri::command]
pub(super) async fn drop_contact(contact: ContactId, desk: State<'_, DeskHandle>) -> Result<(), Failure> {
    Ok(desk.drop_contact(contact).await?)
}

/// Plans something to do for a customer, without a call; answers when it is on the disk.
#[tauri::command]
pub(super) async fn plan_for(
    reference: String,
    todo: ToDo,
    number: String,
    desk: State<'_, DeskHandle>,
) -> Result<(), Failure> {
    Ok(desk.plan_for(CustomerRef(reference), todo, number).await?)
}
