//! Who sits at the desk, and who may: what the sign-in and the page of those who share the desk ask.

use tauri::{AppHandle, Emitter as _, State};

use super::commands::Failure;
use super::windows;
use crate::desk::DeskHandle;
use crate::journal::UserId;
use crate::pop::view::{SessionView, UserRequest, UserView};

/// Event: somebody does something in another window.
const AT_THE_DESK: &str = "at-the-desk";

/// Who sits at the desk, and who else may.
#[tauri::command]
pub(super) async fn session(desk: State<'_, DeskHandle>) -> Result<SessionView, Failure> {
    Ok(desk.session().await?)
}

/// Signs somebody in.
#[tauri::command]
pub(super) async fn sign_in(name: String, pin: String, desk: State<'_, DeskHandle>) -> Result<SessionView, Failure> {
    Ok(desk.sign_in(name, pin).await?)
}

/// Nobody is signed in any more.
#[tauri::command]
pub(super) async fn sign_out(desk: State<'_, DeskHandle>) -> Result<SessionView, Failure> {
    Ok(desk.sign_out().await?)
}

/// Whoever is signed in has to show that it is still them.
#[tauri::command]
pub(super) async fn lock_desk(desk: State<'_, DeskHandle>) -> Result<SessionView, Failure> {
    Ok(desk.lock().await?)
}

/// Somebody does something in a window: the desk's is told, which locks where nobody does.
#[expect(clippy::needless_pass_by_value, reason = "Tauri gives what it has read")]
#[tauri::command]
pub(super) fn at_the_desk(app: AppHandle) {
    windows::said(app.emit_to(windows::MAIN, AT_THE_DESK, ()));
}

/// Everybody who shares the desk.
#[tauri::command]
pub(super) async fn users(desk: State<'_, DeskHandle>) -> Result<Vec<UserView>, Failure> {
    Ok(desk.users().await?)
}

/// Adds somebody; answers when it is on the disk.
#[tauri::command]
pub(super) async fn add_user(user: UserRequest, pin: String, desk: State<'_, DeskHandle>) -> Result<(), Failure> {
    Ok(desk.add_user(user, pin).await?)
}

/// Writes somebody anew; answers when it is on the disk.
#[tauri::command]
pub(super) async fn change_user(id: i64, user: UserRequest, desk: State<'_, DeskHandle>) -> Result<(), Failure> {
    Ok(desk.change_user(UserId(id), user).await?)
}

/// Gives somebody another PIN; answers when it is on the disk.
#[tauri::command]
pub(super) async fn set_pin(id: i64, pin: String, desk: State<'_, DeskHandle>) -> Result<(), Failure> {
    Ok(desk.set_pin(UserId(id), pin).await?)
}

/// Removes somebody; answers when it is on the disk.
#[tauri::command]
pub(super) async fn remove_user(id: i64, desk: State<'_, DeskHandle>) -> Result<(), Failure> {
    Ok(desk.remove_user(UserId(id)).await?)
}
