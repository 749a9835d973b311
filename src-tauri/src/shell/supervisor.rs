//! What the pages of a supervisor may ask.

use chrono::Utc;
use tauri::State;
use tauri::async_runtime::spawn_blocking;

use super::commands::Failure;
use crate::journal::Act;
use crate::pop::view::{AuditRequest, AuditView, ReportRequest, ReportView};
use crate::review::{PARTS, Part};
use crate::start::{AuditTrail, CallReport, NoCallReport, NoTrail};

impl From<NoCallReport> for Failure {
    fn from(error: NoCallReport) -> Self {
        Failure::new(error.code(), &error.saying())
    }
}

impl From<NoTrail> for Failure {
    fn from(error: NoTrail) -> Self {
        Failure::new(error.code(), &error.saying())
    }
}

/// What a period of calls came to.
#[tauri::command]
pub(super) async fn call_report(request: ReportRequest, reports: State<'_, CallReport>) -> Result<ReportView, Failure> {
    let reports = reports.inner().clone();
    Ok(spawn_blocking(move || reports.make(&request, Utc::now())).await??)
}

/// Writes a list of a report as CSV, or all of it as a workbook, among the downloads, and says where it is. That it is written
/// stands in the audit trail first.
#[tauri::command]
pub(super) async fn export_call_report(
    request: ReportRequest,
    part: Option<Part>,
    reports: State<'_, CallReport>,
    trail: State<'_, AuditTrail>,
) -> Result<String, Failure> {
    let name = PARTS.iter().find(|(one, _)| Some(*one) == part);
    let file = name.map_or("report.xlsx".to_owned(), |(_, name)| format!("{name}.csv"));
    note(&trail, Act::ReportExported, file).await?;
    let reports = reports.inner().clone();
    let path = spawn_blocking(move || reports.write(&request, part, Utc::now())).await??;
    Ok(path.display().to_string())
}

/// A page of the audit trail.
#[tauri::command]
pub(super) async fn audit_trail(
    request: AuditRequest,
    before: Option<i64>,
    trail: State<'_, AuditTrail>,
) -> Result<AuditView, Failure> {
    let trail = trail.inner().clone();
    Ok(spawn_blocking(move || trail.page(&request, before)).await??)
}

/// Writes every entry of the trail that is asked for as CSV among the downloads, and says where it is.
#[tauri::command]
pub(super) async fn export_audit(request: AuditRequest, trail: State<'_, AuditTrail>) -> Result<String, Failure> {
    let trail = trail.inner().clone();
    let path = spawn_blocking(move || trail.write(&request, Utc::now())).await??;
    Ok(path.display().to_string())
}

/// Writes down what somebody does; it is on the disk when this answers.
pub(super) async fn note(trail: &AuditTrail, act: Act, detail: String) -> Result<(), Failure> {
    let trail = trail.clone();
    Ok(spawn_blocking(move || trail.note(act, &detail, None, Utc::now())).await??)
}
