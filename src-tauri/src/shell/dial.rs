//! Calling a number: through a feed that may order calls, else through the program that this desktop opens `tel:` links with.

use std::process::Command;

use tauri::async_runtime::spawn_blocking;

use crate::desk::{DeskError, DeskHandle};
use crate::link::{self, NoLink};
use crate::start::{NoCall, Settings};
use crate::words::Saying;

/// Why nothing was called. Each says what to do.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.saying())]
pub(super) enum NotCalled {
    /// The feed did not.
    #[error(transparent)]
    Feed(#[from] NoCall),
    /// It is no number that can be put into a link.
    #[error(transparent)]
    Number(#[from] NoLink),
    /// No feed may order calls, and no program opens `tel:` links.
    NoProgram,
    /// No feed may order calls, and Ringside itself is what opens `tel:` links.
    Ourselves,
    /// The program could not be started.
    Program(String),
}

impl NotCalled {
    /// What is wrong and what to do.
    pub(super) fn saying(&self) -> Saying {
        match self {
            NotCalled::Feed(error) => error.saying(),
            NotCalled::Number(error) => error.saying(),
            NotCalled::NoProgram => Saying::of("refused.no_tel_program"),
            NotCalled::Ourselves => Saying::of("refused.tel_is_ours"),
            NotCalled::Program(why) => Saying::of("refused.tel_program").with("why", why),
        }
    }

    /// A stable code for the user interface to act on.
    pub(super) fn code(&self) -> &'static str {
        match self {
            NotCalled::Feed(error) => error.code(),
            NotCalled::Number(_) => "no_number",
            NotCalled::NoProgram | NotCalled::Ourselves => "no_dial",
            NotCalled::Program(_) => "not_dialled",
        }
    }
}

/// Calls `number` as a person writes it. Returns when my phone is taken, or when another program has the number.
pub(super) async fn call(settings: &Settings, desk: &DeskHandle, number: &str) -> Result<(), NotCalled> {
    match settings.dial(desk, number).await {
        Err(NoCall::NoDial) => {
            let digits = link::dialable(number)?;
            let handed = spawn_blocking(move || hand_on(&digits)).await;
            handed.map_err(|_| NotCalled::Feed(NoCall::Desk(DeskError::Closed)))?
        }
        called => Ok(called?),
    }
}

/// Opens `tel:digits`. Where Ringside is the program for it, the link would come straight back.
fn hand_on(digits: &str) -> Result<(), NotCalled> {
    // without xdg-utils nothing is known of it, and `open` tries other ways
    if let Ok(asked) = Command::new("xdg-mime")
        .args(["query", "default", "x-scheme-handler/tel"])
        .output()
    {
        let program = String::from_utf8_lossy(&asked.stdout).trim().to_ascii_lowercase();
        if program.contains("ringside") {
            return Err(NotCalled::Ourselves);
        }
        if program.is_empty() {
            return Err(NotCalled::NoProgram);
        }
    }
    open::that_detached(format!("tel:{digits}")).map_err(|error| NotCalled::Program(error.to_string()))
}
