//! `thidua health`: for the health check of a container, which has no other client at hand.

use std::io::{Read as _, Write as _};
use std::net::{TcpStream, ToSocketAddrs as _};
use std::time::Duration;

use clap::Args;

use super::{Outcome, reachable};
use crate::settings::Settings;

/// Whom to ask.
#[derive(Args, Debug)]
#[command(after_help = "Examples:
  thidua health
  thidua health --url http://127.0.0.1:8081")]
pub(super) struct Options {
    /// Address of the service; without it the setting `listen`
    #[arg(long, value_name = "URL")]
    url: Option<String>,
}

/// How long connecting, and each wait for an answer, may take.
const PATIENCE: Duration = Duration::from_secs(3);
/// What is read of the answer: its first line is enough.
const ANSWER_BYTES_MAX: u64 = 1024;

/// Asks whether the service is ready.
pub(super) fn run(options: &Options, settings: impl Fn() -> Result<Settings, String>) -> Outcome {
    let (authority, path) = match &options.url {
        Some(url) => parts(url)?,
        None => (reachable(settings()?.listen).to_string(), "/readyz".to_owned()),
    };
    let status =
        status(&authority, &path).map_err(|error| format!("http://{authority}{path} does not answer: {error}"))?;
    if status == "200" {
        Ok(())
    } else {
        Err(format!(
            "the service at http://{authority} is not ready: {path} answered {status}"
        ))
    }
}

/// Host with port, and path, of an address.
fn parts(url: &str) -> Result<(String, String), String> {
    let Some(rest) = url.strip_prefix("http://") else {
        return Err(
            "the address must begin with http://: the check speaks to the service itself, without TLS".to_owned(),
        );
    };
    let (authority, path) = match rest.split_once('/') {
        Some((authority, path)) if !path.is_empty() => (authority, format!("/{path}")),
        Some((authority, _)) => (authority, "/readyz".to_owned()),
        None => (rest, "/readyz".to_owned()),
    };
    let unwanted = |c: char| c.is_whitespace() || c.is_control() || c == '@';
    if authority.is_empty() || authority.contains(unwanted) || path.contains(unwanted) {
        return Err(format!(
            "{url:?} is no address; write one such as http://127.0.0.1:8080"
        ));
    }
    let has_port = authority
        .rsplit_once(':')
        .is_some_and(|(_, port)| port.parse::<u16>().is_ok());
    let port = if has_port { "" } else { ":80" };
    Ok((format!("{authority}{port}"), path))
}

/// The status of the answer to a GET, as three digits.
fn status(authority: &str, path: &str) -> std::io::Result<String> {
    let mut last = std::io::Error::other("the name has no address");
    for address in authority.to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, PATIENCE) {
            Ok(stream) => return ask(stream, authority, path),
            Err(error) => last = error,
        }
    }
    Err(last)
}

fn ask(mut stream: TcpStream, authority: &str, path: &str) -> std::io::Result<String> {
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))?;
    write!(
        stream,
        "GET {path} HTTP/1.1\r\nHost: {authority}\r\nUser-Agent: thidua-health\r\nConnection: close\r\n\r\n"
    )?;
    let mut answer = Vec::new();
    stream.take(ANSWER_BYTES_MAX).read_to_end(&mut answer)?;
    let answer = String::from_utf8_lossy(&answer);
    let mut words = answer.split_whitespace();
    match (words.next(), words.next()) {
        (Some(version), Some(status)) if version.starts_with("HTTP/1.") => Ok(status.to_owned()),
        _ => Err(std::io::Error::other("what answers there does not speak HTTP")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_address_has_a_host_a_port_and_a_path() {
        let read = |url| parts(url).unwrap();
        assert_eq!(
            read("http://127.0.0.1:8081"),
            ("127.0.0.1:8081".to_owned(), "/readyz".to_owned())
        );
        assert_eq!(read("http://thidua/"), ("thidua:80".to_owned(), "/readyz".to_owned()));
        assert_eq!(
            read("http://[::1]:8080/healthz"),
            ("[::1]:8080".to_owned(), "/healthz".to_owned())
        );
        for url in [
            "https://thidua",
            "thidua:80",
            "http://",
            "http://a b/",
            "http://a/\r\nX: y",
        ] {
            assert!(parts(url).is_err(), "{url:?}");
        }
    }

    #[test]
    fn who_listens_everywhere_is_asked_here() {
        assert_eq!(reachable("0.0.0.0:80".parse().unwrap()).to_string(), "127.0.0.1:80");
        assert_eq!(reachable("[::]:80".parse().unwrap()).to_string(), "[::1]:80");
        assert_eq!(reachable("10.0.0.1:80".parse().unwrap()).to_string(), "10.0.0.1:80");
    }
}
