//! A mail server that keeps what it gets, so that a sentence can tell what somebody finds in the mail.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};

use super::TestApp;

/// How the mail server treats those who come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Manner {
    /// It takes every letter.
    Takes,
    /// It takes no letter for anybody.
    Refuses,
}

/// A mail server on a port of its own.
pub struct Postbox {
    url: String,
    letters: Arc<Mutex<Vec<String>>>,
}

impl Postbox {
    /// Opens one.
    pub async fn open(manner: Manner) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("smtp://{}", listener.local_addr().expect("an address"));
        let letters = Arc::new(Mutex::new(Vec::new()));
        let kept = Arc::clone(&letters);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(converse(stream, manner, Arc::clone(&kept)));
            }
        });
        Self { url, letters }
    }

    /// The service with this mail server.
    pub async fn serves(&self, app: &TestApp) -> TestApp {
        app.with(|settings| {
            settings.smtp_url = thidua::settings::Secret::new(&self.url);
            settings.mail_from = "Thi đua <thidua@congdoan.vn>".to_owned();
            settings.public_url = "https://thidua.congdoan.vn/mat-khau".to_owned();
        })
        .await
    }

    /// The letters so far, headers and text as people read them.
    pub fn letters(&self) -> Vec<String> {
        self.letters.lock().expect("the letters").clone()
    }

    /// The newest letter, when as many as this have come; some are sent after the request was answered.
    pub async fn letter(&self, number: usize) -> String {
        for _ in 0..200 {
            if let Some(letter) = self.letters().get(number - 1) {
                return letter.clone();
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
        panic!("no letter number {number} came, only {:?}", self.letters());
    }
}

async fn converse(mut stream: TcpStream, manner: Manner, letters: Arc<Mutex<Vec<String>>>) {
    let (reader, mut writer) = stream.split();
    let mut lines = BufReader::new(reader).lines();
    let mut letter: Option<String> = None;
    let _ = writer.write_all(b"220 postbox\r\n").await;
    while let Ok(Some(line)) = lines.next_line().await {
        let answer = match &mut letter {
            Some(text) if line == "." => {
                letters.lock().expect("the letters").push(readable(text));
                letter = None;
                "250 taken"
            }
            Some(text) => {
                text.push_str(line.strip_prefix('.').unwrap_or(&line));
                text.push('\n');
                continue;
            }
            None if line.starts_with("RCPT") && manner == Manner::Refuses => "550 nobody here",
            None if line == "DATA" => {
                letter = Some(String::new());
                "354 go on"
            }
            None if line == "QUIT" => "221 bye",
            None => "250 well",
        };
        if writer.write_all(format!("{answer}\r\n").as_bytes()).await.is_err() {
            return;
        }
    }
}

/// A letter with its quoted-printable text taken apart (RFC 2045, section 6.7).
fn readable(letter: &str) -> String {
    let joined = letter.replace("=\n", "");
    let (headers, text) = joined.split_once("\n\n").expect("headers and text");
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte != b'=' {
            bytes.push(byte);
            continue;
        }
        let code = [rest.next().expect("a digit"), rest.next().expect("a digit")];
        let code = std::str::from_utf8(&code).expect("two digits");
        bytes.push(u8::from_str_radix(code, 16).expect("a byte"));
    }
    format!("{headers}\n\n{}", String::from_utf8(bytes).expect("UTF-8"))
}
