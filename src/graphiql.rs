//! The GraphiQL page under `/graphiql/`, where a person explores the GraphQL API in a browser.
//!
//! The page is built from `web/` by Vite and embedded in the binary, so it asks nothing of any other host. A binary built
//! without it still answers, and says how to build it.

use std::borrow::Cow;

use actix_web::http::StatusCode;
use actix_web::http::header::{self, ETag, EntityTag, Header, IfNoneMatch};
use actix_web::web::{self, Bytes, ServiceConfig};
use actix_web::{HttpRequest, HttpResponse, HttpResponseBuilder};
use rust_embed::{EmbeddedFile, RustEmbed};

/// What Vite wrote. A debug build reads the folder at run time, a release build carries it.
#[derive(RustEmbed)]
#[folder = "web/dist"]
struct Dist;

/// The page may load from and talk to this service only. The editor sets styles inline and may start workers from blobs.
const CONTENT_SECURITY_POLICY: &str = "default-src 'self'; style-src 'self' 'unsafe-inline'; worker-src 'self' blob:; \
     img-src 'self' data:; font-src 'self' data:; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'";

/// For files whose name holds a hash of their content.
const FOREVER: &str = "public, max-age=31536000, immutable";
/// For everything else: may be kept, but is asked for again each time.
const ASK_AGAIN: &str = "no-cache";

/// Shown when the binary was built without the page.
const NOT_BUILT: &str = r#"<!doctype html>
<html lang="vi">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>thidua – GraphiQL</title>
<style>body { font: 1rem/1.5 system-ui, sans-serif; margin: 3rem auto; max-width: 40rem; padding: 0 1rem }</style>
<h1>thidua – GraphiQL</h1>
<p>Bản dựng này không có trang GraphiQL. Hãy chạy <code>scripts/demo.sh</code>, hoặc chạy
<code>npm ci &amp;&amp; npm run build</code> trong thư mục <code>web/</code> rồi dựng lại dịch vụ.</p>
<p lang="en">This build has no GraphiQL page. Run <code>scripts/demo.sh</code>, or run
<code>npm ci &amp;&amp; npm run build</code> in <code>web/</code> and build the service again.</p>
</html>
"#;

/// Adds `/graphiql` and all below it.
pub fn routes(config: &mut ServiceConfig) {
    config
        .service(web::redirect("/graphiql", "/graphiql/"))
        .service(web::resource("/graphiql/{path:.*}").get(serve).head(serve));
}

/// Answers with the file of that path; the empty path is the page itself.
async fn serve(request: HttpRequest, path: web::Path<String>) -> HttpResponse {
    let path = match path.as_str() {
        "" => "index.html",
        path => path,
    };
    match Dist::get(path) {
        Some(file) => send(&request, path, file),
        None if path == "index.html" => respond(StatusCode::OK, ASK_AGAIN)
            .content_type(content_type(path))
            .body(NOT_BUILT),
        None => respond(StatusCode::NOT_FOUND, ASK_AGAIN).finish(),
    }
}

/// Sends the file, or 304 when the browser has it already.
fn send(request: &HttpRequest, path: &str, file: EmbeddedFile) -> HttpResponse {
    let hash = file.metadata.sha256_hash();
    let half = hash.iter().take(16).fold(0, |sum, byte| sum << 8 | u128::from(*byte));
    // Weak, because the body may be compressed on its way.
    let tag = EntityTag::new_weak(format!("{half:032x}"));
    let known = match IfNoneMatch::parse(request) {
        Ok(IfNoneMatch::Any) => true,
        Ok(IfNoneMatch::Items(tags)) => tags.iter().any(|known| known.weak_eq(&tag)),
        Err(_) => false,
    };
    let caching = if path.starts_with("assets/") {
        FOREVER
    } else {
        ASK_AGAIN
    };
    if known {
        return respond(StatusCode::NOT_MODIFIED, caching)
            .insert_header(ETag(tag))
            .finish();
    }
    let body = match file.data {
        Cow::Borrowed(data) => Bytes::from_static(data),
        Cow::Owned(data) => Bytes::from(data),
    };
    respond(StatusCode::OK, caching)
        .insert_header(ETag(tag))
        .content_type(content_type(path))
        .body(body)
}

/// An answer with the headers that all of this module's answers have.
fn respond(status: StatusCode, caching: &'static str) -> HttpResponseBuilder {
    let mut response = HttpResponseBuilder::new(status);
    response
        .insert_header((header::CACHE_CONTROL, caching))
        .insert_header((header::CONTENT_SECURITY_POLICY, CONTENT_SECURITY_POLICY))
        .insert_header((header::X_CONTENT_TYPE_OPTIONS, "nosniff"))
        .insert_header((header::X_FRAME_OPTIONS, "DENY"))
        .insert_header((header::REFERRER_POLICY, "no-referrer"));
    response
}

fn content_type(path: &str) -> &'static str {
    match path.rsplit_once('.').map_or("", |(_, extension)| extension) {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "md" => "text/plain; charset=utf-8",
        "svg" => "image/svg+xml",
        "ttf" => "font/ttf",
        "woff2" => "font/woff2",
        _ => "application/octet-stream",
    }
}
