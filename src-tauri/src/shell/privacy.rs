//! What is asked about one person: what is known, all of it in a file, and that it goes.

use std::path::PathBuf;

use chrono::Utc;
use tauri::{AppHandle, State};

use super::commands::Failure;
use super::{choose, run, setup};
use crate::desk::DeskHandle;
use crate::pop::view::{GivenOutView, KnownView};
use crate::role::Act;
use crate::start::{Declined, People};

impl From<Declined> for Failure {
    fn from(error: Declined) -> Self {
        Failure::new(error.code(), &error.saying())
    }
}

/// What is known of a customer and would go; nothing is changed.
#[tauri::command]
pub(super) async fn known_of(
    reference: String,
    people: State<'_, People>,
    desk: State<'_, DeskHandle>,
) -> Result<KnownView, Failure> {
    Ok(people.asked_what_is_known(&desk, reference).await?)
}

/// Writes all that is known of a customer into a file that somebody chooses; nothing where the dialog is left. `title` stands
/// above the dialog, `kind` says which files it lists.
#[tauri::command]
pub(super) async fn give_out(
    reference: String,
    title: String,
    kind: String,
    app: AppHandle,
    people: State<'_, People>,
    desk: State<'_, DeskHandle>,
) -> Result<Option<GivenOutView>, Failure> {
    desk.may(Act::Team).await?;
    let name = file_name(&reference);
    let Some(path) = choose::file_to_write(&app, title, kind, name).await else {
        return Ok(None);
    };
    let given = people.asked_to_give_out(&desk, reference, path, Utc::now()).await?;
    Ok(Some(GivenOutView {
        path: given.path.display().to_string(),
        rows: given.rows,
    }))
}

/// Begins to erase a customer whose name was typed, and starts Ringside again, which does it before anything is loaded. It is
/// on the disk before Ringside ends.
#[tauri::command]
pub(super) async fn erase_person(
    reference: String,
    name: String,
    app: AppHandle,
    people: State<'_, People>,
    again: State<'_, setup::Again>,
    desk: State<'_, DeskHandle>,
) -> Result<(), Failure> {
    people.asked_to_erase(&desk, reference, name, Utc::now()).await?;
    again.want();
    run::end(&app).await;
    Ok(())
}

/// A name for the file, of the reference alone: it is seen in lists of files by whoever looks there.
fn file_name(reference: &str) -> PathBuf {
    let plain = |c: char| if c.is_ascii_alphanumeric() { c } else { '-' };
    let short: String = reference.chars().take(60).map(plain).collect();
    PathBuf::from(format!("ringside-{short}.json"))
}
