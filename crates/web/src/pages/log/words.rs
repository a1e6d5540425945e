//! What people read for the words of the log.

use std::collections::BTreeMap;

use dossier_access::{Action, Reason, Word};
use dossier_domain::Language;

/// Steps of an action, and what ends by itself: words of the log that are no action to be allowed.
const STEPS: &[(&str, &str, &str)] = &[
    ("accept_offer", "记录：接受offer", "Record that an offer was accepted"),
    ("add_channel", "新建通知渠道", "Set up a channel"),
    ("add_evidence", "添加证明文件", "Add evidence"),
    ("ask_for_code", "要求验证码", "Ask for a code"),
    ("ask_release", "申请放行批量下载", "Ask for a release"),
    ("bind_provider", "绑定统一登录", "Bind the bank's login"),
    ("block_origin", "暂停来源地址", "Hold an address back"),
    ("change_channel", "修改通知渠道", "Change a channel"),
    ("change_notice_rules", "修改通知文字", "Change what notices say"),
    ("choose_notices", "选择想收到的通知", "Choose notices"),
    ("count_download", "计入批量下载", "Count a batch download"),
    ("decline_offer", "记录：拒绝offer", "Record that an offer was declined"),
    ("edit_position", "修改岗位", "Change a position"),
    ("end_session", "结束会话", "End a session"),
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
    ("list_channels", "查看通知渠道", "See the channels"),
    ("list_interviewers", "列出面试官", "List interviewers"),
    ("list_interviews", "列出本人的面试", "List one’s interviews"),
    ("list_releases", "查看放行申请", "See requests for a release"),
    ("list_saved_searches", "查看已存检索", "See the searches that are kept"),
    ("list_themes", "查看词库", "See the lexicon"),
    ("lock_account", "锁定账号", "Lock an account"),
    ("make_digest", "生成每日汇总", "Make a digest"),
    ("make_notices", "生成通知", "Make notices"),
    ("make_token", "生成令牌", "Make a token"),
    ("mark_notices_read", "标为已读", "Mark notices as read"),
    ("note_lateness", "记录资料迟到", "Note lateness"),
    ("note_sync_mended", "同步恢复", "A sync is well again"),
    ("note_sync_trouble", "同步异常", "A sync fails"),
    ("offer_second_factor", "开始设置双因素认证", "Offer a second factor"),
    ("postpone", "资料待补齐", "Postpone materials"),
    ("quarantine", "隔离数据", "Quarantine"),
    ("quarantine_ended", "解除隔离", "End a quarantine"),
    ("read_notice_choices", "查看通知设置", "See what is wanted of notices"),
    ("refuse_download", "拒绝批量下载", "Refuse a batch download"),
    ("release_provider", "解除统一登录绑定", "Release the bank's login"),
    ("remove_channel", "删除通知渠道", "Remove a channel"),
    ("remove_saved_search", "删除已存检索", "Remove a search that is kept"),
    ("remove_theme", "删除主题", "Remove a theme"),
    ("rename_saved_search", "更名已存检索", "Rename a search that is kept"),
    ("renew_recovery_codes", "更换恢复码", "New recovery codes"),
    ("reset_second_factor", "重置双因素认证", "Reset a second factor"),
    ("resume_channel", "恢复通知渠道", "Resume a channel"),
    ("retry_quarantined", "重试被隔离的数据", "Retry what is quarantined"),
    ("revoke_token", "吊销令牌", "Revoke a token"),
    ("save_search", "保存检索", "Keep a search"),
    ("send_notices", "发送消息", "Send messages"),
    ("session_ended", "会话失效", "A session has ended"),
    ("set_theme", "维护主题", "Keep a theme"),
    ("show_link", "查看登录链接", "Show a link"),
    ("suggest_themes", "查看主题建议", "See what themes might be added"),
    ("suspend_channel", "暂停通知渠道", "Suspend a channel"),
    ("sync_point", "保存同步位置", "Keep the place of a sync"),
    ("test_channel", "测试通知渠道", "Test a channel"),
    ("try_position_import", "试导入岗位", "Try a table of positions"),
    ("turn_off_second_factor", "关闭双因素认证", "Turn a second factor off"),
    ("turn_on_second_factor", "开启双因素认证", "Turn a second factor on"),
    ("unlock_account", "解除锁定", "Unlock an account"),
    ("use_recovery_code", "使用恢复码", "Use a recovery code"),
    ("view_account", "查看账号", "See an account"),
    ("view_board", "查看岗位看板", "See a board"),
    ("view_policy", "查看资料权限表", "See the policy table"),
    ("view_timeline", "查看时间线", "See a timeline"),
];

/// What is counted.
const COUNTED: [(&str, &str, &str); 22] = [
    ("applications", "份应聘", "applications"),
    ("bytes", "字节", "bytes"),
    ("claims", "项声明", "claims"),
    ("dropped", "未被接收", "not taken"),
    ("entries", "条目", "entries"),
    ("events", "个事件", "events"),
    ("hits", "命中", "hits"),
    ("items", "份资料", "items"),
    ("late", "迟到", "late"),
    ("left", "剩余", "left"),
    ("messages", "条消息", "messages"),
    ("minutes", "分钟", "minutes"),
    ("new", "新增", "new"),
    ("notices", "条通知", "notices"),
    ("quarantined", "隔离", "quarantined"),
    ("records", "记录", "records"),
    ("scorecards", "份评分表", "scorecards"),
    ("sent", "已送达", "sent"),
    ("unchanged", "已有", "unchanged"),
    ("updated", "更新", "updated"),
    ("videos", "视频", "videos"),
    ("withheld", "不再发送", "withheld"),
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

/// What a count is of.
pub(super) fn counted(word: &str, language: Language) -> &str {
    COUNTED.iter().find(|(name, ..)| *name == word).map_or(word, |(_, zh, en)| language.pick(zh, en))
}
