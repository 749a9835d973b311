//! WebKit's own WebDriver: starts the application and looks into its pages.

use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::process::Command;

use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::json;

use crate::process::Process;
use crate::until;

/// One driver with one application.
pub(crate) struct Driver {
    process: Process,
    port: u16,
}

impl Driver {
    /// Starts a driver that gives `environment` to the application. Both write to `log`.
    pub(crate) async fn start(environment: &[(&str, String)], log: &Path) -> Self {
        let port = free_port();
        let mut command = Command::new("WebKitWebDriver");
        command
            .arg(format!("--port={port}"))
            .env("TAURI_AUTOMATION", "true")
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("WEBKIT_DISABLE_DMABUF_RENDERER", "1")
            .envs(environment.iter().map(|(name, value)| (name, value)));
        let process = Process::start(&mut command, log);
        until("WebKitWebDriver listens", async || {
            TcpStream::connect(("127.0.0.1", port)).ok()
        })
        .await;
        Driver { process, port }
    }

    /// Starts the application.
    pub(crate) async fn open(&self, program: &Path) -> Client {
        let options = json!({ "binary": program, "args": [] });
        let capabilities = [("webkitgtk:browserOptions".to_owned(), options)];
        ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities.into_iter().collect())
            .connect(&format!("http://127.0.0.1:{}", self.port))
            .await
            .expect("the application starts under WebDriver; its log says why not")
    }

    /// The application's process.
    pub(crate) fn application(&self) -> Option<u32> {
        self.process.children().first().copied()
    }
}

/// A port that nobody listened on a moment ago.
pub fn free_port() -> u16 {
    let listener = TcpListener::bind(("127.0.0.1", 0)).expect("a free port");
    listener.local_addr().expect("its address").port()
}
