//! What people read for the words of the log.

use std::collections::{BTreeMap, BTreeSet};

use dossier_access::{Action, Reason, Word, log::Outcome};
use dossier_domain::Language;

/// Steps of an action, and what ends by itself: words of the log that are no action to be allowed.
const STEPS: &[(&str, &str, &str)] = &[
    ("accept_offer", "记录：接受offer", "Record that an offer was accepted"),
    ("add_channel", "新建通知渠道", "Set up a channel"),
    ("add_evidence", "添加证明文件", "Add evidence"),
    ("apply_proposal", "采用方案", "Apply a proposal"),
    ("ask_for_code", "要求验证码", "Ask for a code"),
    ("ask_release", "申请放行批量下载", "Ask for a release"),
    ("begin_upload", "开始上传", "Begin an upload"),
    ("bind_provider", "绑定统一登录", "Bind the bank's login"),
    ("block_origin", "暂停来源地址", "Hold an address back"),
    ("change_channel", "修改通知渠道", "Change a channel"),
    ("change_credentials", "更换集成密钥", "Replace a connection’s key"),
    ("change_notice_rules", "修改通知文字", "Change what notices say"),
    ("choose_notices", "选择想收到的通知", "Choose notices"),
    ("complete_upload", "完成上传", "Complete an upload"),
    ("count_download", "计入批量下载", "Count a batch download"),
    ("decline_offer", "记录：拒绝offer", "Record that an offer was declined"),
    ("edit_position", "修改岗位", "Change a position"),
    ("end_session", "结束会话", "End a session"),
    ("end_upload", "放弃上传", "Give an upload up"),
    ("expire_upload", "清除过期的上传", "Clear an old upload"),
    ("explain_rights", "查看权限说明", "Explain rights"),
    ("extend_offer", "记录：发放offer", "Record that an offer was made"),
    ("forget_deliveries", "清除待发消息", "Forget messages of a channel"),
    ("give_up_notices", "放弃过期的消息", "Give up old messages"),
    ("hand_in_scorecard", "提交评分表", "Hand a scorecard in"),
    ("import_position", "导入岗位", "Take a position from a table"),
    ("ingest", "入档面试", "Take in an interview"),
    ("ingest_position", "入档岗位", "Take in a position"),
    ("ingest_video", "入档视频", "Take in a video"),
    ("issue_link", "生成登录链接", "Make a link"),
    ("list_assessments", "查看测评项", "See the assessments"),
    ("list_channels", "查看通知渠道", "See the channels"),
    ("list_connections", "查看集成", "See the connections"),
    ("list_interviewers", "列出面试官", "List interviewers"),
    ("list_interviews", "列出本人的面试", "List one’s interviews"),
    ("list_positions", "查看岗位", "See the positions"),
    ("list_proposals", "查看方案", "See the proposals"),
    ("list_releases", "查看放行申请", "See requests for a release"),
    ("list_saved_reports", "查看已存报表", "See the reports that are kept"),
    ("list_saved_searches", "查看已存检索", "See the searches that are kept"),
    ("list_sessions", "查看本人会话", "See one’s sessions"),
    ("list_themes", "查看词库", "See the lexicon"),
    ("list_tokens", "查看本人令牌", "See one’s tokens"),
    ("list_users", "查看用户", "See the users"),
    ("lock_account", "锁定账号", "Lock an account"),
    ("make_digest", "生成每日汇总", "Make a digest"),
    ("make_notices", "生成通知", "Make notices"),
    ("make_token", "生成令牌", "Make a token"),
    ("mark_notices_read", "标为已读", "Mark notices as read"),
    ("note_due_report", "记录到期报表", "Note that a report is due"),
    ("note_lateness", "记录资料迟到", "Note lateness"),
    ("note_sync_mended", "同步恢复", "A sync is well again"),
    ("note_sync_trouble", "同步异常", "A sync fails"),
    ("offer_second_factor", "开始设置双因素认证", "Offer a second factor"),
    ("postpone", "资料待补齐", "Postpone materials"),
    ("propose", "提出方案", "Make a proposal"),
    ("quarantine", "隔离数据", "Quarantine"),
    ("quarantine_ended", "解除隔离", "End a quarantine"),
    ("read_notice_choices", "查看通知设置", "See what is wanted of notices"),
    ("refuse_download", "拒绝批量下载", "Refuse a batch download"),
    ("reject_proposal", "否决方案", "Reject a proposal"),
    ("release_provider", "解除统一登录绑定", "Release the bank's login"),
    ("remind_of_saved_report", "设置报表提醒", "Set a report’s reminder"),
    ("remove_channel", "删除通知渠道", "Remove a channel"),
    ("remove_saved_report", "删除已存报表", "Remove a report that is kept"),
    ("remove_saved_search", "删除已存检索", "Remove a search that is kept"),
    ("remove_theme", "删除主题", "Remove a theme"),
    ("rename_saved_report", "更名已存报表", "Rename a report that is kept"),
    ("rename_saved_search", "更名已存检索", "Rename a search that is kept"),
    ("renew_recovery_codes", "更换恢复码", "New recovery codes"),
    ("reset_second_factor", "重置双因素认证", "Reset a second factor"),
    ("resume_channel", "恢复通知渠道", "Resume a channel"),
    ("retry_quarantined", "重试被隔离的数据", "Retry what is quarantined"),
    ("revoke_token", "吊销令牌", "Revoke a token"),
    ("save_report", "保存报表", "Keep a report"),
    ("save_search", "保存检索", "Keep a search"),
    ("send_notices", "发送消息", "Send messages"),
    ("session_ended", "会话失效", "A session has ended"),
    ("set_theme", "维护主题", "Keep a theme"),
    ("share_saved_report", "共享已存报表", "Share a report that is kept"),
    ("show_link", "查看登录链接", "Show a link"),
    ("show_upload", "查看上传进度", "See how far an upload is"),
    ("suggest_themes", "查看主题建议", "See what themes might be added"),
    ("suspend_channel", "暂停通知渠道", "Suspend a channel"),
    ("sync_point", "保存同步位置", "Keep the place of a sync"),
    ("test_channel", "测试通知渠道", "Test a channel"),
    ("test_connection", "测试集成连接", "Test a connection"),
    ("try_position_import", "试导入岗位", "Try a table of positions"),
    ("turn_off_second_factor", "关闭双因素认证", "Turn a second factor off"),
    ("turn_on_second_factor", "开启双因素认证", "Turn a second factor on"),
    ("unlock_account", "解除锁定", "Unlock an account"),
    ("upload_part", "上传一部分", "Upload a part"),
    ("use_recovery_code", "使用恢复码", "Use a recovery code"),
    ("view_account", "查看账号", "See an account"),
    ("view_board", "查看岗位看板", "See a board"),
    ("view_policy", "查看资料权限表", "See the policy table"),
    ("view_timeline", "查看时间线", "See a timeline"),
];

/// What is counted, and where the number stands; in English of one and of more.
const COUNTED: [(&str, &str, [&str; 2]); 22] = [
    ("applications", "{} 份应聘", ["{} application", "{} applications"]),
    ("bytes", "{} 字节", ["{} byte", "{} bytes"]),
    ("claims", "{} 项声明", ["{} claim", "{} claims"]),
    ("dropped", "未被接收 {}", ["{} not taken", "{} not taken"]),
    ("entries", "{} 条", ["{} entry", "{} entries"]),
    ("events", "{} 个事件", ["{} event", "{} events"]),
    ("hits", "命中 {}", ["{} hit", "{} hits"]),
    ("items", "{} 份资料", ["{} item", "{} items"]),
    ("late", "迟到 {}", ["{} late", "{} late"]),
    ("left", "剩余 {}", ["{} left", "{} left"]),
    ("messages", "{} 条消息", ["{} message", "{} messages"]),
    ("minutes", "{} 分钟", ["{} minute", "{} minutes"]),
    ("new", "新增 {}", ["{} new", "{} new"]),
    ("notices", "{} 条通知", ["{} notice", "{} notices"]),
    ("quarantined", "隔离 {}", ["{} quarantined", "{} quarantined"]),
    ("records", "{} 条记录", ["{} record", "{} records"]),
    ("scorecards", "{} 份评分表", ["{} scorecard", "{} scorecards"]),
    ("sent", "已送达 {}", ["{} sent", "{} sent"]),
    ("unchanged", "已有 {}", ["{} unchanged", "{} unchanged"]),
    ("updated", "更新 {}", ["{} updated", "{} updated"]),
    ("videos", "{} 个视频", ["{} video", "{} videos"]),
    ("withheld", "不再发送 {}", ["{} withheld", "{} withheld"]),
];

/// Why something was refused; a word that no rule gave stays as it is.
pub(super) fn reason(word: &Word, language: Language) -> &str {
    let known = Reason::ALL.into_iter().find(|reason| Word::from(*reason) == *word);
    known.map_or(word.as_str(), |reason| reason.label(language))
}

/// The label of each action and step.
pub(super) fn labels(language: Language) -> BTreeMap<String, String> {
    let label = |action: Action| match action.kind() {
        Some(kind) => format!("{} · {}", action.label(language), kind.label(language)),
        None => action.label(language).to_owned(),
    };
    let steps = STEPS.iter().map(|(name, zh, en)| ((*name).to_owned(), language.pick(zh, en).to_owned()));
    // An action's own label stands before that of a step of the same name.
    steps.chain(Action::all().map(|action| (action.to_string(), label(action)))).collect()
}

/// The names of the actions that the page calls so, or, if none is called just that, whose words contain it; in either
/// language and any case.
pub(super) fn names_of(word: &str) -> BTreeSet<String> {
    let asked = word.to_lowercase();
    let all = [Language::Chinese, Language::English].map(labels);
    let those = |is_so: &dyn Fn(&str) -> bool| {
        let named = all.iter().flatten().filter(|(_, label)| is_so(&label.to_lowercase()));
        named.map(|(name, _)| name.clone()).collect::<BTreeSet<_>>()
    };
    let exactly = those(&|label| label == asked);
    if exactly.is_empty() { those(&|label| label.contains(&asked)) } else { exactly }
}

/// How many of what.
pub(super) fn counted(word: &str, count: u64, language: Language) -> String {
    let known = COUNTED.iter().find(|(name, ..)| *name == word);
    known.map_or_else(
        || format!("{word} {count}"),
        |(_, zh, [one, more])| {
            let en = if count == 1 { one } else { more };
            language.pick(zh, en).replace("{}", &count.to_string())
        },
    )
}

/// The outcomes, in the order of a list.
pub(super) const OUTCOMES: [Outcome; 4] =
    [Outcome::Done, Outcome::Denied, Outcome::Failed, Outcome::Intended];

/// How it went.
pub(super) fn outcome(outcome: Outcome, language: Language) -> &'static str {
    let (zh, en) = match outcome {
        Outcome::Intended => ("开始", "begun"),
        Outcome::Done => ("完成", "done"),
        Outcome::Denied => ("拒绝", "denied"),
        Outcome::Failed => ("失败", "failed"),
    };
    language.pick(zh, en)
}

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    /// The words that the archive writes into the log after `call` and a quote.
    fn written(folder: &Path, call: &str, found: &mut BTreeSet<String>) {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                written(&path, call, found);
            } else {
                let text = fs::read_to_string(&path).unwrap();
                let words = text.split(call).skip(1).filter_map(|rest| rest.split('"').next());
                found.extend(words.map(str::to_owned));
            }
        }
    }

    fn written_by_the_archive(call: &str) -> BTreeSet<String> {
        let mut found = BTreeSet::new();
        written(&Path::new(env!("CARGO_MANIFEST_DIR")).join("../archive/src"), call, &mut found);
        found
    }

    #[test]
    fn whatever_the_archive_writes_into_the_log_has_words_in_both_languages() {
        let steps = written_by_the_archive(".part(\"");
        assert!(steps.len() > 80, "they are found where they are written: {steps:?}");
        for language in [Language::Chinese, Language::English] {
            let labels = labels(language);
            let wordless: Vec<_> = steps.iter().filter(|step| !labels.contains_key(*step)).collect();
            assert!(wordless.is_empty(), "{wordless:?}");
        }
        let counts = written_by_the_archive(".count(\"");
        let wordless: Vec<_> =
            counts.iter().filter(|count| !COUNTED.iter().any(|(name, ..)| name == count)).collect();
        assert!(counts.len() > 10 && wordless.is_empty(), "{wordless:?}");
    }

    #[test]
    fn chinese_labels_are_chinese_and_stand_once() {
        let (chinese, english) = (labels(Language::Chinese), labels(Language::English));
        for (name, label) in &chinese {
            assert!(!label.is_ascii() && !english[name].is_empty(), "{name}: {label}");
        }
    }

    #[test]
    fn actions_are_found_by_what_the_page_calls_them() {
        let of = |word: &str| names_of(word).into_iter().collect::<Vec<_>>();
        assert_eq!(of("管理岗位"), ["manage_positions"]);
        assert_eq!(of("manage POSITIONS"), ["manage_positions"]);
        assert!(of("下载资料").contains(&"download_material/video".to_owned()), "{:?}", of("下载资料"));
        let video = dossier_domain::MaterialKind::Video;
        for (language, act) in [(Language::Chinese, "下载资料"), (Language::English, "download a MATERIAL")]
        {
            assert_eq!(of(&format!("{act} · {}", video.label(language))), ["download_material/video"]);
        }
        assert!(of("download_material").is_empty());
    }

    #[test]
    fn numbers_stand_where_the_language_has_them() {
        assert_eq!(counted("notices", 6, Language::Chinese), "6 条通知");
        assert_eq!(counted("new", 6, Language::Chinese), "新增 6");
        for (word, count, said) in [
            ("notices", 6, "6 notices"),
            ("notices", 0, "0 notices"),
            ("applications", 1, "1 application"),
            ("entries", 1, "1 entry"),
            ("new", 1, "1 new"),
        ] {
            assert_eq!(counted(word, count, Language::English), said);
        }
    }
}
