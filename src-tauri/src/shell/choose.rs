//! The system's own dialog for a file.

use tauri::{AppHandle, Manager, State};
use tauri_plugin_dialog::DialogExt as _;
use tokio::sync::oneshot;

use super::commands::Failure;
use super::windows;
use crate::desk::DeskHandle;
use crate::role::Act;
use crate::words::Saying;

/// How the files end that can be read.
const ENDINGS: &[&str] = &["csv", "tsv", "txt", "gz", "xlsx", "xlsm", "ods", "vcf"];

/// A file of customers that somebody chooses; nothing where the dialog is left. `title` stands above the dialog, `kind` says
/// which files it lists.
#[tauri::command]
pub(super) async fn choose_file(
    title: String,
    kind: String,
    app: AppHandle,
    desk: State<'_, DeskHandle>,
) -> Result<Option<String>, Failure> {
    desk.may(Act::Settings).await?;
    let mut dialog = app.dialog().file().set_title(title).add_filter(kind, ENDINGS);
    if let Some(main) = app.get_webview_window(windows::MAIN) {
        dialog = dialog.set_parent(&main);
    }
    let (tell, told) = oneshot::channel();
    // whoever asked may be gone
    dialog.pick_file(move |file| drop(tell.send(file)));
    let Some(file) = told.await.ok().flatten() else {
        return Ok(None);
    };
    let path = file
        .into_path()
        .ok()
        .and_then(|path| path.into_os_string().into_string().ok());
    // the settings are text, and so is an address in them
    path.map(Some)
        .ok_or_else(|| Failure::new("file", &Saying::of("setup.odd_path")))
}
