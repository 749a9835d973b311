//! The settings, kept for what a person asks while the desk runs: to try a request, to call a number.

use std::sync::Arc;

use super::feeds::Feeds;
use crate::config::{Config, Disposition, FeedKind, Home, Language, Panel, SimulatedFeed, Template};
use crate::desk::DeskError;
use crate::pop::view::{AfterCallView, DispositionView, TemplateView};
use crate::vault::Keyring;

/// The settings and where their secrets are. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Settings(Arc<Whole>);

#[derive(Debug)]
struct Whole {
    home: Home,
    config: Config,
    keyring: Option<Keyring>,
    demo: Option<SimulatedFeed>,
}

impl Settings {
    /// The settings that a desk was started with; see [`super::Start`].
    #[must_use]
    pub fn new(home: Home, config: Config, keyring: Option<Keyring>, demo: Option<SimulatedFeed>) -> Self {
        Settings(Arc::new(Whole {
            home,
            config,
            keyring,
            demo,
        }))
    }

    /// The language of the windows as the settings have it; the pages take the system's without one.
    #[must_use]
    pub fn language(&self) -> Option<Language> {
        self.0.config.language
    }

    /// The home folder.
    #[must_use]
    pub fn home(&self) -> &Home {
        &self.0.home
    }

    pub(super) fn is_demo(&self) -> bool {
        self.0.demo.is_some()
    }

    pub(super) fn config(&self) -> &Config {
        &self.0.config
    }

    pub(super) fn keyring(&self) -> Option<&Keyring> {
        self.0.keyring.as_ref()
    }

    /// `[panel]`.
    #[must_use]
    pub fn panel(&self) -> &Panel {
        &self.0.config.panel
    }

    /// The language of what is said outside of the windows.
    #[must_use]
    pub fn spoken(&self) -> Language {
        self.0.config.spoken()
    }

    /// How this shop works after a call: dispositions, templates, and keys that are not the usual ones.
    #[must_use]
    pub fn after_call(&self) -> AfterCallView {
        let config = &self.0.config;
        let disposition = |one: Disposition| DispositionView {
            code: one.code,
            name: one.name,
        };
        let template = |one: &Template| TemplateView {
            name: one.name.clone(),
            text: one.text.clone(),
        };
        let keys = config.keys.iter();
        AfterCallView {
            dispositions: config.dispositions().into_iter().map(disposition).collect(),
            templates: config.templates.iter().map(template).collect(),
            keys: keys
                .map(|(action, chords)| (action.clone(), chords.iter().map(ToString::to_string).collect()))
                .collect(),
        }
    }

    /// The names of the webhook feeds.
    #[must_use]
    pub fn webhooks(&self) -> Vec<String> {
        let is_webhook = |kind: &FeedKind| matches!(kind, FeedKind::Webhook(_));
        let feeds = self.0.feeds().feeds().into_iter();
        feeds
            .filter(|feed| is_webhook(&feed.kind))
            .map(|feed| feed.name)
            .collect()
    }

    /// Asks on a thread of its own, because a keyring may take its time.
    ///
    /// # Errors
    /// When the application is closing.
    pub(super) async fn ask<T: Send + 'static>(
        &self,
        question: impl FnOnce(Feeds<'_>) -> T + Send + 'static,
    ) -> Result<T, DeskError> {
        let whole = self.0.clone();
        let asked = tokio::task::spawn_blocking(move || question(whole.feeds()));
        asked.await.map_err(|_| DeskError::Closed)
    }
}

impl Whole {
    fn feeds(&self) -> Feeds<'_> {
        Feeds {
            home: &self.home,
            config: &self.config,
            keyring: self.keyring.clone(),
            demo: self.demo,
        }
    }
}
