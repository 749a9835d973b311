//! Posts of several calls, sent beside each other; those of one call one after the other, as a provider sends them.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use tokio::sync::mpsc;

use super::posts::Post;
use super::{Answer, Sender};

/// How many posts are under way at once.
const LANES: usize = 16;
/// Posts that may wait in a lane; more hold up the traffic.
const WAITING: usize = 64;

/// Where posts are sent from.
pub(super) struct Lanes {
    into: Vec<mpsc::Sender<Post>>,
    answers: mpsc::UnboundedReceiver<Answer>,
}

impl Lanes {
    /// Opens all lanes. They end when this is closed or dropped.
    pub(super) fn open(sender: &Sender) -> Self {
        let (answered, answers) = mpsc::unbounded_channel();
        let lane = |_| {
            let (into, mut posts) = mpsc::channel::<Post>(WAITING);
            let (sender, answered) = (sender.clone(), answered.clone());
            tokio::spawn(async move {
                while let Some(post) = posts.recv().await {
                    let answer = sender.send(post.telling.request).await;
                    if answered.send((post.telling.says, answer)).is_err() {
                        return;
                    }
                }
            });
            into
        };
        let into = (0..LANES).map(lane).collect();
        Lanes { into, answers }
    }

    /// Sends a post after those of the same call.
    pub(super) async fn send(&self, post: Post) {
        let mut hasher = DefaultHasher::new();
        post.call.hash(&mut hasher);
        let lane = usize::try_from(hasher.finish() % LANES as u64).unwrap_or_default();
        if let Some(into) = self.into.get(lane) {
            // a lane ends only with this
            let _ = into.send(post).await;
        }
    }

    /// No more posts come.
    pub(super) fn close(&mut self) {
        self.into.clear();
    }

    /// An answer that is there already.
    pub(super) fn answered(&mut self) -> Option<Answer> {
        self.answers.try_recv().ok()
    }

    /// The next answer; `None` when this is closed and all were given.
    pub(super) async fn answer(&mut self) -> Option<Answer> {
        self.answers.recv().await
    }
}
