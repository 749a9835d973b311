//! What is to be written back into the sources, and what a person says of it.

use tauri::State;
use tauri::async_runtime::spawn_blocking;

use super::commands::Failure;
use crate::desk::DeskHandle;
use crate::journal::OutboxId;
use crate::pop::view::UnwrittenView;
use crate::role::Act;
use crate::start::{NotDone, Outbox, Word};

impl From<NotDone> for Failure {
    fn from(error: NotDone) -> Self {
        Failure::new("not_done", &error.saying())
    }
}

/// What the sources do not have yet.
#[tauri::command]
pub(super) async fn unwritten(
    outbox: State<'_, Outbox>,
    desk: State<'_, DeskHandle>,
) -> Result<Vec<UnwrittenView>, Failure> {
    desk.may(Act::Settings).await?;
    Ok(outbox.views())
}

/// It is tried again now; answers when that is on the disk.
#[tauri::command]
pub(super) async fn write_again(
    id: i64,
    outbox: State<'_, Outbox>,
    desk: State<'_, DeskHandle>,
) -> Result<(), Failure> {
    desk.may(Act::Settings).await?;
    say(id, Word::Again, &outbox).await
}

/// It need not be written; answers when that is on the disk.
#[tauri::command]
pub(super) async fn drop_unwritten(
    id: i64,
    outbox: State<'_, Outbox>,
    desk: State<'_, DeskHandle>,
) -> Result<(), Failure> {
    desk.may(Act::Settings).await?;
    say(id, Word::Drop, &outbox).await
}

async fn say(id: i64, word: Word, outbox: &Outbox) -> Result<(), Failure> {
    let outbox = outbox.clone();
    Ok(spawn_blocking(move || outbox.say(OutboxId(id), word)).await??)
}
