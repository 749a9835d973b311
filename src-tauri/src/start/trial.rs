//! A pasted webhook request, tried: what its feed makes of it, and who would be shown. Nothing of it happens.

use chrono::{DateTime, Utc};

use super::feeds::{Feeds, unusable};
use super::settings::Settings;
use crate::call::{CallEvent, Endpoint, Line};
use crate::config::FeedKind;
use crate::desk::{DeskError, DeskHandle};
use crate::feed::webhook::{Examined, Proof, Unfit, examine};
use crate::pop;
use crate::pop::view::{ProofView, WebhookTrialView};
use crate::words::{Saying, said_view};

/// Why a request could not be tried.
#[derive(Debug, thiserror::Error)]
#[error("{}", self.saying())]
pub enum NoTrial {
    /// There is no such webhook feed.
    NoFeed(String),
    /// The feed cannot be used as it is set: its name, and why.
    Unusable(String, String),
    /// The desk does not answer.
    Desk(#[from] DeskError),
}

impl NoTrial {
    /// What is wrong and what to do.
    #[must_use]
    pub fn saying(&self) -> Saying {
        match self {
            NoTrial::NoFeed(name) => Saying::of("refused.no_webhook").with("name", name),
            NoTrial::Unusable(name, why) => {
                let why = unusable(why);
                Saying::of("refused.unusable").with("name", name).with_said("why", why)
            }
            NoTrial::Desk(error) => error.saying(),
        }
    }

    /// A stable code for the user interface to act on.
    #[must_use]
    pub fn code(&self) -> &'static str {
        match self {
            NoTrial::NoFeed(_) => "no_such_feed",
            NoTrial::Unusable(..) => "unusable_feed",
            NoTrial::Desk(error) => error.code(),
        }
    }
}

impl Settings {
    /// What the webhook feed `feed` would make of `text`, one request as HTTP/1.1, if it came at `now`, and whom `desk`
    /// would show.
    ///
    /// # Errors
    /// When there is no such feed, its secrets cannot be read, or the desk cannot look anybody up. What is wrong with
    /// the request is in the answer.
    pub async fn try_webhook(
        &self,
        desk: &DeskHandle,
        feed: String,
        text: String,
        now: DateTime<Utc>,
    ) -> Result<WebhookTrialView, NoTrial> {
        let name = feed.clone();
        let (examined, proof_detail) = self.ask(move |feeds| feeds.examine(&name, &text, now)).await??;
        let lines = desk.lines().await?;
        let mine = examined.events.iter().any(|event| takes_part(event, &lines));
        let caller = match examined.caller {
            Some(party) => Some(desk.who_is(feed, party).await?),
            None => None,
        };
        Ok(WebhookTrialView {
            proof: match examined.proof {
                Proof::Signed => ProofView::Signed,
                Proof::TokenOnly => ProofView::TokenOnly,
                Proof::Failed(_) => ProofView::Failed,
                Proof::Unset(_) => ProofView::Unset,
            },
            proof_detail: proof_detail.as_ref().map(said_view).unwrap_or_default(),
            events: pop::events_of(&examined.events),
            trouble: examined.trouble.as_ref().map(said_view).unwrap_or_default(),
            caller,
            mine,
        })
    }
}

impl Feeds<'_> {
    /// Examines a request, and says what is wrong with its proof.
    fn examine(&self, name: &str, text: &str, now: DateTime<Utc>) -> Result<(Examined, Option<Saying>), NoTrial> {
        let feeds = self.feeds();
        let webhook = feeds.iter().find_map(|feed| match &feed.kind {
            FeedKind::Webhook(webhook) if feed.name == name => Some(webhook),
            _ => None,
        });
        let webhook = webhook.ok_or_else(|| NoTrial::NoFeed(name.to_owned()))?;
        let refused = |why: String| NoTrial::Unusable(name.to_owned(), why);
        let keys = self.keys(webhook).map_err(refused)?;
        let dialect = webhook
            .dialect()
            .ok_or_else(|| refused(Saying::of("said.hook_no_format").to_string()))?;
        let look = |text: &str| {
            let (dialect, keys) = (dialect.clone(), keys.clone());
            examine(dialect, keys, self.names(webhook), text.as_bytes(), now)
        };
        // whoever copies a request copies the end of its last line too, which no signature covers
        let bare = text.trim_end_matches(['\r', '\n']);
        let mut examined = look(bare);
        if matches!(examined.proof, Proof::Failed(_)) && bare != text {
            let whole = look(text);
            if !matches!(whole.proof, Proof::Failed(_)) {
                examined = whole;
            }
        }
        let detail = match &examined.proof {
            Proof::Signed | Proof::TokenOnly => None,
            Proof::Failed(unproven) => Some(unproven.saying()),
            Proof::Unset(need) => Some(Unfit::Missing(*need, dialect.name().to_owned()).saying()),
        };
        Ok((examined, detail))
    }
}

fn takes_part(event: &CallEvent, lines: &[Line]) -> bool {
    match event {
        CallEvent::Began { origin: Some(line), .. }
        | CallEvent::Offered {
            to: Endpoint::Line(line),
            ..
        } => lines.contains(line),
        _ => false,
    }
}
