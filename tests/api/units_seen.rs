//! Who sees which units, and that nothing tells more than lists do.

use serde_json::json;
use thidua::policy::Scope;

use crate::support::{TestApp, Unit, on_both_databases};
use crate::unit_lists::page;

on_both_databases! {
    everybody_sees_as_far_as_the_grant_reaches,
    counts_and_filters_tell_no_more_than_lists,
    what_is_beyond_reach_does_not_exist,
    the_unit_above_is_known_by_name_alone,
    a_grant_ends_on_its_day,
}

async fn everybody_sees_as_far_as_the_grant_reaches(app: TestApp) {
    let world = app.world();
    let school = &world["Trường Nguyễn Văn Cừ"];
    let people = [
        (app.admin().await, 19),
        (app.specialist_of(&world["Tổng Liên đoàn"]).await, 19),
        (app.committee_of(&world["Kon Tum"]).await, 11),
        (app.officer_of(&world["Đăk Tô"]).await, 6),
        (app.officer_of(school).await, 1),
        (app.viewer_of(Scope::Province(world.soc_trang.uuid)).await, 7),
        (app.viewer_of(Scope::Unit(world["Viên chức"].uuid)).await, 6),
        (app.viewer_of(Scope::Everything).await, 19),
        (app.stranger().await, 0),
    ];
    for (number, (person, expected)) in people.into_iter().enumerate() {
        let answer = page(&person, json!({ "first": 100 })).await;
        assert_eq!(*answer.at("/units/totalCount"), expected, "person {number}");
        assert_eq!(answer.texts("/units/nodes", "name").len(), expected, "person {number}");
    }
    assert_eq!(page(&app.nobody(), json!({})).await.code(), "UNAUTHENTICATED");
    let grants = [
        (thidua_entity::enums::Role::UnitOfficer, Scope::Unit(school.uuid)),
        (thidua_entity::enums::Role::Viewer, Scope::Unit(world["Viên chức"].uuid)),
    ];
    assert_eq!(
        *page(&app.person(&grants).await, json!({}))
            .await
            .at("/units/totalCount"),
        7
    );
}

async fn counts_and_filters_tell_no_more_than_lists(app: TestApp) {
    let world = app.world();
    let hidden = &world["Đăk Tô"];
    let code = json!({ "id": hidden.id(), "version": 1, "scheme": "VGCL", "value": "KT.02" });
    app.admin().await.does("addUnitCode", code).await.thing();
    let filters = [
        r#"search: "dak to""#.to_owned(),
        format!("underId: \"{}\"", hidden.id()),
        format!("parentId: \"{}\"", hidden.id()),
        format!("provinceId: \"{}\"", world.kon_tum.id()),
        r#"code: { scheme: "VGCL", value: "KT.02" }"#.to_owned(),
        "kinds: [DISTRICT_FEDERATION], includeEnded: true".to_owned(),
    ];
    for filter in filters {
        let query = format!(
            "{{ units(where: {{ {filter} }}) {{ totalCount nodes {{ id }} pageInfo {{ hasNextPage hasPreviousPage }} }} }}"
        );
        let seen = app.admin().await.graphql(&query, json!({})).await;
        assert_ne!(*seen.at("/units/totalCount"), 0, "{filter}");
        for person in [
            app.stranger().await,
            app.committee_of(&world["Sóc Trăng"]).await,
            app.officer_of(&world["Thư viện"]).await,
        ] {
            let answer = person.graphql(&query, json!({})).await;
            let nothing =
                json!({ "totalCount": 0, "nodes": [], "pageInfo": { "hasNextPage": false, "hasPreviousPage": false } });
            assert_eq!(*answer.at("/units"), nothing, "{filter}");
        }
    }
}

async fn what_is_beyond_reach_does_not_exist(app: TestApp) {
    let world = app.world();
    let hidden = &world["Xã Diên Bình"];
    let missing = Unit {
        uuid: uuid::Uuid::now_v7(),
        name: String::new(),
    };
    for person in [
        app.stranger().await,
        app.officer_of(&world["Y tế Đăk Tô"]).await,
        app.specialist_of(&world["Ngọc Hồi"]).await,
        app.viewer_of(Scope::Province(world.soc_trang.uuid)).await,
    ] {
        let mut told = Vec::new();
        for unit in [hidden, &missing] {
            let node = person
                .graphql("query($id: ID!) { node(id: $id) { id } }", json!({ "id": unit.id() }))
                .await;
            let rest = person.get(&format!("/api/v1/units/{}", unit.id())).await;
            assert_eq!(
                (node.code(), rest.code(), rest.status()),
                ("NOT_FOUND", "NOT_FOUND", 404)
            );
            let alias = json!({ "id": unit.id(), "version": 1, "alias": "Diên Bình" });
            let write = person.does("addUnitAlias", alias).await;
            assert_eq!(write.code(), "NOT_FOUND");
            told.push((
                node.message().to_owned(),
                rest.message().to_owned(),
                write.message().to_owned(),
            ));
        }
        assert_eq!(
            told[0], told[1],
            "one cannot tell what is hidden from what is not there"
        );
    }
    let officer = app.officer_of(hidden).await;
    assert_eq!(
        officer.get(&format!("/api/v1/units/{}", hidden.id())).await.body()["name"],
        "CĐCS Xã Diên Bình"
    );
}

async fn the_unit_above_is_known_by_name_alone(app: TestApp) {
    let world = app.world();
    let officer = app.officer_of(&world["Thư viện"]).await;
    let query = "{ units { nodes { name parent { name } parentName } } }";
    assert_eq!(
        *officer.graphql(query, json!({})).await.at("/units/nodes"),
        json!([{ "name": "CĐCS Thư viện tỉnh", "parent": null, "parentName": "Công đoàn Viên chức tỉnh Sóc Trăng" }])
    );
    let committee = app.committee_of(&world["Viên chức"]).await;
    let answer = committee
        .graphql(
            r#"{ units(where: { search: "thu vien" }) { nodes { parent { name parent { name } } } } }"#,
            json!({}),
        )
        .await;
    let parent = json!({ "name": "Công đoàn Viên chức tỉnh Sóc Trăng", "parent": null });
    assert_eq!(*answer.at("/units/nodes/0/parent"), parent);
}

async fn a_grant_ends_on_its_day(app: TestApp) {
    use sea_orm::{
        ActiveModelTrait as _, ColumnTrait as _, EntityTrait as _, IntoActiveModel as _, QueryFilter as _, Set,
    };
    use thidua_entity::role_grant;
    let committee = app.committee_of(&app.world()["Kon Tum"]).await;
    let grants = role_grant::Entity::find().filter(role_grant::Column::AccountId.eq(committee.account()));
    let mut grant = grants
        .one(&app.env.db)
        .await
        .expect("a query")
        .expect("a grant")
        .into_active_model();
    grant.valid_from = Set(chrono::NaiveDate::from_ymd_opt(2026, 3, 11).expect("a day"));
    grant.valid_to = Set(chrono::NaiveDate::from_ymd_opt(2026, 4, 1));
    grant.update(&app.env.db).await.expect("a change");
    let seen = async || page(&committee, json!({})).await.at("/units/totalCount").as_u64();
    let days = [(10, 23, 59, 0), (11, 0, 0, 11), (31, 23, 59, 11)];
    for (day, hour, minute, expected) in days {
        app.it_is(crate::support::moment(2026, 3, day, hour, minute));
        assert_eq!(
            seen().await,
            Some(expected),
            "on 2026-03-{day} at {hour}:{minute} in Vietnam"
        );
    }
    app.it_is(crate::support::moment(2026, 4, 1, 0, 0));
    assert_eq!(seen().await, Some(0));
}
