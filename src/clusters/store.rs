//! Stub.
pub async fn find_place(
    _: &impl sea_orm::ConnectionTrait,
    _: &crate::policy::Reach,
    _: uuid::Uuid,
    _: chrono::NaiveDate,
) -> crate::error::Result<crate::policy::Place> {
    Err(crate::error::Error::NotFound)
}
