//! nginx with one plain file: what the disk, the kernel and loopback give.

use std::{
    fs,
    net::{SocketAddr, TcpListener, TcpStream},
    path::Path,
    process::{Child, Command, Stdio},
    time::{Duration, Instant},
};

use super::Ready;
use crate::Result;

/// A server under way; it ends with this.
pub(super) struct Nginx {
    process: Child,
    address: SocketAddr,
}

impl Nginx {
    /// Starts it in a folder of its own, with a file of this length; `None` where it is not installed.
    pub(super) fn start(scratch: &Path, length: u64) -> Result<Option<Self>> {
        let folder = scratch.join("nginx");
        fs::create_dir_all(folder.join("files"))?;
        let piece: Vec<u8> = (0..1 << 20).map(|n: u32| (n % 251) as u8).collect();
        let mut file = fs::File::create(folder.join("files/film"))?;
        std::io::copy(
            &mut std::io::Read::take(
                std::io::Cursor::new(piece.repeat(1 + usize::try_from(length >> 20)?)),
                length,
            ),
            &mut file,
        )?;
        let address = TcpListener::bind("127.0.0.1:0")?.local_addr()?;
        let at = folder.display();
        let configuration = format!(
            "daemon off; pid {at}/pid; error_log {at}/error.log; worker_processes 1; events {{}} \
             http {{ access_log off; sendfile on; client_body_temp_path {at}/t1; proxy_temp_path {at}/t2; \
             fastcgi_temp_path {at}/t3; uwsgi_temp_path {at}/t4; scgi_temp_path {at}/t5; \
             server {{ listen {address}; root {at}/files; }} }}"
        );
        let file = folder.join("nginx.conf");
        fs::write(&file, configuration)?;
        let mut command = Command::new("nginx");
        command.arg("-c").arg(&file).arg("-p").arg(&folder).stderr(Stdio::null());
        let Ok(process) = command.spawn() else { return Ok(None) };
        let nginx = Self { process, address };
        let begun = Instant::now();
        while TcpStream::connect(address).is_err() {
            if begun.elapsed() > Duration::from_secs(10) {
                return Err("nginx does not listen".into());
            }
            std::thread::sleep(Duration::from_millis(50));
        }
        Ok(Some(nginx))
    }

    pub(super) fn ready(&self) -> Ready {
        Ready { address: self.address, cookie: String::new() }
    }
}

impl Drop for Nginx {
    fn drop(&mut self) {
        // The master ends its worker when it is asked, not when it is killed.
        let _ = Command::new("kill").arg(self.process.id().to_string()).status();
        let _ = self.process.wait();
    }
}
