//! Screenshots of the panel as it really stands on the screen: the root window is photographed and cut, so that a panel
//! behind something else, or blank, does not look well by itself.

use std::path::{Path, PathBuf};
use std::process::{Command, Output};

use crate::display::Session;

/// The panel window's title.
const PANEL: &str = "^Ringside panel$";

/// With fewer colours than this a picture shows an empty window.
const FEWEST_COLOURS: u32 = 8;

/// Why there is no picture worth keeping.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ShotError {
    #[error("`{program}` could not be run: {source}")]
    Start {
        program: &'static str,
        source: std::io::Error,
    },
    #[error("`{program}` failed: {said}")]
    Failed { program: &'static str, said: String },
    #[error("the picture {path} shows nothing ({colours} colours): the panel was not painted")]
    Blank { path: PathBuf, colours: u32 },
}

/// Where a window is on the screen, in pixels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Area {
    x: i32,
    y: i32,
    width: u32,
    height: u32,
}

/// Saves what the panel looks like now; the whole screen where no panel is to be found. Says which of the two.
pub(crate) fn panel(session: &Session, path: &Path) -> Result<&'static str, ShotError> {
    let area = find_panel(session)?;
    let mut import = Command::new("import");
    import.args(["-silent", "-window", "root"]);
    if let Some(Area { x, y, width, height }) = area {
        import.args(["-crop", &format!("{width}x{height}{x:+}{y:+}"), "+repage"]);
    }
    output(session, "import", import.arg(path))?;
    let colours = count_colours(session, path)?;
    if colours < FEWEST_COLOURS {
        return Err(ShotError::Blank {
            path: path.to_owned(),
            colours,
        });
    }
    Ok(if area.is_some() {
        "the panel"
    } else {
        "the whole screen, as no panel window was found"
    })
}

fn find_panel(session: &Session) -> Result<Option<Area>, ShotError> {
    let mut search = Command::new("xdotool");
    search.args(["search", "--onlyvisible", "--name", PANEL]);
    session.apply(&mut search);
    // Exit code 1 means that nothing was found.
    let found = search.output().map_err(|source| ShotError::Start {
        program: "xdotool",
        source,
    })?;
    let Some(window) = String::from_utf8_lossy(&found.stdout).lines().last().map(str::to_owned) else {
        return Ok(None);
    };
    let mut geometry = Command::new("xdotool");
    let said = output(
        session,
        "xdotool",
        geometry.args(["getwindowgeometry", "--shell", &window]),
    )?;
    Ok(read_area(&said))
}

fn count_colours(session: &Session, path: &Path) -> Result<u32, ShotError> {
    let mut identify = Command::new("identify");
    let said = output(session, "identify", identify.args(["-format", "%k"]).arg(path))?;
    said.trim().parse().map_err(|_| ShotError::Failed {
        program: "identify",
        said,
    })
}

fn output(session: &Session, program: &'static str, command: &mut Command) -> Result<String, ShotError> {
    session.apply(command);
    let Output { status, stdout, stderr } = command
        .output()
        .map_err(|source| ShotError::Start { program, source })?;
    let said = |bytes: &[u8]| String::from_utf8_lossy(bytes).trim().to_owned();
    if status.success() {
        Ok(said(&stdout))
    } else {
        Err(ShotError::Failed {
            program,
            said: said(&stderr),
        })
    }
}

/// Reads `xdotool getwindowgeometry --shell`: one `NAME=value` a line.
fn read_area(text: &str) -> Option<Area> {
    let value = |name: &str| text.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix('='));
    Some(Area {
        x: value("X")?.parse().ok()?,
        y: value("Y")?.parse().ok()?,
        width: value("WIDTH")?.parse().ok()?,
        height: value("HEIGHT")?.parse().ok()?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_place_of_a_window_is_read_from_xdotool() {
        let text = "WINDOW=6291459\nX=1180\nY=-4\nWIDTH=400\nHEIGHT=720\nSCREEN=0";
        assert_eq!(
            read_area(text),
            Some(Area {
                x: 1180,
                y: -4,
                width: 400,
                height: 720
            })
        );
    }

    #[test]
    fn a_window_that_is_gone_has_no_place() {
        assert_eq!(read_area(""), None);
        assert_eq!(read_area("X=1\nY=2\nWIDTH=\nHEIGHT=3"), None);
    }
}
