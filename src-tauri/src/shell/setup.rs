//! What the settings page and the first start ask.

#![expect(
    clippy::needless_pass_by_value,
    reason = "Tauri hands a command its arguments by value"
)]

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Mutex, PoisonError};

use chrono::Utc;
use tauri::async_runtime::spawn_blocking;
use tauri::{AppHandle, State};

use super::commands::Failure;
use super::{run, supervisor};
use crate::config::ConfigError;
use crate::config::sheet::{Change, Changed, Refused, Sheet, Wrong};
use crate::desk::DeskHandle;
use crate::journal::Act;
use crate::pop::view::{DataFileView, FilePreviewView, HeardView, ImportedView, PretendStep};
use crate::role;
use crate::start::{AuditTrail, Listening, NoImport, NoListening, Schedule, Settings};
use crate::vault::SecretError;
use crate::words::Saying;

/// Whether Ringside starts again when it has ended.
#[derive(Debug, Default)]
pub(super) struct Again(AtomicBool);

impl Again {
    pub(super) fn want(&self) {
        self.0.store(true, Ordering::SeqCst);
    }

    pub(super) fn wanted(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

/// The phone system that is being tried.
#[derive(Debug, Default)]
pub(super) struct Trial(Mutex<Option<Listening>>);

impl Trial {
    fn set(&self, listening: Option<Listening>) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = listening;
    }
}

impl From<NoImport> for Failure {
    fn from(error: NoImport) -> Self {
        Failure::new("import", &error.saying())
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Failure::new("settings", &error.saying())
    }
}

impl From<SecretError> for Failure {
    fn from(error: SecretError) -> Self {
        Failure::new("secret", &error.saying())
    }
}

/// The settings as they stand in the file.
#[tauri::command]
pub(super) async fn settings(settings: State<'_, Settings>, desk: State<'_, DeskHandle>) -> Result<Sheet, Failure> {
    desk.may(role::Act::Settings).await?;
    read(&settings, &desk).await
}

/// Changes settings; answers when the file is on the disk.
#[tauri::command]
pub(super) async fn change_settings(
    revision: String,
    changes: Vec<Change>,
    settings: State<'_, Settings>,
    desk: State<'_, DeskHandle>,
    trail: State<'_, AuditTrail>,
) -> Result<Changed, Failure> {
    let by = desk.may(role::Act::Settings).await?;
    let whole = settings.inner().clone();
    let keys: Vec<String> = changes.iter().map(|change| change.at().to_owned()).collect();
    let changed = spawn_blocking(move || whole.change(&revision, &changes)).await?;
    let wrong = match changed {
        Ok(lines) => {
            // what stands in the file now, never what it says: that may be a secret
            supervisor::note(&trail, by, Act::SettingsChanged, keys.join(", ")).await?;
            if let Some(lines) = lines {
                desk.set_lines(lines).await?;
            }
            None
        }
        Err(Refused::Wrong(wrong)) => Some(wrong),
        Err(Refused::Overtaken) => return Err(Failure::new("overtaken", &Saying::of("set.overtaken"))),
        Err(Refused::File(error)) => return Err(error.into()),
    };
    let sheet = read(&settings, &desk).await?;
    Ok(Changed { wrong, sheet })
}

/// Keeps a secret in the keyring, or in a file where there is none, and gives the reference to it.
#[tauri::command]
pub(super) async fn keep_secret(
    name: String,
    secret: String,
    settings: State<'_, Settings>,
    desk: State<'_, DeskHandle>,
) -> Result<String, Failure> {
    desk.may(role::Act::Settings).await?;
    let whole = settings.inner().clone();
    Ok(spawn_blocking(move || whole.keep_secret(&name, &secret)).await??)
}

/// Ends Ringside and starts it again.
#[tauri::command]
pub(super) async fn restart(
    app: AppHandle,
    again: State<'_, Again>,
    desk: State<'_, DeskHandle>,
) -> Result<(), Failure> {
    desk.may(role::Act::Settings).await?;
    again.want();
    run::end(&app).await;
    Ok(())
}

/// Connects to a phone system as the settings would be after `changes`; in place of one that is tried already. Answers with
/// what is wrong with the settings, where something is.
#[tauri::command]
pub(super) async fn try_phone_system(
    revision: String,
    changes: Vec<Change>,
    feed: String,
    settings: State<'_, Settings>,
    trial: State<'_, Trial>,
    desk: State<'_, DeskHandle>,
) -> Result<Option<Wrong>, Failure> {
    desk.may(role::Act::Settings).await?;
    trial.set(None);
    let whole = settings.inner().clone();
    let listening = spawn_blocking(move || whole.listen(&revision, &changes, &feed)).await?;
    match listening {
        Ok(listening) => trial.set(Some(listening)),
        Err(NoListening::Settings(Refused::Wrong(wrong))) => return Ok(Some(wrong)),
        Err(NoListening::Settings(Refused::Overtaken)) => {
            return Err(Failure::new("overtaken", &Saying::of("set.overtaken")));
        }
        Err(error) => return Err(Failure::new("phone_system", &error.saying())),
    }
    Ok(None)
}

/// What was heard of the phone system that is tried; nothing where none is.
#[tauri::command]
pub(super) async fn phone_system_heard(
    trial: State<'_, Trial>,
    desk: State<'_, DeskHandle>,
) -> Result<Option<HeardView>, Failure> {
    desk.may(role::Act::Settings).await?;
    let trial = trial.0.lock().unwrap_or_else(PoisonError::into_inner);
    Ok(trial.as_ref().map(Listening::heard))
}

/// Nobody wants to try it any more.
#[tauri::command]
pub(super) fn end_phone_trial(trial: State<'_, Trial>) {
    trial.set(None);
}

/// Files that may hold customers.
#[tauri::command]
pub(super) async fn data_files(
    settings: State<'_, Settings>,
    desk: State<'_, DeskHandle>,
) -> Result<Vec<DataFileView>, Failure> {
    desk.may(role::Act::Settings).await?;
    let whole = settings.inner().clone();
    Ok(spawn_blocking(move || whole.data_files()).await?)
}

/// What the columns of a file mean; nothing is imported.
#[tauri::command]
pub(super) async fn preview_file(
    path: String,
    maps: Vec<(String, String)>,
    leave_out: Vec<String>,
    settings: State<'_, Settings>,
    desk: State<'_, DeskHandle>,
) -> Result<FilePreviewView, Failure> {
    desk.may(role::Act::Settings).await?;
    let whole = settings.inner().clone();
    Ok(spawn_blocking(move || whole.preview_file(&path, &maps, &leave_out, Utc::now())).await??)
}

/// Reads a source of the settings, also one that came into them since the start.
#[tauri::command]
pub(super) async fn import_source(
    name: String,
    settings: State<'_, Settings>,
    sources: State<'_, Schedule>,
    desk: State<'_, DeskHandle>,
) -> Result<ImportedView, Failure> {
    desk.may(role::Act::Settings).await?;
    let (whole, schedule) = (settings.inner().clone(), sources.inner().clone());
    Ok(spawn_blocking(move || whole.import_source(&name, &schedule)).await??)
}

/// A pretend call rings, is answered or ends.
#[tauri::command]
pub(super) async fn pretend_call(
    step: PretendStep,
    number: String,
    desk: State<'_, DeskHandle>,
) -> Result<(), Failure> {
    Ok(desk.pretend(step, number).await?)
}

async fn read(settings: &Settings, desk: &DeskHandle) -> Result<Sheet, Failure> {
    let lines = desk.lines().await?;
    let whole = settings.clone();
    Ok(spawn_blocking(move || whole.sheet(&lines)).await??)
}
