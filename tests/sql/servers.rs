//! Databases that are started for a test, on loopback, in a folder that goes with them. Where one is not installed the
//! test says so, and is part of `cargo xtask test --sources`, which demands it.

use std::net::TcpListener;
use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};
use std::os::unix::process::CommandExt as _;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A database server.
pub(super) struct Server {
    folder: tempfile::TempDir,
    child: Child,
    port: u16,
    client: Client,
}

enum Client {
    Postgres(PathBuf),
    Mariadb,
}

impl Server {
    /// PostgreSQL, which refuses to run as root: then as `postgres`.
    pub(super) fn postgres() -> Option<Self> {
        let mut found: Vec<PathBuf> = std::fs::read_dir("/usr/lib/postgresql")
            .map(|versions| versions.flatten().map(|version| version.path().join("bin")).collect())
            .unwrap_or_default();
        found.sort();
        let Some(bin) = found.pop().filter(|bin| bin.join("initdb").exists()) else {
            return missing("PostgreSQL", "postgresql");
        };
        let (folder, port) = (folder(), free_port());
        let data = folder.path().join("data");
        let mut init = as_user("postgres", folder.path(), &bin.join("initdb"));
        init.arg("-D").arg(&data).args([
            "-U",
            "writer",
            "-A",
            "trust",
            "-E",
            "UTF8",
            "--no-sync",
            "--locale=C.UTF-8",
        ]);
        quietly(&mut init);
        let mut serve = as_user("postgres", folder.path(), &bin.join("postgres"));
        serve.arg("-D").arg(&data).args([
            "-p",
            &port.to_string(),
            "-c",
            "listen_addresses=127.0.0.1",
            "-c",
            "unix_socket_directories=",
        ]);
        serve.args(["-c", "fsync=off"]);
        let server = Server::spawn(serve, folder, port, Client::Postgres(bin));
        server.try_run("postgres", "CREATE DATABASE shop");
        Some(server)
    }

    /// MariaDB.
    pub(super) fn mariadb() -> Option<Self> {
        let found = ["/usr/sbin/mariadbd", "/usr/bin/mariadbd"]
            .iter()
            .map(Path::new)
            .find(|path| path.exists());
        let Some(daemon) = found else {
            return missing("MariaDB", "mariadb-server");
        };
        let (folder, port) = (folder(), free_port());
        let data = folder.path().join("data");
        let mut init = as_user("mysql", folder.path(), Path::new("/usr/bin/mariadb-install-db"));
        init.arg("--no-defaults")
            .arg(format!("--datadir={}", data.display()))
            .args(["--auth-root-authentication-method=normal", "--skip-test-db"]);
        quietly(&mut init);
        let mut serve = as_user("mysql", folder.path(), daemon);
        serve
            .arg("--no-defaults")
            .arg(format!("--datadir={}", data.display()))
            .arg(format!("--port={port}"));
        serve.arg(format!("--socket={}", folder.path().join("socket").display()));
        serve.args([
            "--bind-address=127.0.0.1",
            "--innodb-flush-log-at-trx-commit=0",
            "--skip-log-bin",
        ]);
        let server = Server::spawn(serve, folder, port, Client::Mariadb);
        for statement in [
            "CREATE DATABASE shop",
            "CREATE USER writer@'127.0.0.1'",
            "GRANT ALL PRIVILEGES ON shop.* TO writer@'127.0.0.1'",
        ] {
            server.run(statement);
        }
        Some(server)
    }

    fn spawn(mut serve: Command, folder: tempfile::TempDir, port: u16, client: Client) -> Self {
        let log = std::fs::File::create(folder.path().join("log")).expect("a log");
        let child = serve
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log)
            .spawn()
            .expect("it starts");
        let server = Server {
            folder,
            child,
            port,
            client,
        };
        let patience = Instant::now() + Duration::from_secs(120);
        while !server.answers() {
            assert!(
                Instant::now() < patience,
                "{}",
                std::fs::read_to_string(server.folder.path().join("log")).unwrap_or_default()
            );
            std::thread::park_timeout(Duration::from_millis(100));
        }
        server
    }

    fn answers(&self) -> bool {
        let mut command = self.command("postgres", "SELECT 1");
        command
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok_and(|status| status.success())
    }

    fn command(&self, database: &str, sql: &str) -> Command {
        let port = self.port.to_string();
        match &self.client {
            Client::Postgres(bin) => {
                let mut command = Command::new(bin.join("psql"));
                command.args([
                    "-q",
                    "-v",
                    "ON_ERROR_STOP=1",
                    "-h",
                    "127.0.0.1",
                    "-U",
                    "writer",
                    "-p",
                    &port,
                    "-d",
                    database,
                    "-c",
                    sql,
                ]);
                command
            }
            Client::Mariadb => {
                let mut command = Command::new("mariadb");
                let socket = format!("--socket={}", self.folder.path().join("socket").display());
                command.args(["--no-defaults", "-u", "root", &socket, "-e", sql]);
                command
            }
        }
    }

    fn try_run(&self, database: &str, sql: &str) {
        let status = self.command(database, sql).status().expect("the client runs");
        assert!(status.success(), "{}", sql.chars().take(200).collect::<String>());
    }

    /// Sends a statement as somebody who may write.
    pub(super) fn run(&self, sql: &str) {
        match &self.client {
            Client::Postgres(_) => self.try_run("shop", sql),
            Client::Mariadb if sql.starts_with("CREATE DATABASE") => self.try_run("", sql),
            Client::Mariadb => self.try_run("", &format!("USE shop; {sql}")),
        }
    }

    /// `[database]` of a file for `user`.
    pub(super) fn database(&self, user: &str) -> String {
        let kind = match &self.client {
            Client::Postgres(_) => "postgresql",
            Client::Mariadb => "mysql",
        };
        format!(
            "kind = \"{kind}\"\nhost = \"127.0.0.1\"\nport = {}\ndatabase = \"shop\"\nuser = \"{user}\"",
            self.port
        )
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn missing(what: &str, package: &str) -> Option<Server> {
    assert!(
        std::env::var_os("RINGSIDE_SOURCES").is_none(),
        "{what} is not installed: apt install {package}"
    );
    eprintln!("SKIPPED: {what} is not installed (apt install {package}); nothing was tested against it");
    None
}

/// A folder that other users may enter.
fn folder() -> tempfile::TempDir {
    let folder = tempfile::Builder::new()
        .prefix("ringside-sql-")
        .tempdir_in("/var/tmp")
        .expect("a folder");
    std::fs::set_permissions(folder.path(), std::fs::Permissions::from_mode(0o777)).expect("set");
    folder
}

/// The program, as `user` where the test runs as root.
fn as_user(user: &str, folder: &Path, program: &Path) -> Command {
    let mut command = Command::new(program);
    command.current_dir(folder);
    let root = std::fs::metadata("/proc/self").is_ok_and(|own| own.uid() == 0);
    if root {
        let known = std::fs::read_to_string("/etc/passwd").expect("readable");
        let entry = known
            .lines()
            .find(|line| line.starts_with(&format!("{user}:")))
            .expect("the package made its user");
        let ids: Vec<u32> = entry
            .split(':')
            .skip(2)
            .take(2)
            .map(|id| id.parse().expect("a number"))
            .collect();
        command.uid(ids[0]).gid(ids[1]);
    }
    command
}

fn quietly(command: &mut Command) {
    let output = command.output().expect("it runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}

fn free_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address").port()
}
