//! The application without a window, connected to the PBX, and what its panel shows.

use std::time::{Duration, Instant};

use ringside::call::CallId;
use ringside::config::{self, Home, Memory};
use ringside::desk::RecordedPanel;
use ringside::pop::view::{CallLogRow, FeedHealth, PanelView};
use ringside::start::{Running, Start};
use ringside::vault::{self, Ways};
use tempfile::TempDir;
use zeroize::Zeroizing;

/// How long anything may take.
pub(crate) const PATIENCE: Duration = Duration::from_secs(40);

/// The application without a window, connected to the PBX.
pub(crate) struct Office {
    pub(crate) running: Running,
    _folder: TempDir,
}

impl Office {
    /// At the extensions 101 and 102.
    pub(crate) fn open(ami_port: u16) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let home = Home::find(Some(folder.path())).expect("a home");
        home.create().expect("created");
        let settings = format!(
            "home_region = \"DE\"\n[agent]\nextensions = [\"101\", \"102\"]\n[[feed]]\nname = \"pbx\"\nkind = \
             \"asterisk\"\nhost = \"127.0.0.1\"\nport = {ami_port}\nuser = \"popmin\"\nsecret = \"file:secret\"\n"
        );
        std::fs::write(home.config_file(), settings).expect("written");
        let secret = folder.path().join("secret");
        std::fs::write(&secret, "popmin-ami").expect("written");
        std::fs::set_permissions(&secret, std::os::unix::fs::PermissionsExt::from_mode(0o600)).expect("mode set");
        let ways = Ways {
            passphrase: Some(Zeroizing::new("for tests".to_owned())),
            keyring: None,
        };
        let start = Start {
            home: &home,
            config: &config::load(&home).expect("settings"),
            unlocked: &vault::unlock(&home, &ways).expect("unlocked"),
            keyring: None,
            memory: Memory::of(&home),
            demo: None,
        };
        let running = start.run(Box::new(RecordedPanel::default())).expect("started");
        Office {
            running,
            _folder: folder,
        }
    }

    /// Waits until the panel is as it should be.
    pub(crate) async fn until(&self, what: &str, is: impl Fn(&PanelView) -> bool) -> PanelView {
        let start = Instant::now();
        loop {
            let view = self.running.desk.panel().await.expect("a view");
            if is(&view) {
                return view;
            }
            assert!(
                start.elapsed() < PATIENCE,
                "not in {PATIENCE:?}: {what}; the panel is {view:#?}"
            );
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
    }

    pub(crate) async fn note(&self, call: &CallId, text: &str) {
        let saved = self.running.desk.save_note(call.clone(), text.to_owned()).await;
        assert!(saved.expect("saved").saved_at.is_some());
    }

    pub(crate) async fn log(&self) -> Vec<CallLogRow> {
        self.running.desk.call_log(None, 50).await.expect("a log")
    }
}

/// Every feed is connected.
pub(crate) fn is_up(view: &PanelView) -> bool {
    view.feeds.iter().all(|feed| feed.health == FeedHealth::Up)
}
