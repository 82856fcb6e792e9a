//! Filters by id: naming a thing that the caller does not see gives the very answer of naming one that never was, an empty
//! list. The same for every list, on GraphQL and on REST.

use std::collections::BTreeSet;

use serde_json::{Value, json};
use thidua::http::openapi;
use thidua::ids::Kind;
use thidua::policy::Scope;
use thidua_entity::enums::Role;
use uuid::Uuid;

use crate::awards::Registry;
use crate::clusters::Cluster;
use crate::reports::Reporting;
use crate::support::{Person, TestApp, introspected, list, on_both_databases, text};

on_both_databases! {
    a_filter_by_what_is_not_seen_finds_what_one_by_nothing_finds,
}

/// Filters by things that everybody sees, or that name what was done and not what is there.
const OTHERS: &[(&str, &str, &str)] = &[
    ("units", "provinceId", "everybody sees the provinces"),
    ("reports", "provinceId", "everybody sees the provinces"),
    ("awards", "typeId", "everybody sees the catalogue"),
    ("awardCounts", "typeId", "everybody sees the catalogue"),
    ("awardProposals", "typeId", "everybody sees the catalogue"),
    ("awardQuotas", "typeId", "everybody sees the catalogue"),
    ("awardCandidates", "typeId", "everybody sees the catalogue"),
    (
        "auditEntries",
        "subjectId",
        "an entry names its subject, also when that has moved out of sight",
    ),
    (
        "auditEntries",
        "accountId",
        "an entry is only seen together with its account",
    ),
];

/// A list, a filter of it, the thing that it names, and who does not see this thing though rows of it.
struct Case<'a> {
    list: &'static str,
    filter: &'static str,
    named: &'a str,
    asked_by: &'a Person,
    /// Whether who sees the thing finds rows that the asker sees too: those that the filter must not give away.
    gives_away: bool,
}

/// Everything that the lists can be asked about, and people who see but a part of it.
struct Scene {
    all: Person,
    /// Reads in the library only.
    reader: Person,
    /// Reads in the cluster only: its members, and nothing above or beside them.
    neighbour: Person,
    /// Administers accounts in the library only.
    registrar: Person,
    bloc: String,
    management: String,
    foreign_form: String,
    foreign_period: String,
    foreign_criteria: String,
    foreign_cluster: String,
    foreign_year: String,
    foreign_conference: String,
    /// A council of the federation, which nobody below sees.
    foreign_council: String,
}

impl Scene {
    async fn of(app: &TestApp) -> Self {
        let world = app.world();
        let (library, branch, province) = (&world["Thư viện"], &world["Viên chức"], &world["Sóc Trăng"]);
        let keeper = app.catalogue_keeper().await;
        let reporting = Reporting::begin(app).await;
        let set_up = async |form: &str, purpose: &str, organiser: &str, bloc: Option<&str>| {
            let input = json!({
                "form": form, "purpose": purpose, "organiserId": organiser, "blocId": bloc, "name": "Cụm", "validFrom": "2020-01-01",
            });
            keeper.does("createCluster", input).await.id().to_owned()
        };
        let bloc = set_up("BLOC", "EMULATION", &branch.id(), None).await;
        let cluster = set_up("CLUSTER", "EMULATION", &branch.id(), Some(&bloc)).await;
        let management = set_up("CLUSTER", "MANAGEMENT", &province.id(), None).await;
        for (cluster, version, unit) in [
            (&cluster, 1, library),
            (&cluster, 2, &world["Sở Nội vụ"]),
            (&management, 1, library),
        ] {
            let member =
                json!({ "clusterId": cluster, "version": version, "unitId": unit.id(), "validFrom": "2020-01-01" });
            keeper.does("addClusterMember", member).await.thing();
        }
        let figures = [("members_total", "20"), ("workers_total", "21")];
        reporting.approved(app, library, &figures).await;
        let registry = Registry::of(app, "Viên chức").await;
        registry.records("1/QĐ", 2025, vec![registry.flag_for(library)]).await;
        // The branch proposes the library for a certificate, and decides on it itself.
        let proposal = json!({
            "typeId": registry.both, "year": 2025, "proposerId": branch.id(), "unitId": library.id(), "deciderId": branch.id(),
            "merit": "Phong trào đọc sách",
        });
        app.officer_of(branch)
            .await
            .does("proposeAward", proposal)
            .await
            .thing();
        let elsewhere = app.specialist_of(&world["Kon Tum"]).await;
        let away = &world["Kon Tum"];
        let criteria = json!({ "owner": { "unitId": away.id() }, "code": "BD-TINH", "name": "Bảng điểm của tỉnh" });
        let foreign_criteria = elsewhere.does("createCriteriaSet", criteria).await.id().to_owned();
        // A year of the cluster in which the library and its neighbour take part, and one elsewhere.
        let year = |cluster: &str| crate::years::new(cluster);
        keeper.does("createEmulationYear", year(&cluster)).await.thing();
        let foreign = Cluster::of(app, "Kon Tum", "Cụm các huyện", &["Đăk Tô", "Ngọc Hồi"]).await;
        let foreign_year = keeper
            .does("createEmulationYear", year(&foreign.id))
            .await
            .id()
            .to_owned();
        let uuid = Kind::Cluster.parse(&cluster).expect("a cluster");
        let conference = |cluster: &str| json!({ "clusterId": cluster, "title": "Hội nghị tổng kết", "heldOn": "2026-12-20", "place": "Hội trường" });
        keeper.does("planConference", conference(&cluster)).await.thing();
        let foreign_conference = keeper.does("planConference", conference(&foreign.id)).await;
        let foreign_conference = foreign_conference.id().to_owned();
        let council = crate::councils::new_council(&world["Sóc Trăng"]);
        let foreign_council = keeper.does("createCouncil", council).await.id().to_owned();
        let meeting = json!({ "councilId": foreign_council, "title": "Họp hội đồng", "heldOn": "2026-12-20", "place": "Phòng họp" });
        keeper.does("planConference", meeting).await.thing();
        Self {
            all: app.admin().await,
            reader: app.viewer_of(Scope::Unit(library.uuid)).await,
            neighbour: app.viewer_of(Scope::Cluster(uuid)).await,
            registrar: app.person(&[(Role::Admin, Scope::Unit(library.uuid))]).await,
            bloc,
            management,
            foreign_criteria,
            foreign_cluster: foreign.id,
            foreign_year,
            foreign_conference,
            foreign_council,
            foreign_form: Reporting::form(&elsewhere, away, "TK-02", "YEAR").await,
            foreign_period: Reporting::period(&elsewhere, away, ("Q1", "QUARTER"), ("2026-01-01", "2026-03-31")).await,
        }
    }
}

async fn a_filter_by_what_is_not_seen_finds_what_one_by_nothing_finds(app: TestApp) {
    let scene = Scene::of(&app).await;
    let world = app.world();
    let (branch, office) = (world["Viên chức"].id(), world["Sở Nội vụ"].id());
    let case = |list, filter, named, asked_by, gives_away| Case {
        list,
        filter,
        named,
        asked_by,
        gives_away,
    };
    let cases = [
        case("units", "parentId", &branch, &scene.reader, true),
        case("units", "underId", &branch, &scene.reader, true),
        case("units", "clusterId", &scene.management, &scene.neighbour, true),
        case("clusters", "organiserId", &branch, &scene.reader, true),
        case("clusters", "blocId", &scene.bloc, &scene.neighbour, true),
        case("clusters", "memberId", &office, &scene.reader, true),
        case("reports", "unitId", &branch, &scene.reader, false),
        case("reports", "underId", &branch, &scene.reader, true),
        case("reports", "clusterId", &scene.management, &scene.neighbour, true),
        case("reports", "periodId", &scene.foreign_period, &scene.reader, false),
        case("reports", "formId", &scene.foreign_form, &scene.reader, false),
        case("reportForms", "forUnitId", &office, &scene.reader, true),
        case("awards", "unitId", &office, &scene.reader, false),
        case("awards", "underId", &branch, &scene.reader, true),
        case("awards", "issuerId", &branch, &scene.reader, true),
        case("awardCounts", "unitId", &office, &scene.reader, false),
        case("awardCounts", "underId", &branch, &scene.reader, true),
        case("awardCounts", "issuerId", &branch, &scene.reader, true),
        case("awardProposals", "unitId", &office, &scene.reader, false),
        case("awardProposals", "proposerId", &branch, &scene.reader, true),
        case("awardProposals", "deciderId", &branch, &scene.reader, true),
        case("awardQuotas", "unitId", &branch, &scene.reader, false),
        case("awardObjections", "unitId", &office, &scene.reader, false),
        case("awardDecisions", "issuerId", &branch, &scene.reader, true),
        case("awardDecisions", "ownerId", &branch, &scene.reader, true),
        case("criteriaSets", "unitId", &branch, &scene.reader, false),
        case("criteriaSets", "clusterId", &scene.management, &scene.neighbour, false),
        case("criteriaSets", "baseId", &scene.foreign_criteria, &scene.reader, false),
        case(
            "emulationYears",
            "clusterId",
            &scene.foreign_cluster,
            &scene.neighbour,
            false,
        ),
        case("emulationYears", "unitId", &office, &scene.reader, true),
        case(
            "emulationResults",
            "clusterId",
            &scene.foreign_cluster,
            &scene.neighbour,
            false,
        ),
        case(
            "emulationResults",
            "yearId",
            &scene.foreign_year,
            &scene.neighbour,
            false,
        ),
        case("crossChecks", "yearId", &scene.foreign_year, &scene.neighbour, false),
        case("crossChecks", "checkerId", &branch, &scene.reader, false),
        case("crossChecks", "checkedId", &branch, &scene.reader, false),
        case("scoreSheets", "yearId", &scene.foreign_year, &scene.neighbour, false),
        case(
            "conferences",
            "clusterId",
            &scene.foreign_cluster,
            &scene.neighbour,
            false,
        ),
        case("conferences", "yearId", &scene.foreign_year, &scene.neighbour, false),
        case("conferences", "councilId", &scene.foreign_council, &scene.reader, false),
        case("councils", "unitId", &branch, &scene.reader, false),
        case(
            "ballots",
            "conferenceId",
            &scene.foreign_conference,
            &scene.neighbour,
            false,
        ),
        case("scoreSheets", "unitId", &branch, &scene.reader, false),
        case("accounts", "scopeId", &branch, &scene.registrar, false),
    ];
    let rest = rest_filters();
    for one in &cases {
        let kind = thidua::ids::parse(one.named).expect("an id").0;
        let unknown = kind.id(Uuid::now_v7());
        let what = format!("{} by {}", one.list, one.filter);
        let own = found(&graphql(one.asked_by, one.list, json!({})).await);
        if one.gives_away {
            let by_all = found(&graphql(&scene.all, one.list, json!({ one.filter: one.named })).await);
            let shared = own.iter().any(|row| by_all.contains(row));
            assert!(shared, "{what}: nothing could be given away");
        }
        let unseen = graphql(one.asked_by, one.list, json!({ one.filter: one.named })).await;
        let nothing = graphql(one.asked_by, one.list, json!({ one.filter: unknown })).await;
        assert_eq!(unseen, nothing, "{what}");
        assert_eq!(found(&unseen), Vec::<Value>::new(), "{what}");
        if rest.contains(&(one.list.to_owned(), one.filter.to_owned())) {
            let get = async |id: &str| {
                let path = format!("/api/v1/{}?count=true&{}={id}", path_of(one.list), one.filter);
                one.asked_by.get(&path).await
            };
            let (unseen, nothing) = (get(one.named).await, get(&unknown).await);
            assert_eq!(
                (unseen.status(), unseen.body()),
                (200, nothing.body()),
                "{what} on REST"
            );
            assert_eq!(unseen.body()["totalCount"], 0, "{what} on REST: {unseen}");
        }
    }
    let told: BTreeSet<(String, String)> = cases
        .iter()
        .map(|case| (case.list, case.filter))
        .chain(OTHERS.iter().map(|(list, filter, _)| (*list, *filter)))
        .map(|(list, filter)| (list.to_owned(), filter.to_owned()))
        .collect();
    assert_eq!(told, graphql_filters(), "every filter by id has a line here");
    assert!(rest.is_subset(&told), "{rest:?}");
}

/// The answer of a list to a filter.
async fn graphql(who: &Person, list: &str, filter: Value) -> Value {
    let kind = introspected()
        .fields("Query")
        .iter()
        .find(|field| text(field, "name") == list)
        .and_then(|field| where_of(field))
        .unwrap_or_else(|| panic!("no list {list} with filters"));
    let selection = match list {
        "awardCounts" => "{ year count }",
        _ => "{ totalCount nodes { id } pageInfo { hasNextPage hasPreviousPage } }",
    };
    let query = format!("query($where: {kind}) {{ {list}(where: $where) {selection} }}");
    who.graphql(&query, json!({ "where": filter }))
        .await
        .at(&format!("/{list}"))
        .clone()
}

/// The rows of an answer.
fn found(answer: &Value) -> Vec<Value> {
    let rows = if answer.is_array() { answer } else { &answer["nodes"] };
    if !answer.is_array() {
        assert_eq!(answer["totalCount"], json!(rows.as_array().map(Vec::len)));
    }
    rows.as_array().cloned().unwrap_or_default()
}

/// The type of a list's `where`.
fn where_of(field: &Value) -> Option<&str> {
    let arguments = list(field, "args").iter();
    let filter = arguments.into_iter().find(|one| text(one, "name") == "where")?;
    filter["type"]["name"].as_str()
}

/// Every list of the schema with each of its filters by id.
fn graphql_filters() -> BTreeSet<(String, String)> {
    let schema = introspected();
    let mut filters = BTreeSet::new();
    for field in schema.fields("Query") {
        let Some(kind) = where_of(field) else { continue };
        for filter in list(schema.named(kind), "inputFields") {
            if filter["type"]["name"] == "ID" {
                filters.insert((text(field, "name").to_owned(), text(filter, "name").to_owned()));
            }
        }
    }
    filters
}

/// Where REST has a list: `report-forms`.
fn path_of(list: &str) -> String {
    let letters = list.chars().map(|letter| match letter {
        'A'..='Z' => format!("-{}", letter.to_ascii_lowercase()),
        _ => letter.to_string(),
    });
    letters.collect()
}

/// Every list of REST that the schema has too, with each of its filters by id. A summary names its scope: it is not found when it is not seen.
fn rest_filters() -> BTreeSet<(String, String)> {
    let document = serde_json::to_value(openapi::document()).expect("JSON");
    let mut filters = BTreeSet::new();
    for (path, item) in document["paths"].as_object().expect("paths") {
        let Some(name) = path.strip_prefix("/api/v1/") else {
            continue;
        };
        for parameter in list(&item["get"], "parameters") {
            let filter = text(parameter, "name");
            let lists = introspected().fields("Query").iter().map(|field| text(field, "name"));
            let Some(name) = lists.into_iter().find(|list| path_of(list) == name) else {
                continue;
            };
            if parameter["in"] == "query" && filter.ends_with("Id") && name != "summary" {
                filters.insert((name.to_owned(), filter.to_owned()));
            }
        }
    }
    filters
}
