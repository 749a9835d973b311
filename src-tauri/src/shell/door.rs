//! The door of a running Ringside: a second start on the same home folder knocks here, hands over what it was started with,
//! and ends.
//!
//! A socket in the home folder, which its owner alone may enter. What comes in is a link as anybody can write one: it is
//! given on as text, and read by whoever takes it.

use std::fs::{self, File, Permissions};
use std::io::{self, BufRead as _, BufReader, Read as _, Write as _};
use std::os::fd::AsRawFd as _;
use std::os::unix::fs::PermissionsExt as _;
use std::os::unix::net::{UnixListener, UnixStream};
use std::path::{Path, PathBuf};
use std::thread;
use std::time::Duration;

use serde::{Deserialize, Serialize};

/// What was handed over is taken with this answer: nothing, or why it was refused.
pub(super) type Take = Box<dyn FnMut(Option<String>) -> Result<(), String> + Send>;

/// What a knock came to.
#[derive(Debug, PartialEq, Eq)]
pub(super) enum Knock {
    /// Nobody is there.
    Nobody,
    /// It was taken.
    Taken,
    /// It was refused, with why.
    Refused(String),
    /// Somebody is there and does not answer.
    Silent,
}

#[derive(Debug, Serialize, Deserialize)]
struct Asked {
    open: Option<String>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Answered {
    refused: Option<String>,
}

const SOCKET: &str = "ringside.sock";
/// No link is longer by far; what is, is not read to its end.
const MOST_BYTES: u64 = 8192;
/// How long one side waits for the other.
const PATIENCE: Duration = Duration::from_secs(5);

/// Opens the door of `home` and gives everything that comes in to `take`, on a thread of its own. Only whoever holds the home
/// folder may: what stands in the way is the door of one that has ended.
pub(super) fn open(home: &Path, mut take: Take) -> io::Result<()> {
    let listener = at(home, |address| {
        match fs::remove_file(&address) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let listener = UnixListener::bind(&address)?;
        fs::set_permissions(&address, Permissions::from_mode(0o600))?;
        Ok(listener)
    })?;
    thread::Builder::new().name("door".to_owned()).spawn(move || {
        for stream in listener.incoming() {
            match stream.and_then(|stream| answer(stream, &mut take)) {
                Ok(()) => {}
                Err(error) => tracing::debug!(%error, "a second start did not say what it wants"),
            }
        }
    })?;
    Ok(())
}

/// Hands `link`, or just that Ringside was started again, to whoever has `home` open.
pub(super) fn knock(home: &Path, link: Option<&str>) -> Knock {
    let Ok(stream) = at(home, UnixStream::connect) else {
        return Knock::Nobody;
    };
    match ask(stream, link) {
        Ok(Answered { refused: None }) => Knock::Taken,
        Ok(Answered { refused: Some(why) }) => Knock::Refused(why),
        Err(error) => {
            tracing::debug!(%error, "the running Ringside does not answer");
            Knock::Silent
        }
    }
}

fn ask(mut stream: UnixStream, link: Option<&str>) -> io::Result<Answered> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let asked = Asked {
        open: link.map(str::to_owned),
    };
    writeln!(stream, "{}", serde_json::to_string(&asked)?)?;
    Ok(serde_json::from_str(&line(&stream)?)?)
}

fn answer(mut stream: UnixStream, take: &mut Take) -> io::Result<()> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    let asked: Asked = serde_json::from_str(&line(&stream)?)?;
    let refused = take(asked.open).err();
    writeln!(stream, "{}", serde_json::to_string(&Answered { refused })?)
}

fn line(stream: &UnixStream) -> io::Result<String> {
    let mut line = String::new();
    BufReader::new(stream.take(MOST_BYTES)).read_line(&mut line)?;
    Ok(line)
}

/// The address of a socket has at most 107 bytes (unix(7)), and the path of a home folder may have more: so the folder is
/// opened, and has a short name as one of this process's files.
fn at<T>(home: &Path, act: impl FnOnce(PathBuf) -> io::Result<T>) -> io::Result<T> {
    let folder = File::open(home)?;
    act(PathBuf::from(format!("/proc/self/fd/{}/{SOCKET}", folder.as_raw_fd())))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::mpsc::channel;

    fn take_all(home: &Path) -> std::sync::mpsc::Receiver<Option<String>> {
        let (into, out) = channel();
        let take: Take = Box::new(move |link| {
            if link.as_deref() == Some("bad") {
                return Err("no such link".to_owned());
            }
            into.send(link).map_err(|error| error.to_string())
        });
        open(home, take).expect("the door opens");
        out
    }

    #[test]
    fn a_second_start_hands_over_what_it_was_started_with() {
        let home = tempfile::tempdir().expect("a folder");
        assert_eq!(knock(home.path(), None), Knock::Nobody);
        let taken = take_all(home.path());
        assert_eq!(knock(home.path(), Some("tel:+49301234567")), Knock::Taken);
        assert_eq!(knock(home.path(), None), Knock::Taken);
        assert_eq!(
            knock(home.path(), Some("bad")),
            Knock::Refused("no such link".to_owned())
        );
        let all: Vec<_> = taken.try_iter().collect();
        assert_eq!(all, [Some("tel:+49301234567".to_owned()), None]);
    }

    #[test]
    fn the_door_of_one_that_has_ended_is_opened_anew() {
        let home = tempfile::tempdir().expect("a folder");
        drop(at(home.path(), UnixListener::bind).expect("a socket"));
        assert_eq!(knock(home.path(), None), Knock::Nobody);
        let _taken = take_all(home.path());
        assert_eq!(knock(home.path(), None), Knock::Taken);
    }

    #[test]
    fn a_home_folder_with_a_very_long_path_has_a_door_too() {
        let folder = tempfile::tempdir().expect("a folder");
        let home = folder.path().join("a".repeat(200));
        fs::create_dir(&home).expect("a folder");
        let _taken = take_all(&home);
        assert_eq!(knock(&home, None), Knock::Taken);
    }

    #[test]
    fn nonsense_at_the_door_is_shut_out_and_the_next_is_heard() {
        let home = tempfile::tempdir().expect("a folder");
        let taken = take_all(home.path());
        for nonsense in ["\n".to_owned(), "{}x\n".to_owned(), "x".repeat(100_000)] {
            let mut stream = at(home.path(), UnixStream::connect).expect("somebody is there");
            // the other side may have closed by then
            let _ = stream.write_all(nonsense.as_bytes());
            let _ = stream.shutdown(std::net::Shutdown::Write);
        }
        assert_eq!(knock(home.path(), None), Knock::Taken);
        assert_eq!(taken.try_iter().count(), 1);
    }
}
