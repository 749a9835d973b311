//! A shop of a million customers, 1.4 M numbers and 10 M purchase lines, encrypted as shipped: import, start, memory,
//! pops warm, cold and during a sync, and search, each beside the bare statements on a plain SQLite file.
//!
//! The shop is made once and kept under the target directory (about 3 GB; delete it when you are done).

mod child;
pub(crate) mod desk;
mod load;
mod pops;
mod search;
mod shop;

use std::fs;
use std::path::PathBuf;

use crate::figures::Figure;
use crate::floor::copy_plain;
use crate::{KEY, Result};
use load::Loaded;
use shop::{Shop, Sizes};

pub(crate) use child::run as child;

/// The files and the shop that is in them.
struct Ground {
    shop: Shop,
    cache: PathBuf,
    plain: PathBuf,
}

/// How large the shop is.
fn sizes(quick: bool) -> Sizes {
    if quick {
        Sizes {
            customers: 20_000,
            lines: 200_000,
            products: 2_000,
        }
    } else {
        Sizes {
            customers: 1_000_000,
            lines: 10_000_000,
            products: 20_000,
        }
    }
}

pub(crate) fn run(quick: bool) -> Result<Vec<Figure>> {
    let sizes = sizes(quick);
    let folder = PathBuf::from(env!("CARGO_TARGET_TMPDIR")).join(format!("shop-of-{}", sizes.customers));
    let ground = Ground {
        shop: Shop::new(sizes),
        cache: folder.join("cache.db"),
        plain: folder.join("plain.db"),
    };
    let told = folder.join("import.json");
    let loaded: Loaded = match fs::read(&told) {
        Ok(text) => serde_json::from_slice(&text)?,
        Err(_) => {
            let _none_yet = fs::remove_dir_all(&folder);
            fs::create_dir_all(&folder)?;
            let loaded = load::import(&ground)?;
            copy_plain(&ground.cache, &ground.plain)?;
            fs::write(&told, serde_json::to_vec(&loaded)?)?;
            loaded
        }
    };
    let mut figures = loaded.figures();
    let size = |path: &PathBuf| fs::metadata(path).map_or(0.0, |file| file.len() as f64 / 1e6);
    figures.push(Figure::new(
        "million: the file",
        "MB",
        size(&ground.cache),
        size(&ground.plain),
        "floor: the same tables, plain and compact",
    ));
    figures.extend(child::figures(&ground)?);
    figures.extend(pops::figures(&ground)?);
    figures.extend(search::figures(&ground)?);
    figures.extend(pops::during_a_sync(&ground)?);
    Ok(figures)
}

/// Opens the cache as the desktop does.
fn open(ground: &Ground) -> Result<ringside::directory::Directory> {
    Ok(ringside::directory::Directory::open(&ground.cache, &KEY)?)
}
