//! `policy.md`: the whole policy as tables for people, made by asking the decision function about everything.
//! `UPDATE_POLICY=1` writes it anew; whoever does, reads the difference.

use std::{collections::BTreeSet, fs, path::Path};

use dossier_access::{
    Action, Actor, Job, Pass, Resource, Role, Scorecards, TokenScope, TokenScopes, action::Target, decide,
    hears, scope, smallest_group,
};
use dossier_domain::{Language, MaterialKind, NoticeKind, Stage};

use super::people::{only, person, position, user};

const HEAD: &str = "\
# 权限一览 · Who may do what

本文件由测试从判定函数逐项生成，与程序始终一致。
This file is made by a test from the decision function, entry by entry, and always agrees with it.

查看 view · 下载 download and view · ✓ 允许 allowed · – 不允许 not allowed。看不到的应聘对使用者而言不存在。
An application that someone may not see does not exist for them.

另有五条通则 · Five rules besides: 停用的账号什么都不能做 a suspended user may do nothing · 任何人不得更改自己的权限 nobody changes
their own rights · 任何人不得放行自己的申请 nobody releases what they ask for themselves · 审计员、系统管理员不兼任其他角色 an auditor or system administrator holds no other role · 二者至少各保留一人
at least one of each remains.
";

#[test]
fn the_table_is_what_the_function_decides() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("policy.md");
    let table = table();
    if std::env::var_os("UPDATE_POLICY").is_some() {
        fs::write(&path, &table).unwrap();
    }
    let golden = fs::read_to_string(&path).unwrap();
    for (line, (old, new)) in golden.lines().zip(table.lines()).enumerate() {
        assert_eq!(old, new, "policy.md, line {}", line + 1);
    }
    assert_eq!(golden, table);
}

/// The table is built by running through all there is; this makes sure that all there is got a place in it.
#[test]
fn every_role_stage_kind_and_action_has_its_place() {
    let table = table();
    for role in Role::ALL {
        let title = bilingual(|language| role.label(language));
        let section = table.split("\n## ").find(|section| section.starts_with(&title));
        let section = section.unwrap_or_else(|| panic!("no section on {role}"));
        let sees_nothing = scope(&only(role)).is_empty();
        for stage in Stage::ALL {
            let row = format!("\n| {} |", bilingual(|language| stage.label(language)));
            assert_eq!(section.contains(&row), !sees_nothing, "{role} in {stage}");
        }
    }
    for action in Action::all().filter(|action| action.kind().is_none()) {
        assert!(table.contains(&bilingual(|l| action.label(l))), "{action} has no place");
    }
    for kind in MaterialKind::ALL {
        assert!(table.contains(&format!("| {} ", bilingual(|l| kind.label(l)))), "{kind} has no column");
    }
}

fn table() -> String {
    let mut text = HEAD.to_owned();
    for role in Role::ALL {
        heading(&mut text, &bilingual(|language| role.label(language)));
        applications(&mut text, &only(role));
    }
    for job in Job::ALL {
        heading(&mut text, &format!("系统任务 · The archive's own job: {}", job.name()));
        applications(&mut text, &Actor::system(job));
    }
    heading(&mut text, "评分表 · Scorecards");
    scorecards(&mut text);
    heading(&mut text, "通知 · Notices");
    notices(&mut text);
    heading(&mut text, "档案与用户 · The archive and its users");
    archive(&mut text);
    heading(&mut text, "本人账号 · One's own account");
    account(&mut text);
    heading(&mut text, "令牌 · Tokens");
    tokens(&mut text);
    text
}

fn heading(text: &mut String, title: &str) {
    *text += &format!("\n## {title}\n");
}

/// What an actor may do with applications: one table if all positions are alike to them, else one for those of their
/// own (position 1) and one for the others (position 2).
fn applications(text: &mut String, actor: &Actor) {
    let [own, other] = [1, 2].map(|n| Stage::ALL.map(|stage| cells(actor, n, stage)));
    if own == other {
        rows(text, "所有岗位 · All positions", &own);
    } else {
        rows(text, "本人负责的岗位 · Own positions", &own);
        rows(text, "其他岗位 · Other positions", &other);
    }
}

fn rows(text: &mut String, which: &str, rows: &[Vec<&str>]) {
    if rows.iter().flatten().all(|cell| *cell == "–") {
        *text += &format!("\n{which}: 无任何权限 · nothing at all\n");
        return;
    }
    *text += &format!("\n{which}:\n\n");
    let kinds = MaterialKind::ALL.map(|kind| bilingual(|language| kind.label(language)));
    let actions = on(Target::Application).map(|action| bilingual(|language| action.label(language)));
    let titles: Vec<String> = kinds.into_iter().chain(actions).collect();
    line(text, "阶段 · Stage", &titles);
    line(text, "---", &vec!["---"; titles.len()]);
    for (stage, cells) in Stage::ALL.iter().zip(rows) {
        line(text, &bilingual(|language| stage.label(language)), cells);
    }
}

fn cells(actor: &Actor, n: u128, stage: Stage) -> Vec<&'static str> {
    let resource = Resource::Application { position: position(n), stage };
    let may = |action| decide(actor, action, &resource).is_allowed();
    let kinds = MaterialKind::ALL.map(|kind| {
        match (may(Action::ViewMaterial(kind)), may(Action::DownloadMaterial(kind))) {
            (true, true) => "下载 download",
            (true, false) => "查看 view",
            (false, false) => "–",
            (false, true) => panic!("{kind} can be taken away, but not seen"),
        }
    });
    kinds.into_iter().chain(on(Target::Application).map(|action| tick(may(action)))).collect()
}

/// Who sees whose scorecard of an application of their own position that stands in the human interview.
fn scorecards(text: &mut String) {
    let card = |by, is_final, own_is_final| Resource::Scorecard {
        position: position(1),
        stage: Stage::HumanInterview,
        by: user(by),
        is_final,
        own_is_final,
    };
    let columns = [
        ("本人的 · One's own", card(0, false, false)),
        ("他人的草稿 · A colleague's draft", card(1, false, true)),
        ("他人已提交、本人未提交 · A colleague's, handed in before one's own", card(1, true, false)),
        ("双方均已提交 · A colleague's, both handed in", card(1, true, true)),
    ];
    let in_searches = "检索与报表中的人工得分 · People's score in searches and reports";
    let titles: Vec<_> = columns.iter().map(|(title, _)| *title).chain([in_searches]).collect();
    text.push('\n');
    line(text, &bilingual(|l| Action::ViewScorecard.label(l)), &titles);
    line(text, "---", &vec!["---"; titles.len()]);
    for role in Role::ALL {
        let actor = only(role);
        let allowed = |card| tick(decide(&actor, Action::ViewScorecard, card).is_allowed());
        let cells = columns.iter().map(|(_, card)| allowed(card)).chain([in_search(&actor)]);
        line(text, &bilingual(|language| role.label(language)), &cells.collect::<Vec<_>>());
    }
}

/// Of which applications somebody finds and counts what people gave them.
fn in_search(actor: &Actor) -> &'static str {
    let shown: BTreeSet<Scorecards> = scope(actor).grants.iter().map(|grant| grant.scorecards).collect();
    match shown.into_iter().next_back() {
        Some(Scorecards::All) => tick(true),
        Some(Scorecards::BesideOwn(_)) => "本人已提交的应聘 where one's own is handed in",
        Some(Scorecards::None) | None => tick(false),
    }
}

/// Who is told of what: about an application of their own position in some stage, of another position, about the archive.
fn notices(text: &mut String) {
    text.push('\n');
    let kinds: Vec<String> = NoticeKind::ALL.iter().map(|kind| bilingual(|l| kind.label(l))).collect();
    line(text, "角色 · Role", &kinds);
    line(text, "---", &vec!["---"; kinds.len()]);
    for role in Role::ALL {
        let actor = only(role);
        let cell = |kind: &NoticeKind| {
            let stages = |n| {
                let in_stage = |stage: &Stage| {
                    hears(&actor, *kind, &Resource::Application { position: position(n), stage: *stage })
                };
                Stage::ALL.into_iter().filter(in_stage).count()
            };
            let of_all = hears(&actor, *kind, &Resource::Archive);
            match (stages(1), stages(2)) {
                (0, 0) if !of_all => "–".to_owned(),
                (0, 0) => "✓".to_owned(),
                (own, other) if own == other => {
                    format!("所有岗位的 {own} 个阶段 · {own} stages of all positions")
                }
                (own, 0) => format!("本人岗位的 {own} 个阶段 · {own} stages of own positions"),
                (own, other) => panic!("{role} hears of {kind} in {own} stages, and in {other}"),
            }
        };
        line(text, &bilingual(|l| role.label(l)), &NoticeKind::ALL.iter().map(cell).collect::<Vec<_>>());
    }
}

/// What each role, and each job, may do to the archive and to other users.
fn archive(text: &mut String) {
    let actors: Vec<Actor> = Role::ALL.map(only).into_iter().chain(Job::ALL.map(Actor::system)).collect();
    let roles = Role::ALL.map(|role| bilingual(|language| role.label(language)));
    let jobs = Job::ALL.map(|job| format!("系统任务 · job {}", job.name()));
    let titles: Vec<String> = roles.into_iter().chain(jobs).collect();
    text.push('\n');
    line(text, "操作 · Action", &titles);
    line(text, "---", &vec!["---"; titles.len()]);
    for (target, resource) in
        [(Target::Archive, Resource::Archive), (Target::User, Resource::User { id: user(1) })]
    {
        for action in on(target) {
            let cells = actors.iter().map(|actor| tick(decide(actor, action, &resource).is_allowed()));
            line(text, &bilingual(|language| action.label(language)), &cells.collect::<Vec<_>>());
        }
    }
    let smallest = actors.iter().map(|actor| match smallest_group(actor) {
        u64::MAX => "–".to_owned(),
        several => several.to_string(),
    });
    let title = "报表给出数字的最小分组 · The smallest group of which reports give figures";
    line(text, title, &smallest.collect::<Vec<_>>());
}

/// What everybody may do with their own account, by what they came in with, and with another's.
fn account(text: &mut String) {
    let everything = Pass::Token(TokenScopes::new(TokenScope::ALL).unwrap());
    let own = Resource::User { id: user(0) };
    let columns = [
        ("本人，任何角色 · Oneself, in any role", Pass::Full, own),
        (
            "须双因素而仅凭密码登录 · Oneself, by password alone where two factors are demanded",
            Pass::PasswordOnly,
            own,
        ),
        ("凭令牌 · By a token", everything, own),
        ("他人账号 · Another's account", Pass::Full, Resource::User { id: user(1) }),
    ];
    text.push('\n');
    line(text, "操作 · Action", &columns.clone().map(|(title, ..)| title));
    line(text, "---", &vec!["---"; columns.len()]);
    for action in on(Target::Account) {
        let cells = columns.clone().map(|(_, pass, resource)| {
            let may = Role::ALL
                .map(|role| decide(&only(role).with_pass(pass.clone()), action, &resource).is_allowed());
            assert!(may.iter().all(|other| *other == may[0]), "{action} depends on the role");
            tick(may[0])
        });
        line(text, &bilingual(|language| action.label(language)), &cells);
    }
}

/// What a token of each scope is good for, in the hands of somebody who may do it. Each action is asked about in all
/// roles, so that what is not ticked is not even allowed to who has the role for it.
fn tokens(text: &mut String) {
    *text += "\n令牌所能做的，是其主人的角色所允许、且在令牌范围之内的。\n";
    *text += "A token may do what its owner's roles allow and its scopes include.\n\n";
    let titles = TokenScope::ALL.map(|scope| bilingual(|language| scope.label(language)));
    line(text, "操作 · Action", &titles);
    line(text, "---", &vec!["---"; titles.len()]);
    for action in Action::all().filter(|action| action.target() != Target::Account) {
        let may = |scope| {
            let holders =
                Role::ALL.map(|role| person(role, &[1]).with_pass(Pass::Token(TokenScopes::from(scope))));
            holders
                .iter()
                .any(|holder| resources().any(|resource| decide(holder, action, &resource).is_allowed()))
        };
        let title = match action.kind() {
            None => bilingual(|language| action.label(language)),
            Some(kind) => bilingual_text(|l| format!("{} / {}", action.label(l), kind.label(l))),
        };
        line(text, &title, &TokenScope::ALL.map(|scope| tick(may(scope))));
    }
}

fn resources() -> impl Iterator<Item = Resource> {
    let applications = Stage::ALL.map(|stage| Resource::Application { position: position(1), stage });
    let card = Resource::Scorecard {
        position: position(1),
        stage: Stage::HumanInterview,
        by: user(1),
        is_final: true,
        own_is_final: true,
    };
    applications.into_iter().chain([card, Resource::Archive, Resource::User { id: user(1) }])
}

/// The actions on such a thing, those on a kind of material left out.
fn on(target: Target) -> impl Iterator<Item = Action> {
    Action::all().filter(move |action| action.target() == target && action.kind().is_none())
}

fn tick(allowed: bool) -> &'static str {
    if allowed { "✓" } else { "–" }
}

fn bilingual(label: impl Fn(Language) -> &'static str) -> String {
    bilingual_text(|language| label(language).to_owned())
}

fn bilingual_text(label: impl Fn(Language) -> String) -> String {
    format!("{} · {}", label(Language::Chinese), label(Language::English))
}

fn line(text: &mut String, first: &str, cells: &[impl AsRef<str>]) {
    let cells: Vec<&str> = cells.iter().map(AsRef::as_ref).collect();
    *text += &format!("| {first} | {} |\n", cells.join(" | "));
}
