//! Every capacity, every action, every kind of place, every state: what the policy answers, printed, so that people can agree to it.

use thidua::auth::Actor;
use thidua::error::Error;
use thidua::policy::{self, Action, Capacity, Held, Place, Requires, SERVICE, Scope, ServiceScope};
use thidua::reports::{state, usecases};
use thidua_entity::enums::{ReportAction, ReportStatus};
use thidua_entity::report_submission;
use uuid::Uuid;

/// A unit, a cluster or a province of the test, by a number.
const fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

const TOP: Uuid = id(1);
const UPPER: Uuid = id(2);
const OWN: Uuid = id(3);
const CLUSTER: Uuid = id(101);
const OTHER_CLUSTER: Uuid = id(102);
const PROVINCE: Uuid = id(201);
const OTHER_PROVINCE: Uuid = id(202);

/// Somebody who is this one thing there and nothing else.
fn who_is(capacity: Capacity, scope: Scope) -> Actor {
    let nobody = Actor::new(id(1000), "hoa".to_owned(), id(1001), Vec::new());
    // A service account that was given all that there is to give.
    let held = match capacity {
        SERVICE => Held::by_service(scope, ServiceScope::ALL.iter().copied().collect()),
        _ => (capacity, scope).into(),
    };
    nobody.holding(vec![held], Vec::new())
}

/// Where a capacity is held.
const SCOPES: [(&str, Scope); 4] = [
    ("UNIT", Scope::Unit(OWN)),
    ("CLUSTER", Scope::Cluster(CLUSTER)),
    ("PROVINCE", Scope::Province(PROVINCE)),
    ("EVERYTHING", Scope::Everything),
];

/// Every kind of place, as seen from the own unit, which is a member of the cluster.
fn places() -> Vec<(&'static str, Place)> {
    let unit = |lineage: &[u128], province: Uuid, clusters: &[Uuid]| Place {
        lineage: lineage.iter().map(|&number| id(number)).chain([TOP]).collect(),
        province: Some(province),
        clusters: clusters.to_vec(),
    };
    vec![
        ("own unit", unit(&[3, 2], PROVINCE, &[CLUSTER])),
        ("below", unit(&[4, 3, 2], PROVINCE, &[])),
        ("above", unit(&[2], PROVINCE, &[])),
        ("neighbour", unit(&[5, 2], PROVINCE, &[])),
        ("member", unit(&[6, 2], PROVINCE, &[CLUSTER])),
        ("elsewhere", unit(&[8, 7], OTHER_PROVINCE, &[])),
        ("far member", unit(&[9, 7], OTHER_PROVINCE, &[CLUSTER])),
        ("other cluster", unit(&[10, 7], OTHER_PROVINCE, &[OTHER_CLUSTER])),
        (
            "province",
            Place {
                province: Some(PROVINCE),
                ..Place::COMMON
            },
        ),
        ("common", Place::COMMON),
    ]
}

#[test]
fn every_capacity_may_do_at_every_place_what_people_agreed_on_and_nothing_else() {
    assert_eq!(places()[2].1.lineage, [UPPER, TOP]);
    let mut table = format!("{:18} {:10} {:23}", "held as", "held in", "action");
    for (name, _) in places() {
        table.push_str(&format!(" {name:>13}"));
    }
    let mut nowhere = 0;
    for &capacity in Capacity::ALL {
        for (kind, scope) in SCOPES {
            for &action in Action::ALL {
                let actor = who_is(capacity, scope);
                let cells = places().into_iter().map(|(_, place)| {
                    let allowed = policy::permits(&actor, action, &place);
                    match policy::authorize(&actor, action, &place) {
                        Ok(_) => assert!(allowed),
                        Err(Error::Forbidden(missing)) => assert_eq!((allowed, missing), (false, action)),
                        Err(other) => panic!("{other}"),
                    }
                    assert!(!allowed || policy::authorize_anywhere(&actor, action).is_ok());
                    allowed
                });
                let cells: Vec<bool> = cells.collect();
                if !cells.contains(&true) {
                    nowhere += 1;
                    continue;
                }
                table.push_str(&format!("\n{:18} {kind:10} {:23}", capacity.code(), action.code()));
                for allowed in cells {
                    table.push_str(&format!(" {:>13}", if allowed { "yes" } else { "." }));
                }
            }
        }
    }
    table.push_str(&format!("\n{nowhere} more lines would have no place at all."));
    insta::assert_snapshot!(table);
}

/// A report in a state.
fn report(status: ReportStatus) -> report_submission::Model {
    let now = chrono::DateTime::UNIX_EPOCH;
    report_submission::Model {
        revision: 1,
        corrects_id: None,
        correction_reason: None,
        id: id(2000),
        unit_id: OWN,
        period_id: id(2001),
        form_id: id(2002),
        form_version_id: id(2003),
        period_ends_on: now.date_naive(),
        status,
        late: false,
        note: None,
        submitted_at: None,
        approved_at: None,
        author_id: None,
        returned_version: None,
        figures_locked: false,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

#[test]
fn a_step_takes_the_permission_the_state_and_work_of_others() {
    let mut asked = 0;
    for (&capacity, (_, scope)) in Capacity::ALL.iter().flat_map(|one| SCOPES.map(|scope| (one, scope))) {
        let actor = who_is(capacity, scope);
        for (name, place) in places() {
            for &status in ReportStatus::ALL {
                for step in ReportAction::ALL
                    .iter()
                    .copied()
                    .filter(|&step| step != ReportAction::Create)
                {
                    for writers in [vec![], vec![id(7)], vec![id(7), actor.account_id]] {
                        let action = state::permission(step);
                        let permitted = policy::permits(&actor, action, &place);
                        let own = writers.contains(&actor.account_id) && policy::passes_work(action);
                        let possible = policy::possible_in(status, action);
                        let may = usecases::may(&actor, &report(status), (&place, &writers), step);
                        let told =
                            format!("{capacity:?} {scope:?} at {name}: {step:?} while {status:?}, own work: {own}");
                        match may {
                            Ok(_) => assert!(permitted && possible && !own, "{told}"),
                            // In this order: who may not do it at all learns nothing of the state.
                            Err(Error::Forbidden(_)) => assert!(!permitted, "{told}"),
                            Err(Error::OwnWork(_)) => assert!(permitted && own, "{told}"),
                            Err(Error::WrongState(_)) => assert!(permitted && !own && !possible, "{told}"),
                            Err(other) => panic!("{told}: {other}"),
                        }
                        asked += 1;
                    }
                }
            }
        }
    }
    let (states, steps) = (ReportStatus::ALL.len(), ReportAction::ALL.len() - 1);
    assert_eq!(asked, Capacity::ALL.len() * SCOPES.len() * 10 * states * steps * 3);
}

#[test]
fn a_service_account_comes_only_through_doors_that_its_scopes_open() {
    let lists = [policy::QUERIES, policy::MUTATIONS, policy::ROUTES];
    let mut opened = 0;
    for (name, requires) in lists.into_iter().flatten() {
        let people = who_is(Capacity::Role(thidua_entity::enums::Role::Viewer), Scope::Everything);
        assert!(
            policy::admit(&people, Some(*requires)).is_ok(),
            "people are asked at the thing: {name}"
        );
        for &scope in ServiceScope::ALL {
            let held = Held::by_service(Scope::Everything, [scope].into_iter().collect());
            let service = people.clone().holding(vec![held], Vec::new());
            let opens = requires.scopes().contains(&scope);
            match (requires, policy::admit(&service, Some(*requires))) {
                (Requires::Nothing(_) | Requires::SignedIn(_), admitted) => assert!(admitted.is_ok(), "{name}"),
                (Requires::Person(_), admitted) => assert!(matches!(admitted, Err(Error::PeopleOnly)), "{name}"),
                (_, Ok(())) => assert!(opens, "{name} with {}", scope.code()),
                (_, Err(Error::ScopeMissing(missing))) => {
                    assert!(
                        !opens && requires.scopes().contains(&missing),
                        "{name} with {}",
                        scope.code()
                    );
                }
                (_, Err(Error::PeopleOnly)) => assert!(requires.scopes().is_empty(), "{name}"),
                (_, Err(other)) => panic!("{name}: {other}"),
            }
            opened += usize::from(opens);
        }
        for action in requires.actions() {
            assert!(
                !policy::decides(*action) || requires.scopes().is_empty(),
                "{name} decides"
            );
        }
    }
    assert!(opened > 40, "{opened}");
    let service = who_is(SERVICE, Scope::Everything);
    assert!(
        matches!(policy::admit(&service, None), Err(Error::PeopleOnly)),
        "a door that nobody listed is closed"
    );
}
