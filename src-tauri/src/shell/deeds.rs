//! What is pressed in a notification, done. What does not work is said in another notification: no window need be open.

use std::sync::Arc;

use tauri::{AppHandle, Manager as _};

use super::notify::{self, Act, Deed};
use super::{dial, windows};
use crate::desk::{DeskError, DeskHandle};
use crate::start::Settings;
use crate::words::{Saying, Words};

/// Does what is pressed, in the background.
pub(super) fn act(app: &AppHandle) -> Act {
    let app = app.clone();
    Arc::new(move |deed| {
        let app = app.clone();
        tauri::async_runtime::spawn(async move { finish(&app, deed).await });
    })
}

async fn finish(app: &AppHandle, deed: Deed) {
    let (Some(desk), Some(settings)) = (app.try_state::<DeskHandle>(), app.try_state::<Settings>()) else {
        return;
    };
    let (desk, settings) = (desk.inner().clone(), settings.inner().clone());
    let said = |done: Result<(), DeskError>| done.map_err(|error| error.saying());
    let done: Result<(), Saying> = match deed {
        Deed::RingBack(number) => dial::call(&settings, &desk, &number)
            .await
            .map_err(|error| error.saying()),
        Deed::SnoozeMissed(call) => said(desk.snooze_missed(call).await),
        Deed::SnoozeTask(task) => said(desk.snooze_task(task).await),
        Deed::Done(task) => said(desk.finish_task(task, true).await),
        Deed::Open => {
            windows::on_main_thread(app, windows::show_main);
            Ok(())
        }
    };
    if let Err(why) = done {
        tracing::info!(%why, "what was pressed in a notification could not be done");
        let language = settings.spoken();
        let summary = Words::of(language).text::<&str>("notify.not_done", &[]);
        let said = why.in_language(language);
        tauri::async_runtime::spawn_blocking(move || notify::tell(summary, said));
    }
}
