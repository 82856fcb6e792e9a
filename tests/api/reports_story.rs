//! A year of reporting in a cluster of ten units, told from the publishing of the form to the last approval, with the completeness that
//! the specialist sees after each chapter.

use serde_json::{Value, json};

use crate::clusters::Cluster;
use crate::reports::{Draft, Reporting};
use crate::support::{Person, TestApp, Unit, moment, on_both_databases};

on_both_databases! {
    ten_units_report_and_the_cluster_knows_at_each_step_where_it_stands,
}

/// Ten grassroots unions of a provincial civil servants' union, with their members of the year.
const UNITS: [(&str, u32); 10] = [
    ("CĐCS Sở Nội vụ", 62),
    ("CĐCS Sở Tài chính", 85),
    ("CĐCS Sở Ngoại vụ", 31),
    ("CĐCS Sở Khoa học và Công nghệ", 54),
    ("CĐCS Thư viện tỉnh", 27),
    ("CĐCS Thanh tra tỉnh", 44),
    ("CĐCS Ban Dân tộc", 23),
    ("CĐCS Văn phòng UBND tỉnh", 96),
    ("CĐCS Sở Tư pháp", 58),
    ("CĐCS Bảo tàng tỉnh", 19),
];

/// A member of the cluster: its unit, its officer, its report, and the version of the report that its officer saw last.
struct Member {
    unit: Unit,
    officer: Person,
    report: Option<Draft>,
    version: i32,
}

struct Story {
    reporting: Reporting,
    cluster: Cluster,
    members: Vec<Member>,
}

impl Story {
    async fn begins(app: &TestApp) -> Self {
        let world = app.world();
        let reporting = Reporting::begin(app).await;
        let cluster = Cluster::of(app, "Sóc Trăng", "Cụm thi đua số 2", &[]).await;
        let mut members = Vec::new();
        for (name, _) in UNITS {
            let known = reporting.specialist.graphql(
                "query($name: String!) { units(where: { search: $name }) { nodes { id name } } }",
                json!({ "name": name }),
            );
            let known = known.await;
            let found = known
                .at("/units/nodes")
                .as_array()
                .into_iter()
                .flatten()
                .find(|unit| unit["name"] == name);
            let id = match found {
                Some(unit) => unit["id"].as_str().unwrap().to_owned(),
                None => {
                    let parent = world["Viên chức"].id();
                    let new = json!({ "kind": "GRASSROOTS", "sector": "STATE_ADMINISTRATION", "name": name, "parentId": parent, "foundedOn": "2015-01-01" });
                    reporting.specialist.does("createUnit", new).await.id().to_owned()
                }
            };
            let uuid = thidua::ids::Kind::Unit.parse(&id).unwrap();
            let unit = Unit {
                uuid,
                name: name.to_owned(),
            };
            cluster.takes_in(&unit, "2020-01-01").await.thing();
            let officer = app.officer_of(&unit).await;
            members.push(Member {
                unit,
                officer,
                report: None,
                version: 1,
            });
        }
        Self {
            reporting,
            cluster,
            members,
        }
    }

    async fn begin_and_fill_in(&mut self, index: usize) {
        let (reporting, member) = (&self.reporting, &mut self.members[index]);
        let count = UNITS[index].1.to_string();
        let figures = [("members_total", count.as_str()), ("workers_total", count.as_str())];
        member.report = Some(reporting.draft(&member.officer, &member.unit, &figures).await);
        member.version = 2;
    }

    /// The officer of a unit does something to its report.
    async fn officer(&mut self, index: usize, mutation: &str) -> Value {
        let member = &mut self.members[index];
        let report = member.report.as_ref().expect("it was begun");
        let thing = report
            .step(&member.officer, mutation, member.version)
            .await
            .thing()
            .clone();
        member.version += 1;
        thing
    }

    fn report(&self, index: usize) -> &Draft {
        self.members[index].report.as_ref().expect("it was begun")
    }

    /// What the specialist is told of the cluster: how many reports are expected, drafts, sent, late, sent back and approved.
    async fn completeness(&self) -> [i64; 6] {
        let fields = ["expected", "draft", "reported", "late", "returned", "approved"];
        let answer = self.summary(&fields.join(" ")).await;
        fields.map(|field| answer[field].as_i64().expect("a count"))
    }

    /// The names of who owes a report.
    async fn owing(&self) -> Vec<String> {
        let answer = self.summary("owing(first: 50) { nodes { name } }").await;
        let nodes = answer["owing"]["nodes"].as_array().expect("units");
        nodes
            .iter()
            .map(|unit| unit["name"].as_str().unwrap().to_owned())
            .collect()
    }

    /// The members of all units whose reports are approved.
    async fn members_total(&self) -> i64 {
        let answer = self.summary("totals(codes: [\"members_total\"]) { value }").await;
        answer["totals"][0]["value"]
            .as_str()
            .unwrap_or("0")
            .parse()
            .expect("a whole number")
    }

    async fn summary(&self, fields: &str) -> Value {
        let query = format!(
            "query($cluster: ID!, $form: ID!, $period: ID!) {{
            summary(scope: {{ clusterId: $cluster }}, formId: $form, periodId: $period) {{ {fields} }} }}"
        );
        let asked = json!({ "cluster": self.cluster.id, "form": self.reporting.form, "period": self.reporting.period });
        self.reporting
            .specialist
            .graphql(&query, asked)
            .await
            .at("/summary")
            .clone()
    }

    /// Takes a step with many reports at once.
    async fn review(&mut self, who: &Person, step: &str, members: &[usize]) {
        let item = |index: &usize| json!({ "id": self.report(*index).id, "version": self.members[*index].version });
        let items: Vec<Value> = members.iter().map(item).collect();
        let query = "mutation($input: ReviewReportsInput!) { reviewReports(input: $input) { taken } }";
        let answer = who
            .graphql(query, json!({ "input": { "step": step, "items": items } }))
            .await;
        assert_eq!(*answer.at("/reviewReports/taken"), json!(members.len()), "{answer}");
        for index in members {
            self.members[*index].version += 1;
        }
    }
}

async fn ten_units_report_and_the_cluster_knows_at_each_step_where_it_stands(app: TestApp) {
    app.it_is(moment(2026, 12, 1, 8, 0));
    let mut story = Story::begins(&app).await;
    let (specialist, committee) = (story.reporting.specialist.clone(), story.reporting.committee.clone());

    // The form is published and nobody has begun.
    assert_eq!(story.completeness().await, [10, 0, 0, 0, 0, 0]);
    assert_eq!(story.owing().await.len(), 10);

    // Nine begin; the museum does not.
    for index in 0..9 {
        story.begin_and_fill_in(index).await;
    }
    assert_eq!(story.completeness().await, [10, 9, 0, 0, 0, 0]);

    // Seven send in time.
    for index in 0..7 {
        assert_eq!(story.officer(index, "submitReport").await["late"], false);
    }
    assert_eq!(story.completeness().await, [10, 2, 7, 0, 0, 0]);
    assert_eq!(
        story.owing().await,
        ["CĐCS Bảo tàng tỉnh", "CĐCS Sở Tư pháp", "CĐCS Văn phòng UBND tỉnh"]
    );

    // The storm takes the power of one: it asks for more time and is given it.
    let (form, period) = (story.reporting.form.clone(), story.reporting.period.clone());
    let more_time = json!({
        "unitId": story.members[7].unit.id(), "formId": form, "periodId": period, "until": "2026-12-20", "reason": "Mất điện do bão số 10.",
    });
    specialist.does("extendReport", more_time).await.thing();

    // After the due day two more arrive: the one with more time is in time, the other is late, and stays so.
    app.it_is(moment(2026, 12, 12, 9, 0));
    assert_eq!(story.officer(7, "submitReport").await["late"], false);
    assert_eq!(story.officer(8, "submitReport").await["late"], true);
    assert_eq!(story.completeness().await, [10, 0, 9, 1, 0, 0]);
    assert_eq!(story.owing().await, ["CĐCS Bảo tàng tỉnh"]);

    // One is sent back, mended and sent again.
    story
        .report(2)
        .give_back(&specialist, 3, "Số đoàn viên khác số đã đóng đoàn phí.")
        .await
        .thing();
    story.members[2].version = 4;
    assert_eq!(story.completeness().await, [10, 0, 8, 1, 1, 0]);
    assert_eq!(story.owing().await, ["CĐCS Bảo tàng tỉnh", "CĐCS Sở Ngoại vụ"]);
    let mended = [("members_total", "30")];
    story
        .report(2)
        .save(&story.members[2].officer, 4, &mended)
        .await
        .thing();
    story.members[2].version = 5;
    assert_eq!(
        story.officer(2, "submitReport").await["late"],
        false,
        "it was first sent in time"
    );
    assert_eq!(story.completeness().await, [10, 0, 9, 1, 0, 0]);

    // All nine are verified and approved at once; who verified does not approve.
    let nine: Vec<usize> = (0..9).collect();
    story.review(&specialist, "VERIFY", &nine).await;
    assert_eq!(story.completeness().await, [10, 0, 9, 1, 0, 0]);
    assert_eq!(story.members_total().await, 0, "nothing counts before it is approved");
    story.review(&committee, "APPROVE", &nine).await;
    assert_eq!(story.completeness().await, [10, 0, 9, 1, 0, 9]);
    let approved: u32 = UNITS[..9].iter().map(|(_, members)| members).sum::<u32>() - 1;
    assert_eq!(story.members_total().await, i64::from(approved));

    // One finds a mistake after its approval. Until the correction is approved, the first figures count.
    let reason = json!({ "id": story.report(0).id, "version": story.members[0].version, "reason": "Đếm trùng hai đoàn viên đã chuyển sinh hoạt." });
    let correction = Draft {
        id: story.members[0]
            .officer
            .does("correctReport", reason)
            .await
            .id()
            .to_owned(),
    };
    correction
        .save(&story.members[0].officer, 1, &[("members_total", "60")])
        .await
        .thing();
    correction
        .step(&story.members[0].officer, "submitReport", 2)
        .await
        .thing();
    assert_eq!(story.members_total().await, i64::from(approved));
    correction.step(&specialist, "verifyReport", 3).await.thing();
    correction.step(&committee, "approveReport", 4).await.thing();
    assert_eq!(story.members_total().await, i64::from(approved) - 2);
    assert_eq!(
        story.completeness().await,
        [10, 0, 9, 1, 0, 9],
        "a correction is no tenth report"
    );

    // The museum comes last, and late.
    story.begin_and_fill_in(9).await;
    assert_eq!(story.officer(9, "submitReport").await["late"], true);
    story.review(&specialist, "VERIFY", &[9]).await;
    story.review(&committee, "APPROVE", &[9]).await;
    assert_eq!(story.completeness().await, [10, 0, 10, 2, 0, 10]);
    assert_eq!(story.owing().await, Vec::<String>::new());
    assert_eq!(story.members_total().await, i64::from(approved) - 2 + 19);
}
