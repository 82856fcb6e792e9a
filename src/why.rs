//! Why somebody may or may not do a thing: every capacity that they hold, what it says to it, and the rule that decides. It asks the
//! same functions of the policy and of the lives of things that the use-cases ask; it decides nothing itself.

use sea_orm::ConnectionTrait;
use thidua_entity::enums::ReportAction;
use thidua_entity::report_submission;
use uuid::Uuid;

use crate::auth::Actor;
use crate::env::Env;
use crate::error::{Error, Result, Text};
use crate::forms::store::View;
use crate::ids::Kind;
use crate::policy::{self, Action, Carries, Held, Place, Reach, Scope, Verdict};
use crate::{accounts, awards, clusters, criteria, db, forms, reports, units};

/// The rule that decides.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Rule {
    /// A capacity permits it, and nothing stands against it.
    Permitted,
    /// The account is locked, or the service account is switched off or at its end: it may do nothing.
    Locked,
    /// The thing lies outside what the account sees: for it, it does not exist.
    NotSeen,
    /// Nothing that the account holds includes the action.
    NoCapacity,
    /// A service account, none of whose scopes names the action.
    NotInScopes,
    /// Something that it holds includes the action, but not here.
    NotHere,
    /// The account wrote what the action would pass.
    OwnWork,
    /// The thing is not in a state in which the action is possible.
    WrongState,
}

/// One thing that the account is, and what it says to the action.
#[derive(Clone, Copy, Debug)]
pub struct Considered {
    /// What, where, and from whom.
    pub held: Held,
    /// How far it carries the action from its scope.
    pub carries: Carries,
    /// What it says to the action here.
    pub verdict: Verdict,
}

/// The answer.
pub struct Reasons {
    /// The action.
    pub action: Action,
    /// The rule that decides.
    pub rule: Rule,
    /// The rule in words.
    pub text: Text,
    /// Everything that the account is today.
    pub considered: Vec<Considered>,
}

/// What the action would be done to.
struct Subject {
    place: Place,
    report: Option<(report_submission::Model, Vec<Uuid>)>,
}

/// Why an account that the caller manages may or may not do something to a thing that the caller sees; without a thing, somewhere.
pub async fn may(
    env: &Env,
    actor: &Actor,
    account: (Kind, Uuid),
    action: Action,
    subject: Option<(Kind, Uuid)>,
) -> Result<Reasons> {
    let tx = db::begin_read(&env.db).await?;
    let (who, locked) = asked_about(&tx, env, actor, account).await?;
    let found = match subject {
        Some(thing) => Some(find(&tx, env, actor, thing).await?),
        None => None,
    };
    let elsewhere: Vec<Scope> = who
        .capacities()
        .iter()
        .filter_map(|held| Some(held.delegated?.inside))
        .filter(|scope| !matches!(scope, Scope::Cluster(_)))
        .collect();
    // What others delegated to the account from elsewhere is not for the caller to know.
    if !accounts::usecases::manages(&tx, env, actor, &elsewhere).await? {
        return Err(Error::Forbidden(Action::AccountManage));
    }
    let hidden = match subject {
        Some(thing) => match find(&tx, env, &who, thing).await {
            // What is not in its scopes is told below.
            Ok(_) | Err(Error::ScopeMissing(_)) => false,
            Err(Error::NotFound) => true,
            Err(error) => return Err(error),
        },
        None => false,
    };
    tx.commit().await?;
    let place = match &found {
        _ if policy::is_common(action) => Some(&Place::COMMON),
        Some(found) => Some(&found.place),
        None => None,
    };
    let considered: Vec<Considered> = who
        .capacities()
        .iter()
        .map(|held| consider(held, action, place))
        .collect();
    let report = found.as_ref().and_then(|found| found.report.as_ref());
    let (rule, text) = if locked {
        let text = Text::new(
            "Tài khoản đang bị khóa nên không làm được việc gì.",
            "The account is locked and may do nothing.",
        );
        (Rule::Locked, text)
    } else if hidden {
        let text = Text::new(
            "Đối tượng nằm ngoài phạm vi mà tài khoản nhìn thấy.",
            "The thing lies outside what the account sees.",
        );
        (Rule::NotSeen, text)
    } else {
        decide(&who, action, &considered, place, report)
    };
    Ok(Reasons {
        action,
        rule,
        text,
        considered,
    })
}

/// What an account, or a service account, is today, and whether it is locked or at its end.
async fn asked_about(
    tx: &impl ConnectionTrait,
    env: &Env,
    actor: &Actor,
    (kind, id): (Kind, Uuid),
) -> Result<(Actor, bool)> {
    let today = env.today();
    if kind == Kind::ServiceAccount {
        let service = accounts::usecases::managed_service(tx, env, actor, id).await?;
        return Ok((service.actor()?, !service.in_force(today)));
    }
    let account = accounts::usecases::asked_about(tx, env, actor, id).await?;
    let who = accounts::store::standing(tx, &account, today).await?;
    Ok((who, account.locked_at.is_some()))
}

fn consider(held: &Held, action: Action, place: Option<&Place>) -> Considered {
    Considered {
        held: *held,
        carries: held.carries(action),
        verdict: match place {
            Some(place) => held.judge(action, place),
            None => held.judge_somewhere(action),
        },
    }
}

/// In the order in which the use-cases ask: the permission, work of one's own, the state.
fn decide(
    who: &Actor,
    action: Action,
    considered: &[Considered],
    place: Option<&Place>,
    report: Option<&(report_submission::Model, Vec<Uuid>)>,
) -> (Rule, Text) {
    if !considered.iter().any(|one| one.verdict == Verdict::Permits) {
        if considered.iter().any(|one| one.verdict == Verdict::NotInScopes) {
            return (Rule::NotInScopes, verdict_text(Verdict::NotInScopes));
        }
        let elsewhere = considered.iter().any(|one| one.verdict != Verdict::NotItsAction);
        return if elsewhere {
            let text = Text::new(
                "Tài khoản có quyền này, nhưng không phải ở nơi này.",
                "The account holds this permission, but not here.",
            );
            (Rule::NotHere, text)
        } else {
            let text = Text::new(
                "Không vai trò hay chức vụ nào của tài khoản có quyền này.",
                "No role or office of the account holds this permission.",
            );
            (Rule::NoCapacity, text)
        };
    }
    if let (Some((report, writers)), Some(place)) = (report, place)
        && let Some(step) = step_of(action)
    {
        match reports::usecases::may(who, report, (place, writers), step) {
            Err(error @ Error::OwnWork(_)) => return (Rule::OwnWork, error.text()),
            Err(error @ Error::WrongState(_)) => return (Rule::WrongState, error.text()),
            Ok(_) | Err(_) => {}
        }
    }
    let text = Text::new(
        "Có vai trò hoặc chức vụ cho phép, và không có gì ngăn cản.",
        "A role or office permits it, and nothing stands against it.",
    );
    (Rule::Permitted, text)
}

/// The step in the life of a report that an action is; beginning one is no step of a report that is there.
fn step_of(action: Action) -> Option<ReportAction> {
    let mut steps = ReportAction::ALL.iter().copied();
    steps.find(|&step| step != ReportAction::Create && reports::state::permission(step) == action)
}

/// The thing and its place, if somebody sees it.
async fn find(tx: &impl ConnectionTrait, env: &Env, who: &Actor, (kind, id): (Kind, Uuid)) -> Result<Subject> {
    let (today, reach) = (env.today(), &policy::reach(who));
    let view = View::new(reach, today);
    let mut report = None;
    let place = match kind {
        Kind::Unit => units::store::find_place(tx, reach, id, today).await?,
        Kind::Cluster => clusters::store::find_place(tx, reach, id, today).await?,
        Kind::Period => {
            let period = forms::store::find_period(tx, view, id).await?;
            owner(tx, env, period.owner_id).await?
        }
        Kind::ReportForm => {
            let form = forms::store::find_form(tx, view, id).await?;
            owner(tx, env, form.owner_id).await?
        }
        Kind::CriteriaSet => {
            let set = criteria::store::find(tx, &criteria::store::View::of(who, today), id).await?;
            let mut places = criteria::usecases::places(tx, env, &[set]).await?;
            places.remove(&id).ok_or(Error::NotFound)?
        }
        Kind::ReportSubmission => {
            let found = reports::store::find(tx, reach, id, today).await?;
            let writers = reports::store::writers(tx, &[id]).await?;
            let place = owner(tx, env, found.unit_id).await?;
            report = Some((found, writers.into_iter().map(|row| row.account_id).collect()));
            place
        }
        Kind::AwardDecision => {
            let decision = awards::store::find_decision(tx, reach, id, today).await?;
            owner(tx, env, decision.owner_id).await?
        }
        Kind::Province => Place {
            province: Some(units::store::province(tx, id).await?.id),
            ..Place::COMMON
        },
        Kind::Indicator | Kind::AwardType => Place::COMMON,
        _ => {
            return Err(Error::bad_request(
                "Chỉ hỏi được về tỉnh, đơn vị, cụm, kỳ, chỉ tiêu, biểu mẫu, bảng điểm, báo cáo, loại khen thưởng và quyết định khen thưởng.",
                "It can be asked of provinces, units, clusters, periods, indicators, forms, criteria sets, reports, kinds of award and award decisions.",
            ));
        }
    };
    Ok(Subject { place, report })
}

/// The place of the unit to which a thing belongs, whoever sees the unit itself: as the use-cases ask it.
async fn owner(tx: &impl ConnectionTrait, env: &Env, unit: Uuid) -> Result<Place> {
    let everything = Reach::everything();
    units::store::find_place(tx, &everything, unit, env.today()).await
}

/// What a capacity says, in words.
pub fn verdict_text(verdict: Verdict) -> Text {
    match verdict {
        Verdict::Permits => Text::new("Cho phép.", "Permits it."),
        Verdict::NotItsAction => Text::new("Không bao gồm việc này.", "Does not include the action."),
        Verdict::NotFromCluster => Text::new(
            "Giữ trong cụm thì không làm được việc này đối với các thành viên.",
            "Held in a cluster, it does not carry this action to the members.",
        ),
        Verdict::OnlyOwnUnit => Text::new(
            "Chỉ làm được cho chính đơn vị được giao.",
            "Only for the very unit of its scope.",
        ),
        Verdict::OutOfScope => Text::new("Nằm ngoài phạm vi.", "The thing lies outside its scope."),
        Verdict::NotInScopes => Text::new(
            "Không phạm vi nào của tài khoản dịch vụ bao gồm việc này.",
            "No scope of the service account names the action.",
        ),
        Verdict::NotDelegable => Text::new(
            "Việc này không được làm thay người khác theo ủy quyền.",
            "This action is not done on behalf of another.",
        ),
    }
}
