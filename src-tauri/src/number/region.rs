//! Regions of the world's numbering plans, from codes and from the names people write.
//!
//! It does not know numbering plans; `plan` does.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;
use std::sync::LazyLock;

const TABLE: &str = include_str!("countries.tsv");

static NAMES: LazyLock<HashMap<String, Region>> = LazyLock::new(|| {
    rows()
        .flat_map(|(region, names)| names.split('|').map(move |name| (plain(name), region)))
        .collect()
});

static CODES: LazyLock<Vec<Region>> = LazyLock::new(|| rows().map(|(region, _)| region).collect());

/// A country or territory with a numbering plan: an ISO 3166-1 alpha-2 code (and `AC`, `TA`, `XK`).
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Region([u8; 2]);

/// The text names no country.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is no country: give a two-letter code such as DE, or its name")]
pub struct UnknownRegion(pub String);

impl Region {
    /// The region of a two-letter code, in either case; `UK` is taken for `GB`.
    #[must_use]
    pub fn from_code(code: &str) -> Option<Self> {
        let mut bytes: [u8; 2] = code.trim().as_bytes().try_into().ok()?;
        bytes.make_ascii_uppercase();
        if &bytes == b"UK" {
            bytes = *b"GB";
        }
        let region = Region(bytes);
        CODES.binary_search(&region).is_ok().then_some(region)
    }

    /// The region that a cell of a country column means: a code of two or three letters, or a name in English,
    /// Spanish, Croatian, the larger European languages or the country's own. Case, accents and points do not matter.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let before_bracket = text.split('(').next().unwrap_or(text);
        Region::from_code(text)
            .or_else(|| NAMES.get(&plain(text)).copied())
            .or_else(|| NAMES.get(&plain(before_bracket)).copied())
    }

    /// The two letters.
    #[must_use]
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("ZZ")
    }

    /// Every region there is, by code.
    #[must_use]
    pub fn all() -> &'static [Region] {
        &CODES
    }
}

impl FromStr for Region {
    type Err = UnknownRegion;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Region::parse(text).ok_or_else(|| UnknownRegion(text.to_owned()))
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl fmt::Debug for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

/// A text reduced to what people mean when they compare words: lower case, no accents, letters and digits alone.
#[must_use]
pub fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars().flat_map(char::to_lowercase) {
        match unaccented(c) {
            Some(letters) => plain.push_str(letters),
            None if c.is_alphanumeric() => plain.push(c),
            None => {}
        }
    }
    plain
}

fn rows() -> impl Iterator<Item = (Region, &'static str)> {
    TABLE.lines().filter(|line| !line.starts_with('#')).filter_map(|line| {
        let (code, names) = line.split_once('\t')?;
        Some((Region(code.as_bytes().try_into().ok()?), names))
    })
}

/// The plain letters of an accented Latin letter, lower case.
fn unaccented(c: char) -> Option<&'static str> {
    Some(match c {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' | 'ā' | 'ă' | 'ą' => "a",
        'æ' => "ae",
        'ç' | 'ć' | 'ĉ' | 'ċ' | 'č' => "c",
        'ď' | 'đ' | 'ð' => "d",
        'è' | 'é' | 'ê' | 'ë' | 'ē' | 'ĕ' | 'ė' | 'ę' | 'ě' => "e",
        'ĝ' | 'ğ' | 'ġ' | 'ģ' => "g",
        'ì' | 'í' | 'î' | 'ï' | 'ĩ' | 'ī' | 'į' | 'ı' => "i",
        'ķ' => "k",
        'ĺ' | 'ļ' | 'ľ' | 'ł' => "l",
        'ñ' | 'ń' | 'ņ' | 'ň' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' | 'ō' | 'ő' => "o",
        'œ' => "oe",
        'ŕ' | 'ř' => "r",
        'ś' | 'ş' | 'š' | 'ș' => "s",
        'ß' => "ss",
        'ţ' | 'ť' | 'ț' => "t",
        'ù' | 'ú' | 'û' | 'ü' | 'ũ' | 'ū' | 'ů' | 'ű' | 'ų' => "u",
        'ý' | 'ÿ' => "y",
        'ź' | 'ż' | 'ž' => "z",
        // The dot that lower-casing `İ` leaves behind, and accents written as characters of their own.
        '\u{300}'..='\u{36f}' => "",
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_and_name_of_the_table_gives_its_region() {
        assert_eq!(Region::all().len(), 245);
        for (region, names) in rows() {
            assert_eq!(Region::parse(region.code()), Some(region));
            for name in names.split('|') {
                assert_eq!(Region::parse(name), Some(region), "{name}");
            }
        }
    }

    #[test]
    fn countries_are_read_as_people_write_them() {
        for (text, code) in [
            ("UK", "GB"),
            ("U.K.", "GB"),
            ("england", "GB"),
            ("Ujedinjeno Kraljevstvo", "GB"),
            ("USA", "US"),
            ("U.S.A.", "US"),
            ("EE.UU.", "US"),
            ("SAD", "US"),
            ("Germany", "DE"),
            ("DEUTSCHLAND", "DE"),
            ("Njemačka", "DE"),
            ("Njemacka", "DE"),
            ("Alemania", "DE"),
            (" de ", "DE"),
            ("DEU", "DE"),
            ("Deutschland (DE)", "DE"),
            ("España", "ES"),
            ("Espana", "ES"),
            ("Hrvatska", "HR"),
            ("Österreich", "AT"),
            ("Turkey", "TR"),
            ("TÜRKİYE", "TR"),
            ("Россия", "RU"),
            ("日本", "JP"),
        ] {
            assert_eq!(
                Region::parse(text).map(|r| r.to_string()).as_deref(),
                Some(code),
                "{text}"
            );
        }
    }

    #[test]
    fn what_is_no_country_is_said_to_be_none() {
        for text in ["", "-", "ZZ", "Atlantis", "EU", "12"] {
            assert_eq!(Region::parse(text), None, "{text}");
        }
        assert_eq!(
            "Atlantis".parse::<Region>().map_err(|e| e.to_string()),
            Err("`Atlantis` is no country: give a two-letter code such as DE, or its name".to_owned())
        );
    }
}
