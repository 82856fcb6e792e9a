//! Units in lists: what search finds, in which order and page by page, and how many statements it takes.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};
use unicode_normalization::UnicodeNormalization as _;

use crate::support::{Answer, Person, TestApp, on_both_databases};

on_both_databases! {
    search_forgives_accents_apostrophes_and_encodings,
    search_finds_words_and_not_letters_within,
    names_stand_in_the_order_of_the_vietnamese_alphabet,
    a_list_is_read_forwards_page_by_page,
    a_list_is_read_backwards_page_by_page,
    a_page_stays_in_its_place_while_others_found_units,
    a_cursor_of_elsewhere_is_refused,
    a_page_has_a_size_that_can_be_meant,
    filters_narrow_a_list,
    rest_tells_the_same_as_graphql,
    a_list_takes_the_same_few_statements_however_long,
}

async fn names(person: &Person, arguments: &str) -> Vec<String> {
    let answer = person
        .graphql(&format!("{{ units({arguments}) {{ nodes {{ name }} }} }}"), json!({}))
        .await;
    answer
        .texts("/units/nodes", "name")
        .into_iter()
        .map(str::to_owned)
        .collect()
}

async fn searched(person: &Person, search: &str) -> Vec<String> {
    let query = "query($search: String!) { units(where: { search: $search }) { nodes { name } } }";
    let answer = person.graphql(query, json!({ "search": search })).await;
    answer
        .texts("/units/nodes", "name")
        .into_iter()
        .map(str::to_owned)
        .collect()
}

async fn search_forgives_accents_apostrophes_and_encodings(app: TestApp) {
    let admin = app.admin().await;
    for search in ["ia hdrai", "IaH’Drai", "Ia H'Drai", "iah`drai", "IA HDRAI", "ldld iah"] {
        assert_eq!(searched(&admin, search).await, ["LĐLĐ huyện IaH’Drai"], "{search}");
    }
    let decomposed: String = "huyện Đăk Tô".nfd().collect();
    for search in ["dak to", "Đăk Tô", "Đắk Tô", "ĐẮK  TÔ", &decomposed, "Ðăk Tô"] {
        let found = searched(&admin, search).await;
        assert!(found.contains(&"LĐLĐ huyện Đăk Tô".to_owned()), "{search}: {found:?}");
    }
    // What is stored in letters apart is found by letters together.
    let name: String = "CĐCS Trường Tiểu học Kim Đồng".nfd().collect();
    let new = json!({ "kind": "GRASSROOTS", "name": name, "parentId": app.world()["Ngọc Hồi"].id() });
    let founded = admin.does("createUnit", new).await;
    assert_eq!(founded.thing()["name"], "CĐCS Trường Tiểu học Kim Đồng");
    assert_eq!(searched(&admin, "kim đồng").await, ["CĐCS Trường Tiểu học Kim Đồng"]);
}

async fn search_finds_words_and_not_letters_within(app: TestApp) {
    let admin = app.admin().await;
    assert_eq!(searched(&admin, "glei").await, ["LĐLĐ huyện Đăk Glei"]);
    assert_eq!(
        searched(&admin, "tai chinh so").await,
        ["CĐCS Sở Tài chính"],
        "words in any order"
    );
    for nothing in ["lei", "Đăk Hà", "", "   ", "’", "%", "_", "\0", "';--"] {
        assert_eq!(searched(&admin, nothing).await, [] as [&str; 0], "{nothing:?}");
    }
}

async fn names_stand_in_the_order_of_the_vietnamese_alphabet(app: TestApp) {
    let world = app.world();
    let specialist = app.specialist_of(&world["Kon Tum"]).await;
    for name in [
        "LĐLĐ huyện Ea Kar",
        "LĐLĐ huyện Di Linh",
        "LĐLĐ huyện Ân Thi",
        "LĐLĐ huyện An Phú",
    ] {
        let new = json!({ "kind": "DISTRICT_FEDERATION", "name": name, "parentId": world["Kon Tum"].id() });
        specialist.does("createUnit", new).await.thing();
    }
    let districts = "where: { kinds: [DISTRICT_FEDERATION] }";
    let alphabet = [
        "An Phú",
        "Ân Thi",
        "Di Linh",
        "Đăk Glei",
        "Đăk Tô",
        "Ea Kar",
        "IaH’Drai",
        "Ngọc Hồi",
        "Tu Mơ Rông",
    ];
    let mut expected = alphabet.map(|name| format!("LĐLĐ huyện {name}"));
    assert_eq!(names(&specialist, districts).await, expected);
    expected.reverse();
    let descending = format!("{districts}, orderBy: {{ field: NAME, direction: DESC }}");
    assert_eq!(names(&specialist, &descending).await, expected);
    let newest = format!("{districts}, orderBy: {{ field: CREATED, direction: DESC }}, first: 2");
    assert_eq!(
        names(&specialist, &newest).await,
        ["LĐLĐ huyện An Phú", "LĐLĐ huyện Ân Thi"]
    );
}

/// A page of the units, with arguments given as variables.
pub async fn page(person: &Person, variables: Value) -> Answer {
    let query = "query($first: Int, $after: String, $last: Int, $before: String, $order: UnitOrder) {
        units(first: $first, after: $after, last: $last, before: $before, orderBy: $order) {
            totalCount edges { cursor } nodes { name } pageInfo { hasNextPage hasPreviousPage startCursor endCursor }
        } }";
    person.graphql(query, variables).await
}

/// Whether there is a page before and one after.
fn neighbours(page: &Answer) -> (bool, bool) {
    let has = |name: &str| page.at(&format!("/units/pageInfo/{name}")) == &Value::Bool(true);
    (has("hasPreviousPage"), has("hasNextPage"))
}

async fn a_list_is_read_forwards_page_by_page(app: TestApp) {
    let admin = app.admin().await;
    for order in [
        json!({ "field": "NAME" }),
        json!({ "field": "NAME", "direction": "DESC" }),
        json!({ "field": "CREATED" }),
    ] {
        let all = page(&admin, json!({ "first": 100, "order": order })).await;
        assert_eq!(neighbours(&all), (false, false));
        assert_eq!(*all.at("/units/totalCount"), app.world().size());
        let mut read: Vec<String> = Vec::new();
        let mut after = Value::Null;
        loop {
            let part = page(&admin, json!({ "first": 4, "after": after, "order": order })).await;
            read.extend(part.texts("/units/nodes", "name").into_iter().map(str::to_owned));
            let (before, next) = neighbours(&part);
            assert_eq!(before, after != Value::Null);
            assert_eq!(
                *part.at("/units/totalCount"),
                app.world().size(),
                "the whole list is counted"
            );
            after = part.at("/units/pageInfo/endCursor").clone();
            assert_eq!(
                after,
                part.at("/units/edges")
                    .as_array()
                    .expect("edges")
                    .last()
                    .expect("an edge")["cursor"]
            );
            if !next {
                break;
            }
        }
        assert_eq!(read, all.texts("/units/nodes", "name"));
    }
}

async fn a_list_is_read_backwards_page_by_page(app: TestApp) {
    let admin = app.admin().await;
    let all = page(&admin, json!({ "first": 100 })).await;
    let all = all.texts("/units/nodes", "name");
    let mut read: Vec<String> = Vec::new();
    let mut before = Value::Null;
    loop {
        let part = page(&admin, json!({ "last": 6, "before": before })).await;
        let names = part.texts("/units/nodes", "name").into_iter().map(str::to_owned);
        read = names.chain(read).collect();
        let (previous, next) = neighbours(&part);
        assert_eq!(next, before != Value::Null);
        before = part.at("/units/pageInfo/startCursor").clone();
        if !previous {
            break;
        }
    }
    assert_eq!(read, all);
    // Between two cursors: neither of the two.
    let cursors = page(&admin, json!({ "first": 100 })).await;
    let cursor = |index: usize| cursors.at("/units/edges")[index]["cursor"].clone();
    let between = page(&admin, json!({ "after": cursor(2), "before": cursor(6) })).await;
    assert_eq!(between.texts("/units/nodes", "name"), all[3..6]);
}

async fn a_page_stays_in_its_place_while_others_found_units(app: TestApp) {
    let admin = app.admin().await;
    let first = page(&admin, json!({ "first": 5 })).await;
    let rest = page(
        &admin,
        json!({ "first": 5, "after": first.at("/units/pageInfo/endCursor") }),
    )
    .await;
    let new = json!({ "kind": "GRASSROOTS", "name": "Ấp Một", "parentId": app.world()["Viên chức"].id() });
    admin.does("createUnit", new).await.thing();
    let again = page(
        &admin,
        json!({ "first": 5, "after": first.at("/units/pageInfo/endCursor") }),
    )
    .await;
    assert_eq!(again.at("/units/nodes"), rest.at("/units/nodes"));
}

async fn a_cursor_of_elsewhere_is_refused(app: TestApp) {
    let admin = app.admin().await;
    let by_time = page(&admin, json!({ "first": 1, "order": { "field": "CREATED" } })).await;
    let of_other_order = by_time.str("/units/pageInfo/endCursor").to_owned();
    let forged = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let id = json!({ "id": "01920000-0000-7000-8000-000000000000" });
    let hostile = [
        of_other_order,
        String::new(),
        "không phải con trỏ".to_owned(),
        "AAAA".to_owned(),
        forged(json!([])),
        forged(json!({})),
        forged(json!([id])),
        forged(json!([{ "bytes": "AA" }, id, id])),
        forged(json!([{ "text": "a" }, id])),
        forged(json!([{ "bytes": "!" }, id])),
        forged(json!([{ "bytes": "AA" }, { "id": "' OR 1=1 --" }])),
        forged(json!([{ "bytes": "AA", "id": "01920000-0000-7000-8000-000000000000" }, id])),
        "A".repeat(100_000),
    ];
    for cursor in hostile {
        for side in ["after", "before"] {
            let shown: String = cursor.chars().take(60).collect();
            let answer = page(&admin, json!({ side: cursor })).await;
            assert_eq!(answer.code(), "BAD_REQUEST", "{side} {shown}: {answer}");
            assert!(answer.statements() <= 2, "nothing is read for it");
        }
    }
    // One that is well made but of no row is a place in the list like any other.
    let beyond = page(&admin, json!({ "after": forged(json!([{ "bytes": "____" }, id])) })).await;
    assert_eq!(*beyond.at("/units/nodes"), json!([]));
}

async fn a_page_has_a_size_that_can_be_meant(app: TestApp) {
    let admin = app.admin().await;
    for variables in [
        json!({ "first": -1 }),
        json!({ "first": 101 }),
        json!({ "last": 101 }),
        json!({ "last": i32::MIN }),
        json!({ "first": i32::MAX }),
        json!({ "first": 1, "last": 1 }),
    ] {
        let answer = page(&admin, variables.clone()).await;
        assert!(
            matches!(answer.code(), "BAD_REQUEST" | "TOO_COMPLEX"),
            "{variables}: {answer}"
        );
    }
    let none = page(&admin, json!({ "first": 0 })).await;
    assert_eq!(
        (none.at("/units/nodes"), neighbours(&none)),
        (&json!([]), (false, true))
    );
    let by_default = names(&admin, "where: {}").await;
    assert_eq!(by_default.len(), app.world().size().min(20));
}

async fn filters_narrow_a_list(app: TestApp) {
    let world = app.world();
    let admin = app.admin().await;
    let districts = "Đăk Glei, Đăk Tô, IaH’Drai, Ngọc Hồi, Tu Mơ Rông";
    for (filter, expected) in [
        (
            "kinds: [LOCAL_BRANCH_UNION, CONFEDERATION]".to_owned(),
            "Công đoàn Viên chức tỉnh Sóc Trăng, Tổng Liên đoàn Lao động Việt Nam".to_owned(),
        ),
        ("kinds: []".to_owned(), String::new()),
        (
            "sectors: [PRIVATE_ENTERPRISE]".to_owned(),
            "CĐCS Nhà máy Tinh bột sắn Đăk Tô".to_owned(),
        ),
        (
            format!("parentId: \"{}\"", world["Kon Tum"].id()),
            format!("LĐLĐ huyện {}", districts.replace(", ", ", LĐLĐ huyện ")),
        ),
        (
            format!(
                "underId: \"{}\", kinds: [GRASSROOTS], search: \"truong\"",
                world["Kon Tum"].id()
            ),
            "CĐCS Trường THPT Lương Thế Vinh, CĐCS Trường THPT Nguyễn Văn Cừ".to_owned(),
        ),
        (
            format!("provinceId: \"{}\", sectors: [PUBLIC_SERVICE]", world.soc_trang.id()),
            "CĐCS Thư viện tỉnh".to_owned(),
        ),
    ] {
        assert_eq!(
            names(&admin, &format!("where: {{ {filter} }}")).await.join(", "),
            expected,
            "{filter}"
        );
    }
    let of_other_kind = format!(
        "{{ units(where: {{ parentId: \"{}\" }}) {{ totalCount }} }}",
        world.kon_tum.id()
    );
    assert_eq!(admin.graphql(&of_other_kind, json!({})).await.code(), "NOT_FOUND");
}

async fn rest_tells_the_same_as_graphql(app: TestApp) {
    let world = app.world();
    let specialist = app.specialist_of(&world["Kon Tum"]).await;
    let graphql = "{ units(where: { kinds: [GRASSROOTS] }, first: 3) { totalCount
        nodes { id kind sector name foundedOn endedOn version province { id } } pageInfo { hasNextPage endCursor } } }";
    let graphql = specialist.graphql(graphql, json!({})).await;
    let rest = specialist.get("/api/v1/units?kind=GRASSROOTS&first=3&count=true").await;
    assert_eq!(rest.status(), 200, "{rest}");
    assert_eq!(rest.body()["totalCount"], *graphql.at("/units/totalCount"));
    assert_eq!(
        rest.body()["pageInfo"]["endCursor"],
        *graphql.at("/units/pageInfo/endCursor")
    );
    for (item, node) in rest.body()["items"]
        .as_array()
        .expect("items")
        .iter()
        .zip(graphql.at("/units/nodes").as_array().expect("nodes"))
    {
        let mut node = node.clone();
        node["provinceId"] = node["province"]["id"].clone();
        node.as_object_mut().expect("an object").remove("province");
        assert_eq!(*item, node);
        let one = specialist
            .get(&format!("/api/v1/units/{}", item["id"].as_str().expect("an id")))
            .await;
        assert_eq!(one.body(), item);
        assert!(!one.header("etag").is_empty(), "{one}");
    }
    let next = format!(
        "/api/v1/units?kind=GRASSROOTS&first=3&after={}",
        graphql.str("/units/pageInfo/endCursor")
    );
    assert_eq!(
        specialist.get(&next).await.body()["items"].as_array().map(Vec::len),
        Some(2)
    );
    let path = format!("/api/v1/units/{}", world["Đăk Tô"].id());
    let tag = specialist.get(&path).await.header("etag").to_owned();
    let again = async || {
        let if_changed = [("If-None-Match", tag.as_str())];
        specialist
            .request(actix_web::http::Method::GET, &path, &if_changed, "")
            .await
    };
    assert_eq!(again().await.status(), 304);
    let alias = json!({ "id": world["Đăk Tô"].id(), "version": 1, "alias": "Huyện Đăk Tô" });
    specialist.does("addUnitAlias", alias).await.thing();
    assert_eq!(
        (again().await.status(), &again().await.body()["version"]),
        (200, &json!(2))
    );
}

async fn a_list_takes_the_same_few_statements_however_long(app: TestApp) {
    let world = app.world();
    let officer = app.officer_of(&world["Viên chức"]).await;
    let admin = app.admin().await;
    for number in 0..50 {
        let new =
            json!({ "kind": "GRASSROOTS", "name": format!("CĐCS số {number}"), "parentId": world["Viên chức"].id() });
        admin.does("createUnit", new).await.thing();
    }
    let everything = "id name kind sector parentName parent { name } province { code }
        names { name } codes { value } statistics { members } viewerCan { action allowed }";
    // Who asks takes one statement, for an officer two.
    for (fields, statements) in [
        ("nodes { name }", 1),
        ("nodes { name } totalCount", 2),
        ("nodes { name province { name } }", 2),
        ("nodes { name parentName }", 3),
        ("nodes { name parent { name } province { name } }", 4),
        (&format!("nodes {{ {everything} }}"), 11),
    ] {
        let ask = async |person: &Person, first: u32| {
            let answer = person
                .graphql(&format!("{{ units(first: {first}) {{ {fields} }} }}"), json!({}))
                .await;
            assert!(answer.texts("/units/nodes", "name").len() >= 50.min(first as usize));
            answer.statements()
        };
        assert_eq!(ask(&admin, 50).await, 1 + statements, "{fields}");
        assert_eq!(ask(&admin, 5).await, 1 + statements, "{fields}, of 5");
        assert_eq!(ask(&officer, 50).await, 2 + statements, "{fields}, for an officer");
    }
    let one = admin
        .graphql(
            "query($id: ID!) { node(id: $id) { id ... on Unit { name } } }",
            json!({ "id": world["Thư viện"].id() }),
        )
        .await;
    assert_eq!(one.statements(), 2);
    assert_eq!(admin.get("/api/v1/units?first=50").await.statements(), 2);
}
