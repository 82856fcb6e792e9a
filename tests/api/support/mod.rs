//! What the tests stand on: an application with a database of its own, people who call it, and the world they live in.

mod answer;
mod app;
mod bucket;
mod database;
mod doors;
mod people;
mod postbox;
mod provider;
mod upload;
mod voter;
mod world;

pub use answer::{Answer, fewest_statements, no_more_statements};
pub use app::{TestApp, counted, moment, run};
pub use bucket::Bucket;
pub use database::Database;
pub use doors::{doors, introspected, list, text};
pub use people::Person;
pub use postbox::{Manner, Postbox};
pub use provider::{Answers, Back, CLIENT_SECRET, Provider, REDIRECT, Signs};
pub use upload::{Upload, pdf};
pub use voter::VotingToken;
pub use world::Unit;

/// Makes two tests out of each sentence, `…::sqlite` and `…::postgres`. A sentence is an `async fn(app: TestApp)` of that
/// name in the same file; one that is missing from the list is unused code, so the compiler finds it.
macro_rules! on_both_databases {
    ($($sentence:ident,)+) => {$(
        mod $sentence {
            use crate::support::{Database, run};

            #[actix_web::test]
            async fn sqlite() {
                run(Database::Sqlite, super::$sentence).await;
            }

            #[actix_web::test]
            async fn postgres() {
                run(Database::Postgres, super::$sentence).await;
            }
        }
    )+};
}
pub(crate) use on_both_databases;

/// Runs a future to its end on a thread of its own: for what is made once, whichever test comes first.
pub fn apart<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> T {
    let runtime = || tokio::runtime::Builder::new_current_thread().enable_all().build();
    let thread = std::thread::spawn(move || runtime().expect("a runtime").block_on(work));
    thread.join().unwrap_or_else(|panic| std::panic::resume_unwind(panic))
}
