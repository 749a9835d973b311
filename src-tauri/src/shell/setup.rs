//! What the settings page and the first start ask.

use std::sync::atomic::{AtomicBool, Ordering};

use tauri::async_runtime::spawn_blocking;
use tauri::{AppHandle, State};

use super::commands::Failure;
use super::run;
use crate::config::ConfigError;
use crate::config::sheet::{Change, Changed, Refused, Sheet};
use crate::desk::DeskHandle;
use crate::start::Settings;
use crate::vault::SecretError;
use crate::words::Saying;

/// Whether Ringside starts again when it has ended.
#[derive(Debug, Default)]
pub(super) struct Again(AtomicBool);

impl Again {
    pub(super) fn wanted(&self) -> bool {
        self.0.load(Ordering::SeqCst)
    }
}

impl From<ConfigError> for Failure {
    fn from(error: ConfigError) -> Self {
        Failure::new("settings", &Saying::quoted(error))
    }
}

impl From<SecretError> for Failure {
    fn from(error: SecretError) -> Self {
        Failure::new("secret", &Saying::quoted(error))
    }
}

/// The settings as they stand in the file.
#[tauri::command]
pub(super) async fn settings(settings: State<'_, Settings>, desk: State<'_, DeskHandle>) -> Result<Sheet, Failure> {
    read(&settings, &desk).await
}

/// Changes settings; answers when the file is on the disk.
#[tauri::command]
pub(super) async fn change_settings(
    revision: String,
    changes: Vec<Change>,
    settings: State<'_, Settings>,
    desk: State<'_, DeskHandle>,
) -> Result<Changed, Failure> {
    let whole = settings.inner().clone();
    let changed = spawn_blocking(move || whole.change(&revision, &changes)).await?;
    let wrong = match changed {
        Ok(lines) => {
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
) -> Result<String, Failure> {
    let whole = settings.inner().clone();
    Ok(spawn_blocking(move || whole.keep_secret(&name, &secret)).await??)
}

/// Ends Ringside and starts it again.
#[tauri::command]
pub(super) async fn restart(app: AppHandle, again: State<'_, Again>) -> Result<(), Failure> {
    again.0.store(true, Ordering::SeqCst);
    run::end(&app).await;
    Ok(())
}

async fn read(settings: &Settings, desk: &DeskHandle) -> Result<Sheet, Failure> {
    let lines = desk.lines().await?;
    let whole = settings.clone();
    Ok(spawn_blocking(move || whole.sheet(&lines)).await??)
}
