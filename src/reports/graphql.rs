//! Stub.
use async_graphql::*;
#[derive(Default)]
pub struct ReportQuery;
#[Object]
impl ReportQuery {
    /// x
    async fn stub_reports(&self) -> i32 {
        0
    }
}
#[derive(Default)]
pub struct ReportMutation;
#[Object]
impl ReportMutation {
    /// x
    async fn stub_reports(&self) -> i32 {
        0
    }
}
#[derive(Clone)]
pub struct Period(pub ID);
#[Object]
impl Period {
    /// x
    pub async fn id(&self) -> ID {
        self.0.clone()
    }
}
pub async fn period(_: &Context<'_>, _: uuid::Uuid) -> Result<Period> {
    Err(crate::error::Error::NotFound.into())
}
#[derive(Clone)]
pub struct Indicator(pub ID);
#[Object]
impl Indicator {
    /// x
    pub async fn id(&self) -> ID {
        self.0.clone()
    }
}
pub async fn indicator(_: &Context<'_>, _: uuid::Uuid) -> Result<Indicator> {
    Err(crate::error::Error::NotFound.into())
}
#[derive(Clone)]
pub struct ReportForm(pub ID);
#[Object]
impl ReportForm {
    /// x
    pub async fn id(&self) -> ID {
        self.0.clone()
    }
}
pub async fn form(_: &Context<'_>, _: uuid::Uuid) -> Result<ReportForm> {
    Err(crate::error::Error::NotFound.into())
}
#[derive(Clone)]
pub struct ReportSubmission(pub ID);
#[Object]
impl ReportSubmission {
    /// x
    pub async fn id(&self) -> ID {
        self.0.clone()
    }
}
pub async fn submission(_: &Context<'_>, _: uuid::Uuid) -> Result<ReportSubmission> {
    Err(crate::error::Error::NotFound.into())
}
