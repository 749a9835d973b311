//! Where the panel stands: in a corner of a monitor, as the settings have it, else as it was dragged last.

use std::sync::atomic::{AtomicBool, Ordering};

use tauri::{
    AppHandle, Manager as _, Monitor, PhysicalPosition, PhysicalRect, PhysicalSize, Runtime, WebviewWindow, Window,
};

use crate::config::{Corner, Dragged, Memory, Monitor as Wish, Panel as Settings};

/// Distance from the edges of the work area, logical pixels.
pub(super) const MARGIN: f64 = 16.0;

/// What decides where the panel stands.
pub(super) struct Place {
    corner: Option<Corner>,
    monitor: Option<Wish>,
    memory: Memory,
    /// It was dragged since it came in view: it stays where it is.
    dragged: AtomicBool,
}

type Area = PhysicalRect<i32, u32>;

impl Place {
    pub(super) fn new(settings: &Settings, memory: Memory) -> Self {
        Place {
            corner: settings.corner,
            monitor: settings.monitor.clone(),
            memory,
            dragged: AtomicBool::new(false),
        }
    }

    /// Puts a panel of this size, logical pixels, into its corner.
    pub(super) fn put<R: Runtime>(&self, panel: &WebviewWindow<R>, width: f64, height: f64) -> tauri::Result<()> {
        self.dragged.store(false, Ordering::Relaxed);
        let Some(monitor) = self.monitor(panel)? else {
            return Ok(());
        };
        panel.set_position(stands(
            monitor.work_area(),
            monitor.scale_factor(),
            self.corner(),
            width,
            height,
        ))
    }

    /// The panel, which is in view, has another height now. In a corner below it grows upwards; one that was dragged stays
    /// where it is, as far as it is on a monitor there.
    pub(super) fn grown<R: Runtime>(&self, panel: &WebviewWindow<R>, width: f64, height: f64) -> tauri::Result<()> {
        if !self.dragged.load(Ordering::Relaxed) {
            return self.put(panel, width, height);
        }
        let at = panel.outer_position()?;
        let monitors = panel.available_monitors()?;
        let Some(monitor) = on(&monitors, centre(at, panel.outer_size()?)) else {
            return self.put(panel, width, height);
        };
        let scale = monitor.scale_factor();
        let inside = kept_inside(at, width * scale, height * scale, monitor.work_area());
        if inside == at {
            Ok(())
        } else {
            panel.set_position(inside)
        }
    }

    /// Somebody begins to drag it.
    pub(super) fn begin_drag(&self) {
        self.dragged.store(true, Ordering::Relaxed);
    }

    /// It was moved: when somebody drags it, it comes up in the nearest corner from now on.
    pub(super) fn moved<R: Runtime>(window: &Window<R>) -> tauri::Result<()> {
        let Some(place) = window.app_handle().try_state::<Place>() else {
            return Ok(());
        };
        if !place.dragged.load(Ordering::Relaxed) {
            return Ok(());
        }
        let middle = centre(window.outer_position()?, window.outer_size()?);
        let monitors = window.available_monitors()?;
        let Some(monitor) = on(&monitors, middle) else {
            return Ok(());
        };
        let dragged = Dragged {
            corner: nearest(middle, monitor.work_area()),
            monitor: monitor.name().cloned(),
        };
        if let Err(error) = place.memory.change(|now| now.panel = Some(dragged)) {
            tracing::warn!(%error, "where the panel was dragged to could not be written");
        }
        Ok(())
    }

    fn corner(&self) -> Corner {
        let dragged = || self.memory.all().panel.map(|dragged| dragged.corner);
        self.corner.or_else(dragged).unwrap_or_default()
    }

    /// The monitor that is wanted; the main one where that is not there any more.
    pub(super) fn monitor<R: Runtime>(&self, panel: &WebviewWindow<R>) -> tauri::Result<Option<Monitor>> {
        let wanted = match &self.monitor {
            Some(Wish::Primary) => None,
            Some(Wish::Named(name)) => named(panel, name)?,
            Some(Wish::Pointer) => {
                let at = panel.cursor_position()?;
                panel.monitor_from_point(at.x, at.y)?
            }
            None => match self.memory.all().panel.and_then(|dragged| dragged.monitor) {
                Some(name) => named(panel, &name)?,
                None => None,
            },
        };
        match wanted {
            Some(monitor) => Ok(Some(monitor)),
            None => Ok(panel.primary_monitor()?.or(panel.current_monitor()?)),
        }
    }
}

/// Where the panel stands in this application, when it has a place.
pub(super) fn of<R: Runtime>(app: &AppHandle<R>) -> Option<tauri::State<'_, Place>> {
    app.try_state::<Place>()
}

fn named<R: Runtime>(panel: &WebviewWindow<R>, name: &str) -> tauri::Result<Option<Monitor>> {
    let is_it = |monitor: &Monitor| monitor.name().is_some_and(|known| known == name);
    Ok(panel.available_monitors()?.into_iter().find(is_it))
}

fn on(monitors: &[Monitor], point: PhysicalPosition<f64>) -> Option<&Monitor> {
    monitors.iter().find(|monitor| {
        let area = PhysicalRect {
            position: *monitor.position(),
            size: *monitor.size(),
        };
        is_in(point, &area)
    })
}

fn is_in(point: PhysicalPosition<f64>, area: &Area) -> bool {
    let (left, top, right, bottom) = edges(area);
    (left..right).contains(&point.x) && (top..bottom).contains(&point.y)
}

fn edges(area: &Area) -> (f64, f64, f64, f64) {
    let (left, top) = (f64::from(area.position.x), f64::from(area.position.y));
    (
        left,
        top,
        left + f64::from(area.size.width),
        top + f64::from(area.size.height),
    )
}

fn centre(at: PhysicalPosition<i32>, size: PhysicalSize<u32>) -> PhysicalPosition<f64> {
    PhysicalPosition::new(
        f64::from(at.x) + f64::from(size.width) / 2.0,
        f64::from(at.y) + f64::from(size.height) / 2.0,
    )
}

/// The place of a panel of this size, logical pixels, in a corner of a work area.
fn stands(area: &Area, scale: f64, corner: Corner, width: f64, height: f64) -> PhysicalPosition<f64> {
    let (left, top, right, bottom) = edges(area);
    let (near_left, near_top) = (left + MARGIN * scale, top + MARGIN * scale);
    // what is higher or wider than the area keeps its upper left corner in it
    let far_left = (right - (width + MARGIN) * scale).max(near_left);
    let far_top = (bottom - (height + MARGIN) * scale).max(near_top);
    match corner {
        Corner::TopRight => PhysicalPosition::new(far_left, near_top),
        Corner::TopLeft => PhysicalPosition::new(near_left, near_top),
        Corner::BottomRight => PhysicalPosition::new(far_left, far_top),
        Corner::BottomLeft => PhysicalPosition::new(near_left, far_top),
    }
}

fn nearest(point: PhysicalPosition<f64>, area: &Area) -> Corner {
    let (left, top, right, bottom) = edges(area);
    match (point.x * 2.0 < left + right, point.y * 2.0 < top + bottom) {
        (true, true) => Corner::TopLeft,
        (true, false) => Corner::BottomLeft,
        (false, true) => Corner::TopRight,
        (false, false) => Corner::BottomRight,
    }
}

/// A window of this size, physical pixels, moved as little as needed to be within a work area.
fn kept_inside(at: PhysicalPosition<i32>, width: f64, height: f64, area: &Area) -> PhysicalPosition<i32> {
    let (left, top, right, bottom) = edges(area);
    let x = f64::from(at.x).min(right - width).max(left);
    let y = f64::from(at.y).min(bottom - height).max(top);
    PhysicalPosition::new(x, y).cast()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn area(x: i32, y: i32, width: u32, height: u32) -> Area {
        PhysicalRect {
            position: PhysicalPosition::new(x, y),
            size: PhysicalSize::new(width, height),
        }
    }

    #[test]
    fn the_panel_stands_in_each_corner_at_the_margin() {
        let area = area(0, 30, 1280, 770);
        let cases = [
            (Corner::TopRight, 1280.0 - 420.0 - 16.0, 46.0),
            (Corner::TopLeft, 16.0, 46.0),
            (Corner::BottomRight, 1280.0 - 420.0 - 16.0, 800.0 - 300.0 - 16.0),
            (Corner::BottomLeft, 16.0, 800.0 - 300.0 - 16.0),
        ];
        for (corner, x, y) in cases {
            let at = stands(&area, 1.0, corner, 420.0, 300.0);
            assert_eq!((at.x, at.y), (x, y), "{corner:?}");
        }
    }

    #[test]
    fn on_a_fine_screen_the_margin_and_the_size_are_scaled() {
        let second = area(1920, 0, 3840, 2160);
        let at = stands(&second, 2.0, Corner::TopRight, 420.0, 300.0);
        assert_eq!((at.x, at.y), (1920.0 + 3840.0 - 872.0, 32.0));
        let at = stands(&second, 2.0, Corner::BottomLeft, 420.0, 300.0);
        assert_eq!((at.x, at.y), (1952.0, 2160.0 - 632.0));
    }

    #[test]
    fn a_panel_that_is_larger_than_the_screen_begins_on_it() {
        let at = stands(&area(0, 0, 400, 300), 1.0, Corner::BottomRight, 420.0, 900.0);
        assert_eq!((at.x, at.y), (16.0, 16.0));
    }

    #[test]
    fn a_dragged_panel_belongs_to_the_nearest_corner_of_its_monitor() {
        let second = area(1920, 0, 1920, 1080);
        let cases = [
            ((2000.0, 100.0), Corner::TopLeft),
            ((3800.0, 100.0), Corner::TopRight),
            ((2000.0, 1000.0), Corner::BottomLeft),
            ((3800.0, 1000.0), Corner::BottomRight),
        ];
        for ((x, y), corner) in cases {
            assert_eq!(nearest(PhysicalPosition::new(x, y), &second), corner);
        }
        assert!(is_in(PhysicalPosition::new(1920.0, 0.0), &second));
        assert!(!is_in(PhysicalPosition::new(1919.0, 0.0), &second));
    }

    #[test]
    fn a_dragged_panel_that_grows_is_moved_as_little_as_needed() {
        let screen = area(0, 0, 1280, 800);
        let moved = |x, y, height| {
            let at = kept_inside(PhysicalPosition::new(x, y), 420.0, height, &screen);
            (at.x, at.y)
        };
        assert_eq!(moved(100, 100, 300.0), (100, 100));
        assert_eq!(moved(100, 600, 300.0), (100, 500));
        assert_eq!(moved(1200, -50, 300.0), (860, 0));
        assert_eq!(moved(100, 100, 900.0), (100, 0));
    }
}
