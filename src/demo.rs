//! Stub.
use serde::Serialize;
use thidua_entity::enums::Role;

/// x
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct DemoAccount {
    /// x
    pub username: String,
    /// x
    pub password: String,
    /// x
    pub role: Role,
    /// x
    pub scope: String,
}

/// x
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Loaded {
    /// x
    pub accounts: Vec<DemoAccount>,
}

/// x
pub async fn load(_: &crate::env::Env) -> crate::error::Result<Loaded> {
    Ok(Loaded { accounts: Vec::new() })
}

/// x
pub async fn reset(_: &sea_orm::DatabaseConnection) -> crate::error::Result<()> {
    Ok(())
}
