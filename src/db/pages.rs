//! Pages of lists: cursors, orders, one statement for a page.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use chrono::{DateTime, NaiveDate, Utc};
use sea_orm::sea_query::{Expr, ExprTrait, IntoColumnRef, Order, SimpleExpr};
use sea_orm::{Condition, ConnectionTrait, EntityTrait, PaginatorTrait, QueryFilter, QueryOrder, QuerySelect, Select};
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use crate::error::{Error, Result};

/// Rows in a page when the caller does not say, and the most it may ask for.
pub const PAGE_DEFAULT: u64 = 20;
/// The most rows a page may have.
pub const PAGE_MAX: u64 = 100;

/// A value that a list is sorted by, as a cursor keeps it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum SortValue {
    /// Collation key of a name.
    Bytes(#[serde(with = "bytes_as_text")] Vec<u8>),
    /// A whole number.
    Integer(i64),
    /// A code.
    Text(String),
    /// A day.
    Day(NaiveDate),
    /// An instant.
    Instant(DateTime<Utc>),
    /// An identity, the last key of every list.
    Id(Uuid),
}

impl SortValue {
    fn same_kind(&self, other: &Self) -> bool {
        std::mem::discriminant(self) == std::mem::discriminant(other)
    }

    fn expression(&self) -> SimpleExpr {
        match self {
            Self::Bytes(value) => Expr::val(value.clone()),
            Self::Integer(value) => Expr::val(*value),
            Self::Text(value) => Expr::val(value.clone()),
            Self::Day(value) => Expr::val(*value),
            Self::Instant(value) => Expr::val(*value),
            Self::Id(value) => Expr::val(*value),
        }
    }
}

mod bytes_as_text {
    use base64::Engine as _;
    use base64::engine::general_purpose::URL_SAFE_NO_PAD;
    use serde::{Deserialize as _, Deserializer, Serializer, de::Error as _};

    pub fn serialize<S: Serializer>(bytes: &[u8], serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&URL_SAFE_NO_PAD.encode(bytes))
    }

    pub fn deserialize<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Vec<u8>, D::Error> {
        URL_SAFE_NO_PAD
            .decode(String::deserialize(deserializer)?)
            .map_err(D::Error::custom)
    }
}

/// How a list is sorted: its columns, all in one direction, the last of them unique; and how to read their values off a row.
pub struct Sorting<M> {
    /// Columns, the most important first.
    pub columns: Vec<sea_orm::sea_query::ColumnRef>,
    /// Ascending or descending, all of them.
    pub order: Order,
    /// The values of these columns in a row.
    pub values: fn(&M) -> Vec<SortValue>,
    /// One value for each column, of the right kind: what a cursor must look like.
    pub kinds: Vec<SortValue>,
}

impl<M> Sorting<M> {
    /// A sorting by one column and then by identity.
    pub fn by(
        column: (impl IntoColumnRef, SortValue),
        id: impl IntoColumnRef,
        order: Order,
        values: fn(&M) -> Vec<SortValue>,
    ) -> Self {
        let (column, kind) = column;
        Self {
            columns: vec![column.into_column_ref(), id.into_column_ref()],
            order,
            values,
            kinds: vec![kind, SortValue::Id(Uuid::nil())],
        }
    }

    /// A sorting by identity alone: by time of making, since ids are UUID version 7.
    pub fn by_id(id: impl IntoColumnRef, order: Order, values: fn(&M) -> Vec<SortValue>) -> Self {
        Self {
            columns: vec![id.into_column_ref()],
            order,
            values,
            kinds: vec![SortValue::Id(Uuid::nil())],
        }
    }

    /// The cursor of a row: opaque to clients.
    pub fn cursor(&self, row: &M) -> String {
        // Serialising these values cannot fail: no maps, no floats.
        URL_SAFE_NO_PAD.encode(serde_json::to_vec(&(self.values)(row)).unwrap_or_default())
    }

    fn read_cursor(&self, cursor: &str) -> Result<Vec<SortValue>> {
        let values: Option<Vec<SortValue>> = URL_SAFE_NO_PAD
            .decode(cursor)
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok());
        match values {
            Some(values)
                if values.len() == self.kinds.len()
                    && values
                        .iter()
                        .zip(&self.kinds)
                        .all(|(value, kind)| value.same_kind(kind)) =>
            {
                Ok(values)
            }
            _ => Err(Error::bad_request(
                "Con trỏ trang không hợp lệ; chỉ dùng con trỏ mà danh sách này, với cùng cách sắp xếp, đã trả về.",
                "The cursor is not one of this list; use cursors that it returned, with the same order.",
            )),
        }
    }

    /// Rows beyond the cursor: `a > x OR (a = x AND b > y)`, which both databases answer from the index.
    fn beyond(&self, values: &[SortValue], order: &Order) -> Condition {
        let mut beyond = Condition::any();
        for (depth, (column, value)) in self.columns.iter().zip(values).enumerate() {
            let mut step = Condition::all();
            for (equal, value) in self.columns.iter().zip(values).take(depth) {
                step = step.add(Expr::col(equal.clone()).eq(value.expression()));
            }
            let column = Expr::col(column.clone());
            step = step.add(match order {
                Order::Desc => column.lt(value.expression()),
                _ => column.gt(value.expression()),
            });
            beyond = beyond.add(step);
        }
        beyond
    }
}

/// Which part of a list is wanted: forwards from a cursor or backwards from one.
#[derive(Clone, Debug, Default)]
pub struct PageArgs {
    /// How many from the start, or from `after`.
    pub first: Option<i64>,
    /// Only rows after this cursor.
    pub after: Option<String>,
    /// How many from the end, or from `before`.
    pub last: Option<i64>,
    /// Only rows before this cursor.
    pub before: Option<String>,
}

impl PageArgs {
    /// The part that the arguments of a connection describe.
    pub fn new(first: Option<i32>, after: Option<String>, last: Option<i32>, before: Option<String>) -> Self {
        Self {
            first: first.map(i64::from),
            after,
            last: last.map(i64::from),
            before,
        }
    }

    fn size(&self) -> Result<(u64, bool)> {
        let (wanted, field, backwards) = match (self.first, self.last) {
            (Some(_), Some(_)) => {
                return Err(Error::bad_request(
                    "Chỉ dùng một trong hai tham số `first` và `last`.",
                    "Use either `first` or `last`, not both.",
                ));
            }
            (None, Some(last)) => (Some(last), "last", true),
            (first, None) => (
                first,
                "first",
                first.is_none() && self.before.is_some() && self.after.is_none(),
            ),
        };
        match wanted.map_or(Ok(PAGE_DEFAULT), u64::try_from) {
            Ok(size) if size <= PAGE_MAX => Ok((size, backwards)),
            _ => Err(Error::bad_request(
                format!("`{field}` phải từ 0 đến {PAGE_MAX}."),
                format!("`{field}` must be from 0 to {PAGE_MAX}."),
            )),
        }
    }
}

/// Part of a list.
#[derive(Clone, Debug)]
pub struct Page<M> {
    /// Rows with their cursors.
    pub rows: Vec<(String, M)>,
    /// Whether there are rows after these.
    pub has_next: bool,
    /// Whether there are rows before these.
    pub has_previous: bool,
}

impl<M> Page<M> {
    /// The same page of something else, unless a row cannot be it.
    pub fn try_map<N>(self, change: impl Fn(M) -> Result<N>) -> Result<Page<N>> {
        let rows = self.rows.into_iter();
        let rows = rows.map(|(cursor, row)| Ok((cursor, change(row)?)));
        Ok(Page {
            rows: rows.collect::<Result<_>>()?,
            has_next: self.has_next,
            has_previous: self.has_previous,
        })
    }

    /// Its rows, and the page without them, to be filled again by [`Frame::with`].
    pub fn taken_apart(self) -> (Vec<M>, Frame) {
        let (cursors, rows) = self.rows.into_iter().unzip();
        let frame = Frame {
            cursors,
            has_next: self.has_next,
            has_previous: self.has_previous,
        };
        (rows, frame)
    }

    /// The same page of something else.
    pub fn map<N>(self, change: impl Fn(M) -> N) -> Page<N> {
        Page {
            rows: self
                .rows
                .into_iter()
                .map(|(cursor, row)| (cursor, change(row)))
                .collect(),
            has_next: self.has_next,
            has_previous: self.has_previous,
        }
    }
}

/// A page without its rows: what is read of all of them at once takes their places.
#[derive(Clone, Debug)]
pub struct Frame {
    cursors: Vec<String>,
    has_next: bool,
    has_previous: bool,
}

impl Frame {
    /// The page with as many rows as were taken out of it, in their order.
    pub fn with<N>(self, rows: impl IntoIterator<Item = N>) -> Page<N> {
        Page {
            rows: self.cursors.into_iter().zip(rows).collect(),
            has_next: self.has_next,
            has_previous: self.has_previous,
        }
    }
}

/// Reads one page of a selection and, where that is asked, how many there are in all.
pub async fn listed<E>(
    connection: &impl ConnectionTrait,
    select: Select<E>,
    sorting: &Sorting<E::Model>,
    args: &PageArgs,
    count: bool,
) -> Result<(Page<E::Model>, Option<u64>)>
where
    E: EntityTrait,
    E::Model: Send + Sync,
{
    let total = if count {
        Some(select.clone().count(connection).await?)
    } else {
        None
    };
    Ok((page(connection, select, sorting, args).await?, total))
}

/// Reads one page of a selection with one statement: one row more than wanted tells whether there are others.
pub async fn page<E>(
    connection: &impl ConnectionTrait,
    select: Select<E>,
    sorting: &Sorting<E::Model>,
    args: &PageArgs,
) -> Result<Page<E::Model>>
where
    E: EntityTrait,
{
    let (size, backwards) = args.size()?;
    let mut select = select;
    if let Some(after) = &args.after {
        select = select.filter(sorting.beyond(&sorting.read_cursor(after)?, &sorting.order));
    }
    if let Some(before) = &args.before {
        select = select.filter(sorting.beyond(&sorting.read_cursor(before)?, &reversed(&sorting.order)));
    }
    let order = if backwards {
        reversed(&sorting.order)
    } else {
        sorting.order.clone()
    };
    for column in &sorting.columns {
        select = select.order_by(Expr::col(column.clone()), order.clone());
    }
    let mut rows = select.limit(size + 1).all(connection).await?;
    let more = rows.len() as u64 > size;
    rows.truncate(usize::try_from(size).unwrap_or(usize::MAX));
    if backwards {
        rows.reverse();
    }
    Ok(Page {
        rows: rows.into_iter().map(|row| (sorting.cursor(&row), row)).collect(),
        has_next: if backwards { args.before.is_some() } else { more },
        has_previous: if backwards { more } else { args.after.is_some() },
    })
}

fn reversed(order: &Order) -> Order {
    match order {
        Order::Desc => Order::Asc,
        _ => Order::Desc,
    }
}
