//! Lists in the schema: their order, their pages, what they cost.

use async_graphql::{Context, Enum, Lookahead, SimpleObject};

use super::door;
use crate::db;

/// Direction of a sorted list.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Enum)]
pub enum Direction {
    /// Smallest, earliest or first in the Vietnamese alphabet at the start.
    #[default]
    Asc,
    /// Largest, latest or last at the start.
    Desc,
}

impl From<Direction> for sea_orm::sea_query::Order {
    fn from(direction: Direction) -> Self {
        match direction {
            Direction::Asc => Self::Asc,
            Direction::Desc => Self::Desc,
        }
    }
}

/// Where a page stands in its list.
#[derive(Clone, Debug, SimpleObject)]
pub struct PageInfo {
    /// Whether there are items after this page.
    pub has_next_page: bool,
    /// Whether there are items before this page.
    pub has_previous_page: bool,
    /// Cursor of the first item of the page; give it as `before` to page backwards.
    pub start_cursor: Option<String>,
    /// Cursor of the last item of the page; give it as `after` for the next page.
    pub end_cursor: Option<String>,
}

/// Declares the connection of a type: its page of edges, as Relay describes it.
macro_rules! connection {
    ($connection:ident, $edge:ident, $node:ident, $what:literal) => {
        #[doc = concat!("A page of ", $what, ".")]
        #[derive(async_graphql::SimpleObject)]
        #[graphql(complex)]
        pub struct $connection {
            /// The items with their cursors.
            pub edges: Vec<$edge>,
            /// Where the page stands in the list.
            pub page_info: $crate::graphql::PageInfo,
            /// How many items the whole list has; counted only when asked for.
            pub total_count: Option<u64>,
        }

        #[doc = concat!("One of ", $what, ", with its cursor.")]
        #[derive(async_graphql::SimpleObject)]
        pub struct $edge {
            /// Place in the list, for `after` and `before`. Opaque.
            pub cursor: String,
            /// The item.
            pub node: $node,
        }

        #[async_graphql::ComplexObject]
        impl $connection {
            /// The items without their cursors.
            async fn nodes(&self) -> Vec<&$node> {
                self.edges.iter().map(|edge| &edge.node).collect()
            }
        }

        impl $connection {
            /// The connection of a page that the store read.
            pub fn of<M>((page, total): ($crate::db::Page<M>, Option<u64>)) -> Self
            where
                $node: From<M>,
            {
                Self {
                    page_info: $crate::graphql::PageInfo {
                        has_next_page: page.has_next,
                        has_previous_page: page.has_previous,
                        start_cursor: page.rows.first().map(|(cursor, _)| cursor.clone()),
                        end_cursor: page.rows.last().map(|(cursor, _)| cursor.clone()),
                    },
                    edges: page
                        .rows
                        .into_iter()
                        .map(|(cursor, row)| $edge {
                            cursor,
                            node: row.into(),
                        })
                        .collect(),
                    total_count: total,
                }
            }
        }
    };
}
pub(crate) use connection;

/// What a list costs against the bound of complexity: each of its items as much as is asked of one. It stays well below the
/// largest number, because the engine adds costs without looking whether they still fit.
pub fn list_cost(first: Option<i32>, last: Option<i32>, child: usize) -> usize {
    let wanted = first
        .or(last)
        .map_or(db::PAGE_DEFAULT, |wanted| u64::try_from(wanted).unwrap_or(0));
    let items = usize::try_from(wanted.min(db::PAGE_MAX)).unwrap_or(usize::MAX);
    items
        .saturating_mul(child)
        .saturating_add(1)
        .min(door::COMPLEXITY_MAX * 100)
}

/// Whether the answer is asked for `totalCount`, which costs a statement of its own.
pub fn wants_count(ctx: &Context<'_>) -> bool {
    Lookahead::field(&ctx.look_ahead(), "totalCount").exists()
}
