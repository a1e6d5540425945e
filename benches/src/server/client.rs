//! Visitors: as little as it takes to ask over HTTP/1.1, so that what is measured is the server.

use std::{
    net::{IpAddr, Ipv4Addr, SocketAddr},
    time::{Duration, Instant},
};

use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, BufReader},
    net::{TcpSocket, TcpStream},
    task::JoinHandle,
};

use super::Ready;
use crate::Result;

const LONGEST_HEAD: usize = 16 << 10;

/// A connection that is kept.
pub(super) struct Client {
    stream: BufReader<TcpStream>,
    cookie: String,
}

/// The head of an answer.
struct Head {
    status: u16,
    length: Option<u64>,
}

impl Client {
    pub(super) async fn to(ready: &Ready) -> Result<Self> {
        let stream = TcpStream::connect(ready.address).await?;
        stream.set_nodelay(true)?;
        Ok(Self { stream: BufReader::with_capacity(256 << 10, stream), cookie: ready.cookie.clone() })
    }

    async fn ask(&mut self, path: &str, header: &str) -> Result<Head> {
        let cookie = &self.cookie;
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nCookie: {cookie}\r\n{header}\r\n\r\n");
        self.stream.get_mut().write_all(request.as_bytes()).await?;
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.stream.read_u8().await?);
            if head.len() > LONGEST_HEAD {
                return Err("a head without an end".into());
            }
        }
        let head = String::from_utf8(head)?.to_ascii_lowercase();
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
        let length = length.map(str::parse).transpose()?;
        Ok(Head { status: status.ok_or("no status")?, length })
    }

    /// Reads a chunked body to its end.
    async fn chunks(&mut self) -> Result<usize> {
        let mut total = 0;
        loop {
            let mut line = Vec::new();
            while !line.ends_with(b"\r\n") {
                line.push(self.stream.read_u8().await?);
            }
            let length = usize::from_str_radix(std::str::from_utf8(&line)?.trim(), 16)?;
            let mut chunk = vec![0; length + 2];
            self.stream.read_exact(&mut chunk).await?;
            total += length;
            if length == 0 {
                return Ok(total);
            }
        }
    }

    async fn skip(&mut self, mut length: u64) -> Result {
        let mut buffer = vec![0; 256 << 10];
        while length > 0 {
            let most = buffer.len().min(usize::try_from(length)?);
            let read = self.stream.read(&mut buffer[..most]).await?;
            if read == 0 {
                return Err("the answer broke off".into());
            }
            length -= read as u64;
        }
        Ok(())
    }
}

/// Asks for a page, compressed; gives its length on the wire.
pub(super) async fn get(client: &mut Client, path: &str) -> Result<usize> {
    let head = client.ask(path, "Accept-Encoding: gzip, br").await?;
    if head.status != 200 {
        return Err(format!("{path}: {}", head.status).into());
    }
    match head.length {
        None => client.chunks().await,
        Some(length) => client.skip(length).await.and(Ok(usize::try_from(length)?)),
    }
}

/// How long it takes until the first bytes at a place of a file are there.
pub(super) async fn first_bytes(client: &mut Client, path: &str, place: u64) -> Result<Duration> {
    let begun = Instant::now();
    let head = client.ask(path, &format!("Range: bytes={place}-{}", place + 65_535)).await?;
    client.stream.read_u8().await?;
    let time = begun.elapsed();
    match (head.status, head.length) {
        (206, Some(length)) => client.skip(length - 1).await.and(Ok(time)),
        (status, _) => Err(format!("{path} at {place}: {status}").into()),
    }
}

/// How long it takes to read a file whole.
pub(super) async fn download(ready: &Ready, path: &str) -> Result<Duration> {
    let mut client = Client::to(ready).await?;
    let begun = Instant::now();
    match client.ask(path, "Accept: */*").await? {
        Head { status: 200, length: Some(length) } => client.skip(length).await.and(Ok(begun.elapsed())),
        Head { status, .. } => Err(format!("{path}: {status}").into()),
    }
}

/// Visitors who send a head a letter at a time, until they are told to go.
pub(super) struct Slow(Vec<JoinHandle<()>>);

impl Slow {
    /// Lets them go; gives how many were still there.
    pub(super) async fn end(self) -> usize {
        let there = self.0.iter().filter(|task| !task.is_finished()).count();
        for task in self.0 {
            task.abort();
            let _ = task.await;
        }
        there
    }
}

/// Opens so many slow connections, from several addresses of this machine: one alone may not have as many.
pub(super) async fn crawl(ready: &Ready, count: usize) -> Result<Slow> {
    let mut tasks = Vec::new();
    for number in 0..count {
        let last = u8::try_from(number % 200)? + 2;
        let socket = TcpSocket::new_v4()?;
        socket.bind(SocketAddr::new(IpAddr::V4(Ipv4Addr::new(127, 0, 0, last)), 0))?;
        let mut stream = socket.connect(ready.address).await?;
        stream.write_all(b"GET /candidates HTTP/1.1\r\nHost: localhost\r\nX: ").await?;
        tasks.push(tokio::spawn(async move {
            while stream.write_all(b"x").await.is_ok() {
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }));
    }
    Ok(Slow(tasks))
}
