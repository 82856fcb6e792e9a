//! People are clients: each calls the service in a role, in a scope and in a language.

use std::net::IpAddr;
use std::sync::Arc;

use actix_web::HttpMessage as _;
use actix_web::http::Method;
use actix_web::test::TestRequest;
use chrono::{Duration, NaiveDate};
use sea_orm::{ActiveModelTrait as _, Set};
use serde_json::{Value, json};
use thidua::ids::Kind;
use thidua::policy::Scope;
use thidua::request::RequestRecord;
use thidua_entity::enums::{Role, ScopeKind};
use thidua_entity::{account, role_grant, session};
use uuid::Uuid;

use super::answer::Answer;
use super::app::TestApp;
use super::doors::doors;
use super::world::Unit;

/// Stored for people who never sign in: hashing takes long, and no password has this hash.
const NO_PASSWORD: &str =
    "$argon2id$v=19$m=19456,t=2,p=1$AAAAAAAAAAAAAAAAAAAAAA$AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

/// Somebody who calls the service. The access token is made anew for each call, so a moved clock does not end it.
#[derive(Clone)]
pub struct Person {
    app: TestApp,
    signed_in: Option<(Uuid, Uuid)>,
    token: Option<String>,
    language: Option<&'static str>,
    address: Option<IpAddr>,
}

impl TestApp {
    /// An administrator of everything.
    pub async fn admin(&self) -> Person {
        self.person(&[(Role::Admin, Scope::Everything)]).await
    }

    /// A specialist of a unit and what is below it.
    pub async fn specialist_of(&self, unit: &Unit) -> Person {
        self.person(&[(Role::Specialist, Scope::Unit(unit.uuid))]).await
    }

    /// A member of the standing committee of a unit.
    pub async fn committee_of(&self, unit: &Unit) -> Person {
        self.person(&[(Role::StandingCommittee, Scope::Unit(unit.uuid))]).await
    }

    /// An officer of a unit.
    pub async fn officer_of(&self, unit: &Unit) -> Person {
        self.person(&[(Role::UnitOfficer, Scope::Unit(unit.uuid))]).await
    }

    /// Somebody who reads in a scope.
    pub async fn viewer_of(&self, scope: Scope) -> Person {
        self.person(&[(Role::Viewer, scope)]).await
    }

    /// Somebody who has signed in and holds no grant at all.
    pub async fn stranger(&self) -> Person {
        self.person(&[]).await
    }

    /// An administrator of everything whose password must be changed before anything else.
    pub async fn newcomer(&self) -> Person {
        let person = self.admin().await;
        self.set_temporary(person.account(), true).await;
        person
    }

    /// As if the owner of an account had chosen a password, though an administrator has just made the account.
    pub async fn settle(&self, account: &str) {
        self.set_temporary(Kind::Account.parse(account).expect("an account"), false)
            .await;
    }

    async fn set_temporary(&self, account: Uuid, temporary: bool) {
        let change = account::ActiveModel {
            id: Set(account),
            must_change_password: Set(temporary),
            ..Default::default()
        };
        change.update(&self.env.db).await.expect("an account");
    }

    /// Somebody who has not signed in.
    pub fn nobody(&self) -> Person {
        Person {
            app: self.clone(),
            signed_in: None,
            token: None,
            language: None,
            address: None,
        }
    }

    /// Somebody who calls with a token that it got elsewhere.
    pub fn bearer_of(&self, token: &str) -> Person {
        Person {
            token: Some(token.to_owned()),
            ..self.nobody()
        }
    }

    /// Somebody who signs in with a name and a password, as everybody does outside of tests.
    pub async fn signs_in(&self, username: &str, password: &str) -> Person {
        let name = json!({ "username": username, "password": password });
        let answer = self.nobody().post("/api/v1/auth/login", name).await;
        let token = answer.body()["accessToken"].as_str();
        self.bearer_of(token.unwrap_or_else(|| panic!("{username} cannot sign in: {answer}")))
    }

    /// Somebody with these grants, who signed in long ago and stays so.
    pub async fn person(&self, grants: &[(Role, Scope)]) -> Person {
        let number = self.people.replace(self.people.get() + 1);
        let now = self.env.now();
        let account = account::ActiveModel {
            id: Set(self.env.new_id()),
            username: Set(format!("can.bo.{number}")),
            display_name: Set(format!("Cán bộ số {number}")),
            service: Set(false),
            password_hash: Set(NO_PASSWORD.to_owned()),
            must_change_password: Set(false),
            password_chosen_at: Set(None),
            email: Set(None),
            email_verified_at: Set(None),
            locked_at: Set(None),
            access_changed_at: Set(None),
            search_key: Set(format!("canbo{number}")),
            created_by: Set(None),
            version: Set(1),
            created_at: Set(now),
        };
        let account = account.insert(&self.env.db).await.expect("an account").id;
        for &(role, scope) in grants {
            let (kind, id) = match scope {
                Scope::Everything => (ScopeKind::Everything, None),
                Scope::Province(id) => (ScopeKind::Province, Some(id)),
                Scope::Unit(id) => (ScopeKind::Unit, Some(id)),
                Scope::Cluster(id) => (ScopeKind::Cluster, Some(id)),
            };
            let grant = role_grant::ActiveModel {
                id: Set(self.env.new_id()),
                account_id: Set(account),
                role: Set(role),
                scope_kind: Set(kind),
                scope_id: Set(id),
                valid_from: Set(NaiveDate::from_ymd_opt(2000, 1, 1).expect("a day")),
                valid_to: Set(None),
                granted_by: Set(None),
                version: Set(1),
            };
            grant.insert(&self.env.db).await.expect("a grant");
        }
        let session = session::ActiveModel {
            id: Set(self.env.new_id()),
            account_id: Set(account),
            created_at: Set(now),
            expires_at: Set(now + Duration::days(36_500)),
            last_used_at: Set(None),
            address: Set(None),
            client: Set(None),
            confirmed_at: Set(None),
            second_factor_at: Set(None),
            provider_link_id: Set(None),
            ended_at: Set(None),
            end_reason: Set(None),
        };
        let session = session.insert(&self.env.db).await.expect("a session").id;
        Person {
            signed_in: Some((account, session)),
            ..self.nobody()
        }
    }
}

impl Person {
    /// The account.
    pub fn account(&self) -> Uuid {
        self.signed_in.expect("somebody who signed in").0
    }

    /// The same person, who reads English.
    pub fn in_english(&self) -> Self {
        Self {
            language: Some("en"),
            ..self.clone()
        }
    }

    /// The same person, who calls from an address.
    pub fn calling_from(&self, address: &str) -> Self {
        Self {
            address: Some(address.parse().expect("an address")),
            ..self.clone()
        }
    }

    fn bearer(&self) -> Option<String> {
        match self.signed_in {
            Some((account, session)) => {
                let env = &self.app.env;
                let (token, _) = env.tokens.issue(account, session, env.now()).expect("a token");
                Some(token)
            }
            None => self.token.clone(),
        }
    }

    /// An access token of theirs.
    pub fn token(&self) -> String {
        self.bearer().expect("somebody who signed in")
    }

    /// Asks GraphQL.
    pub async fn graphql(&self, query: &str, variables: Value) -> Answer {
        let request = TestRequest::post()
            .uri("/graphql")
            .set_json(json!({ "query": query, "variables": variables }));
        self.send(&format!("{query}\n  with {variables}"), request).await
    }

    /// Calls a mutation by its name and asks for everything plain about what it changed.
    pub async fn does(&self, mutation: &str, input: Value) -> Answer {
        let door = doors().iter().find(|door| door.name == mutation);
        let door = door.unwrap_or_else(|| panic!("the schema has no mutation {mutation}"));
        self.graphql(&door.text(), json!({ "input": input })).await
    }

    /// Gets something from REST.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(path, TestRequest::get().uri(path)).await
    }

    /// Posts something to REST.
    pub async fn post(&self, path: &str, body: Value) -> Answer {
        let question = format!("{path} with {body}");
        self.send(&question, TestRequest::post().uri(path).set_json(body)).await
    }

    /// Calls any route.
    pub async fn request(
        &self,
        method: Method,
        path: &str,
        headers: &[(&str, &str)],
        body: impl Into<Vec<u8>>,
    ) -> Answer {
        let mut request = TestRequest::with_uri(path)
            .method(method.clone())
            .set_payload(body.into());
        for (name, value) in headers {
            request = request.append_header((*name, *value));
        }
        self.send(&format!("{method} {path}"), request).await
    }

    async fn send(&self, question: &str, mut request: TestRequest) -> Answer {
        if let Some(token) = self.bearer() {
            request = request.append_header(("Authorization", format!("Bearer {token}")));
        }
        if let Some(language) = self.language {
            request = request.append_header(("Accept-Language", language));
        }
        if let Some(address) = self.address {
            request = request.peer_addr((address, 4711).into());
        }
        let response = self.app.call(request).await;
        let statements = response
            .request()
            .extensions()
            .get::<Arc<RequestRecord>>()
            .map(|record| record.statements());
        let status = response.status().as_u16();
        let headers = response.headers().iter();
        let headers = headers.map(|(name, value)| {
            let value = String::from_utf8_lossy(value.as_bytes()).into_owned();
            (name.to_string(), value)
        });
        let headers = headers.collect();
        let body = actix_web::body::to_bytes(response.into_body()).await.expect("a body");
        Answer {
            question: question.chars().take(2_000).collect(),
            status,
            headers,
            body: serde_json::from_slice(&body).unwrap_or_default(),
            text: String::from_utf8_lossy(&body).into_owned(),
            bytes: body.to_vec(),
            statements: statements.unwrap_or_default(),
        }
    }
}
