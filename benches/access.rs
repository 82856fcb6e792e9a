//! What knowing the caller costs a request: the same trivial query unsigned, signed by somebody who called lately, and signed by
//! somebody of whom the database must be asked each time. And how many sign-ins a second the bound on hashing lets through.
//! One run, medians, on SQLite.
//!
//! `cargo bench --bench access`

use std::time::{Duration, Instant};

use actix_web::http::StatusCode;
use actix_web::test::{self, TestRequest};
use futures_util::future::join_all;
use serde_json::json;
use thidua::accounts::usecases;
use thidua::auth::Actor;
use thidua::env::{Clock, Env};
use thidua::http::body::BodyLimits;
use thidua::http::health::{self, Stopping};
use thidua::server::{self, Shared};
use thidua::settings::Settings;
use thidua::{db, migrate};

const ROUNDS: usize = 2_000;
const SIGN_INS: usize = 40;
const PASSWORD: &str = "sông núi nước nam vua nam ở";

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times.get(times.len() / 2).copied().unwrap_or_default()
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    server::block_on(measure())
}

#[allow(clippy::print_stdout, reason = "a benchmark prints its figures")]
async fn measure() -> Result<(), Box<dyn std::error::Error>> {
    let folder = tempfile::tempdir()?;
    let settings = Settings {
        data_dir: folder.path().to_owned(),
        requests_per_minute_per_account: 0,
        ..Settings::default()
    };
    migrate::run(&settings.database()).await?;
    let env = Env::new(&settings, db::open(&settings.database()).await?, Clock::default())?;
    usecases::create(&env, &Actor::command_line(), "hien.tran", "Trần Thị Hiền", PASSWORD).await?;
    let token = usecases::sign_in(&env, "hien.tran", PASSWORD, None).await?.access_token;
    let shared = Shared::new(env.clone(), &settings);
    let app = server::app(
        shared,
        BodyLimits::of(&settings),
        health::record_metrics()?,
        Stopping::default(),
    );
    let app = test::init_service(app).await;
    let ask = async |signed: bool| -> Result<Duration, Box<dyn std::error::Error>> {
        let mut request = TestRequest::post()
            .uri("/graphql")
            .set_json(json!({ "query": "{ __typename }" }));
        if signed {
            request = request.insert_header(("Authorization", format!("Bearer {token}")));
        }
        let request = request.to_request();
        let begun = Instant::now();
        let answer = test::call_service(&app, request).await;
        let took = begun.elapsed();
        if answer.status() == StatusCode::OK {
            Ok(took)
        } else {
            Err(answer.status().to_string().into())
        }
    };
    let (mut unsigned, mut known, mut asked) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        unsigned.push(ask(false).await?);
        // Nothing has been heard: the database is asked.
        env.callers.heard(&[], chrono::DateTime::UNIX_EPOCH);
        asked.push(ask(true).await?);
        usecases::hear_of_changes(&env).await?;
        known.push(ask(true).await?);
    }
    let (unsigned, known, asked) = (median(unsigned), median(known), median(asked));
    println!("a trivial query through the whole application, medians of {ROUNDS} rounds");
    println!("unsigned                                  {unsigned:>10.1?}");
    println!(
        "signed, by who called lately              {known:>10.1?}  {:?} more",
        known.saturating_sub(unsigned)
    );
    println!(
        "signed, the database asked each time      {asked:>10.1?}  {:?} more",
        asked.saturating_sub(unsigned)
    );
    let begun = Instant::now();
    let outcomes = join_all((0..SIGN_INS).map(|_| usecases::sign_in(&env, "hien.tran", PASSWORD, None))).await;
    let took = begun.elapsed();
    let done = outcomes.iter().filter(|outcome| outcome.is_ok()).count();
    println!(
        "{done} sign-ins in {took:.1?}, {} at once, about {} MiB for hashing",
        settings.password_hashes_at_once,
        settings.password_hashes_at_once * 19
    );
    Ok(())
}
