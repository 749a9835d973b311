//! Made-up states in the real windows, in place of what the desk says.

use crate::{App, until};

impl App {
    /// Shows a made-up state in the panel's real window, in place of what the desk says, and waits until it stands at the
    /// height it needs. `query` is that of the page's address: `state`, `theme` and `lang`.
    pub async fn show_state(&self, query: &str) {
        self.panel().await;
        let mut address = self.client.current_url().await.expect("the page has an address");
        address.set_query(Some(query));
        self.client.goto(address.as_str()).await.expect("the page opens");
        self.find("panel").await;
        let settled = "const done = arguments[arguments.length - 1];
            document.fonts.ready.then(() => setTimeout(() => done(document.documentElement.dataset.wanted ?? '480'), 250))";
        let height = self
            .client
            .execute_async(settled, Vec::new())
            .await
            .expect("the page settles");
        let height: f64 = height
            .as_str()
            .and_then(|height| height.parse().ok())
            .expect("a height");
        let resize = "return window.__TAURI_INTERNALS__.invoke('resize_panel', { height: arguments[0] })";
        self.client
            .execute(resize, vec![height.into()])
            .await
            .expect("the window takes the height");
        self.rest().await;
    }

    /// Shows a page of the desk in its real window with made-up data, in place of what the desk says. `query` is that of the
    /// page's address: `state`, `theme` and `lang`; `page` what stands behind the `#`.
    pub async fn show_page(&self, query: &str, page: &str) {
        self.desk().await;
        let mut address = self.client.current_url().await.expect("the page has an address");
        address.set_query(Some(query));
        address.set_fragment(Some(page));
        self.client.goto(address.as_str()).await.expect("the page opens");
        // Where only what stands behind the `#` changes, the page is not loaded anew.
        self.client.refresh().await.expect("the page opens anew");
        let settled = "const done = arguments[arguments.length - 1];
            const drawn = () => document.querySelector('.chart[role=img]:empty') === null;
            document.fonts.ready.then(() => setTimeout(() => done(document.querySelector('h1') !== null && drawn()), 400))";
        until("the page of the desk stands there", async || {
            let there = self.client.execute_async(settled, Vec::new()).await.ok()?;
            (there == true).then_some(())
        })
        .await;
    }

    /// The names of all made-up states, once one is shown.
    pub async fn states(&self) -> Vec<String> {
        let script = "return document.documentElement.dataset.states";
        let names = self.client.execute(script, Vec::new()).await.expect("the page answers");
        names
            .as_str()
            .unwrap_or_default()
            .split(' ')
            .map(str::to_owned)
            .collect()
    }
}
