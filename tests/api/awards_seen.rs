//! The award registry in lists: who sees which awards and decisions, what search finds, how recipients are counted.

use actix_web::http::Method;
use serde_json::{Value, json};
use thidua::ids::Kind;
use thidua::policy::Scope;

use crate::awards::Registry;
use crate::clusters::Cluster;
use crate::support::{Answer, Person, TestApp, moment, on_both_databases};

on_both_databases! {
    who_sees_which_awards,
    a_decision_shows_each_what_it_may_see,
    the_chair_sees_what_members_received_while_it_is_chair,
    recipients_without_names_are_counted,
    an_award_is_found_under_former_names,
    filters_narrow_the_registry,
    filters_and_counts_tell_no_more_than_lists,
    the_registry_is_read_page_by_page,
    rest_tells_the_same_as_graphql,
    the_registry_takes_few_statements_however_long,
}

async fn awards(person: &Person, filter: &str) -> Answer {
    let query = format!(
        "{{ awards(where: {{ {filter} }}) {{ nodes {{ recipientName unitName year count }} totalCount }}
            awardCounts(where: {{ {filter} }}) {{ type {{ code }} year recipient count }} }}"
    );
    let answer = person.graphql(&query, json!({})).await;
    if answer.code().is_empty() {
        // Lists, counts of entries and counts of recipients always tell the same.
        let nodes = answer.at("/awards/nodes").as_array().expect("a list");
        let sum = |list: &[Value]| {
            list.iter()
                .map(|item| item["count"].as_i64().expect("a count"))
                .sum::<i64>()
        };
        assert_eq!(*answer.at("/awards/totalCount"), json!(nodes.len()), "{answer}");
        assert_eq!(
            sum(nodes),
            sum(answer.at("/awardCounts").as_array().expect("a list")),
            "{answer}"
        );
    }
    answer
}

async fn recipients(person: &Person, filter: &str) -> Vec<String> {
    let answer = awards(person, filter).await;
    let mut names: Vec<_> = answer
        .texts("/awards/nodes", "recipientName")
        .into_iter()
        .map(str::to_owned)
        .collect();
    names.sort();
    names
}

async fn decision(person: &Person, id: &str, fields: &str) -> Answer {
    let query = format!("query($id: ID!) {{ node(id: $id) {{ ... on AwardDecision {{ {fields} }} }} }}");
    person.graphql(&query, json!({ "id": id })).await
}

async fn who_sees_which_awards(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Viên chức").await;
    let id = registry
        .records("1/QĐ", 2025, vec![registry.medal_for(&world["Thư viện"], "Bà Bưởi")])
        .await;
    let award = decision(&registry.committee, &id, "awards { id }")
        .await
        .str("/node/awards/0/id")
        .to_owned();
    let unit = |name: &str| Scope::Unit(world[name].uuid);
    for (who, sees) in [
        (app.admin().await, true),
        (app.specialist_of(&world["Tổng Liên đoàn"]).await, true),
        (app.committee_of(&world["Sóc Trăng"]).await, true),
        (app.viewer_of(Scope::Province(world.soc_trang.uuid)).await, true),
        (app.officer_of(&world["Viên chức"]).await, true),
        (app.officer_of(&world["Thư viện"]).await, true),
        (app.viewer_of(unit("Thư viện")).await, true),
        (app.officer_of(&world["Sở Nội vụ"]).await, false),
        (app.committee_of(&world["Kon Tum"]).await, false),
        (app.viewer_of(Scope::Province(world.kon_tum.uuid)).await, false),
        (app.stranger().await, false),
    ] {
        let (code, status, number) = if sees { ("", 200, 1) } else { ("NOT_FOUND", 404, 0) };
        let node = who.graphql(
            "query($id: ID!) { node(id: $id) { ... on Award { recipientName } } }",
            json!({ "id": award }),
        );
        assert_eq!(node.await.code(), code);
        assert_eq!(decision(&who, &id, "number").await.code(), code);
        assert_eq!(recipients(&who, "").await.len(), number);
        assert_eq!(recipients(&who, "search: \"buoi\"").await.len(), number);
        let decisions = who
            .graphql("{ awardDecisions { nodes { id } totalCount } }", json!({}))
            .await;
        assert_eq!(decisions.texts("/awardDecisions/nodes", "id").len(), number);
        assert_eq!(*decisions.at("/awardDecisions/totalCount"), json!(number));
        assert_eq!(who.get(&format!("/api/v1/awards/{award}")).await.status(), status);
        assert_eq!(
            who.get("/api/v1/awards?count=true").await.body()["totalCount"],
            json!(number)
        );
    }
    let nobody = app.nobody();
    for query in [
        "{ awards { totalCount } }",
        "{ awardCounts { count } }",
        "{ awardDecisions { totalCount } }",
    ] {
        assert_eq!(
            nobody.graphql(query, json!({})).await.code(),
            "UNAUTHENTICATED",
            "{query}"
        );
    }
    assert_eq!(decision(&nobody, &id, "number").await.code(), "UNAUTHENTICATED");
    assert_eq!(nobody.get("/api/v1/awards").await.status(), 401);
}

async fn a_decision_shows_each_what_it_may_see(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Viên chức").await;
    let given = vec![
        registry.medal_for(&world["Thư viện"], "Bà Bưởi"),
        registry.medal_for(&world["Sở Nội vụ"], "Ông Cam"),
        registry.letters_for(&world["Sở Nội vụ"], 7),
    ];
    let id = registry.records("1/QĐ", 2025, given).await;
    let fields = "number issuerName issuer { name } owner { name } awards { recipientName }";
    let officer = app.officer_of(&world["Thư viện"]).await;
    assert_eq!(
        *decision(&officer, &id, fields).await.at("/node"),
        json!({
            "number": "1/QĐ", "issuerName": registry.owner.name, "issuer": null, "owner": null,
            "awards": [{ "recipientName": "Bà Bưởi" }],
        })
    );
    assert_eq!(
        decision(&registry.committee, &id, fields)
            .await
            .texts("/node/awards", "recipientName")
            .len(),
        3
    );
    assert_eq!(recipients(&officer, "").await, ["Bà Bưởi"]);
    // What a registry gave stays in it when the unit moves away, though the unit itself is no longer seen.
    let to =
        json!({ "id": world["Thư viện"].id(), "version": 1, "parentId": world["Kon Tum"].id(), "from": "2026-03-01" });
    app.admin().await.does("moveUnit", to).await.thing();
    let seen = decision(
        &registry.committee,
        &id,
        "awards { recipientName unitName unit { name } }",
    )
    .await;
    let expected = json!({ "recipientName": "Bà Bưởi", "unitName": world["Thư viện"].name, "unit": null });
    assert_eq!(*seen.at("/node/awards/0"), expected);
    let rest = registry.committee.get("/api/v1/awards?search=buoi").await;
    assert_eq!(
        (&rest.body()["items"][0]["unitId"], &rest.body()["items"][0]["unitName"]),
        (&Value::Null, &json!(world["Thư viện"].name))
    );
    assert_eq!(
        recipients(&app.committee_of(&world["Kon Tum"]).await, "").await,
        ["Bà Bưởi"],
        "the awards go with the unit"
    );
}

async fn the_chair_sees_what_members_received_while_it_is_chair(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Kon Tum").await;
    let cluster = Cluster::of(&app, "Kon Tum", "Cụm 1", &["Đăk Tô", "Ngọc Hồi"]).await;
    cluster.gives("CHAIR", &world["Đăk Tô"], "2026-04-01").await.thing();
    cluster.gives("CHAIR", &world["Ngọc Hồi"], "2026-06-01").await.thing();
    let given = vec![
        registry.medal_for(&world["Đăk Tô"], "Của mình"),
        registry.medal_for(&world["Ngọc Hồi"], "Của bạn"),
        registry.medal_for(&world["Đăk Glei"], "Ngoài cụm"),
        registry.medal_for(&world["Y tế Đăk Tô"], "Bên dưới"),
    ];
    let id = registry.records("1/QĐ", 2025, given).await;
    let (chair, deputy) = (
        app.officer_of(&world["Đăk Tô"]).await,
        app.officer_of(&world["Ngọc Hồi"]).await,
    );
    let viewer = app
        .viewer_of(Scope::Cluster(Kind::Cluster.parse(&cluster.id).expect("an id")))
        .await;
    for (at, of_chair, of_other) in [
        (
            moment(2026, 3, 31, 23, 59),
            vec!["Bên dưới", "Của mình"],
            vec!["Của bạn"],
        ),
        (
            moment(2026, 4, 1, 0, 0),
            vec!["Bên dưới", "Của bạn", "Của mình"],
            vec!["Của bạn"],
        ),
        (
            moment(2026, 6, 1, 0, 0),
            vec!["Bên dưới", "Của mình"],
            vec!["Của bạn", "Của mình"],
        ),
    ] {
        app.it_is(at);
        assert_eq!(recipients(&chair, "").await, of_chair, "{at}");
        assert_eq!(recipients(&deputy, "").await, of_other, "{at}");
        let seen = decision(&chair, &id, "owner { id } awards { recipientName }").await;
        assert_eq!(seen.texts("/node/awards", "recipientName").len(), of_chair.len());
        assert_eq!(recipients(&viewer, "").await, ["Của bạn", "Của mình"]);
    }
    // What a member gives to its own people is no business of the cluster.
    let own = json!({ "number": "2/QĐ", "year": 2025, "issuerId": world["Đăk Tô"].id(), "awards": [registry.medal_for(&world["Y tế Đăk Tô"], "Riêng")] });
    app.committee_of(&world["Đăk Tô"])
        .await
        .does("recordAwardDecision", own)
        .await
        .thing();
    assert_eq!(recipients(&deputy, "").await, ["Của bạn", "Của mình"]);
    assert_eq!(recipients(&chair, "search: \"rieng\"").await, ["Riêng"]);
}

async fn recipients_without_names_are_counted(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Viên chức").await;
    let (library, office) = (&world["Thư viện"], &world["Sở Nội vụ"]);
    let mut praised = registry.medal_for(library, "Nguyễn Văn An");
    praised["typeId"] = registry.both.clone().into();
    registry
        .records(
            "1/QĐ",
            2024,
            vec![
                registry.letters_for(library, 100_000),
                registry.letters_for(office, 7),
                praised,
            ],
        )
        .await;
    registry
        .records(
            "2/QĐ",
            2025,
            vec![
                registry.letters_for(library, 5),
                registry.flag_for(library),
                registry.flag_for(office),
            ],
        )
        .await;
    let counts = async |who: &Person, filter: &str| {
        let answer = awards(who, filter).await;
        let mut groups: Vec<String> = answer
            .at("/awardCounts")
            .as_array()
            .expect("a list")
            .iter()
            .map(|group| {
                format!(
                    "{} {} {}",
                    group["year"],
                    group["type"]["code"].as_str().expect("a code"),
                    group["count"]
                )
            })
            .collect();
        groups.sort();
        groups
    };
    assert_eq!(
        counts(&registry.committee, "").await,
        ["2024 GK_LDLD 100008", "2025 CO_LDLD 2", "2025 GK_LDLD 5"]
    );
    assert_eq!(
        counts(&registry.committee, "named: false").await,
        ["2024 GK_LDLD 100007", "2025 GK_LDLD 5"]
    );
    assert_eq!(
        counts(&registry.committee, "year: 2025").await,
        ["2025 CO_LDLD 2", "2025 GK_LDLD 5"]
    );
    assert_eq!(
        counts(&app.officer_of(office).await, "").await,
        ["2024 GK_LDLD 7", "2025 CO_LDLD 1"]
    );
    assert_eq!(counts(&app.stranger().await, "").await, [] as [&str; 0]);
    // Sums are those of big integers: more recipients than fit into 32 bits.
    for number in 0..45 {
        let letters = vec![registry.letters_for(library, 100_000); 500];
        registry.records(&format!("{}/QĐ", 100 + number), 2023, letters).await;
    }
    let query = "{ awardCounts(where: { year: 2023 }) { count } }";
    let sum = registry.committee.graphql(query, json!({})).await;
    assert_eq!(*sum.at("/awardCounts/0/count"), json!(2_250_000_000_i64));
}

async fn an_award_is_found_under_former_names(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Viên chức").await;
    let unit = &world["Sở Nội vụ"];
    let specialist = app.specialist_of(&world["Sóc Trăng"]).await;
    let rename = json!({ "id": unit.id(), "version": 1, "name": "CĐCS Cơ quan Tổ chức", "from": "2026-01-01" });
    let mut before = registry.decision("1/QĐ", 2024, vec![registry.medal_for(unit, "Trần Thị Ổi")]);
    before["decidedOn"] = "2025-12-31".into();
    let mut after = registry.decision("2/QĐ", 2025, vec![registry.medal_for(unit, "Lê Văn Mận")]);
    after["decidedOn"] = "2026-01-01".into();
    registry.committee.does("recordAwardDecision", before).await.thing();
    specialist.does("renameUnit", rename).await.thing();
    registry.committee.does("recordAwardDecision", after).await.thing();
    for search in ["so noi vu", "Cơ quan tổ chức", "co quan to"] {
        assert_eq!(
            recipients(&registry.committee, &format!("search: \"{search}\"")).await,
            ["Lê Văn Mận", "Trần Thị Ổi"]
        );
    }
    assert_eq!(
        recipients(&registry.committee, "search: \"tran thi oi\"").await,
        ["Trần Thị Ổi"]
    );
    assert_eq!(
        recipients(&registry.committee, "search: \"ran thi\"").await,
        [] as [&str; 0]
    );
    let seen = awards(&registry.committee, "").await;
    assert_eq!(
        seen.texts("/awards/nodes", "unitName"),
        ["CĐCS Cơ quan Tổ chức", "CĐCS Sở Nội vụ"],
        "each as it was called then"
    );
}

async fn filters_narrow_the_registry(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Sóc Trăng").await;
    let (branch, library) = (&world["Viên chức"], &world["Thư viện"]);
    registry
        .records(
            "737/QĐ-LĐLĐ",
            2023,
            vec![registry.medal_for(branch, "Một"), registry.letters_for(library, 2)],
        )
        .await;
    registry
        .records(
            "7370/QĐ-LĐLĐ",
            2024,
            vec![registry.medal_for(library, "Hai"), registry.flag_for(library)],
        )
        .await;
    let outside = json!({
        "number": "737/QĐ-UBND", "year": 2025, "issuerName": "UBND tỉnh", "ownerId": registry.owner.id(),
        "awards": [registry.medal_for(library, "Ba")],
    });
    registry.committee.does("recordAwardDecision", outside).await.thing();
    let library_name = library.name.as_str();
    for (filter, expected) in [
        (String::new(), vec!["Ba", library_name, "Hai", "Một", "null"]),
        (format!("unitId: \"{}\"", branch.id()), vec!["Một"]),
        (
            format!("underId: \"{}\", named: true", branch.id()),
            vec!["Ba", library_name, "Hai", "Một"],
        ),
        (format!("typeId: \"{}\"", registry.flag), vec![library_name]),
        ("typeCode: \"CO_LDLD\"".to_owned(), vec![library_name]),
        ("level: STATE".to_owned(), vec![]),
        ("recipient: COLLECTIVE".to_owned(), vec![library_name]),
        ("yearFrom: 2024".to_owned(), vec!["Ba", library_name, "Hai"]),
        ("yearFrom: 2023, yearTo: 2023, named: true".to_owned(), vec!["Một"]),
        ("decisionNumber: \"0737\"".to_owned(), vec!["Ba", "Một", "null"]),
        ("decisionNumber: \"737/qd-ubnd\"".to_owned(), vec!["Ba"]),
        ("decisionNumber: \"73\"".to_owned(), vec![]),
        (
            format!("issuerId: \"{}\", year: 2024", registry.owner.id()),
            vec![library_name, "Hai"],
        ),
        ("search: \"%\"".to_owned(), vec![]),
    ] {
        assert_eq!(recipients(&registry.committee, &filter).await, expected, "{filter}");
    }
    let wrong = awards(&registry.committee, "typeCode: \"CỜ\"").await;
    assert!(matches!(wrong.code(), "BAD_REQUEST" | "INVALID"), "{wrong}");
    let decisions = "{ awardDecisions(where: { number: \"737\" }) { nodes { number year } } }";
    let decisions = registry.committee.graphql(decisions, json!({})).await;
    assert_eq!(
        decisions.texts("/awardDecisions/nodes", "number"),
        ["737/QĐ-UBND", "737/QĐ-LĐLĐ"],
        "the latest years first"
    );
}

async fn filters_and_counts_tell_no_more_than_lists(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Viên chức").await;
    registry
        .records(
            "1/QĐ",
            2025,
            vec![
                registry.medal_for(&world["Thư viện"], "Bà Bưởi"),
                registry.medal_for(&world["Sở Nội vụ"], "Ông Cam"),
            ],
        )
        .await;
    let officer = app.officer_of(&world["Sở Nội vụ"]).await;
    for filter in [
        format!("unitId: \"{}\"", world["Thư viện"].id()),
        format!("underId: \"{}\"", world["Thư viện"].id()),
        format!("issuerId: \"{}\"", registry.owner.id()),
        "search: \"thu vien\"".to_owned(),
        "search: \"buoi\"".to_owned(),
        "decisionNumber: \"2\"".to_owned(),
    ] {
        assert_eq!(recipients(&officer, &filter).await, [] as [&str; 0], "{filter}");
    }
    for filter in [
        format!("issuerId: \"{}\"", registry.owner.id()),
        format!("ownerId: \"{}\"", registry.owner.id()),
    ] {
        let query = format!("{{ awardDecisions(where: {{ {filter} }}) {{ totalCount }} }}");
        assert_eq!(
            *officer
                .graphql(&query, json!({}))
                .await
                .at("/awardDecisions/totalCount"),
            json!(0),
            "{filter}"
        );
        assert_eq!(
            *registry
                .committee
                .graphql(&query, json!({}))
                .await
                .at("/awardDecisions/totalCount"),
            json!(1)
        );
    }
    assert_eq!(recipients(&officer, "decisionNumber: \"1\"").await, ["Ông Cam"]);
    let wrong = awards(&officer, &format!("unitId: \"{}\"", world.soc_trang.id())).await;
    assert_eq!(wrong.code(), "NOT_FOUND", "an id of another type names nothing");
}

async fn the_registry_is_read_page_by_page(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Viên chức").await;
    for year in [2024, 2022, 2025, 2023] {
        let two = vec![
            registry.medal_for(&world["Thư viện"], &format!("A {year}")),
            registry.medal_for(&world["Thư viện"], &format!("B {year}")),
        ];
        registry.records(&format!("{year}/QĐ"), year, two).await;
    }
    let page = async |arguments: &str| {
        let query =
            format!("{{ awards({arguments}) {{ nodes {{ recipientName }} pageInfo {{ endCursor hasNextPage }} }} }}");
        let answer = registry.committee.graphql(&query, json!({})).await;
        let names: Vec<String> = answer
            .texts("/awards/nodes", "recipientName")
            .into_iter()
            .map(str::to_owned)
            .collect();
        let next = answer.at("/awards/pageInfo/hasNextPage").as_bool().expect("yes or no");
        (names, next.then(|| answer.str("/awards/pageInfo/endCursor").to_owned()))
    };
    for (order, first_year) in [
        ("", 2025),
        (", orderBy: { field: YEAR, direction: ASC }", 2022),
        (", orderBy: { field: CREATED, direction: ASC }", 2024),
    ] {
        let (mut all, mut after) = (Vec::new(), String::new());
        loop {
            let (names, next) = page(&format!("first: 3{after}{order}")).await;
            all.extend(names);
            let Some(cursor) = next else { break };
            after = format!(", after: \"{cursor}\"");
        }
        assert_eq!(all.len(), 8, "{all:?}");
        assert!(
            all[0].ends_with(&first_year.to_string()) && all[1].ends_with(&first_year.to_string()),
            "{all:?}"
        );
        all.sort();
        all.dedup();
        assert_eq!(all.len(), 8, "nothing comes twice");
    }
}

async fn rest_tells_the_same_as_graphql(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Viên chức").await;
    registry
        .records(
            "1/QĐ",
            2025,
            vec![
                registry.flag_for(&world["Thư viện"]),
                registry.letters_for(&world["Sở Nội vụ"], 9),
            ],
        )
        .await;
    let fields = "id year recipient unitName recipientName count note unit { id } type { id code name level }
        decision { id number decidedOn issuerName }";
    let told = registry
        .committee
        .graphql(&format!("{{ awards {{ nodes {{ {fields} }} }} }}"), json!({}))
        .await;
    let rest = registry.committee.get("/api/v1/awards?count=true").await;
    assert_eq!(rest.body()["totalCount"], 2);
    for (item, node) in rest.body()["items"]
        .as_array()
        .expect("items")
        .iter()
        .zip(told.at("/awards/nodes").as_array().expect("nodes"))
    {
        let mut expected = node.clone();
        for (name, pointer) in [
            ("unitId", "/unit/id"),
            ("typeId", "/type/id"),
            ("typeCode", "/type/code"),
            ("typeName", "/type/name"),
            ("level", "/type/level"),
            ("decisionId", "/decision/id"),
            ("decisionNumber", "/decision/number"),
            ("decidedOn", "/decision/decidedOn"),
            ("issuerName", "/decision/issuerName"),
        ] {
            expected[name] = node.pointer(pointer).expect("a field").clone();
        }
        (expected["revoked"], expected["correctedName"]) = (json!(false), Value::Null);
        for nested in ["unit", "type", "decision"] {
            expected.as_object_mut().expect("an object").remove(nested);
        }
        assert_eq!(*item, expected);
        let path = format!("/api/v1/awards/{}", item["id"].as_str().expect("an id"));
        let one = registry.committee.get(&path).await;
        assert_eq!(one.body(), item);
        let unchanged = [("If-None-Match", one.header("etag"))];
        assert_eq!(
            registry
                .committee
                .request(Method::GET, &path, &unchanged, "")
                .await
                .status(),
            304
        );
    }
    let narrowed = registry
        .committee
        .get("/api/v1/awards?named=false&typeCode=GK_LDLD&order=CREATED")
        .await;
    assert_eq!(narrowed.body()["items"].as_array().map(Vec::len), Some(1), "{narrowed}");
    for wrong in [
        "nam=2025",
        "order=NAME",
        "year=hai",
        "first=101",
        "first=1&last=1",
        "after=x",
    ] {
        let answer = registry.committee.get(&format!("/api/v1/awards?{wrong}")).await;
        assert_eq!((answer.status(), answer.code()), (400, "BAD_REQUEST"), "{wrong}");
    }
}

async fn the_registry_takes_few_statements_however_long(app: TestApp) {
    let world = app.world();
    let registry = Registry::of(&app, "Viên chức").await;
    let units = ["Sở Nội vụ", "Sở Tài chính", "Sở Ngoại vụ", "Sở Khoa học", "Thư viện"];
    registry
        .records("0/QĐ", 2025, vec![registry.flag_for(&world["Thư viện"])])
        .await;
    let everything = "{ awards(first: 50) { nodes { recipientName unitName unit { name parentName } type { name }
        decision { number issuer { name } owner { name } } } totalCount } }";
    let decisions =
        "{ awardDecisions { nodes { number issuer { name } awards { recipientName unitName type { name } } } } }";
    let ask = async |query: &str| registry.committee.graphql(query, json!({})).await.statements();
    let few = (ask(everything).await, ask(decisions).await);
    for (number, unit) in units.iter().enumerate() {
        let three = (0..3).map(|index| registry.medal_for(&world[*unit], &format!("Người {index}")));
        registry
            .records(&format!("{}/QĐ", number + 1), 2025, three.collect())
            .await;
    }
    let more = (ask(everything).await, ask(decisions).await);
    assert_eq!(more, few, "statements do not grow with awards");
    assert_eq!(more, (10, 7));
    assert_eq!(ask("{ awards { nodes { recipientName } } }").await, 2);
    assert_eq!(ask("{ awardCounts { count type { code } } }").await, 3);
    let rest = registry.committee.get("/api/v1/awards?first=50").await;
    assert_eq!(
        rest.statements(),
        7,
        "the caller, the page, types, decisions, units, their names, what became of them"
    );
}
