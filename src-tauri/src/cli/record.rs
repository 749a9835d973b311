//! `ringside record`: what a phone system sends, written to a file as it comes.
//!
//! It starts one feed of the settings and no desk; nothing pops and nothing is logged.

use std::fs::{File, OpenOptions};
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use chrono::Utc;
use clap::Args;
use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use tokio::time::{MissedTickBehavior, interval};

use crate::config::{self, ConfigError, Home, HomeError, SecretRef};
use crate::feed::record::anonymise::{Anonymiser, Key};
use crate::feed::record::{Header, Recorder};
use crate::feed::replay::{Recording, RecordingError};
use crate::feed::{FeedSignal, Piece, SIGNALS, Signal, Tap};
use crate::number::Region;
use crate::start::{Feeds, NotRecorded};
use crate::vault::{self, SecretError, VaultError, Ways};

/// Writes what a phone system sends into a file, until Ctrl-C.
#[derive(Args, Debug)]
pub struct RecordArgs {
    /// The recording to write; it must not be there yet
    file: PathBuf,
    /// Name of the feed in the settings
    #[arg(long, value_name = "NAME", required_unless_present = "from")]
    feed: Option<String>,
    /// Write a recording that is there already once more, for example with --anonymise
    #[arg(long, value_name = "RECORDING", conflicts_with_all = ["feed", "seconds"])]
    from: Option<PathBuf>,
    /// Replace the numbers and names of people, the same ones by the same others
    #[arg(long)]
    anonymise: bool,
    /// A secret that recordings are replaced alike with: keyring:NAME, env:NAME or file:PATH; else a new one, not kept
    #[arg(long, value_name = "SECRET", value_parser = secret, requires = "anonymise")]
    anonymise_key: Option<SecretRef>,
    /// End after so many seconds
    #[arg(long, value_parser = clap::value_parser!(u64).range(1..))]
    seconds: Option<u64>,
}

/// Why nothing was recorded, or no more.
#[derive(Debug, thiserror::Error)]
pub enum RecordError {
    /// There is a file of this name.
    #[error("{0} is there already, and a recording replaces nothing; give another name or remove it")]
    Exists(PathBuf),
    /// The file cannot be made or written.
    #[error("cannot write {path}: {source}; what was written before is kept")]
    Write {
        /// The file.
        path: PathBuf,
        /// Why.
        source: io::Error,
    },
    /// The recording to write once more cannot be read.
    #[error("cannot read {path}: {source}")]
    Read {
        /// The file.
        path: PathBuf,
        /// Why.
        source: RecordingError,
    },
    /// There is no home.
    #[error(transparent)]
    Home(#[from] HomeError),
    /// The settings are wrong.
    #[error(transparent)]
    Config(#[from] ConfigError),
    /// The environment says what cannot be.
    #[error(transparent)]
    Ways(#[from] VaultError),
    /// The secret cannot be had.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The feed cannot be recorded.
    #[error(transparent)]
    Feed(#[from] NotRecorded),
    /// The system gives no thread.
    #[error("the system gives no thread: {0}")]
    Thread(#[source] io::Error),
}

/// How often the file is brought to the disk.
const SYNC: Duration = Duration::from_secs(1);

/// Runs the command; how the feed is, and what was written, goes to `err`.
///
/// # Errors
/// When the file is there already or cannot be written, or the feed cannot be built.
pub fn run(
    args: &RecordArgs,
    home: impl Fn() -> Result<Home, HomeError>,
    err: &mut dyn Write,
) -> Result<(), RecordError> {
    match (&args.feed, &args.from) {
        (_, Some(from)) => again(args, from, home, err),
        (Some(feed), None) => record(args, feed, &home()?, err),
        // clap asks for one of both
        (None, None) => Ok(()),
    }
}

fn record(args: &RecordArgs, name: &str, home: &Home, err: &mut dyn Write) -> Result<(), RecordError> {
    let (config, ways) = (config::load(home)?, Ways::from_environment()?);
    let feeds = Feeds {
        home,
        config: &config,
        keyring: ways.keyring.clone(),
        demo: None,
    };
    let (tap, pieces) = Tap::open();
    let tapped = feeds.tapped(name, tap)?;
    let header = Header::new(tapped.kind, name, tapped.reading.clone(), Utc::now());
    let anonymiser = anonymiser(args, tapped.kind, tapped.region, home)?;
    let out = Out::create(&args.file, header, anonymiser)?;
    let runtime = tokio::runtime::Runtime::new().map_err(RecordError::Thread)?;
    let written = runtime.block_on(async {
        let (signals, heard) = mpsc::channel(SIGNALS);
        tokio::spawn(tapped.feed.run(signals));
        let (tell, said) = mpsc::unbounded_channel();
        tokio::spawn(listen(heard, tell));
        follow(args, out, pieces, said, err).await
    });
    runtime.shutdown_background();
    written
}

/// Hands on how the feed is. Its events are not waited for: a slow disk must not make the feed think that nobody
/// takes them.
async fn listen(mut heard: mpsc::Receiver<FeedSignal>, tell: UnboundedSender<FeedSignal>) {
    while let Some(signal) = heard.recv().await {
        let is_health = !matches!(signal.what, Signal::Event(_) | Signal::Resync(_));
        if is_health && tell.send(signal).is_err() {
            return;
        }
    }
}

/// Until Ctrl-C or the time is up.
async fn follow(
    args: &RecordArgs,
    mut out: Out,
    mut pieces: UnboundedReceiver<Piece>,
    mut said: UnboundedReceiver<FeedSignal>,
    err: &mut dyn Write,
) -> Result<(), RecordError> {
    let limit = Duration::from_secs(args.seconds.unwrap_or(u64::from(u32::MAX)));
    let end = tokio::time::sleep(limit);
    tokio::pin!(end);
    let mut sync = interval(SYNC);
    sync.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        tokio::select! {
            Some(piece) = pieces.recv() => out.take(&piece)?,
            Some(signal) = said.recv() => say(&signal, err),
            _ = sync.tick() => out.sync()?,
            () = &mut end => break,
            _ = tokio::signal::ctrl_c() => break,
        }
    }
    while let Ok(piece) = pieces.try_recv() {
        out.take(&piece)?;
    }
    out.finish(err)
}

/// Writes a recording that is there once more.
fn again(
    args: &RecordArgs,
    from: &Path,
    home: impl Fn() -> Result<Home, HomeError>,
    err: &mut dyn Write,
) -> Result<(), RecordError> {
    let unreadable = |source| RecordError::Read {
        path: from.to_owned(),
        source,
    };
    let file = File::open(from).map_err(|error| unreadable(error.into()))?;
    let mut recording = Recording::open(file).map_err(unreadable)?;
    let mut first = recording.piece().map_err(unreadable)?;
    let header = recording.header().cloned().unwrap_or_else(|| {
        let began = first.as_ref().map_or_else(Utc::now, |piece| piece.at);
        Header::new("ami", "asterisk", crate::feed::record::Reading::default(), began)
    });
    let home = home()?;
    let region = config::load(&home)?.region();
    let anonymiser = anonymiser(args, &header.feed, region, &home)?;
    let mut out = Out::create(&args.file, header, anonymiser)?;
    while let Some(piece) = first {
        out.take(&piece)?;
        first = recording.piece().map_err(unreadable)?;
    }
    out.finish(err)
}

fn anonymiser(
    args: &RecordArgs,
    feed: &str,
    region: Option<Region>,
    home: &Home,
) -> Result<Option<Anonymiser>, RecordError> {
    if !args.anonymise {
        return Ok(None);
    }
    let key: Key = match &args.anonymise_key {
        None => Anonymiser::new_key(),
        Some(reference) => {
            let keyring = Ways::from_environment()?.keyring;
            let secret = vault::read_secret(reference, home.folder(), keyring.as_ref())?;
            Anonymiser::key_of(&secret)
        }
    };
    Ok(Some(Anonymiser::new(feed, key, region)))
}

/// The file that is being written.
struct Out {
    path: PathBuf,
    recorder: Recorder<File>,
}

impl Out {
    fn create(path: &Path, header: Header, anonymiser: Option<Anonymiser>) -> Result<Self, RecordError> {
        let wrong = |source| RecordError::Write {
            path: path.to_owned(),
            source,
        };
        let file = match private_file().open(path) {
            Err(error) if error.kind() == io::ErrorKind::AlreadyExists => {
                return Err(RecordError::Exists(path.to_owned()));
            }
            opened => opened.map_err(wrong)?,
        };
        let recorder = Recorder::new(file, header, anonymiser).map_err(wrong)?;
        Ok(Out {
            path: path.to_owned(),
            recorder,
        })
    }

    fn take(&mut self, piece: &Piece) -> Result<(), RecordError> {
        let taken = self.recorder.take(piece);
        taken.map_err(|source| self.wrong(source))
    }

    fn sync(&self) -> Result<(), RecordError> {
        self.recorder.file().sync_data().map_err(|source| self.wrong(source))
    }

    fn finish(self, err: &mut dyn Write) -> Result<(), RecordError> {
        let (path, pieces) = (self.path, self.recorder.pieces);
        let finished = self.recorder.finish().and_then(|file| file.sync_all());
        finished.map_err(|source| RecordError::Write {
            path: path.clone(),
            source,
        })?;
        // the recording is whole, whether or not somebody reads that it is
        let _ = writeln!(err, "{pieces} pieces are in {}", path.display());
        Ok(())
    }

    fn wrong(&self, source: io::Error) -> RecordError {
        RecordError::Write {
            path: self.path.clone(),
            source,
        }
    }
}

/// A new file that its owner alone may read: who called stands in it.
fn private_file() -> OpenOptions {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    options
}

fn say(signal: &FeedSignal, err: &mut dyn Write) {
    let how = match &signal.what {
        Signal::Up { caveat: None } => "up".to_owned(),
        Signal::Up { caveat: Some(caveat) } => format!("up, but {caveat}"),
        Signal::Lost(why) => format!("lost: {why}"),
        Signal::Refused(why) => format!("refused: {why}"),
        Signal::Event(_) | Signal::Resync(_) => return,
    };
    // a closed terminal must not end the recording
    let _ = writeln!(err, "{} {} {how}", signal.at.format("%H:%M:%S"), signal.feed);
}

fn secret(text: &str) -> Result<SecretRef, String> {
    SecretRef::parse(text).ok_or_else(|| "give keyring:NAME, env:NAME or file:PATH".to_owned())
}
