//! A store that speaks as much S3 as the service does, in memory, on a port of its own.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use actix_web::http::header::{CONTENT_LENGTH, ETAG, LAST_MODIFIED, RANGE};
use actix_web::web::{self, Bytes, Data};
use actix_web::{App, HttpRequest, HttpResponse, HttpServer};

type Objects = Arc<Mutex<BTreeMap<String, Vec<u8>>>>;

/// A bucket. Clones share it.
#[derive(Clone)]
pub struct Bucket {
    /// Its address.
    pub endpoint: String,
    objects: Objects,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Bucket {
    /// Opens one.
    pub async fn open() -> Self {
        let bucket = Self {
            endpoint: String::new(),
            objects: Objects::default(),
            requests: Arc::default(),
        };
        let shared = bucket.clone();
        let server = HttpServer::new(move || {
            App::new()
                .app_data(Data::new(shared.clone()))
                .app_data(web::PayloadConfig::new(64 * 1024 * 1024))
                .default_service(web::to(answer))
        });
        let server = server.workers(1).disable_signals().bind("127.0.0.1:0").expect("a port");
        let endpoint = format!("http://{}", server.addrs()[0]);
        actix_web::rt::spawn(server.run());
        Self { endpoint, ..bucket }
    }

    /// The keys of what it holds.
    pub fn keys(&self) -> Vec<String> {
        self.objects.lock().expect("the objects").keys().cloned().collect()
    }

    /// What it was asked, method and address, and whether it was signed.
    pub fn requests(&self) -> Vec<String> {
        self.requests.lock().expect("the requests").clone()
    }
}

async fn answer(request: HttpRequest, body: Bytes, bucket: Data<Bucket>) -> HttpResponse {
    let (method, path, query) = (
        request.method().as_str(),
        request.path().to_owned(),
        request.query_string(),
    );
    let signed = request
        .headers()
        .get("authorization")
        .map_or("", |value| value.to_str().unwrap_or_default());
    let signed = signed.split(',').next().unwrap_or_default();
    bucket
        .requests
        .lock()
        .expect("the requests")
        .push(format!("{method} {path}?{query} {signed}"));
    let mut objects = bucket.objects.lock().expect("the objects");
    let xml = |text: String| HttpResponse::Ok().content_type("application/xml").body(text);
    match (method, query) {
        ("POST", "uploads" | "uploads=") => xml(format!(
            "<InitiateMultipartUploadResult><Bucket>b</Bucket><Key>{path}</Key><UploadId>1</UploadId></InitiateMultipartUploadResult>"
        )),
        ("PUT", "") => {
            objects.insert(path, body.to_vec());
            HttpResponse::Ok().insert_header((ETAG, "\"whole\"")).finish()
        }
        ("PUT", part) => {
            let number = part
                .split('&')
                .find_map(|one| one.strip_prefix("partNumber="))
                .expect("a part");
            objects.insert(format!("{path} {number:0>5}"), body.to_vec());
            HttpResponse::Ok()
                .insert_header((ETAG, format!("\"{number}\"")))
                .finish()
        }
        ("POST", _) => {
            let parts: Vec<String> = objects
                .keys()
                .filter(|key| key.starts_with(&format!("{path} ")))
                .cloned()
                .collect();
            let whole = parts.iter().filter_map(|part| objects.remove(part)).flatten().collect();
            objects.insert(path.clone(), whole);
            xml(format!(
                "<CompleteMultipartUploadResult><Key>{path}</Key><ETag>\"whole\"</ETag></CompleteMultipartUploadResult>"
            ))
        }
        ("DELETE", _) => {
            objects.remove(&path);
            HttpResponse::NoContent().finish()
        }
        _ => {
            let Some(content) = objects.get(&path) else {
                return HttpResponse::NotFound().finish();
            };
            let mut response = HttpResponse::Ok();
            response
                .insert_header((ETAG, "\"whole\""))
                .insert_header((LAST_MODIFIED, "Tue, 10 Mar 2026 01:00:00 GMT"));
            let range = request
                .headers()
                .get(RANGE)
                .map(|range| range.to_str().expect("a range").to_owned());
            let Some(range) = range else {
                return response
                    .insert_header((CONTENT_LENGTH, content.len()))
                    .body(content.clone());
            };
            let (from, to) = range.trim_start_matches("bytes=").split_once('-').expect("a range");
            let (from, to): (usize, usize) = (from.parse().expect("from"), to.parse().expect("to"));
            let said = format!("bytes {from}-{to}/{}", content.len());
            response.status(actix_web::http::StatusCode::PARTIAL_CONTENT);
            response
                .insert_header(("Content-Range", said))
                .body(content[from..=to].to_vec())
        }
    }
}
