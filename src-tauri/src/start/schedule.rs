//! Reads the sources of customer data while Ringside runs: when their time comes, when their files change, and when a
//! person says so. One source at a time, on a thread of its own.

use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError, Sender};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};

use chrono::Utc;
use notify::{RecommendedWatcher, RecursiveMode, Watcher as _};

use super::due::{Due, Ran};
use super::sources::{Follower, Sources, Wish};
use crate::background;
use crate::config::Source;
use crate::directory::DirectoryError;
use crate::pop::said_view;
use crate::pop::view::{HeldView, SourceState, SourceView};
use crate::source::sync::{Failed, Progress, Report};
use crate::words::Saying;

/// How long the thread sleeps at most.
const LONGEST: Duration = Duration::from_secs(60);

/// The sources of the settings, and a word with whoever reads them. Cheap to clone.
#[derive(Clone, Debug)]
pub struct Schedule {
    sources: Sources,
    asks: Sender<Ask>,
    views: Arc<Mutex<Vec<SourceView>>>,
    stopped: Arc<AtomicBool>,
    thread: Arc<Mutex<Option<JoinHandle<()>>>>,
}

/// The settings name no such source.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("there is no source `{0}` in the settings; it may have been renamed since the start")]
pub struct NoSource(pub String);

impl NoSource {
    /// The same for a person.
    #[must_use]
    pub fn saying(&self) -> Saying {
        Saying::of("import.no_source").with("name", &self.0)
    }
}

/// What is asked of the thread.
#[derive(Debug)]
enum Ask {
    /// Read this source now, with what is wished.
    Now(usize, Wish),
    /// Something changed in the files of this source.
    Changed(usize),
    /// Enough.
    Stop,
}

impl Schedule {
    /// Begins to read what `sources` names, each at its time.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(sources: Sources) -> std::io::Result<Self> {
        let (asks, asked) = mpsc::channel();
        let views = Arc::new(Mutex::new(sources.all().iter().map(first_view).collect()));
        let stopped = Arc::new(AtomicBool::new(false));
        let watcher = watch(&sources, &asks);
        let for_links = sources.clone();
        let mut runner = Runner {
            due: Due::new(sources.all().iter().map(Source::every), Utc::now()),
            views: Arc::clone(&views),
            stopped: Arc::clone(&stopped),
            sources,
            asked,
        };
        let thread = background::spawn("sources", move || {
            let _watched = watcher;
            runner.run();
        })?;
        Ok(Schedule {
            sources: for_links,
            asks,
            views,
            stopped,
            thread: Arc::new(Mutex::new(Some(thread))),
        })
    }

    /// How every source stands, in the order of the settings.
    #[must_use]
    pub fn views(&self) -> Vec<SourceView> {
        self.views.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Reads a source now; `allow_deletes`: what was held may go.
    ///
    /// # Errors
    /// When there is no such source.
    pub fn now(&self, name: &str, allow_deletes: bool) -> Result<(), NoSource> {
        let at = self.views().iter().position(|view| view.name == name);
        let at = at.ok_or_else(|| NoSource(name.to_owned()))?;
        let wish = Wish {
            allow_deletes,
            ..Wish::default()
        };
        // A thread that has ended is one of a program that ends.
        let _ended = self.asks.send(Ask::Now(at, wish));
        Ok(())
    }

    pub(super) fn sources(&self) -> &Sources {
        &self.sources
    }

    /// Links the records that are one, now: by what they have in common and what people said. Takes its turn with a run.
    ///
    /// # Errors
    /// When the cache cannot be used; then the next run does it.
    pub fn link(&self) -> Result<u64, DirectoryError> {
        self.sources.link()
    }

    /// Stops the run that is under way, between two batches, and waits for it.
    pub fn stop(&self) {
        self.stopped.store(true, Ordering::Relaxed);
        let _ended = self.asks.send(Ask::Stop);
        let thread = self.thread.lock().unwrap_or_else(PoisonError::into_inner).take();
        if thread.is_some_and(|thread| thread.join().is_err()) {
            tracing::error!("what reads the sources ended in a panic; what it took in before stays");
        }
    }
}

/// The thread.
struct Runner {
    sources: Sources,
    due: Due,
    views: Arc<Mutex<Vec<SourceView>>>,
    stopped: Arc<AtomicBool>,
    asked: Receiver<Ask>,
}

impl Runner {
    fn run(&mut self) {
        for at in 0..self.due.len() {
            self.show_kept(at);
        }
        while !self.stopped.load(Ordering::Relaxed) {
            let now = Utc::now();
            let next = self.due.next();
            match next.filter(|(due, _)| *due <= now) {
                Some((_, at)) => self.read(at),
                None => self.listen(next.map_or(LONGEST, |(due, _)| (due - now).to_std().unwrap_or_default())),
            }
        }
    }

    fn listen(&mut self, time: Duration) {
        match self.asked.recv_timeout(time.min(LONGEST)) {
            Ok(ask) => self.take(&ask),
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => self.stopped.store(true, Ordering::Relaxed),
        }
    }

    fn take(&mut self, ask: &Ask) {
        match *ask {
            Ask::Now(at, wish) => self.due.asked(at, wish, Utc::now()),
            Ask::Changed(at) => self.due.changed(at, Utc::now()),
            Ask::Stop => self.stopped.store(true, Ordering::Relaxed),
        }
        self.show_next();
    }

    fn read(&mut self, at: usize) {
        let source = self.sources.all()[at].clone();
        let wish = self.due.begin(at);
        self.show(at, |view| {
            (view.state, view.trouble) = (SourceState::Running, Vec::new());
        });
        let mut watching = Watching {
            views: Arc::clone(&self.views),
            stopped: Arc::clone(&self.stopped),
            at,
        };
        let ran = self.sources.run(&source, wish, &mut watching);
        self.due.ran(at, wish, came_out(&ran), Utc::now());
        let trouble = match ran {
            Ok(report) => report.failed.map(|failed| failed.saying()),
            Err(error) => Some(error.saying()),
        };
        if let Some(trouble) = &trouble {
            tracing::warn!(source = source.name, "{trouble}");
        }
        self.show(at, |view| {
            (view.stream, view.done, view.total) = (None, 0, None);
            view.state = if trouble.is_some() {
                SourceState::Failed
            } else {
                SourceState::Idle
            };
            view.trouble = trouble.as_ref().map_or_else(Vec::new, said_view);
        });
        self.show_kept(at);
        self.show_next();
    }

    /// What the cache has of a source.
    fn show_kept(&self, at: usize) {
        let name = &self.sources.all()[at].name;
        match self.sources.place().kept(name) {
            Ok(kept) => self.show(at, |view| {
                (view.customers, view.checked) = (kept.customers, kept.checked);
                let held = kept.held.into_iter().map(|held| HeldView {
                    stream: held.stream,
                    records: held.records,
                });
                view.held = held.collect();
            }),
            Err(error) => tracing::warn!(source = name, %error, "how the source stands could not be read"),
        }
    }

    fn show_next(&self) {
        for at in 0..self.due.len() {
            self.show(at, |view| view.next = self.due.at(at));
        }
    }

    fn show(&self, at: usize, change: impl FnOnce(&mut SourceView)) {
        change_view(&self.views, at, change);
    }
}

fn came_out(ran: &Result<Report, DirectoryError>) -> Ran {
    match ran {
        Ok(Report {
            failed: Some(Failed::Later { after: Some(after), .. }),
            ..
        }) => Ran::NotBefore(*after),
        Err(DirectoryError::Taken) => Ran::Taken,
        Ok(_) | Err(_) => Ran::Through,
    }
}

/// Shows how far a run is, and stops it when Ringside ends.
struct Watching {
    views: Arc<Mutex<Vec<SourceView>>>,
    stopped: Arc<AtomicBool>,
    at: usize,
}

impl Follower for Watching {
    fn progress(&mut self, progress: &Progress) {
        change_view(&self.views, self.at, |view| {
            view.stream = Some(progress.stream.clone());
            (view.done, view.total) = (progress.done, progress.total);
            (view.state, view.trouble) = match &progress.waits {
                Some((_, why)) => (SourceState::Waiting, said_view(why)),
                None => (SourceState::Running, Vec::new()),
            };
        });
    }

    fn wait(&mut self, time: Duration) -> bool {
        let end = Instant::now() + time;
        while !self.is_stopped() {
            let left = end.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return true;
            }
            std::thread::park_timeout(left.min(Duration::from_millis(200)));
        }
        false
    }

    fn is_stopped(&self) -> bool {
        self.stopped.load(Ordering::Relaxed)
    }
}

fn change_view(views: &Mutex<Vec<SourceView>>, at: usize, change: impl FnOnce(&mut SourceView)) {
    if let Some(view) = views.lock().unwrap_or_else(PoisonError::into_inner).get_mut(at) {
        change(view);
    }
}

fn first_view(source: &Source) -> SourceView {
    SourceView {
        name: source.name.clone(),
        state: SourceState::Idle,
        stream: None,
        done: 0,
        total: None,
        customers: 0,
        checked: None,
        trouble: Vec::new(),
        next: None,
        held: Vec::new(),
    }
}

/// Watches the files of sources. Where that cannot be done, they are read at their time alone.
fn watch(sources: &Sources, asks: &Sender<Ask>) -> Vec<RecommendedWatcher> {
    let watched = sources.all().iter().enumerate();
    let watched = watched.filter_map(|(at, source)| Some((at, source, sources.watched(source)?)));
    watched
        .filter_map(|(at, source, path)| {
            let watcher = watcher(at, path, asks.clone());
            if let Err(error) = &watcher {
                tracing::warn!(source = source.name, %error, "its files cannot be watched; they are read at their time");
            }
            watcher.ok()
        })
        .collect()
}

/// A file is watched by its folder: programs replace a file rather than write into it.
fn watcher(at: usize, path: PathBuf, asks: Sender<Ask>) -> notify::Result<RecommendedWatcher> {
    let folder = if path.is_dir() {
        path.clone()
    } else {
        path.parent().unwrap_or(Path::new(".")).to_owned()
    };
    let is_folder = path.is_dir();
    let mut watcher = notify::recommended_watcher(move |event: notify::Result<notify::Event>| {
        let Ok(event) = event else { return };
        let touches = is_folder
            || event
                .paths
                .iter()
                .any(|changed| changed.file_name() == path.file_name());
        if touches && !event.kind.is_access() {
            let _ended = asks.send(Ask::Changed(at));
        }
    })?;
    watcher.watch(&folder, RecursiveMode::NonRecursive)?;
    Ok(watcher)
}
