//! Which system packages are needed for what, which of them are missing, and what a system calls itself. Pure: text in,
//! lists out.

use std::collections::BTreeSet;

/// How to tell that a package is there on a system without dpkg.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Sign {
    /// A program on the search path.
    Program(&'static str),
    /// A library that pkg-config knows.
    Library(&'static str),
    /// A header in `/usr/include`, for a library that pkg-config does not know everywhere.
    Header(&'static str),
    /// Nothing that can be asked for; taken to be there.
    Unknown,
}

/// A package by its Debian name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Package {
    pub(crate) name: &'static str,
    pub(crate) sign: Sign,
}

/// What is wanted: what it takes to build, to open a window without a display, and to test.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Need {
    Build,
    PrivateDisplay,
    Test,
    Focus,
    Sources,
    Bundle,
}

/// What the machine runs.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum System {
    Debian {
        version: String,
    },
    Ubuntu {
        version: String,
    },
    /// Anything else, by the name it gives itself.
    Other(String),
}

const BUILD: &[Package] = &[
    package("build-essential", Sign::Program("cc")),
    package("pkg-config", Sign::Program("pkg-config")),
    package("libwebkit2gtk-4.1-dev", Sign::Library("webkit2gtk-4.1")),
    package("libgtk-3-dev", Sign::Library("gtk+-3.0")),
    package("libssl-dev", Sign::Library("openssl")),
    package(
        "libayatana-appindicator3-dev",
        Sign::Library("ayatana-appindicator3-0.1"),
    ),
    package("librsvg2-dev", Sign::Library("librsvg-2.0")),
    package("libxdo-dev", Sign::Header("xdo.h")),
];

const PRIVATE_DISPLAY: &[Package] = &[
    package("xvfb", Sign::Program("Xvfb")),
    package("xauth", Sign::Program("xauth")),
    package("x11-utils", Sign::Program("xprop")),
    package("openbox", Sign::Program("openbox")),
    package("dbus", Sign::Program("dbus-daemon")),
    package("dbus-x11", Sign::Program("dbus-launch")),
    package("dunst", Sign::Program("dunst")),
    package("xdotool", Sign::Program("xdotool")),
    package("imagemagick", Sign::Program("import")),
    package("fonts-noto-core", Sign::Unknown),
];

const TEST: &[Package] = &[
    package("webkit2gtk-driver", Sign::Program("WebKitWebDriver")),
    package("wmctrl", Sign::Program("wmctrl")),
    package("xterm", Sign::Program("xterm")),
    package("jq", Sign::Program("jq")),
    package("python3", Sign::Program("python3")),
    package("python3-dbusmock", Sign::Unknown),
    package("debootstrap", Sign::Program("debootstrap")),
];

/// For the proof that no key is lost: a window manager beside openbox.
const FOCUS: &[Package] = &[package("xfwm4", Sign::Program("xfwm4"))];

/// The databases that customer data is read from, and what installs Tryton.
const SOURCES: &[Package] = &[
    package("postgresql", Sign::Unknown),
    package("mariadb-server", Sign::Program("mariadbd")),
    package("python3", Sign::Program("python3")),
    package("python3-venv", Sign::Unknown),
];

const BUNDLE: &[Package] = &[
    package("file", Sign::Program("file")),
    package("patchelf", Sign::Program("patchelf")),
    package("desktop-file-utils", Sign::Program("desktop-file-validate")),
    package("rpm", Sign::Program("rpmbuild")),
];

const fn package(name: &'static str, sign: Sign) -> Package {
    Package { name, sign }
}

/// The packages for all of these needs, each once, in a fixed order.
pub(crate) fn packages(needs: &[Need]) -> Vec<Package> {
    let lists = needs.iter().map(|need| match need {
        Need::Build => BUILD,
        Need::PrivateDisplay => PRIVATE_DISPLAY,
        Need::Test => TEST,
        Need::Focus => FOCUS,
        Need::Sources => SOURCES,
        Need::Bundle => BUNDLE,
    });
    let mut seen = BTreeSet::new();
    lists
        .flatten()
        .filter(|package| seen.insert(package.name))
        .copied()
        .collect()
}

/// The wanted packages that `listing` does not show as installed. `listing` is what
/// `dpkg-query -W -f '${Package} ${db:Status-Status}\n'` prints; packages it does not know, it leaves out.
pub(crate) fn missing(wanted: &[Package], listing: &str) -> Vec<Package> {
    let installed: BTreeSet<&str> = listing
        .lines()
        .filter_map(|line| line.strip_suffix(" installed"))
        .collect();
    wanted
        .iter()
        .filter(|package| !installed.contains(package.name))
        .copied()
        .collect()
}

/// Reads the text of `/etc/os-release` (freedesktop.org, os-release(5)).
pub(crate) fn system(os_release: &str) -> System {
    let value = |key: &str| {
        let found = os_release
            .lines()
            .find_map(|line| line.trim().strip_prefix(key)?.strip_prefix('='));
        found.unwrap_or_default().trim_matches(['"', '\'']).to_owned()
    };
    match value("ID").as_str() {
        "debian" => System::Debian {
            version: value("VERSION_ID"),
        },
        "ubuntu" => System::Ubuntu {
            version: value("VERSION_ID"),
        },
        _ if !value("PRETTY_NAME").is_empty() => System::Other(value("PRETTY_NAME")),
        "" => System::Other("a system without /etc/os-release".to_owned()),
        id => System::Other(id.to_owned()),
    }
}

/// Whether a Node that calls itself `version` (`v20.19.0`) builds the user interface: 20.19 or newer of the 20 line, or
/// 22.12 and above, which is what vite 8 asks for.
pub(crate) fn node_will_do(version: &str) -> bool {
    let mut parts = version
        .trim()
        .trim_start_matches('v')
        .split('.')
        .map_while(|part| part.parse::<u32>().ok());
    match (parts.next(), parts.next()) {
        (Some(20), Some(minor)) => minor >= 19,
        (Some(22), Some(minor)) => minor >= 12,
        (Some(major), Some(_)) => major > 22,
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(packages: &[Package]) -> Vec<&str> {
        packages.iter().map(|package| package.name).collect()
    }

    #[test]
    fn a_package_wanted_twice_is_asked_for_once() {
        let twice = packages(&[Need::Build, Need::PrivateDisplay, Need::Build]);
        assert_eq!(twice.len(), BUILD.len() + PRIVATE_DISPLAY.len());
    }

    #[test]
    fn a_package_is_missing_unless_dpkg_says_installed() {
        let listing = "xvfb installed\nxauth config-files\nopenbox not-installed\nlibgtk-3-dev installed\n";
        let wanted: Vec<Package> = packages(&[Need::PrivateDisplay])[..4].to_vec();
        assert_eq!(names(&missing(&wanted, listing)), ["xauth", "x11-utils", "openbox"]);
    }

    #[test]
    fn a_longer_name_does_not_stand_for_a_shorter_one() {
        let wanted = [package("dbus", Sign::Unknown)];
        assert_eq!(names(&missing(&wanted, "dbus-x11 installed\n")), ["dbus"]);
    }

    #[test]
    fn the_system_is_read_from_os_release_with_and_without_quotes() {
        let debian = "PRETTY_NAME=\"Debian GNU/Linux 12 (bookworm)\"\nVERSION_ID=\"12\"\nID=debian\n";
        assert_eq!(system(debian), System::Debian { version: "12".into() });
        assert_eq!(
            system("ID=ubuntu\nVERSION_ID='24.04'\n"),
            System::Ubuntu {
                version: "24.04".into()
            }
        );
        let mint = "ID=linuxmint\nID_LIKE=\"ubuntu debian\"\nPRETTY_NAME=\"Linux Mint 22\"\n";
        assert_eq!(system(mint), System::Other("Linux Mint 22".into()));
        assert_eq!(system("ID=void\n"), System::Other("void".into()));
        assert_eq!(system(""), System::Other("a system without /etc/os-release".into()));
    }

    #[test]
    fn only_a_node_that_builds_the_interface_will_do() {
        let good = ["v20.19.0", "v20.20.2\n", "v22.12.0", "v24.0.1"];
        let bad = ["v18.19.0", "v20.18.1", "v21.7.3", "v22.11.0", "", "nonsense"];
        assert_eq!(good.map(node_will_do), [true; 4]);
        assert_eq!(bad.map(node_will_do), [false; 6]);
    }
}
