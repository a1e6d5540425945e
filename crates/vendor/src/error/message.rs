//! The sentences of [`Error`] in both languages.

use dossier_domain::Language;

use super::{
    AuthProblem, ConfigurationProblem, Error, Got, LimitScope, Malformed, Phrase, Trouble, WebhookProblem,
};

/// The sentence of `error`.
pub(super) fn of(error: &Error, language: Language) -> String {
    let fixed = match error {
        Error::RateLimited { retry_after, scope } => return limited(*retry_after, *scope, language),
        Error::Transient { trouble, .. } => return transient(*trouble, language),
        Error::Configuration(problem) => return configuration(problem, language),
        Error::Malformed(malformed) => return malformed_spot(malformed, language),
        Error::NotReady => Phrase::new(
            "供应商尚未处理完这场面试，稍后会自动再取",
            "the vendor has not finished this interview yet; it is fetched again later",
        ),
        Error::Auth(problem) => auth(*problem),
        Error::Permission => Phrase::new(
            "密钥有效，但无权执行此操作；请在供应商后台为密钥开通权限",
            "the key is valid but may not do this; grant it the right in the vendor's console",
        ),
        Error::NotFound => Phrase::new("供应商没有这条记录", "the vendor does not know this record"),
        Error::Gone => Phrase::new("供应商已删除这条记录", "the vendor has deleted this record"),
        Error::CursorExpired => Phrase::new(
            "供应商不再接受上次的同步位置；需要完整同步",
            "the vendor no longer accepts the last sync point; a full sync is needed",
        ),
        Error::Webhook(problem) => webhook(*problem),
    };
    fixed.text(language).to_owned()
}

fn limited(retry_after: Option<std::time::Duration>, scope: LimitScope, language: Language) -> String {
    let what = match scope {
        LimitScope::Connection => Phrase::new("供应商限制了请求频率", "the vendor limits our requests"),
        LimitScope::Endpoint => {
            Phrase::new("供应商限制了此接口的请求频率", "the vendor limits requests to this endpoint")
        }
    }
    .text(language);
    match (retry_after.map(|wait| wait.as_secs_f64().ceil()), language) {
        (Some(seconds), Language::Chinese) => format!("{what}，{seconds} 秒后重试"),
        (Some(seconds), Language::English) => format!("{what}; trying again in {seconds} s"),
        (None, Language::Chinese) => format!("{what}，稍后重试"),
        (None, Language::English) => format!("{what}; trying again later"),
    }
}

fn transient(trouble: Trouble, language: Language) -> String {
    let what = match trouble {
        Trouble::Connect => Phrase::new("无法连接供应商", "the vendor can't be reached"),
        Trouble::Timeout => Phrase::new("供应商没有及时应答", "the vendor did not answer in time"),
        Trouble::Status(status) => return vendor_failed(status, language),
        Trouble::Cut => Phrase::new("供应商的应答中途断开", "the vendor's answer broke off"),
        Trouble::LinkRefused => Phrase::new(
            "媒体链接被拒绝，多半已过期",
            "the link to the media was refused; it has probably expired",
        ),
        Trouble::MediaChanged => {
            Phrase::new("下载期间媒体文件发生了变化", "the media changed while it was downloaded")
        }
        Trouble::LengthDisagrees => Phrase::new(
            "媒体文件的长度与供应商所报不符",
            "the media's length is not what the vendor announced",
        ),
    };
    match language {
        Language::Chinese => format!("{}，稍后重试", what.zh),
        Language::English => format!("{}; trying again later", what.en),
    }
}

fn vendor_failed(status: u16, language: Language) -> String {
    match language {
        Language::Chinese => format!("供应商内部出错（HTTP {status}），稍后重试"),
        Language::English => format!("the vendor failed (HTTP {status}); trying again later"),
    }
}

fn auth(problem: AuthProblem) -> Phrase {
    match problem {
        AuthProblem::Key => Phrase::new(
            "供应商不接受此 API 密钥；请检查密钥是否抄错或已被撤销",
            "the vendor does not accept the API key; check whether it was mistyped or withdrawn",
        ),
        AuthProblem::Scope => Phrase::new(
            "API 密钥缺少所需的权限范围；请在供应商后台补上",
            "the API key lacks a scope; add it in the vendor's console",
        ),
        AuthProblem::Address => Phrase::new(
            "本机地址不在供应商的白名单中；请在供应商后台添加",
            "our address is not on the vendor's list; add it in the vendor's console",
        ),
        AuthProblem::Expired => Phrase::new(
            "API 密钥已过期；请向供应商申请新密钥",
            "the API key has expired; ask the vendor for a new one",
        ),
        AuthProblem::Clock => Phrase::new(
            "本机时钟与供应商相差过大；请校准时钟",
            "our clock and the vendor's differ too much; set the clock right",
        ),
    }
}

fn configuration(problem: &ConfigurationProblem, language: Language) -> String {
    use ConfigurationProblem as P;
    match (problem, language) {
        (P::UnknownVendor(name), Language::Chinese) => format!("没有名为“{name}”的供应商适配器"),
        (P::UnknownVendor(name), Language::English) => format!("there is no adapter for a vendor `{name}`"),
        (P::Setting { name, expected }, Language::Chinese) => format!("设置项 {name} 应为{}", expected.zh),
        (P::Setting { name, expected }, Language::English) => {
            format!("the setting {name} must be {}", expected.en)
        }
        (P::HostNotListed(host), Language::Chinese) => {
            format!("供应商给出的链接指向 {host}，它不在此集成的主机列表中；若可信，请加入 media_hosts")
        }
        (P::HostNotListed(host), Language::English) => {
            format!(
                "a link leads to {host}, which this connection does not list; add it to media_hosts if you trust it"
            )
        }
        (P::NotEncrypted(host), Language::Chinese) => format!("到 {host} 的链接未加密；只允许 https"),
        (P::NotEncrypted(host), Language::English) => {
            format!("the link to {host} is not encrypted; only https is allowed")
        }
        (P::AddressForbidden(host), Language::Chinese) => {
            format!("{host} 指向内部网络地址，供应商不会在那里；请检查基础地址")
        }
        (P::AddressForbidden(host), Language::English) => {
            format!(
                "{host} stands for an address of an inner network, where no vendor is; check the base URL"
            )
        }
        (P::Redirected(status), Language::Chinese) => {
            format!("供应商把请求转向别处（HTTP {status}）；请把基础地址改为最终地址")
        }
        (P::Redirected(status), Language::English) => {
            format!(
                "the vendor sends us on to another place (HTTP {status}); set the base URL to the final one"
            )
        }
        (P::RequestRefused(status), Language::Chinese) => {
            format!("供应商拒绝了请求（HTTP {status}）；请检查基础地址与设置")
        }
        (P::RequestRefused(status), Language::English) => {
            format!("the vendor refuses the request (HTTP {status}); check the base URL and the settings")
        }
        (P::Tls, Language::Chinese) => "本机没有可用的根证书；请安装 ca-certificates".to_owned(),
        (P::Tls, Language::English) => {
            "this machine has no usable root certificates; install ca-certificates".to_owned()
        }
    }
}

fn webhook(problem: WebhookProblem) -> Phrase {
    match problem {
        WebhookProblem::NotConfigured => Phrase::new(
            "此集成没有设置 webhook 密钥，无法核验通知",
            "the connection has no webhook secret, so that notices can't be verified",
        ),
        WebhookProblem::Unsigned => Phrase::new("通知没有签名", "the notice is not signed"),
        WebhookProblem::Signature => Phrase::new("通知的签名不对", "the notice's signature is wrong"),
        WebhookProblem::Time => {
            Phrase::new("通知的时间与本机相差过大", "the notice's time lies too far from ours")
        }
        WebhookProblem::Content => Phrase::new("通知的内容无法理解", "the notice's content makes no sense"),
    }
}

fn malformed_spot(malformed: &Malformed, language: Language) -> String {
    let Malformed { pointer, expected, got } = malformed;
    let got = found(got, language);
    match (language, pointer.as_str()) {
        (Language::Chinese, "") => format!("供应商的数据应为{}，实际是{got}", expected.zh),
        (Language::English, "") => format!("the vendor's data should be {} but is {got}", expected.en),
        (Language::Chinese, spot) => format!("供应商数据的 {spot} 处应为{}，实际是{got}", expected.zh),
        (Language::English, spot) => {
            format!("the vendor's data at {spot} should be {} but is {got}", expected.en)
        }
    }
}

fn found(got: &Got, language: Language) -> String {
    match (got, language) {
        (Got::Nothing, _) => language.pick("空缺", "missing").to_owned(),
        (Got::Null, _) => "null".to_owned(),
        (Got::Boolean, _) => language.pick("真假值", "true or false").to_owned(),
        (Got::Number, _) => language.pick("不合要求的数值", "a number that does not fit").to_owned(),
        (Got::Repeated, _) => language.pick("此前已有的内容", "a repetition of what came before").to_owned(),
        (Got::Object, _) => language.pick("对象", "an object").to_owned(),
        (Got::Text(length), Language::Chinese) => format!("{length} 个字符的文本"),
        (Got::Text(length), Language::English) => format!("a text of {length} characters"),
        (Got::List(length), Language::Chinese) => format!("{length} 项的列表"),
        (Got::List(length), Language::English) => format!("a list of {length} entries"),
        (Got::NotJson { line, column }, Language::Chinese) => {
            format!("无法解析的内容（第 {line} 行第 {column} 列）")
        }
        (Got::NotJson { line, column }, Language::English) => {
            format!("not readable from line {line}, column {column} on")
        }
        (Got::Media(media_type), Language::Chinese) => format!("{media_type} 类型的内容"),
        (Got::Media(media_type), Language::English) => format!("content of type {media_type}"),
        (Got::MoreThan(bytes), Language::Chinese) => format!("超过 {bytes} 字节"),
        (Got::MoreThan(bytes), Language::English) => format!("larger than {bytes} bytes"),
    }
}
