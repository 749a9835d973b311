//! The endpoint encrypted, and closed to addresses that are not listed.

use std::net::{Ipv4Addr, SocketAddr};
use std::path::Path;
use std::time::Duration;

use reqwest::{Certificate, Client, StatusCode};
use ringside::feed::FeedSignal;
use ringside::feed::webhook::{Identity, Keys, Names, Preset, Reach, TlsError, Webhook};
use tempfile::TempDir;
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpStream;
use tokio::sync::mpsc::{self, Receiver};

const NEW: &str = r#"{"event":"newCall","from":"493055501234","to":"49","direction":"in","callId":"c","user":["101"]}"#;

fn made(folder: &Path) -> Identity {
    Identity::self_made(folder, vec!["localhost".to_owned(), "127.0.0.1".to_owned()]).expect("made")
}

fn webhook(listen: SocketAddr, reach: Reach, keys: Keys) -> Webhook {
    let keys = Keys {
        token: Some("sesame".to_owned().into()),
        ..keys
    };
    Webhook::new("pbx", Preset::Zammad, listen, keys, Names::default(), reach).expect("fit")
}

async fn open(reach: Reach, keys: Keys) -> (SocketAddr, Receiver<FeedSignal>) {
    drop(rustls::crypto::ring::default_provider().install_default());
    let webhook = webhook((Ipv4Addr::LOCALHOST, 0).into(), reach, keys);
    let listener = webhook.bind().await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (signals, heard) = mpsc::channel(64);
    tokio::spawn(async move { webhook.serve(listener, signals).await });
    (address, heard)
}

fn client(folder: &TempDir) -> Client {
    let pem = std::fs::read(folder.path().join("webhook.cert.pem")).expect("kept");
    let certificate = Certificate::from_pem(&pem).expect("a certificate");
    let client = Client::builder().no_proxy().tls_certs_only([certificate]);
    client.timeout(Duration::from_secs(20)).build().expect("a client")
}

#[test]
fn a_self_made_certificate_is_made_once_and_its_key_is_for_its_owner_alone() {
    let folder = tempfile::tempdir().expect("a folder");
    let first = made(folder.path());
    assert_eq!(first.fingerprint().len(), 32 * 3 - 1);
    assert_eq!(made(folder.path()).fingerprint(), first.fingerprint());
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let key = folder.path().join("webhook.key.pem");
        let mode = key.metadata().expect("kept").permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
    }
    let other = tempfile::tempdir().expect("a folder");
    assert_ne!(made(other.path()).fingerprint(), first.fingerprint());
}

#[test]
fn files_that_are_no_pair_are_refused_with_what_to_give() {
    let [one, other] = [0, 1].map(|_| tempfile::tempdir().expect("a folder"));
    made(one.path());
    made(other.path());
    let certificate = one.path().join("webhook.cert.pem");
    let strange = Identity::from_files(&certificate, &other.path().join("webhook.key.pem"));
    assert!(matches!(strange, Err(TlsError::Pair(_))), "{strange:?}");
    let none = Identity::from_files(&certificate, &certificate).expect_err("no key");
    assert!(
        none.to_string().contains("webhook.cert.pem cannot be read as PEM"),
        "{none}"
    );
    let none = Identity::from_files(&one.path().join("webhook.key.pem"), &certificate).expect_err("no certificate");
    assert!(none.to_string().contains("holds no certificate"), "{none}");
    let none = Identity::from_files(&one.path().join("nowhere"), &certificate).expect_err("no file");
    assert!(none.to_string().contains("nowhere cannot be read"), "{none}");
}

#[test]
fn an_encrypted_endpoint_may_be_open_to_the_network() {
    let folder = tempfile::tempdir().expect("a folder");
    let reach = Reach::Encrypted(made(folder.path()));
    webhook((Ipv4Addr::UNSPECIFIED, 8730).into(), reach, Keys::default());
}

#[tokio::test]
async fn a_delivery_over_tls_is_taken_while_others_are_silent() {
    let folder = tempfile::tempdir().expect("a folder");
    let (address, mut heard) = open(Reach::Encrypted(made(folder.path())), Keys::default()).await;
    // Who never shakes hands, or speaks no TLS, keeps nobody waiting.
    let mut silent = Vec::new();
    for _ in 0..20 {
        silent.push(TcpStream::connect(address).await.expect("a connection"));
    }
    let mut plain = TcpStream::connect(address).await.expect("a connection");
    plain
        .write_all(b"POST /in/zammad/sesame HTTP/1.1\r\ncontent-length: 0\r\n\r\n")
        .await
        .expect("written");
    let post = client(&folder).post(format!("https://localhost:{}/in/zammad/sesame", address.port()));
    let post = post.header("content-type", "application/json").body(NEW);
    let answer = post.send().await.expect("an answer");
    assert_eq!(answer.status(), StatusCode::OK);
    let mut told = 0;
    while told < 3 {
        let signal = heard.recv().await.expect("a signal");
        told += usize::from(matches!(signal.what, ringside::feed::Signal::Event(_)));
    }
}

#[tokio::test]
async fn addresses_that_are_not_listed_are_refused() {
    let send = async |keys: Keys, forwarded: &str| {
        let (address, _heard) = open(Reach::Loopback, keys).await;
        let client = Client::builder().no_proxy().build().expect("a client");
        let post = client.post(format!("http://{address}/in/zammad/sesame"));
        let post = post.header("content-type", "application/json").body(NEW);
        let post = post.header("x-forwarded-for", forwarded);
        post.send().await.expect("an answer").status()
    };
    let listed = |nets: &[&str], proxy: bool| Keys {
        from_addresses: nets.iter().map(|net| net.parse().expect("a network")).collect(),
        public_url: proxy.then(|| "https://pop.example.test".to_owned()),
        ..Keys::default()
    };
    let direct = listed(&["127.0.0.0/8"], false);
    assert_eq!(send(direct, "192.0.2.1").await, StatusCode::OK);
    let elsewhere = listed(&["192.0.2.0/24"], false);
    assert_eq!(
        send(elsewhere, "192.0.2.1").await,
        StatusCode::UNAUTHORIZED,
        "without a proxy nobody may say where it comes from"
    );
    let behind_proxy = || listed(&["192.0.2.0/24"], true);
    assert_eq!(send(behind_proxy(), "203.0.113.9, 192.0.2.1").await, StatusCode::OK);
    assert_eq!(
        send(behind_proxy(), "192.0.2.1, 203.0.113.9").await,
        StatusCode::UNAUTHORIZED,
        "only the proxy's own word counts"
    );
}
