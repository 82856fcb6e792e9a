//! The policy as people read it: the page `docs/policy.md`.

use thidua_entity::enums::{ReportStatus, Role};

use super::table::{in_cluster, may_be_delegated, may_be_narrowed};
use super::{Action, Capacity, MUTATIONS, Moment, QUERIES, ROUTES, ServiceScope, allows, moment, passes_work};

/// The table as people read it: one line for each action, one column for each capacity.
pub fn printed() -> String {
    let mut lines = vec![format!("{:28}", "")];
    for capacity in Capacity::ALL {
        lines[0].push_str(&format!(" {:>18}", capacity.code()));
    }
    for &action in Action::ALL {
        let mut line = format!("{:28}", action.code());
        for &capacity in Capacity::ALL {
            line.push_str(&format!(" {:>18}", allows(capacity, action).word()));
        }
        lines.push(line);
    }
    lines.join("\n") + "\n"
}

/// The actions that depend on the state of a report: one line for each, one column for each state.
fn printed_states() -> String {
    let mut text = format!("{:28}", "");
    for status in ReportStatus::ALL {
        text.push_str(&format!(" {:>10}", status.code()));
    }
    text.push_str(&format!(" {:>18}\n", "own work"));
    for &action in Action::ALL {
        let Moment::While(statuses) = moment(action) else {
            continue;
        };
        text.push_str(&format!("{:28}", action.code()));
        for status in ReportStatus::ALL {
            let word = if statuses.contains(status) { "yes" } else { "." };
            text.push_str(&format!(" {word:>10}"));
        }
        let own = if passes_work(action) { "not by who wrote" } else { "yes" };
        text.push_str(&format!(" {own:>18}\n"));
    }
    text
}

/// The doors that ask for an action.
fn doors_of(action: Action) -> String {
    let all = QUERIES.iter().chain(MUTATIONS).chain(ROUTES);
    let doors = all.filter(|(_, requires)| requires.actions().contains(&action));
    doors
        .map(|(door, _)| format!("`{door}`"))
        .collect::<Vec<_>>()
        .join(", ")
}

/// What each scope of a service account is for.
fn printed_scopes() -> String {
    let line = |scope: &ServiceScope| {
        let codes: Vec<String> = scope
            .allows()
            .iter()
            .map(|action| format!("`{}`", action.code()))
            .collect();
        let allows = match codes.as_slice() {
            [] => String::new(),
            codes => format!(" ({})", codes.join(", ")),
        };
        format!("- `{}`:{}{allows}\n", scope.code(), scope.meaning())
    };
    ServiceScope::ALL.iter().map(line).collect()
}

fn roles(which: fn(Role) -> bool) -> String {
    let roles = Capacity::ALL.iter().filter_map(|&capacity| match capacity {
        Capacity::Role(role) if which(role) => Some(format!("`{}`", capacity.code())),
        Capacity::Role(_) | Capacity::Office(_) => None,
    });
    roles.collect::<Vec<_>>().join(", ")
}

/// The whole page `docs/policy.md`: the table and what its words mean.
pub fn page() -> String {
    let from_cluster = Action::ALL.iter().filter(|&&action| in_cluster(action));
    let from_cluster: Vec<String> = from_cluster.map(|action| format!("`{}`", action.code())).collect();
    let mut page = format!(
        "# Who may do what\n\n\
         Written by `thidua policy` from `src/policy/`, and compared with it by a test.\n\n\
         A caller holds roles by grant, each in a scope: everything, a province, a unit with what is below it, or a cluster. The chair\n\
         and the deputies of a cluster are no roles: they are what officers of a unit are while their unit holds the office.\n\n\
         `scope`: everywhere within the scope. `own unit`: for the very unit of the grant. `.`: not at all. What a caller sees is its scope,\n\
         whatever the role; what it does not see does not exist for it (`NOT_FOUND`), what it sees and may not do is `FORBIDDEN`.\n\n\
         Held in a cluster, a capacity carries only what concerns the cluster and what its members hand in, whatever the table says:\n\
         {}.\n\n\
         ```text\n{}```\n\n\
         Actions on a report depend on where it is in its life, and who wrote it may not pass it:\n\n\
         ```text\n{}```\n\n\
         A grant may be delegated (ủy quyền) for some days: of {}; for a part of its scope only: of {}.\n\n\
         A service account is SERVICE at one place, and sees and does there only what its scopes name; what they do not name is\n\
         `INSUFFICIENT_SCOPE`, what is for people only `FORBIDDEN`. Nothing that decides can be given. The common catalogues (provinces,\n\
         indicators, kinds of award) are for each; a unit that it names by its id need only lie in its place.\n\n\
         {}\n\
         What each action is, and the doors that ask for it:\n\n",
        from_cluster.join(", "),
        printed(),
        printed_states(),
        roles(may_be_delegated),
        roles(|role| may_be_delegated(role) && may_be_narrowed(role)),
        printed_scopes(),
    );
    for &action in Action::ALL {
        page.push_str(&format!("- `{}`:{}", action.code(), action.meaning()));
        match doors_of(action).as_str() {
            "" => page.push('\n'),
            doors => page.push_str(&format!(" {doors}.\n")),
        }
    }
    page
}
