//! Whether every dependency's licence is one that `.cargo/deny.toml` allows: by cargo-deny where it is installed, else by
//! reading the SPDX expressions in `cargo metadata`, with nothing to download.

use std::collections::BTreeSet;
use std::fs;
use std::path::PathBuf;

use serde::Deserialize;

use crate::steps::{Done, Step};
use crate::workspace::Workspace;
use crate::{Failure, run, setup};

/// What is wrong with the licences, or with finding out.
#[derive(Debug, thiserror::Error)]
pub(crate) enum LicenceError {
    #[error("{path} cannot be read: {source}")]
    Read { path: PathBuf, source: std::io::Error },
    #[error("{path} is not understood: {source}")]
    Rules { path: PathBuf, source: toml::de::Error },
    #[error("cargo metadata gave something unexpected: {0}")]
    Metadata(#[from] serde_json::Error),
    #[error(
        "licences that .cargo/deny.toml does not allow:\n{0}Replace the dependency, or allow the licence there if it suits a product under MIT OR Apache-2.0"
    )]
    NotAllowed(String),
}

/// The part of `deny.toml` that is read here.
#[derive(Deserialize)]
struct Rules {
    licenses: Allowed,
}

#[derive(Deserialize)]
struct Allowed {
    allow: BTreeSet<String>,
}

#[derive(Deserialize)]
struct Metadata {
    packages: Vec<Crate>,
}

#[derive(Deserialize)]
struct Crate {
    name: String,
    version: String,
    license: Option<String>,
}

/// Checks all crates of the lock file, those for other systems as well.
pub(crate) fn check(step: &mut Step, workspace: &Workspace) -> Result<Done, Failure> {
    if setup::has_program("cargo-deny") {
        let mut deny = workspace.cargo();
        deny.args([
            "deny",
            "--locked",
            "check",
            "--config",
            ".cargo/deny.toml",
            "licenses",
            "bans",
            "sources",
        ]);
        run::quiet(step, &mut deny)?;
        return Ok(Done::Noting("by cargo-deny".to_owned()));
    }
    let rules = rules(workspace.root.join(".cargo/deny.toml"))?;
    let metadata: Metadata = serde_json::from_str(&workspace.full_metadata()?).map_err(LicenceError::Metadata)?;
    let refused = refused(&metadata.packages, &rules.licenses.allow);
    if refused.is_empty() {
        Ok(Done::Noting(format!(
            "{} crates (cargo-deny is not installed: own check)",
            metadata.packages.len()
        )))
    } else {
        Err(LicenceError::NotAllowed(refused).into())
    }
}

fn rules(path: PathBuf) -> Result<Rules, LicenceError> {
    let text = fs::read_to_string(&path).map_err(|source| LicenceError::Read {
        path: path.clone(),
        source,
    })?;
    toml::from_str(&text).map_err(|source| LicenceError::Rules { path, source })
}

fn refused(crates: &[Crate], allowed: &BTreeSet<String>) -> String {
    let bad = crates
        .iter()
        .filter(|one| !one.license.as_deref().is_some_and(|text| is_allowed(text, allowed)));
    bad.map(|one| {
        format!(
            "  {} {}: {}\n",
            one.name,
            one.version,
            one.license.as_deref().unwrap_or("none named")
        )
    })
    .collect()
}

/// Whether an SPDX expression (SPDX 2.3, annex D) can be met with the allowed licences alone. The old `A/B` of crates
/// means OR. What cannot be read is not allowed.
fn is_allowed(expression: &str, allowed: &BTreeSet<String>) -> bool {
    let spaced = expression.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
    let words: Vec<&str> = spaced.split_whitespace().collect();
    let mut reader = Reader { words: &words, allowed };
    reader.any() == Some(true) && reader.words.is_empty()
}

/// Reads an expression from the left; `None` where it is malformed.
struct Reader<'a> {
    words: &'a [&'a str],
    allowed: &'a BTreeSet<String>,
}

impl<'a> Reader<'a> {
    /// `all OR all …`
    fn any(&mut self) -> Option<bool> {
        let mut met = self.all()?;
        while self.take("OR") {
            met |= self.all()?;
        }
        Some(met)
    }

    /// `one AND one …`, which binds closer.
    fn all(&mut self) -> Option<bool> {
        let mut met = self.one()?;
        while self.take("AND") {
            met &= self.one()?;
        }
        Some(met)
    }

    /// A licence, one WITH an exception (allowed by that whole name only), or an expression in parentheses.
    fn one(&mut self) -> Option<bool> {
        if self.take("(") {
            let met = self.any()?;
            return self.take(")").then_some(met);
        }
        let licence = self.next().filter(|word| !["AND", "OR", "WITH", ")"].contains(word))?;
        if self.take("WITH") {
            let exception = self.next()?;
            return Some(self.allowed.contains(&format!("{licence} WITH {exception}")));
        }
        Some(self.allowed.contains(licence))
    }

    fn next(&mut self) -> Option<&'a str> {
        let (first, rest) = self.words.split_first()?;
        self.words = rest;
        Some(first)
    }

    fn take(&mut self, word: &str) -> bool {
        let found = self.words.first().is_some_and(|first| *first == word);
        if found {
            self.words = &self.words[1..];
        }
        found
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn allowed() -> BTreeSet<String> {
        ["MIT", "Apache-2.0", "BSD-3-Clause", "Apache-2.0 WITH LLVM-exception"]
            .map(str::to_owned)
            .into()
    }

    #[test]
    fn an_expression_is_allowed_when_some_choice_needs_allowed_licences_only() {
        for expression in [
            "MIT",
            "MIT OR GPL-3.0-only",
            "GPL-2.0-only/MIT",
            "Unknown AND MIT OR Apache-2.0",
            "(GPL-3.0-only OR MIT) AND BSD-3-Clause",
            "Apache-2.0 WITH LLVM-exception",
        ] {
            assert!(is_allowed(expression, &allowed()), "{expression}");
        }
    }

    #[test]
    fn an_expression_is_refused_when_every_choice_needs_another_licence() {
        for expression in [
            "GPL-3.0-only",
            "MIT AND GPL-3.0-only",
            "MIT AND (GPL-3.0-only OR LGPL-2.1-only)",
            "Apache-2.0 WITH Other-exception",
            "MIT WITH LLVM-exception",
        ] {
            assert!(!is_allowed(expression, &allowed()), "{expression}");
        }
    }

    #[test]
    fn what_cannot_be_read_is_not_allowed() {
        for expression in ["", "MIT OR", "(MIT", "MIT)", "MIT MIT", "OR MIT", "MIT WITH"] {
            assert!(!is_allowed(expression, &allowed()), "{expression:?}");
        }
    }

    #[test]
    fn a_crate_that_names_no_licence_is_listed() {
        let crates = [
            Crate {
                name: "good".into(),
                version: "1.0.0".into(),
                license: Some("MIT".into()),
            },
            Crate {
                name: "silent".into(),
                version: "2.1.0".into(),
                license: None,
            },
        ];
        assert_eq!(refused(&crates, &allowed()), "  silent 2.1.0: none named\n");
    }

    #[test]
    fn the_rules_of_this_project_can_be_read() {
        let rules = rules(PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../.cargo/deny.toml"));
        assert!(rules.is_ok_and(|rules| rules.licenses.allow.contains("MIT")));
    }
}
