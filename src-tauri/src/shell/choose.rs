//! The system's own dialog for a file.

use std::path::{Path, PathBuf};

use tauri::{AppHandle, Manager, State};
use tauri_plugin_dialog::{DialogExt as _, FileDialogBuilder};
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
    let dialog = dialog(&app, title).add_filter(kind, ENDINGS);
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

/// A file that somebody chooses to write into, which is called `name` where they say nothing else; nothing where the dialog is
/// left. Only files that end as `name` does are listed, as a `kind`.
pub(super) async fn file_to_write(app: &AppHandle, title: String, kind: String, name: PathBuf) -> Option<PathBuf> {
    let ending = name.extension().unwrap_or_default().to_string_lossy().into_owned();
    let dialog = dialog(app, title)
        .set_file_name(name.display().to_string())
        .add_filter(kind, &[&ending]);
    let dialog = match downloads() {
        Some(folder) => dialog.set_directory(folder),
        None => dialog,
    };
    let (tell, told) = oneshot::channel();
    dialog.save_file(move |file| drop(tell.send(file)));
    told.await.ok().flatten()?.into_path().ok()
}

fn dialog(app: &AppHandle, title: String) -> FileDialogBuilder<tauri::Wry> {
    let dialog = app.dialog().file().set_title(title);
    match app.get_webview_window(windows::MAIN) {
        Some(main) => dialog.set_parent(&main),
        None => dialog,
    }
}

fn downloads() -> Option<PathBuf> {
    let user = directories::UserDirs::new()?;
    user.download_dir().filter(|folder| folder.is_dir()).map(Path::to_owned)
}
