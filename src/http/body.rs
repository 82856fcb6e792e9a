//! Stub.
use actix_web::{FromRequest, HttpRequest, dev::Payload};
pub struct Json<T>(pub T);
impl<T: serde::de::DeserializeOwned + 'static> FromRequest for Json<T> {
    type Error = actix_web::Error;
    type Future = futures_util::future::LocalBoxFuture<'static, Result<Self, Self::Error>>;
    fn from_request(r: &HttpRequest, p: &mut Payload) -> Self::Future {
        let f = actix_web::web::Json::<T>::from_request(r, p);
        Box::pin(async move { Ok(Self(f.await?.into_inner())) })
    }
}
