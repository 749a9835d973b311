//! How much CPU a webhook costs, from the socket to the desk's channel, beside a bare handler that reads the body.
//!
//! `cargo bench --bench webhook`. The requests are whole calls as Placetel tells them, each signed by HMAC-SHA256. Both
//! servers run on a thread of their own, whose CPU time is taken. Figures go to standard output, and as JSON to the
//! file that `RINGSIDE_BENCH_OUT` names.

mod figures;

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::Bytes;
use axum::routing::post;
use chrono::Utc;
use cpu_time::ThreadTime;
use ringside::call::{CallEvent, CallKey, Cause, Direction, Endpoint, LegKey, Line, Party, Presentation, Side};
use ringside::feed::webhook::{Keys, Names, Preset, Reach, Request, Teller, Webhook};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

use figures::{Figure, Result};

/// What serving all requests took.
struct Cost {
    /// Of the server's thread.
    cpu: Duration,
    wall: Duration,
}

fn main() -> Result<()> {
    let calls = if figures::quick() { 2_000 } else { 20_000 };
    let requests = requests(calls)?;
    let mut best: [Option<Cost>; 2] = [None, None];
    for _ in 0..3 {
        for (best, cost) in best
            .iter_mut()
            .zip([measure(&requests, bare)?, measure(&requests, ours)?])
        {
            if best.as_ref().is_none_or(|best| cost.cpu < best.cpu) {
                *best = Some(cost);
            }
        }
    }
    let [Some(floor), Some(ours)] = best else {
        return Err("nothing was measured".into());
    };
    #[allow(clippy::cast_precision_loss, reason = "far below 2^52")]
    let count = requests.len() as f64;
    let each = |cost: &Cost| cost.cpu.as_secs_f64() * 1e6 / count;
    let pace = |cost: &Cost| count / cost.wall.as_secs_f64();
    let note = format!(
        "{:.0} requests/s on one connection, bare {:.0}",
        pace(&ours),
        pace(&floor)
    );
    figures::publish(&[Figure::new(
        "webhook: request with HMAC",
        "µs CPU",
        each(&ours),
        each(&floor),
        note,
    )])
}

fn keys() -> Keys {
    Keys {
        token: Some("sesame".to_owned().into()),
        secrets: vec!["test-secret".to_owned().into()],
        ..Keys::default()
    }
}

/// The requests of so many calls, as they go over the wire.
fn requests(calls: usize) -> Result<Vec<Vec<u8>>> {
    let mut teller = Teller::new(Preset::Placetel, keys(), "http://127.0.0.1/in/placetel/sesame");
    let mut requests = Vec::new();
    for number in 0..calls {
        for moment in moments(&format!("{number:064x}")) {
            let told = teller.tell(&moment, Utc::now());
            requests.extend(told.iter().map(|telling| wire(&telling.request)));
        }
    }
    if requests.len() == 3 * calls {
        Ok(requests)
    } else {
        Err("a call is told in three requests".into())
    }
}

fn wire(request: &Request) -> Vec<u8> {
    let text = request.to_text(&[]);
    let end = text
        .windows(4)
        .position(|four| four == b"\r\n\r\n")
        .unwrap_or(text.len());
    let length = format!("\r\nhost: 127.0.0.1\r\ncontent-length: {}", request.body.len());
    [&text[..end], length.as_bytes(), &text[end..]].concat()
}

fn moments(key: &str) -> [Vec<CallEvent>; 3] {
    let (call, leg) = (CallKey(key.to_owned()), LegKey("leg".to_owned()));
    let began = CallEvent::Began {
        call: call.clone(),
        direction: Direction::In,
        remote: Party {
            number: "+493055501234".to_owned(),
            presentation: Presentation::Allowed,
            ..Party::default()
        },
        called: "+493055509999".to_owned(),
        trunk: None,
        origin: None,
    };
    let offered = CallEvent::Offered {
        call: call.clone(),
        leg: leg.clone(),
        to: Endpoint::Line(Line("101".to_owned())),
    };
    let answered = CallEvent::Answered {
        call: call.clone(),
        leg,
    };
    let ended = CallEvent::Ended {
        call,
        cause: Cause::Normal,
        by: Some(Side::Caller),
    };
    [vec![began, offered], vec![answered], vec![ended]]
}

/// A server that runs until it is told to stop, and says where it listens.
type Server = fn(&std::sync::mpsc::Sender<SocketAddr>, oneshot::Receiver<()>) -> std::io::Result<()>;

fn measure(requests: &[Vec<u8>], server: Server) -> Result<Cost> {
    let (tell, told) = std::sync::mpsc::channel();
    let (stop, stopped) = oneshot::channel();
    let thread = std::thread::spawn(move || {
        let start = ThreadTime::now();
        server(&tell, stopped).map(|()| start.elapsed())
    });
    let address = told.recv()?;
    let start = Instant::now();
    send(address, requests)?;
    let wall = start.elapsed();
    drop(stop);
    let cpu = thread.join().map_err(|_| "the server panicked")??;
    Ok(Cost { cpu, wall })
}

fn send(address: SocketAddr, requests: &[Vec<u8>]) -> Result<()> {
    let stream = TcpStream::connect(address)?;
    stream.set_nodelay(true)?;
    let mut answers = BufReader::new(stream.try_clone()?);
    let mut stream = stream;
    let (mut line, mut body) = (String::new(), Vec::new());
    for request in requests {
        stream.write_all(request)?;
        let mut length = 0;
        let mut first = true;
        loop {
            line.clear();
            answers.read_line(&mut line)?;
            if first && !line.starts_with("HTTP/1.1 200") {
                return Err(format!("not taken: {line}").into());
            }
            first = false;
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse()?;
            }
            if line == "\r\n" {
                break;
            }
        }
        body.resize(length, 0);
        answers.read_exact(&mut body)?;
    }
    Ok(())
}

/// The handler that does nothing but read the body.
fn bare(tell: &std::sync::mpsc::Sender<SocketAddr>, stopped: oneshot::Receiver<()>) -> std::io::Result<()> {
    alone()?.block_on(async {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        // the one who asked has the other end until it has the address
        let _ = tell.send(listener.local_addr()?);
        let handler = async |body: Bytes| if body.is_empty() { "" } else { "{}" };
        let router = Router::new().route("/in/placetel/{token}", post(handler));
        let end = async move { drop(stopped.await) };
        axum::serve(listener, router).with_graceful_shutdown(end).await
    })
}

/// The feed's endpoint. What it tells is taken out and thrown away on the same thread.
fn ours(tell: &std::sync::mpsc::Sender<SocketAddr>, stopped: oneshot::Receiver<()>) -> std::io::Result<()> {
    alone()?.block_on(async {
        let names = Names {
            unnamed: vec![Line("101".to_owned())],
            ..Names::default()
        };
        let local = (Ipv4Addr::LOCALHOST, 0).into();
        let webhook = Webhook::new("bench", Preset::Placetel, local, keys(), names, Reach::Loopback);
        let webhook = webhook.map_err(std::io::Error::other)?;
        let listener = webhook.bind().await?;
        // as above
        let _ = tell.send(listener.local_addr()?);
        let (signals, mut heard) = mpsc::channel(1024);
        let desk = async move {
            let mut taken = Vec::new();
            while heard.recv_many(&mut taken, 64).await > 0 {
                taken.clear();
            }
        };
        tokio::spawn(desk);
        tokio::select! {
            served = webhook.serve(listener, signals) => served,
            _ = stopped => Ok(()),
        }
    })
}

fn alone() -> std::io::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_current_thread().enable_all().build()
}
