//! The built page on this machine: files of `dist/` over plain HTTP, nothing else.

use std::fs;
use std::io::{BufRead, BufReader, ErrorKind, Write};
use std::net::{TcpListener, TcpStream};
use std::path::{Component, Path, PathBuf};
use std::thread;

use crate::build::{Profile, build};
use crate::run::{Outcome, dist};

pub fn serve(profile: Profile, port: u16) -> Outcome {
    // Taken before the build, so that nobody waits for minutes to hear that the port is in use.
    let listener = TcpListener::bind(("127.0.0.1", port)).map_err(|e| match e.kind() {
        ErrorKind::AddrInUse => {
            format!("Port {port} is in use. Try: cargo xtask serve --port {}", port.wrapping_add(1))
        }
        _ => format!("port {port}: {e}"),
    })?;
    build(profile)?;
    println!("\nOpen http://127.0.0.1:{port}\nCtrl-C stops the server.");
    for stream in listener.incoming().flatten() {
        thread::spawn(move || {
            // The browser went away in the middle of an answer: nobody is left to tell.
            let _ = answer(stream);
        });
    }
    Ok(())
}

/// With the first two the page has threads (README.md, "Threads"). By the third, pages that are isolated themselves may embed
/// it, and by the last, pages of other addresses may load `embed.js` as a module.
const HEADERS: &str = "Cross-Origin-Opener-Policy: same-origin\r\nCross-Origin-Embedder-Policy: require-corp\r\n\
                       Cross-Origin-Resource-Policy: cross-origin\r\nAccess-Control-Allow-Origin: *\r\n";

fn answer(mut stream: TcpStream) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut request = String::new();
    reader.read_line(&mut request)?;
    // The headers are read to their end: closing a socket with unread bytes resets it.
    let mut header = String::new();
    while reader.read_line(&mut header)? > 2 {
        header.clear();
    }
    let mut words = request.split_whitespace();
    let (method, address) = (words.next().unwrap_or(""), words.next().unwrap_or(""));
    let found = file_of(address).and_then(|path| Some((fs::read(&path).ok()?, mime(&path))));
    let (status, body, mime) = match found {
        _ if method != "GET" && method != "HEAD" => ("405 Method Not Allowed", Vec::new(), "text/plain"),
        Some((body, mime)) => ("200 OK", body, mime),
        None => ("404 Not Found", b"not found\n".to_vec(), "text/plain"),
    };
    write!(
        stream,
        "HTTP/1.1 {status}\r\nContent-Type: {mime}\r\nContent-Length: {}\r\n{HEADERS}\
         Cache-Control: no-cache\r\nConnection: close\r\n\r\n",
        body.len()
    )?;
    if method != "HEAD" {
        stream.write_all(&body)?;
    }
    stream.flush()
}

/// The file an address asks for; none when it would leave `dist/`.
fn file_of(address: &str) -> Option<PathBuf> {
    let path = address.split(['?', '#']).next()?.strip_prefix('/')?;
    let inside = Path::new(path).components().all(|part| matches!(part, Component::Normal(_)));
    let file = dist().join(path);
    inside.then(|| if file.is_dir() { file.join("index.html") } else { file })
}

fn mime(path: &Path) -> &'static str {
    match path.extension().and_then(|e| e.to_str()) {
        Some("html") => "text/html; charset=utf-8",
        Some("js") => "text/javascript; charset=utf-8",
        Some("css") => "text/css; charset=utf-8",
        // Browsers compile while they download only under this type.
        Some("wasm") => "application/wasm",
        Some("webmanifest") => "application/manifest+json",
        Some("json") => "application/json",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        _ => "application/octet-stream",
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use super::*;

    #[test]
    fn answers_let_other_pages_embed_the_page_and_import_its_script() {
        let listener = TcpListener::bind(("127.0.0.1", 0)).unwrap();
        let mut reader = TcpStream::connect(listener.local_addr().unwrap()).unwrap();
        write!(reader, "HEAD /embed.js HTTP/1.1\r\n\r\n").unwrap();
        answer(listener.accept().unwrap().0).unwrap();
        let mut said = String::new();
        reader.read_to_string(&mut said).unwrap();
        for header in [
            "Cross-Origin-Opener-Policy: same-origin",
            "Cross-Origin-Embedder-Policy: require-corp",
            "Cross-Origin-Resource-Policy: cross-origin",
            "Access-Control-Allow-Origin: *",
        ] {
            assert!(said.contains(&format!("\r\n{header}\r\n")), "{header}: {said}");
        }
    }

    #[test]
    fn addresses_stay_inside_dist() {
        assert_eq!(file_of("/app.js?hash"), Some(dist().join("app.js")));
        assert_eq!(file_of("/../Cargo.toml"), None);
        assert_eq!(file_of("//etc/passwd"), None);
    }
}
