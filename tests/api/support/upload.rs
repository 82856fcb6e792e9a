//! Forms with a file, as browsers and phones send them.

use actix_web::http::Method;

use super::{Answer, Person};

const BOUNDARY: &str = "----bien-gioi-7e1";

/// A file on its way, with what is written beside it.
#[derive(Clone)]
pub struct Upload {
    name: String,
    content: Vec<u8>,
    texts: Vec<(&'static str, String)>,
    key: Option<&'static str>,
}

/// A small PDF that is another one for each text.
pub fn pdf(text: &str) -> Vec<u8> {
    format!("%PDF-1.7\n% {text}\n1 0 obj <<>> endobj\ntrailer <<>>\n%%EOF\n").into_bytes()
}

impl Upload {
    /// A file with a name and a content.
    pub fn of(name: &str, content: impl Into<Vec<u8>>) -> Self {
        Self {
            name: name.to_owned(),
            content: content.into(),
            texts: Vec::new(),
            key: None,
        }
    }

    /// With a field of text besides.
    pub fn with(mut self, field: &'static str, text: &str) -> Self {
        self.texts.push((field, text.to_owned()));
        self
    }

    /// Under a key of the client's own.
    pub fn under(mut self, key: &'static str) -> Self {
        self.key = Some(key);
        self
    }

    /// The header of such a form.
    pub fn content_type() -> String {
        format!("multipart/form-data; boundary={BOUNDARY}")
    }

    /// The form as bytes.
    pub fn body(&self) -> Vec<u8> {
        let mut body = Vec::new();
        for (field, text) in &self.texts {
            let head = format!("--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"{field}\"\r\n\r\n{text}\r\n");
            body.extend(head.into_bytes());
        }
        // Browsers escape quotes in names, and send all else as it is.
        let name = self.name.replace('"', "%22");
        let head = format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
             Content-Type: application/x-whatever\r\n\r\n"
        );
        body.extend(head.into_bytes());
        body.extend(&self.content);
        body.extend(format!("\r\n--{BOUNDARY}--\r\n").into_bytes());
        body
    }

    /// Somebody adds it to a report.
    pub async fn to(&self, report: &str, who: &Person) -> Answer {
        self.at(&format!("/api/v1/reports/{report}/evidence"), who).await
    }

    /// Somebody adds it at a path.
    pub async fn at(&self, path: &str, who: &Person) -> Answer {
        let kind = Self::content_type();
        let mut headers = vec![("Content-Type", kind.as_str())];
        headers.extend(self.key.map(|key| ("Idempotency-Key", key)));
        who.request(Method::POST, path, &headers, self.body()).await
    }
}
