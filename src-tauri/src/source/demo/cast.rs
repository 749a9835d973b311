//! The people and houses that every demo shop has, whatever its seed.
//!
//! Nobody of this name at these numbers exists: the numbers are of blocks kept for fiction, or around 555.

use super::people::{Habit, Pays};

/// People who ring at every demo: country, person, company, town, number, and how they are.
pub(super) const CAST: [(&str, &str, &str, &str, &str, Habit); 14] = [
    (
        "DE",
        "Jürgen Strauß",
        "Feinkost Strauß GmbH",
        "Berlin",
        "+49 30 23125 118",
        SLOW,
    ),
    (
        "HR",
        "Božena Kovačić",
        "Konoba Kod Šime",
        "Split",
        "+385 21 555 014",
        LOYAL,
    ),
    ("HR", "Ante Perišić", "Hotel Marjan", "Split", "+385 21 555 200", LOYAL),
    ("HR", "Đurđica Šarić", "Hotel Marjan", "Split", "+385 21 555 200", RARE),
    ("HR", "Zvonimir Babić", "Hotel Marjan", "Split", "+385 21 555 200", RARE),
    (
        "HR",
        "Nikša Tomašević",
        "Hotel Marjan",
        "Split",
        "+385 21 555 200",
        RARE,
    ),
    (
        "PL",
        "Łukasz Wójcik",
        "Delikatesy Wójcik",
        "Kraków",
        "+48 12 555 01 23",
        LOYAL,
    ),
    (
        "FR",
        "Anaïs Lefèvre",
        "Épicerie Lefèvre",
        "Nantes",
        "+33 2 61 91 41 17",
        LOYAL,
    ),
    (
        "ES",
        "María José Núñez",
        "Ultramarinos Núñez",
        "Bilbao",
        "+34 944 555 031",
        LOYAL,
    ),
    ("DE", "Çağla Yılmaz", "Yılmaz Gıda", "Köln", "+49 221 4710 162", LOYAL),
    (
        "DE",
        "Heinrich Vogel",
        "Weinstube Vogel",
        "München",
        "+49 89 99998 204",
        SLOW,
    ),
    (
        "DK",
        "Søren Ankjær",
        "Ankjær Fisk ApS",
        "Aarhus",
        "+45 86 55 50 14",
        RARE,
    ),
    (
        "IE",
        "Aoife Ní Bhriain",
        "Bríd’s Pantry",
        "Galway",
        "+353 91 555 014",
        RARE,
    ),
    ("RO", "Zoë Brânză", "Casa Brânză", "București", "+40 21 555 0114", RARE),
];

/// Houses where several people answer at one number.
pub(super) const HOUSES: [&str; 11] = [
    "Hotel Adler",
    "Hotel Bellevue",
    "Gasthaus Zum Anker",
    "Hotel Miramar",
    "Grand Hotel Europa",
    "Bistro Central",
    "Hotel Krone",
    "Restaurant Panorama",
    "Hotel Lindenhof",
    "Brasserie du Port",
    "Hotel Excelsior",
];

const SLOW: Habit = Habit {
    rhythm: 16,
    since: 725,
    until: 0,
    pays: Pays::Late,
};
const LOYAL: Habit = Habit {
    rhythm: 12,
    since: 728,
    until: 0,
    pays: Pays::InTime,
};
const RARE: Habit = Habit {
    rhythm: 60,
    since: 690,
    until: 0,
    pays: Pays::InTime,
};
