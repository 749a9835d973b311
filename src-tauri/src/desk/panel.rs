//! What can show a panel: the window, or a recorder in its place.

use std::sync::{Arc, Mutex, PoisonError};

use super::reminders::Reminder;
use crate::pop::view::{MissedView, PanelView};

/// Something that shows the panel. Calls must return at once: the desk waits for them.
pub trait Panel: Send {
    /// Bring the panel in view, on top, without taking the keyboard. Also called when it is in view.
    fn show(&mut self, view: &PanelView);

    /// The content changed; whether it is in view stays as it is.
    fn update(&mut self, view: &PanelView);

    /// Take the panel out of view: nothing is left to show.
    fn hide(&mut self, view: &PanelView);

    /// A call was missed: raise a desktop notification.
    fn missed(&mut self, missed: &MissedView);

    /// Something comes back or is due: raise a desktop notification.
    fn remind(&mut self, reminder: &Reminder);

    /// What the journal holds of calls, or of what is to be done after them, changed.
    fn log_changed(&mut self);
}

/// One thing a panel was told.
#[derive(Clone, Debug, PartialEq)]
pub enum Told {
    /// [`Panel::show`].
    Show(PanelView),
    /// [`Panel::update`].
    Update(PanelView),
    /// [`Panel::hide`].
    Hide,
    /// [`Panel::missed`].
    Missed(MissedView),
    /// [`Panel::remind`].
    Reminded(Reminder),
    /// [`Panel::log_changed`].
    LogChanged,
}

/// Remembers what it was told: the panel of a run without a window.
#[derive(Clone, Debug, Default)]
pub struct RecordedPanel {
    told: Arc<Mutex<Vec<Told>>>,
}

impl RecordedPanel {
    /// All it was told so far, the oldest first.
    #[must_use]
    pub fn told(&self) -> Vec<Told> {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn note(&self, told: Told) {
        self.told.lock().unwrap_or_else(PoisonError::into_inner).push(told);
    }
}

impl Panel for RecordedPanel {
    fn show(&mut self, view: &PanelView) {
        self.note(Told::Show(view.clone()));
    }

    fn update(&mut self, view: &PanelView) {
        self.note(Told::Update(view.clone()));
    }

    fn hide(&mut self, _view: &PanelView) {
        self.note(Told::Hide);
    }

    fn missed(&mut self, missed: &MissedView) {
        self.note(Told::Missed(missed.clone()));
    }

    fn remind(&mut self, reminder: &Reminder) {
        self.note(Told::Reminded(reminder.clone()));
    }

    fn log_changed(&mut self) {
        self.note(Told::LogChanged);
    }
}
