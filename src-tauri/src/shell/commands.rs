//! What the pages may ask. Each command is one request to the desk or one word to a window.

#![expect(
    clippy::needless_pass_by_value,
    reason = "Tauri hands a command its arguments by value"
)]

use std::sync::{Mutex, PoisonError};
use std::time::Instant;

use chrono::{TimeDelta, Utc};
use serde::Serialize;
use tauri::async_runtime::spawn_blocking;
use tauri::{AppHandle, State};

use super::dial::{self, NotCalled};
use super::links::Opened;
use super::panel::Shown;
use super::{system, windows};
use crate::advisor::report::Report;
use crate::call::{CallId, Line};
use crate::customer::CustomerRef;
use crate::desk::{DeskError, DeskHandle, QuietFor};
use crate::directory::MANY;
use crate::journal::NewCustomer;
use crate::pop::said_view;
use crate::pop::view::{
    CallLogRow, HitView, LinkView, NoteView, NumberHealthView, PanelView, SentenceView, SourceView, StartNotice,
    SystemView, WebhookTrialView, WhyView,
};
use crate::role::Act;
use crate::start::{AdviceReport, NoReport, NoSource, NoTrial, NotReported, NumberReport, Schedule, Settings};
use crate::words::Saying;

/// Most rows of the call log in one answer.
const MOST_ROWS: u32 = 500;

/// What a page gets when something failed: a stable code to act on, and what to do next, as messages of the catalogue and
/// in English.
#[derive(Debug, Serialize)]
pub(super) struct Failure {
    code: &'static str,
    said: Vec<SentenceView>,
    message: String,
}

impl Failure {
    pub(super) fn new(code: &'static str, saying: &Saying) -> Self {
        Failure {
            code,
            said: said_view(saying),
            message: saying.to_string(),
        }
    }
}

impl From<DeskError> for Failure {
    fn from(error: DeskError) -> Self {
        Failure::new(error.code(), &error.saying())
    }
}

impl From<NotCalled> for Failure {
    fn from(error: NotCalled) -> Self {
        Failure::new(error.code(), &error.saying())
    }
}

impl From<NoTrial> for Failure {
    fn from(error: NoTrial) -> Self {
        Failure::new(error.code(), &error.saying())
    }
}

impl From<NoReport> for Failure {
    fn from(error: NoReport) -> Self {
        Failure::new(error.code(), &error.saying())
    }
}

impl From<NotReported> for Failure {
    fn from(error: NotReported) -> Self {
        Failure::new("no_advice_report", &Saying::quoted(error))
    }
}

impl From<NoSource> for Failure {
    fn from(error: NoSource) -> Self {
        Failure::new("no_such_source", &error.saying())
    }
}

impl From<tauri::Error> for Failure {
    fn from(error: tauri::Error) -> Self {
        Failure::new("window", &Saying::quoted(error))
    }
}

/// What the person has to be told, until it is closed.
pub(super) struct Notices(Mutex<Vec<StartNotice>>);

impl Notices {
    pub(super) fn new(notices: Vec<StartNotice>) -> Self {
        Notices(Mutex::new(notices))
    }

    pub(super) fn add(&self, notices: impl IntoIterator<Item = StartNotice>) {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).extend(notices);
    }
}

/// What the person has to be told and did not close yet, as far as it is for whoever sits here.
#[tauri::command]
pub(super) async fn notices(
    notices: State<'_, Notices>,
    desk: State<'_, DeskHandle>,
) -> Result<Vec<StartNotice>, Failure> {
    let all = notices.0.lock().unwrap_or_else(PoisonError::into_inner).clone();
    let mut theirs = Vec::new();
    for notice in all {
        if desk.may(notice.is_for()).await.is_ok() {
            theirs.push(notice);
        }
    }
    Ok(theirs)
}

/// The person has read it: it is not shown again.
#[tauri::command]
pub(super) fn close_notice(notice: StartNotice, notices: State<'_, Notices>) {
    notices
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .retain(|open| *open != notice);
}

/// The panel as it is now.
#[tauri::command]
pub(super) async fn panel_state(desk: State<'_, DeskHandle>) -> Result<PanelView, Failure> {
    let view = desk.panel().await?;
    tracing::debug!("the panel's page is ready");
    Ok(view)
}

/// Keeps the note of a call; answers when it is on the disk.
#[tauri::command]
pub(super) async fn save_note(call: CallId, text: String, desk: State<'_, DeskHandle>) -> Result<NoteView, Failure> {
    Ok(desk.save_note(call, text).await?)
}

/// Ends the wrap-up of a call.
#[tauri::command]
pub(super) async fn close_card(call: CallId, desk: State<'_, DeskHandle>) -> Result<(), Failure> {
    Ok(desk.close_card(call).await?)
}

/// Takes a missed call out of the panel.
#[tauri::command]
pub(super) async fn dismiss_missed(call: CallId, desk: State<'_, DeskHandle>) -> Result<(), Failure> {
    Ok(desk.dismiss_missed(call).await?)
}

/// Says which of several customers is calling.
#[tauri::command]
pub(super) async fn choose_customer(
    call: CallId,
    reference: String,
    desk: State<'_, DeskHandle>,
) -> Result<(), Failure> {
    Ok(desk.choose_customer(call, CustomerRef(reference)).await?)
}

/// The caller was verified: shows what is covered; answers when it stands in the audit trail.
#[tauri::command]
pub(super) async fn uncover(call: CallId, desk: State<'_, DeskHandle>) -> Result<(), Failure> {
    Ok(desk.uncover(call).await?)
}

/// Somebody is at the wrap-up of a call.
#[tauri::command]
pub(super) async fn stay_open(call: CallId, desk: State<'_, DeskHandle>) -> Result<(), Failure> {
    Ok(desk.stay_open(call).await?)
}

/// The caller's number is this customer's from now on.
#[tauri::command]
pub(super) async fn link_customer(call: CallId, reference: String, desk: State<'_, DeskHandle>) -> Result<(), Failure> {
    Ok(desk.link_customer(call, CustomerRef(reference)).await?)
}

/// The caller is a new customer.
#[tauri::command]
pub(super) async fn create_customer(
    call: CallId,
    customer: NewCustomer,
    number: String,
    desk: State<'_, DeskHandle>,
) -> Result<(), Failure> {
    Ok(desk.create_customer(call, customer, number).await?)
}

/// What was said of the caller was wrong.
#[tauri::command]
pub(super) async fn take_back(call: CallId, desk: State<'_, DeskHandle>) -> Result<(), Failure> {
    Ok(desk.take_back(call).await?)
}

/// A few customers that fit what has been typed so far.
#[tauri::command]
pub(super) async fn search_customers(typed: String, desk: State<'_, DeskHandle>) -> Result<Vec<HitView>, Failure> {
    Ok(desk.search_customers(typed).await?)
}

/// Rows of the call log older than `before`, the newest first.
#[tauri::command]
pub(super) async fn call_log(
    before: Option<CallId>,
    limit: u32,
    desk: State<'_, DeskHandle>,
) -> Result<Vec<CallLogRow>, Failure> {
    Ok(desk.call_log(before, limit.min(MOST_ROWS)).await?)
}

/// My extensions.
#[tauri::command]
pub(super) async fn lines(desk: State<'_, DeskHandle>) -> Result<Vec<Line>, Failure> {
    Ok(desk.lines().await?)
}

/// My extensions from now on.
#[tauri::command]
pub(super) async fn set_lines(lines: Vec<Line>, desk: State<'_, DeskHandle>) -> Result<(), Failure> {
    Ok(desk.set_lines(lines).await?)
}

/// Rings my phone, and dials the number when it is taken; answered then, or when nothing came of it. Where no feed may order
/// calls, another program is given the number.
#[tauri::command]
pub(super) async fn dial(
    number: String,
    settings: State<'_, Settings>,
    desk: State<'_, DeskHandle>,
) -> Result<(), Failure> {
    Ok(dial::call(&settings, &desk, &number).await?)
}

/// Nobody is to be disturbed: for so many minutes, or until it is ended when there are none. Off ends it.
#[tauri::command]
pub(super) async fn set_quiet(on: bool, minutes: Option<u32>, desk: State<'_, DeskHandle>) -> Result<(), Failure> {
    let time = |minutes: u32| QuietFor::Time(TimeDelta::minutes(minutes.into()));
    let wish = on.then(|| minutes.map_or(QuietFor::Ever, time));
    Ok(desk.set_quiet(wish).await?)
}

/// What a link asked for, until it is closed.
#[tauri::command]
pub(super) fn opened_link(opened: State<'_, Opened>) -> Option<LinkView> {
    opened.now()
}

/// What the link asked for is done, or not wanted.
#[tauri::command]
pub(super) fn close_link(opened: State<'_, Opened>) {
    opened.close();
}

/// What works with this desktop.
#[tauri::command]
pub(super) async fn system(app: AppHandle, settings: State<'_, Settings>) -> Result<SystemView, Failure> {
    let settings = settings.inner().clone();
    Ok(spawn_blocking(move || system::look(&app, &settings)).await?)
}

/// Whether Ringside starts when somebody logs in.
#[tauri::command]
pub(super) async fn set_start_at_login(
    on: bool,
    settings: State<'_, Settings>,
    desk: State<'_, DeskHandle>,
) -> Result<(), Failure> {
    desk.may(Act::Settings).await?;
    let settings = settings.inner().clone();
    let set = spawn_blocking(move || system::set_start_at_login(&settings, on)).await?;
    set.map_err(|why| Failure::new("start_at_login", &why))
}

/// The agent drags the panel.
#[tauri::command]
pub(super) fn drag_panel(app: AppHandle) -> Result<(), Failure> {
    Ok(windows::drag_panel(&app)?)
}

/// The names of the webhook feeds.
#[tauri::command]
pub(super) fn webhook_feeds(settings: State<'_, Settings>) -> Vec<String> {
    settings.webhooks()
}

/// What a webhook feed would make of a request; nothing of it happens.
#[tauri::command]
pub(super) async fn try_webhook(
    feed: String,
    text: String,
    settings: State<'_, Settings>,
    desk: State<'_, DeskHandle>,
) -> Result<WebhookTrialView, Failure> {
    desk.may(Act::Settings).await?;
    Ok(settings.try_webhook(&desk, feed, text, Utc::now()).await?)
}

/// Why a call did or did not pop.
#[tauri::command]
pub(super) async fn why(call: CallId, desk: State<'_, DeskHandle>) -> Result<WhyView, Failure> {
    Ok(desk.why(call).await?)
}

/// How well advice does in this shop.
#[tauri::command]
pub(super) async fn advice_report(
    advice: State<'_, AdviceReport>,
    desk: State<'_, DeskHandle>,
) -> Result<Report, Failure> {
    desk.may(Act::Team).await?;
    let advice = advice.inner().clone();
    Ok(spawn_blocking(move || advice.make(Utc::now())).await??)
}

/// What is wrong with the stored numbers.
#[tauri::command]
pub(super) async fn number_health(
    numbers: State<'_, NumberReport>,
    desk: State<'_, DeskHandle>,
) -> Result<NumberHealthView, Failure> {
    desk.may(Act::Team).await?;
    let numbers = numbers.inner().clone();
    Ok(spawn_blocking(move || numbers.make(MANY, None)).await??)
}

/// Writes every finding to a CSV file among the downloads, and says where it is.
#[tauri::command]
pub(super) async fn export_number_health(
    numbers: State<'_, NumberReport>,
    desk: State<'_, DeskHandle>,
) -> Result<String, Failure> {
    desk.may(Act::Team).await?;
    let numbers = numbers.inner().clone();
    let file = numbers.download(Utc::now());
    let shown = file.display().to_string();
    spawn_blocking(move || numbers.make(MANY, Some(&file))).await??;
    Ok(shown)
}

/// Where customer data comes from, and how each source stands.
#[tauri::command]
pub(super) async fn sources(
    schedule: State<'_, Schedule>,
    desk: State<'_, DeskHandle>,
) -> Result<Vec<SourceView>, Failure> {
    desk.may(Act::Settings).await?;
    Ok(schedule.views())
}

/// Reads a source now; what was held may go where a person said so.
#[tauri::command]
pub(super) async fn sync_source(
    name: String,
    allow_deletes: bool,
    schedule: State<'_, Schedule>,
    desk: State<'_, DeskHandle>,
) -> Result<(), Failure> {
    desk.may(Act::Settings).await?;
    Ok(schedule.now(&name, allow_deletes)?)
}

/// The agent put the panel away.
#[tauri::command]
pub(super) fn hide_panel(app: AppHandle, shown: State<'_, Shown>) -> Result<(), Failure> {
    shown.hidden();
    Ok(windows::hide_panel(&app)?)
}

/// The agent wants to type in the panel.
#[tauri::command]
pub(super) fn want_keyboard(app: AppHandle) -> Result<(), Failure> {
    Ok(windows::give_keyboard(&app)?)
}

/// The page needs this many logical pixels; gives those that it gets.
#[tauri::command]
pub(super) fn resize_panel(height: f64, app: AppHandle) -> Result<f64, Failure> {
    Ok(windows::resize_panel(&app, height)?)
}

/// The second animation frame after mark `id` is on the screen.
#[tauri::command]
pub(super) fn painted(id: u64, shown: State<'_, Shown>) {
    shown.painted(id, Instant::now());
}
