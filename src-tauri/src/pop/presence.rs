//! How it stands at this desk, in one word. Pure, over what the panel shows.

use super::view::{CardState, FeedHealth, PanelView};

/// What the tray shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Presence {
    /// A call would come up.
    Available,
    /// A call is on.
    OnCall,
    /// Nothing comes up: nobody is to be disturbed.
    Quiet,
    /// No phone system is connected: calls ring without a panel.
    Lost,
}

impl Presence {
    /// The presence of whoever sits before this panel. The gravest wins: what is not heard of cannot come up, whatever else
    /// is set.
    #[must_use]
    pub fn of(view: &PanelView) -> Self {
        let broken = |health| matches!(health, FeedHealth::Lost | FeedHealth::Refused);
        let lost = !view.feeds.is_empty() && view.feeds.iter().all(|feed| broken(feed.health));
        let on = |state| match state {
            CardState::Dialling | CardState::Talking | CardState::Held | CardState::Unsure => true,
            CardState::Ringing | CardState::WrapUp => false,
        };
        if lost {
            Presence::Lost
        } else if view.cards.iter().any(|card| on(card.state)) {
            Presence::OnCall
        } else if view.quiet.is_some() {
            Presence::Quiet
        } else {
            Presence::Available
        }
    }

    /// The message of the catalogue that says it.
    #[must_use]
    pub fn key(self) -> &'static str {
        match self {
            Presence::Available => "tray.available",
            Presence::OnCall => "tray.on_call",
            Presence::Quiet => "tray.quiet",
            Presence::Lost => "tray.lost",
        }
    }
}
