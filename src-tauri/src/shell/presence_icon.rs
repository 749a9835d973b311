//! The tray's icon for each presence: four shapes, so that none is told by its colour alone.

use tauri::image::Image;

use crate::pop::Presence;

/// Edge of the picture, pixels.
const SIZE: u32 = 32;
/// Each pixel is looked at in so many places along each edge, so that edges are smooth.
const FINE: u32 = 4;

/// The icon, drawn.
pub(super) fn icon(presence: Presence) -> Image<'static> {
    Image::new_owned(pixels(presence), SIZE, SIZE)
}

/// Red, green, blue and opacity, row by row.
fn pixels(presence: Presence) -> Vec<u8> {
    let [red, green, blue] = colour(presence);
    let places = (0..SIZE).flat_map(|y| (0..SIZE).map(move |x| (x, y)));
    places
        .flat_map(|(x, y)| [red, green, blue, opacity(presence, x, y)])
        .collect()
}

fn opacity(presence: Presence, x: u32, y: u32) -> u8 {
    let fine = (0..FINE).flat_map(|down| (0..FINE).map(move |right| (right, down)));
    let centre =
        |whole: u32, part: u32| (f64::from(whole) + (f64::from(part) + 0.5) / f64::from(FINE)) - f64::from(SIZE) / 2.0;
    let inside = fine
        .filter(|(right, down)| is_inside(presence, centre(x, *right), centre(y, *down)))
        .count();
    let all = usize::try_from(FINE * FINE).unwrap_or(1);
    u8::try_from(inside * 255 / all).unwrap_or(u8::MAX)
}

/// Colours that stand out from a light and from a dark bar.
fn colour(presence: Presence) -> [u8; 3] {
    match presence {
        Presence::Available => [0x3b, 0x82, 0xf6],
        Presence::OnCall => [0x22, 0xa0, 0x5a],
        Presence::Quiet => [0xd9, 0x8a, 0x1f],
        Presence::Lost => [0xe0, 0x48, 0x48],
    }
}

/// Whether a point belongs to the shape; its centre is 0, 0, and right and down are positive.
fn is_inside(presence: Presence, x: f64, y: f64) -> bool {
    let radius = x.hypot(y);
    match presence {
        // the open ring with the seat in its gap: Ringside's own mark
        Presence::Available => {
            let gap = x > 0.0 && y.abs() < x * 0.75;
            (9.0..=14.0).contains(&radius) && !gap || (x - 10.0).hypot(y) <= 4.5
        }
        // full
        Presence::OnCall => radius <= 14.0,
        // full, with a bar cut out
        Presence::Quiet => radius <= 14.0 && !(y.abs() <= 2.5 && x.abs() <= 9.0),
        // a triangle with an exclamation mark cut out
        Presence::Lost => {
            let triangle = (-14.0..=12.0).contains(&y) && x.abs() <= (y + 15.0) * 0.56;
            let mark = x.abs() <= 2.0 && ((-5.0..=4.0).contains(&y) || (6.0..=9.5).contains(&y));
            triangle && !mark
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ALL: [Presence; 4] = [Presence::Available, Presence::OnCall, Presence::Quiet, Presence::Lost];

    fn shape(presence: Presence) -> Vec<bool> {
        pixels(presence).chunks(4).map(|pixel| pixel[3] > 127).collect()
    }

    #[test]
    fn each_presence_has_a_shape_of_its_own_whatever_the_colours() {
        for (at, one) in ALL.iter().enumerate() {
            for other in &ALL[at + 1..] {
                let differ = shape(*one).iter().zip(shape(*other)).filter(|(a, b)| **a != *b).count();
                assert!(differ > 60, "{one:?} and {other:?} differ in {differ} pixels of 1024");
            }
        }
    }

    #[test]
    fn an_icon_is_a_whole_picture_that_leaves_its_corners_free() {
        for presence in ALL {
            let pixels = pixels(presence);
            assert_eq!(pixels.len(), 32 * 32 * 4);
            assert_eq!(pixels[3], 0, "{presence:?}");
        }
    }
}
