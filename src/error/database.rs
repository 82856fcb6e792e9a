//! What the database refuses or fails to do, as errors of the service: a broken rule is an answer, a busy database is worth
//! another try, and the rest we did not expect.

use sea_orm::{DbErr, RuntimeErr, SqlErr, sqlx};

use super::Error;

impl From<DbErr> for Error {
    /// The database's refusal is an answer: a broken unique rule becomes `ALREADY_EXISTS` with the rule's columns.
    fn from(error: DbErr) -> Self {
        match error.sql_err() {
            Some(SqlErr::UniqueConstraintViolation(rule)) => Self::AlreadyExists(rule_name(&rule)),
            _ if cannot_be_compared(&error) => Self::bad_request(
                "Giá trị gửi lên chứa ký tự hoặc ngày mà cơ sở dữ liệu không biết.",
                "A value that was sent has a character or a day that the database does not know.",
            ),
            _ if may_pass(&error) => Self::Unavailable(Box::new(error)),
            _ => Self::Internal(Box::new(error)),
        }
    }
}

/// Whether the same statement may succeed in a moment: no connection was free or the database is away; SQLite is busy (5) or a
/// table of it is locked (6), in the low byte of its codes; PostgreSQL gave up on a statement after its time (57014), on a
/// transaction that got into another's way (40001, 40P01), or on waiting for a lock (55P03), has no connection left (53300),
/// or is stopping or starting (57P…) or cut off (08…).
fn may_pass(error: &DbErr) -> bool {
    let cause = match error {
        DbErr::ConnectionAcquire(_) => return true,
        DbErr::Conn(RuntimeErr::SqlxError(cause))
        | DbErr::Exec(RuntimeErr::SqlxError(cause))
        | DbErr::Query(RuntimeErr::SqlxError(cause)) => cause,
        _ => return false,
    };
    match cause.as_ref() {
        sqlx::Error::PoolTimedOut | sqlx::Error::PoolClosed | sqlx::Error::Io(_) => true,
        sqlx::Error::Database(refusal) => refusal.code().is_some_and(|code| code_may_pass(&code)),
        _ => false,
    }
}

/// SQLite's codes are numbers below ten thousand; PostgreSQL's have five places.
fn code_may_pass(code: &str) -> bool {
    if code.len() < 5 {
        return code.parse::<u16>().is_ok_and(|code| matches!(code & 0xFF, 5 | 6));
    }
    matches!(code, "57014" | "40001" | "40P01" | "55P03" | "53300") || code.starts_with("57P") || code.starts_with("08")
}

/// Whether PostgreSQL did not take a value: a text with NUL (22021), a day or an instant out of its range (22008). What is
/// stored was checked before; filters take what the caller sends. SQLite compares anything.
fn cannot_be_compared(error: &DbErr) -> bool {
    let (DbErr::Exec(RuntimeErr::SqlxError(cause)) | DbErr::Query(RuntimeErr::SqlxError(cause))) = error else {
        return false;
    };
    let code = cause.as_database_error().and_then(sqlx::error::DatabaseError::code);
    matches!(code.as_deref(), Some("22021" | "22008"))
}

/// The name of a broken unique rule, the same on both databases: the table and its columns. SQLite names the columns
/// (`UNIQUE constraint failed: period.owner_id, period.code`), PostgreSQL the index (`"uq_period_owner_id_code"`).
fn rule_name(refusal: &str) -> String {
    if let Some(index) = refusal
        .split('"')
        .find(|word| word.starts_with("uq_") || word.ends_with("_pkey"))
    {
        return index.trim_start_matches("uq_").trim_end_matches("_pkey").to_owned();
    }
    let columns = refusal.rsplit(": ").next().unwrap_or_default().split(", ");
    let mut parts = Vec::new();
    for (table, column) in columns.filter_map(|column| column.trim().split_once('.')) {
        if parts.is_empty() {
            parts.push(table);
        }
        parts.push(column);
    }
    if parts.is_empty() {
        "unique".to_owned()
    } else {
        parts.join("_")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use sea_orm::ConnAcquireErr;

    use super::*;

    #[test]
    fn a_broken_rule_has_the_same_name_on_both_databases() {
        let sqlite = "UNIQUE constraint failed: period.owner_id, period.code";
        let postgres = r#"duplicate key value violates unique constraint "uq_period_owner_id_code""#;
        assert_eq!(
            (rule_name(sqlite), rule_name(postgres)),
            ("period_owner_id_code".into(), "period_owner_id_code".into())
        );
    }

    #[test]
    fn what_passes_in_a_moment_is_told_from_what_does_not() {
        let acquire = DbErr::ConnectionAcquire(ConnAcquireErr::Timeout);
        let timed_out = DbErr::Query(RuntimeErr::SqlxError(Arc::new(sqlx::Error::PoolTimedOut)));
        for error in [acquire, timed_out] {
            let error = Error::from(error);
            assert_eq!((error.code(), error.retry_after()), ("UNAVAILABLE", Some(2)));
        }
        assert_eq!(
            Error::from(DbErr::Custom("a mistake of ours".into())).code(),
            "INTERNAL"
        );
        // SQLITE_BUSY, SQLITE_BUSY_SNAPSHOT, SQLITE_LOCKED; a timeout, a serialization failure, a shutdown, a lost connection.
        for code in ["5", "517", "6", "57014", "40001", "57P01", "08006"] {
            assert!(code_may_pass(code), "{code}");
        }
        // SQLITE_CONSTRAINT_UNIQUE, SQLITE_FULL; a broken unique rule, a missing column, a number out of its range.
        for code in ["2067", "13", "23505", "42703", "22003"] {
            assert!(!code_may_pass(code), "{code}");
        }
    }
}
