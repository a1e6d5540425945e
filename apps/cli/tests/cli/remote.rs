//! Commands give the same at a server as on the folder that it serves: every byte of output and error, and the exit code.

use std::fs;

use crate::{
    answers::redacted,
    place::{Place, Ran, Vendor},
    served::Served,
};

/// What of two outputs must be the same.
#[derive(Debug, Clone, Copy)]
enum Same {
    /// Every byte.
    Exactly,
    /// All but ids and times of what this run made.
    ButNew,
    /// All but numbers, and sums in hexadecimal.
    ButNumbers,
}
use Same::{ButNew, ButNumbers, Exactly};

/// What of the answers must be the same, who types it, and what.
type Row = (Same, &'static str, &'static str);

/// What changes nothing that is shown. `{cursor}` and `{other}` are found out before.
const LOOKS: &[Row] = &[
    (Exactly, "hr", "search"),
    (Exactly, "hr", "search AI得分≥80 --sort highest --limit 5 --facets"),
    (Exactly, "hr", "search 企业文化 --limit 3"),
    (Exactly, "hr", "search 客户 --sort name --limit 3 --after {cursor}"),
    (Exactly, "hr", "search 岗位=无此岗位"),
    (Exactly, "hr", "search 面试时间=2023-02-30"),
    (Exactly, "hr", "search (张三"),
    (Exactly, "hr", "search --after x"),
    (Exactly, "hr", "search --limit 0"),
    (Exactly, "hr", "search --saved 没有"),
    (Exactly, "hr", "saved list"),
    (Exactly, "hr", "saved-report list"),
    (Exactly, "hr", "saved-report add x nonsense"),
    (Exactly, "hr", "saved-report add x pass-rate (张三"),
    (Exactly, "hr", "saved-report share 没有 interviewer"),
    (Exactly, "li", "saved-report add x pass-rate --share hr"),
    (Exactly, "auditor", "saved-report list"),
    (Exactly, "hr", "report --saved 没有"),
    (ButNew, "hr", "report pass-rate --by position --period 2023-10 --against 2023-09"),
    (ButNew, "hr", "report agreement 人工得分>=0 --by position"),
    (Exactly, "hr", "report funnel --period nonsense"),
    (Exactly, "hr", "report pass-rate --by month --period 2023-10"),
    (Exactly, "hr", "report what-if --position 没有 --pass-mark 70"),
    (Exactly, "hr", "report what-if --position 客户经理 --pass-mark seventy"),
    (Exactly, "hr", "report what-if"),
    (Exactly, "hr", "proposal list"),
    (Exactly, "hr", "proposal apply prp_00000000000000000000000000 --reason x"),
    (Exactly, "hr", "proposal reject nonsense"),
    (Exactly, "li", "proposal list"),
    (Exactly, "li", "position edit 客户经理 --pass-mark 70"),
    (Exactly, "hr", "saved add x (张三"),
    (Exactly, "admin", "saved list"),
    (Exactly, "hr", "theme list"),
    (Exactly, "hr", "theme suggest"),
    (Exactly, "hr", "theme suggest (张三"),
    (Exactly, "hr", "theme remove 没有"),
    (Exactly, "li", "theme list"),
    (Exactly, "li", "theme set 团队"),
    (Exactly, "admin", "theme list"),
    (ButNew, "hr", "report answers --by month"),
    (ButNew, "hr", "report answers 问题:为什么"),
    (Exactly, "hr", "preset list"),
    (Exactly, "auditor", "preset list"),
    (Exactly, "hr", "preset add 高潜力 --colour blue"),
    (Exactly, "li", "preset add 高潜力"),
    (Exactly, "hr", "preset remove 没有"),
    (Exactly, "hr", "show 张三 客户经理"),
    (Exactly, "hr", "show 张三 客户经理 --transcript"),
    (Exactly, "hr", "show 岗位=客户经理"),
    (Exactly, "hr", "show 没有此人"),
    (Exactly, "hr", "show app_00000000000000000000000000"),
    (Exactly, "hr", "folders"),
    (Exactly, "hr", "folders 客户经理 --depth 3"),
    (Exactly, "hr", "folders 没有"),
    (Exactly, "hr", "position list"),
    (ButNew, "hr", "connection list"),
    (ButNew, "hr", "connection fields 演示"),
    (Exactly, "hr", "connection fields 没有"),
    (Exactly, "hr", "connection fields 演示 nonsense"),
    (ButNew, "hr", "connection test 演示"),
    (Exactly, "hr", "connection test 没有"),
    (ButNew, "hr", "notice list"),
    (Exactly, "hr", "notice prefer"),
    (Exactly, "li", "notice prefer --wish nothing=not"),
    (Exactly, "li", "notice prefer --channel 没有"),
    (Exactly, "li", "notice read x"),
    (Exactly, "hr", "channel list"),
    (Exactly, "hr", "channel test 没有"),
    (Exactly, "li", "channel list"),
    (Exactly, "admin", "policy"),
    (Exactly, "hr", "policy"),
    (Exactly, "admin", "policy set --role nobody --stage offer --kind report view"),
    (Exactly, "admin", "policy set --role hr --stage nowhere --kind report view"),
    (Exactly, "admin", "policy set --role hr --stage offer --kind nothing view"),
    (Exactly, "admin", "policy set --role hr --stage offer --kind report much"),
    (Exactly, "admin", "policy set --role interviewer --stage offer --kind video download"),
    (Exactly, "hr", "user list"),
    (Exactly, "hr", "log list"),
    (Exactly, "hr", "log export"),
    (Exactly, "hr", "doctor"),
    (Exactly, "hr", "index rebuild"),
    (Exactly, "li", "search --facets"),
    (Exactly, "li", "show {other}"),
    (Exactly, "li", "show 张三 --video li.mp4"),
    (Exactly, "li", "fetch 张三 -o li.zip --reason test"),
    (Exactly, "li", "tag 张三 --add x"),
    (Exactly, "li", "sync"),
    (Exactly, "admin", "search"),
    (Exactly, "admin", "user list"),
    (Exactly, "auditor", "log list --action grant_interviewer"),
    (Exactly, "auditor", "log list --action nothing"),
    (ButNumbers, "auditor", "log verify"),
    (Exactly, "auditor", "log verify --key zz"),
    (Exactly, "auditor", "log verify --anchor none"),
    (Exactly, "auditor", "search"),
];

/// What changes something. `{n}` is another number each time, and `{position}` found out before.
const CHANGES: &[Row] = &[
    (ButNew, "hr", "tag 张三 客户经理 --add 标签{n}"),
    (ButNew, "hr", "tag 张三 客户经理 --remove 标签{n}"),
    (ButNew, "hr", "saved add 检索{n} 张三 客户经理 --sort name"),
    (ButNew, "hr", "saved add 检索{n} 张三"),
    (ButNew, "hr", "saved list"),
    (ButNew, "hr", "search --saved 检索{n}"),
    (ButNew, "hr", "saved rename 检索{n} 改名{n}"),
    (ButNew, "hr", "saved rename 检索{n} 改名{n}"),
    (ButNew, "hr", "saved rename 改名{n} 检索{n}"),
    (ButNew, "hr", "saved remove 检索{n}"),
    (ButNew, "hr", "saved remove 检索{n}"),
    (ButNew, "hr", "theme set 主题{n} 团队 team --en Team{n}"),
    (ButNew, "hr", "theme set 主题{n} …"),
    (ButNew, "hr", "theme remove 主题{n}"),
    (ButNew, "hr", "theme remove 主题{n}"),
    (ButNew, "hr", "preset add 预设{n} --colour amber"),
    (ButNew, "hr", "preset add 预设{n}"),
    (ButNew, "hr", "preset remove 预设{n}"),
    (ButNew, "hr", "position add 岗位{n} --alias 别名{n} --pass-mark 70 --question 为什么"),
    (ButNew, "hr", "position add 岗位{n}"),
    (ButNew, "hr", "position edit 岗位{n} --pass-mark 65 --weight Python=20%"),
    (ButNew, "hr", "position edit 岗位{n} --weight Python"),
    (ButNew, "hr", "position edit 客户经理 --pass-mark 6{n}"),
    (ButNew, "hr", "report what-if --position 客户经理 --pass-mark 75 --weight 客户沟通模拟测评=30"),
    (ButNew, "hr", "proposal add 客户经理 --pass-mark 7{n} --reason 试算{n}"),
    (ButNew, "hr", "proposal add 客户经理 (张三 --pass-mark 7{n}"),
    (ButNew, "hr", "proposal list"),
    (
        ButNew,
        "hr",
        "saved-report add 报表{n} pass-rate 客户经理 --by position --period last-quarter --share interviewer",
    ),
    (ButNew, "hr", "saved-report add 报表{n} funnel"),
    (ButNew, "hr", "saved-report list"),
    (ButNew, "li", "saved-report list"),
    (ButNew, "li", "saved-report remove 报表{n}"),
    (ButNew, "hr", "report --saved 报表{n}"),
    (ButNew, "hr", "saved-report rename 报表{n} 改名{n}"),
    (ButNew, "hr", "saved-report share 改名{n} hr,interviewer"),
    (ButNew, "hr", "saved-report share 改名{n} auditor"),
    (ButNew, "hr", "saved-report remind 改名{n} weekly"),
    (ButNew, "hr", "saved-report remind 改名{n} hourly"),
    (ButNew, "hr", "saved-report remind 改名{n} never"),
    (ButNew, "hr", "saved-report remove 改名{n}"),
    (ButNew, "hr", "position interviewer 岗位{n} li"),
    (ButNew, "hr", "position interviewer 岗位{n} li --remove"),
    (ButNew, "hr", "position interviewer 岗位{n} nobody"),
    (ButNew, "hr", "position interviewer 没有 li"),
    (ButNew, "hr", "position interviewer 岗位{n} auditor"),
    (
        ButNew,
        "hr",
        "position edit 岗位{n} --weight Python=30% --weight 沟通=20% --pass-mark 72.5 --criterion 沟通 --branch 上海分行",
    ),
    (ButNew, "hr", "position edit 岗位{n} --weight Python=130%"),
    (ButNew, "hr", "position edit 岗位{n} --weight Python"),
    (ButNew, "hr", "position edit 岗位{n} --pass-mark x"),
    (ButNew, "hr", "position edit 岗位{n} --name 客户经理"),
    (ButNew, "hr", "position edit 岗位{n} --name 新岗位{n}"),
    (ButNew, "hr", "position edit 岗位{n} --name 岗位{n} --branch= --pass-mark= --weight= --criterion="),
    (ButNew, "hr", "position edit 没有 --name x"),
    (ButNew, "li", "position edit 岗位{n} --name x"),
    (ButNew, "hr", "claims 张三 客户经理"),
    (
        ButNew,
        "hr",
        "claims 张三 客户经理 --claim CFA证书 --verdict confirmed --note 官网可查 --evidence 证书.pdf",
    ),
    (ButNew, "hr", "claims 张三 客户经理 --claim CFA证书 --verdict contradicted"),
    (ButNew, "hr", "claims 张三 客户经理 --claim CFA证书 --verdict maybe"),
    (ButNew, "hr", "claims 张三 客户经理 --claim CFA证书 --verdict open --evidence evil.pdf"),
    (ButNew, "hr", "claims 张三 客户经理"),
    (ButNew, "li", "claims 张三 客户经理"),
    (ButNew, "hr", "offer 张三 客户经理"),
    (ButNew, "hr", "offer 张三 客户经理 --extend --terms 年薪30万"),
    (ButNew, "hr", "offer 张三 客户经理 --accept"),
    (ButNew, "hr", "offer 张三 客户经理 --decline 薪资"),
    (ButNew, "li", "offer 张三 客户经理"),
    (ButNew, "hr", "move 张三 客户经理 --to nowhere"),
    (ButNew, "hr", "move 张三 客户经理 --to rejected"),
    (ButNew, "hr", "move 张三 客户经理 --to human_interview --reason 表现好"),
    (ButNew, "hr", "board 客户经理"),
    (ButNew, "li", "board 客户经理"),
    (ButNew, "li", "board 风险控制"),
    (ButNew, "li", "scorecard 张三 客户经理 --mark 专业能力=9"),
    (ButNew, "li", "scorecard 张三 客户经理 --mark 专业能力=x"),
    (ButNew, "li", "scorecard 张三 客户经理 --recommend for --summary 不错"),
    (ButNew, "li", "scorecard 张三 客户经理 --recommend perhaps"),
    (ButNew, "li", "scorecard 张三 客户经理 --mark 专业能力=4 --note 守时 --note-at 1:23=讲得清楚"),
    (ButNew, "li", "scorecard 张三 客户经理 --note-at soon=x"),
    (ButNew, "li", "scorecard 张三 客户经理 --note-at 99:99:99=x"),
    (ButNew, "li", "scorecard 张三 客户经理 --mark 沟通表达=3 --remove-note 1:23"),
    (ButNew, "li", "scorecard 张三 客户经理 --remove-note 1:23"),
    (ButNew, "li", "scorecard 张三 客户经理 --mark 没有=3"),
    (ButNew, "li", "scorecard 张三 客户经理 --mark 专业能力= --recommend="),
    (ButNew, "li", "scorecard 张三 客户经理 --hand-in"),
    (ButNew, "li", "scorecard 张三 客户经理"),
    (ButNew, "hr", "scorecard 张三 客户经理"),
    (ButNew, "hr", "scorecard 张三 客户经理 --recommend for"),
    (ButNew, "li", "move 张三 客户经理 --to offer"),
    (ButNew, "hr", "move 张三 客户经理 --undo --reason 误操作"),
    (ButNew, "hr", "move 张三 客户经理 --undo"),
    (ButNew, "hr", "move 岗位=风险控制 --all --to human_interview"),
    (ButNew, "hr", "move 岗位=风险控制 --all --to human_interview"),
    (ButNew, "hr", "move 岗位=风险控制 --all --to ai_interview"),
    (ButNumbers, "hr", "pipeline export 岗位=客户经理 -o p{n}.xlsx"),
    (ButNumbers, "hr", "pipeline import p{n}.xlsx --try"),
    (ButNumbers, "hr", "pipeline import p{n}.xlsx"),
    (ButNew, "hr", "pipeline export 岗位=客户经理 -o p{n}.xlsx"),
    (ButNew, "li", "pipeline export -o li{n}.xlsx"),
    (ButNew, "hr", "pipeline export (张三 -o q{n}.xlsx"),
    (ButNew, "hr", "timeline 张三 客户经理"),
    (ButNew, "li", "timeline 张三 客户经理"),
    (ButNew, "admin", "timeline 张三 客户经理"),
    (ButNew, "hr", "position import 岗位.csv --try"),
    (ButNew, "hr", "position import 岗位.csv"),
    (ButNew, "hr", "position import 证书.pdf"),
    (ButNew, "hr", "position import none.csv"),
    (ButNew, "admin", "position import 岗位.csv"),
    (ButNew, "hr", "position close 岗位{n}"),
    (ButNew, "hr", "position close 岗位{n} --reopen"),
    (ButNew, "hr", "position close 没有"),
    (
        ButNew,
        "hr",
        "connection add 新{n} --set allow_loopback=true --set base_url=http://127.0.0.1:9 --api-key-file api.key --fields video",
    ),
    (ButNew, "hr", "connection add 新{n} --api-key-file api.key"),
    (ButNew, "hr", "connection add 坏{n} --vendor nobody --api-key-file api.key"),
    (ButNew, "hr", "connection add 坏{n} --requests-per-second 1e9 --api-key-file api.key"),
    (ButNew, "hr", "connection test 新{n}"),
    (ButNew, "hr", "connection suspend 新{n}"),
    (ButNew, "hr", "sync 新{n}"),
    (ButNew, "hr", "connection resume 新{n}"),
    (ButNew, "hr", "connection retry 新{n}"),
    (ButNew, "hr", "connection remove 新{n}"),
    (ButNew, "hr", "connection remove 新{n}"),
    (ButNew, "hr", "notice prefer --wish lateness=daily --email hr@bank.example --letters en"),
    (ButNew, "hr", "notice prefer --email 张三@bank"),
    (ButNew, "hr", "notice read"),
    (
        ButNew,
        "hr",
        "channel add 渠道{n} --kind feishu --channel-key-file robot.key --private-network --address http://127.0.0.1:9/hook",
    ),
    (ButNew, "hr", "channel add 渠道{n} --kind feishu --channel-key-file robot.key"),
    (ButNew, "hr", "channel add 坏{n} --kind nothing --channel-key-file robot.key"),
    (ButNew, "hr", "channel add 坏{n} --kind webhook --address http://10.0.0.1/"),
    (
        ButNew,
        "hr",
        "channel add 推送{n} --kind webhook --address https://hr.bank.example/hook --secret-file hook.key",
    ),
    (ButNew, "hr", "channel change 推送{n} --position {position} --address https://hr.bank.example/other"),
    (ButNew, "hr", "channel change 推送{n} --position nonsense"),
    (ButNew, "hr", "channel change 推送{n} --position pos_00000000000000000000000000"),
    (ButNew, "hr", "channel list"),
    (ButNew, "hr", "channel change 推送{n} --all-positions"),
    (ButNew, "hr", "channel remove 推送{n}"),
    (ButNew, "hr", "channel test 渠道{n}"),
    (ButNew, "hr", "channel change 渠道{n} --rename 改名{n} --usual true"),
    (ButNew, "hr", "channel change 改名{n} --rename 渠道{n} --address ftp://x"),
    (ButNew, "hr", "channel change 改名{n} --rename 渠道{n}"),
    (ButNew, "hr", "channel change 没有 --rename 渠道{n}"),
    (ButNew, "hr", "channel suspend 渠道{n}"),
    (ButNew, "hr", "channel resume 渠道{n}"),
    (ButNew, "hr", "channel remove 渠道{n}"),
    (ButNew, "hr", "channel remove 渠道{n}"),
    (ButNew, "hr", "sync"),
    (ButNew, "hr", "sync 演示 --full"),
    (ButNew, "hr", "sync 没有"),
    (ButNew, "hr", "upload 证书.pdf 张三 客户经理"),
    (ButNew, "hr", "upload evil.pdf 张三 客户经理"),
    (ButNew, "hr", "upload empty.pdf 张三 客户经理"),
    (ButNew, "hr", "upload none.pdf 张三 客户经理"),
    (ButNew, "hr", "upload 证书.pdf 没有此人"),
    (ButNew, "hr", "show 张三 客户经理 --video v{n}.mp4"),
    (ButNew, "hr", "show 张三 客户经理 --video v{n}.mp4"),
    (Exactly, "hr", "fetch 岗位=无此岗位 -o none.zip --reason test"),
    (Exactly, "hr", "fetch (张三 -o none.zip --reason test"),
    (Exactly, "hr", "fetch 张三 -o v{n}.mp4 --reason test"),
    (
        ButNumbers,
        "hr",
        "fetch 客户经理 -o z{n}.zip --reason test --limit 3 --sort highest --contents video,report",
    ),
    (ButNew, "hr", "release list"),
    (Exactly, "auditor", "release list"),
    (Exactly, "hr", "release rule --from 5"),
    (Exactly, "admin", "release rule --from 5"),
    (Exactly, "li", "release rule"),
    (Exactly, "hr", "fetch 客户经理 -o many{n}.zip --reason test --contents report"),
    (ButNew, "hr", "release ask 客户经理 --reason test --contents report"),
    (Exactly, "hr", "release ask 岗位=无此岗位 --reason test"),
    (ButNew, "hr", "release list"),
    (Exactly, "hr", "release fetch rel_00000000000000000000000000 -o many{n}.zip"),
    (Exactly, "hr", "release fetch none -o many{n}.zip"),
    (Exactly, "admin", "release rule --never"),
    (ButNew, "admin", "user add u{n} --roles interviewer --name 新人"),
    (ButNew, "admin", "user add u{n} --roles interviewer"),
    (ButNew, "admin", "user roles u{n} interviewer,background_checker"),
    (ButNew, "admin", "user roles admin hr"),
    (ButNew, "admin", "user suspend u{n}"),
    (ButNew, "admin", "user suspend u{n} --resume"),
    (ButNew, "admin", "user suspend nobody"),
    (ButNew, "admin", "policy set --role interviewer --stage offer --kind report,skills view"),
    (ButNew, "admin", "policy set --role interviewer,background_checker --stage all --kind 视频 nothing"),
    (ButNew, "admin", "policy"),
    (ButNew, "li", "policy set --role interviewer --stage offer --kind all view"),
    (ButNew, "admin", "policy set --role interviewer,background_checker --stage all --kind all usual"),
    (ButNew, "admin", "policy set --role interviewer --stage offer --kind report nothing"),
    (Exactly, "admin", "index rebuild"),
];

/// An archive with users of every role and what a vendor sent.
pub(crate) fn furnished() -> (Place, Vendor) {
    let (place, vendor) = (Place::with_archive(), Vendor::of(40));
    place.ok("user add li --roles interviewer --as admin");
    place.ok("user add auditor --roles auditor --as admin");
    place.connect(&vendor);
    place.ok("sync --as hr");
    place.ok("position interviewer 客户经理 li --as hr");
    for login in ["hr", "li", "admin", "auditor"] {
        place.give_token(login, "read,write,sync,manage,log");
    }
    fs::write(place.path("证书.pdf"), b"%PDF-1.7\nmade up").unwrap();
    let table = "岗位,分行,分数线,测评占比,面试官,备注\n客户经理,上海分行,71,Python=20%,li,x\n表中岗位,,60,,,\n坏岗位,,abc,,,\n,,,,li,\n";
    fs::write(place.path("岗位.csv"), table).unwrap();
    fs::write(place.path("evil.pdf"), b"MZ\x90\x00 not a pdf").unwrap();
    fs::write(place.path("empty.pdf"), b"").unwrap();
    fs::write(place.path("robot.key"), b"made-up-key-0001\n").unwrap();
    fs::write(place.path("hook.key"), "whsec_bWFkZSB1cCBzZWNyZXQgb2YgdGhlIHJlY2VpdmVyIQ==\n").unwrap();
    (place, vendor)
}

fn compared(text: &str, same: Same) -> String {
    match same {
        Exactly => text.to_owned(),
        ButNew => redacted(text),
        ButNumbers => {
            let is_number = |c: char| c.is_ascii_digit() || matches!(c, 'a'..='f' | '.');
            let mut shown = String::new();
            for c in text.chars() {
                match is_number(c) {
                    true if shown.ends_with('#') => {}
                    true => shown.push('#'),
                    false => shown.push(c),
                }
            }
            shown
        }
    }
}

#[test]
fn commands_give_the_same_at_a_server_as_on_its_folder() {
    let (place, vendor) = furnished();
    let there = place.copied();
    let served = Served::of(&there, None);
    let all = place.json("search 客户 --sort name --limit 3 --as hr");
    let everything = place.json("search --limit 1000 --as hr");
    let cursor = all["next"].as_str().unwrap();
    let others = everything["hits"].as_array().unwrap();
    let other = others.iter().find(|hit| hit["position_name"] != "客户经理").unwrap();
    let position = other["position"].as_str().unwrap();
    let other = other["application"].as_str().unwrap();
    let mut wrong = Vec::new();
    let mut compare = |(same, login, line): &Row, n: usize, variant: &str| {
        let line = line.replace("{n}", &n.to_string()).replace("{cursor}", cursor);
        let line = line.replace("{other}", other).replace("{position}", position);
        let line = format!("{line} {variant}");
        let here = place.run(&format!("{line} --as {login}"));
        let at_server = there.at(&served.url(), login, &line);
        assert!(here.code != 1 && here.code != -1, "{line}: {here:?}");
        let text =
            |ran: &Ran| format!("{}\n{}\n{}", ran.code, compared(&ran.out, *same), compared(&ran.err, *same));
        let (here, at_server) = (text(&here), text(&at_server));
        if here != at_server {
            let mut pairs = here.lines().chain([""]).zip(at_server.lines().chain([""]));
            wrong.push(format!("{login}: {line}\n  first: {:?}", pairs.find(|(here, there)| here != there)));
        }
    };
    for variant in ["--lang zh", "--lang en", "--lang zh --json", "--lang en --json"] {
        LOOKS.iter().for_each(|row| compare(row, 0, variant));
    }
    for (n, variant) in ["--lang zh", "--lang en --json"].into_iter().enumerate() {
        CHANGES.iter().for_each(|row| compare(row, n, variant));
        let video = fs::read(there.path(&format!("v{n}.mp4"))).unwrap();
        assert!(video == vendor.bank.interview(0).video(), "the video comes out as it went in");
        assert!(there.path(&format!("z{n}.zip")).exists());
    }
    assert!(wrong.is_empty(), "{} lines differ:\n{}", wrong.len(), wrong.join("\n\n"));
    for left in ["li.mp4", "li.zip", "none.zip", "li.zip.part", "none.zip.part", "li.mp4.part"] {
        assert!(!there.path(left).exists(), "{left}");
    }
}

#[test]
fn the_log_is_the_server_s_and_goes_out_whole() {
    let (place, _vendor) = furnished();
    let served = Served::of(&place, None);
    let ok = |login: &str, line: &str| {
        let ran = place.at(&served.url(), login, line);
        assert_eq!((ran.code, ran.err.as_str()), (0, ""), "{line}: {ran:?}");
        ran.out
    };
    ok("hr", "tag 张三 客户经理 --add 远程");
    let listed = ok("auditor", "log list --action change_tags");
    assert!(listed.contains("hr") && listed.contains("完成"), "{listed}");
    let listed = ok("auditor", "log list --actor hr --action change_tags --json");
    let record: serde_json::Value = serde_json::from_str(listed.lines().next().unwrap()).unwrap();
    assert_eq!(record["entry"]["origin"], "127.0.0.1");

    let said = ok("auditor", "log export -o log.jsonl");
    let exported = fs::read_to_string(place.path("log.jsonl")).unwrap();
    assert!(said.contains(&format!("{} 行", exported.lines().count())), "{said}");
    assert!(exported.ends_with('\n') && exported.lines().all(|line| line.starts_with('{')));
    ok("auditor", "log checkpoint -o anchor");
    ok("auditor", "log verify --anchor anchor");

    let doctor = ok("admin", "doctor --everything");
    assert!(doctor.contains("全部数据") && !doctor.contains("密钥文件"), "{doctor}");
    assert!(ok("admin", "doctor --repair").contains("清除了 0 个"));
}

#[test]
fn what_persons_alone_do_is_said() {
    let (place, _vendor) = furnished();
    let served = Served::of(&place, None);
    for (login, line) in [
        ("admin", "user invite hr"),
        ("hr", "token list"),
        ("hr", "token add x --scopes read"),
        ("hr", "token remove tok_00000000000000000000000000"),
    ] {
        place.at(&served.url(), login, line).failed(4, "请登录网页操作");
    }
}
