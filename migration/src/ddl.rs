//! A small language for tables, one text for SQLite and PostgreSQL. Every word of it means the same on both.

use sea_orm_migration::prelude::*;
use sea_orm_migration::sea_orm::{DbBackend, Statement};

/// A table being described: columns, keys, checks, and the indexes that are created after it.
pub struct NewTable {
    name: &'static str,
    table: TableCreateStatement,
    indexes: Vec<IndexCreateStatement>,
    in_key_order: bool,
}

impl NewTable {
    /// Begins a table without columns.
    pub fn named(name: &'static str) -> Self {
        Self {
            name,
            table: Table::create().table(name).to_owned(),
            indexes: Vec::new(),
            in_key_order: false,
        }
    }

    /// Begins a table with a primary key `id`, a UUID that the service makes.
    pub fn with_id(name: &'static str) -> Self {
        Self::named(name).column(ColumnDef::new("id").uuid().not_null().primary_key())
    }

    fn column(mut self, column: &mut ColumnDef) -> Self {
        self.table.col(column);
        self
    }

    /// Text of any length; the service bounds it before it comes here.
    pub fn text(self, name: &'static str) -> Self {
        self.column(ColumnDef::new(name).text().not_null())
    }

    /// Text that may be unknown.
    pub fn text_or_null(self, name: &'static str) -> Self {
        self.column(ColumnDef::new(name).text())
    }

    /// Bytes.
    pub fn bytes(self, name: &'static str) -> Self {
        self.column(ColumnDef::new(name).blob().not_null())
    }

    /// Bytes that may be missing.
    pub fn bytes_or_null(self, name: &'static str) -> Self {
        self.column(ColumnDef::new(name).blob())
    }

    /// A day without a time.
    pub fn day(self, name: &'static str) -> Self {
        self.column(ColumnDef::new(name).date().not_null())
    }

    /// A day that may be unknown or not yet there.
    pub fn day_or_null(self, name: &'static str) -> Self {
        self.column(ColumnDef::new(name).date())
    }

    /// An instant, UTC.
    pub fn instant(self, name: &'static str) -> Self {
        self.column(ColumnDef::new(name).timestamp_with_time_zone().not_null())
    }

    /// An instant that may not be there.
    pub fn instant_or_null(self, name: &'static str) -> Self {
        self.column(ColumnDef::new(name).timestamp_with_time_zone())
    }

    /// A 32-bit integer.
    pub fn integer(self, name: &'static str) -> Self {
        self.column(ColumnDef::new(name).integer().not_null())
    }

    /// A whole number that may be missing.
    pub fn integer_or_null(self, name: &'static str) -> Self {
        self.column(ColumnDef::new(name).integer())
    }

    /// A 64-bit integer; exact decimals are ten-thousandths in such a column.
    pub fn big_integer(self, name: &'static str) -> Self {
        self.column(ColumnDef::new(name).big_integer().not_null())
    }

    /// A 64-bit integer that may be missing. Missing is not zero.
    pub fn big_integer_or_null(self, name: &'static str) -> Self {
        self.column(ColumnDef::new(name).big_integer())
    }

    /// Yes or no.
    pub fn boolean(self, name: &'static str) -> Self {
        self.column(ColumnDef::new(name).boolean().not_null())
    }

    /// Yes or no, that may be missing.
    pub fn boolean_or_null(self, name: &'static str) -> Self {
        self.column(ColumnDef::new(name).boolean())
    }

    /// A UUID that names a row of another table, without a foreign key.
    pub fn uuid(self, name: &'static str) -> Self {
        self.column(ColumnDef::new(name).uuid().not_null())
    }

    /// A UUID that may be missing, without a foreign key.
    pub fn uuid_or_null(self, name: &'static str) -> Self {
        self.column(ColumnDef::new(name).uuid())
    }

    /// A foreign key to the `id` of another table. Rows that are referred to cannot be deleted.
    pub fn reference(self, name: &'static str, table: &'static str) -> Self {
        self.uuid(name).foreign_key(name, table)
    }

    /// A foreign key that may be missing.
    pub fn reference_or_null(self, name: &'static str, table: &'static str) -> Self {
        self.uuid_or_null(name).foreign_key(name, table)
    }

    fn foreign_key(mut self, column: &'static str, table: &'static str) -> Self {
        self.table.foreign_key(
            ForeignKey::create()
                .name(format!("fk_{}_{column}", self.name))
                .from(self.name, column)
                .to(table, "id")
                .on_delete(ForeignKeyAction::NoAction),
        );
        self
    }

    /// A foreign key of several columns to the primary key of another table.
    pub fn references(
        mut self,
        columns: [&'static str; 2],
        table: &'static str,
        primary_key: [&'static str; 2],
    ) -> Self {
        let mut key = ForeignKey::create();
        key.name(format!("fk_{}_{}", self.name, columns.join("_")))
            .from_tbl(self.name)
            .to_tbl(table)
            .on_delete(ForeignKeyAction::NoAction);
        for (column, other) in columns.into_iter().zip(primary_key) {
            key.from_col(column).to_col(other);
        }
        self.table.foreign_key(&mut key);
        self
    }

    /// A code out of a fixed list.
    pub fn one_of(self, name: &'static str, codes: &[&str]) -> Self {
        let check = format!("{name} IN ({})", quoted(codes));
        self.text(name).check(name, &check)
    }

    /// A code out of a fixed list, or nothing.
    pub fn one_of_or_null(self, name: &'static str, codes: &[&str]) -> Self {
        let check = format!("{name} IS NULL OR {name} IN ({})", quoted(codes));
        self.text_or_null(name).check(name, &check)
    }

    /// A version that counts changes, from 1.
    pub fn version(self) -> Self {
        self.integer("version")
    }

    /// `valid_from` and `valid_to`, both open; the second is the first day on which it no longer holds.
    pub fn validity(self) -> Self {
        self.day_or_null("valid_from").day_or_null("valid_to").validity_check()
    }

    /// `valid_from`, always known, and `valid_to`.
    pub fn validity_from(self) -> Self {
        self.day("valid_from").day_or_null("valid_to").validity_check()
    }

    fn validity_check(self) -> Self {
        self.check(
            "validity",
            "valid_from IS NULL OR valid_to IS NULL OR valid_from < valid_to",
        )
    }

    /// A condition that every row keeps, named `ck_<table>_<name>`.
    pub fn check(mut self, name: &str, condition: &str) -> Self {
        let constraint = format!("ck_{}_{name}", self.name);
        self.table.check((constraint, Expr::cust(condition.to_owned())));
        self
    }

    /// A primary key of several columns.
    pub fn primary_key(mut self, columns: &[&'static str]) -> Self {
        let mut index = Index::create();
        for column in columns {
            index.col(*column);
        }
        self.table.primary_key(&mut index);
        self
    }

    /// An index for a list or a foreign key, named `ix_<table>_<columns>`.
    pub fn index(self, columns: &[&'static str]) -> Self {
        self.add_index("ix", columns, |index| index)
    }

    /// A unique rule, named `uq_<table>_<columns>`.
    pub fn unique(self, columns: &[&'static str]) -> Self {
        self.add_index("uq", columns, |index| index.unique())
    }

    /// A unique rule among the rows that still hold (`valid_to IS NULL`), and that meet `condition` where there is one.
    pub fn unique_while_valid(self, columns: &[&'static str], condition: Option<&str>) -> Self {
        let also = condition.map(|text| Expr::cust(text.to_owned()));
        self.add_index("uq", columns, |index| {
            index
                .unique()
                .cond_where(Cond::all().add(Expr::col("valid_to").is_null()).add_option(also))
        })
    }

    fn add_index(
        mut self,
        prefix: &str,
        columns: &[&'static str],
        shape: impl FnOnce(&mut IndexCreateStatement) -> &mut IndexCreateStatement,
    ) -> Self {
        let mut index = Index::create();
        index
            .table(self.name)
            .name(format!("{prefix}_{}_{}", self.name, columns.join("_")));
        for column in columns {
            index.col(*column);
        }
        self.indexes.push(shape(&mut index).to_owned());
        self
    }

    /// On SQLite rows lie in the order of the primary key and have no number of their own, which would tell in what order they came.
    /// PostgreSQL has no such tables: it notes on every row where it lies and which transaction wrote it (`ctid`, `xmin`), and transactions
    /// are numbered in their order. What must not tell when it came is there written so that all rows that belong together are written
    /// anew, by one statement and in the order of their keys.
    pub fn in_key_order(mut self) -> Self {
        self.in_key_order = true;
        self
    }

    /// Creates the table and then its indexes.
    pub async fn create(mut self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        if self.in_key_order && manager.get_database_backend() == DbBackend::Sqlite {
            self.table.extra("WITHOUT ROWID");
        }
        manager.create_table(self.table).await?;
        for index in self.indexes {
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

/// Columns that are added to a table that stands, each empty, or no, in the rows that are there, and indexes on them.
pub struct MoreColumns {
    table: &'static str,
    columns: Vec<ColumnDef>,
    indexed: Vec<&'static str>,
}

impl MoreColumns {
    /// Begins with none.
    pub fn of(table: &'static str) -> Self {
        Self {
            table,
            columns: Vec::new(),
            indexed: Vec::new(),
        }
    }

    /// Text that may be unknown.
    pub fn text_or_null(mut self, name: &'static str) -> Self {
        self.columns.push(ColumnDef::new(name).text().to_owned());
        self
    }

    /// A code out of a fixed list, or nothing.
    pub fn one_of_or_null(mut self, name: &'static str, codes: &[&str]) -> Self {
        let check = format!("{name} IS NULL OR {name} IN ({})", quoted(codes));
        let constraint = format!("ck_{}_{name}", self.table);
        let column = ColumnDef::new(name)
            .text()
            .check((constraint, Expr::cust(check)))
            .to_owned();
        self.columns.push(column);
        self
    }

    /// A UUID that may be missing, without a foreign key.
    pub fn uuid_or_null(mut self, name: &'static str) -> Self {
        self.columns.push(ColumnDef::new(name).uuid().to_owned());
        self
    }

    /// Bytes that may be missing.
    pub fn bytes_or_null(mut self, name: &'static str) -> Self {
        self.columns.push(ColumnDef::new(name).blob().to_owned());
        self
    }

    /// An instant that may not be there.
    pub fn instant_or_null(mut self, name: &'static str) -> Self {
        self.columns
            .push(ColumnDef::new(name).timestamp_with_time_zone().to_owned());
        self
    }

    /// Yes or no; no in the rows that are there.
    pub fn boolean_no(mut self, name: &'static str) -> Self {
        self.columns
            .push(ColumnDef::new(name).boolean().not_null().default(false).to_owned());
        self
    }

    /// Yes or no, or not said.
    pub fn boolean_or_null(mut self, name: &'static str) -> Self {
        self.columns.push(ColumnDef::new(name).boolean().to_owned());
        self
    }

    /// A calendar day that may be unknown.
    pub fn day_or_null(mut self, name: &'static str) -> Self {
        self.columns.push(ColumnDef::new(name).date().to_owned());
        self
    }

    /// A whole number that may be missing.
    pub fn integer_or_null(mut self, name: &'static str) -> Self {
        self.columns.push(ColumnDef::new(name).integer().to_owned());
        self
    }

    /// A 64-bit integer that may be missing.
    pub fn big_integer_or_null(mut self, name: &'static str) -> Self {
        self.columns.push(ColumnDef::new(name).big_integer().to_owned());
        self
    }

    /// A whole number; 0 in the rows that are there.
    pub fn integer_zero(mut self, name: &'static str) -> Self {
        self.columns
            .push(ColumnDef::new(name).integer().not_null().default(0).to_owned());
        self
    }

    /// An index on one of them, named `ix_<table>_<column>`.
    pub fn index(mut self, column: &'static str) -> Self {
        self.indexed.push(column);
        self
    }

    /// Adds the columns one by one, since SQLite takes no more at once, and then the indexes.
    pub async fn add(self, manager: &SchemaManager<'_>) -> Result<(), DbErr> {
        for mut column in self.columns {
            let change = Table::alter().table(self.table).add_column(&mut column).to_owned();
            manager.alter_table(change).await?;
        }
        for column in self.indexed {
            let name = format!("ix_{}_{column}", self.table);
            let index = Index::create().table(self.table).name(name).col(column).to_owned();
            manager.create_index(index).await?;
        }
        Ok(())
    }
}

/// Takes columns away again, and first their indexes.
pub async fn drop_columns(
    manager: &SchemaManager<'_>,
    table: &'static str,
    columns: &[&'static str],
    indexed: &[&'static str],
) -> Result<(), DbErr> {
    for column in indexed {
        let name = format!("ix_{table}_{column}");
        manager.drop_index(Index::drop().name(name).to_owned()).await?;
    }
    for column in columns {
        manager
            .alter_table(Table::alter().table(table).drop_column(*column).to_owned())
            .await?;
    }
    Ok(())
}

/// Writes anew which codes a column that was made with `one_of` may hold, in a table to which no other refers. SQLite cannot change a
/// condition, so there the table is made anew with its rows and its indexes.
pub async fn change_codes(
    manager: &SchemaManager<'_>,
    table: &'static str,
    column: &'static str,
    codes: &[&str],
) -> Result<(), DbErr> {
    let (name, condition) = (
        format!("ck_{table}_{column}"),
        format!("{column} IN ({})", quoted(codes)),
    );
    if manager.get_database_backend() == DbBackend::Sqlite {
        return make_anew(manager, table, &name, &condition).await;
    }
    let connection = manager.get_connection();
    let change =
        format!("ALTER TABLE \"{table}\" DROP CONSTRAINT \"{name}\", ADD CONSTRAINT \"{name}\" CHECK ({condition})");
    connection.execute_unprepared(&change).await?;
    Ok(())
}

async fn make_anew(manager: &SchemaManager<'_>, table: &str, check: &str, condition: &str) -> Result<(), DbErr> {
    let connection = manager.get_connection();
    let made = async |kind: &str| {
        let question =
            format!("SELECT sql FROM sqlite_master WHERE type = '{kind}' AND tbl_name = '{table}' AND sql IS NOT NULL");
        let rows = connection
            .query_all_raw(Statement::from_string(DbBackend::Sqlite, question))
            .await?;
        let texts: Result<Vec<String>, DbErr> = rows.iter().map(|row| row.try_get("", "sql")).collect();
        texts
    };
    let before = made("table").await?.pop().unwrap_or_default();
    let (head, rest) = before
        .split_once(&format!("CONSTRAINT \"{check}\" CHECK ("))
        .ok_or_else(|| DbErr::Migration(format!("{table} has no condition {check}")))?;
    // The condition of `one_of` has one bracket of its own.
    let (_, tail) = rest
        .split_once("))")
        .ok_or_else(|| DbErr::Migration(format!("{check} does not list codes")))?;
    let after = format!("{head}CONSTRAINT \"{check}\" CHECK ({condition}){tail}");
    let former = format!("{table}_former");
    let indexes = made("index").await?;
    let mut steps = vec![format!("ALTER TABLE \"{table}\" RENAME TO \"{former}\""), after];
    steps.push(format!("INSERT INTO \"{table}\" SELECT * FROM \"{former}\""));
    steps.push(format!("DROP TABLE \"{former}\""));
    steps.extend(indexes);
    for step in steps {
        connection.execute_unprepared(&step).await?;
    }
    Ok(())
}

fn quoted(codes: &[&str]) -> String {
    codes
        .iter()
        .map(|code| format!("'{code}'"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// Drops tables, the last made first.
pub async fn drop_tables(manager: &SchemaManager<'_>, tables: &[&'static str]) -> Result<(), DbErr> {
    for table in tables.iter().rev() {
        manager.drop_table(Table::drop().table(*table).to_owned()).await?;
    }
    Ok(())
}
