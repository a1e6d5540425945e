//! The sentences in Chinese for failures below the use cases: what is wrong, where, and what to do.

use dossier_access::Error as Access;
use dossier_domain::Language;
use dossier_seal::Error as Seal;
use dossier_search::ErrorKind as IndexKind;
use dossier_storage::Error as Storage;

/// A failure of the keys or of sealed bytes.
pub(super) fn seal(error: &Seal) -> String {
    match error {
        Seal::WrongKeyFile { expected, given } => {
            format!("这是另一个存档的密钥文件：本存档要 {expected}，该文件是 {given}")
        }
        Seal::WrongPassphrase => "口令不对".to_owned(),
        Seal::OtherRootMethod { .. } => "本存档要用另一种方式打开（密钥文件与口令二者之一）".to_owned(),
        Seal::NotAKeyFile => "这不是卷宗的密钥文件".to_owned(),
        Seal::Damaged { what, .. } => format!("{}已损坏，请从备份恢复", thing(what)),
        Seal::Newer { what, .. } => format!("{}由更新版本的卷宗写成，请升级后再打开", thing(what)),
        Seal::Unauthentic { what } => format!("{}打不开：被改动过，或不属于这里，或密钥不同", thing(what)),
        Seal::BadChunk { index } => format!("加密文件第 {index} 块打不开：被改动、移位或截断"),
        Seal::UnknownEpoch { epoch } => format!("密钥环里没有第 {epoch} 期的密钥"),
        Seal::CurrentEpoch { epoch } => format!("第 {epoch} 期密钥正在使用，请先轮换"),
        Seal::Entropy => "操作系统未能给出随机数，请重试".to_owned(),
        other => format!("加密出错：{other}"),
    }
}

fn thing(what: &str) -> &str {
    match what {
        "keyring" => "密钥环文件（keyring）",
        "key file" => "密钥文件",
        "record" => "记录",
        other => other,
    }
}

/// A failure of records or blobs.
pub(super) fn storage(error: &Storage) -> String {
    match error {
        Storage::Conflict { .. } => "他人同时修改了同一内容，请重试".to_owned(),
        Storage::TooLarge { length, limit, .. } => format!("内容有 {length} 字节，超过上限 {limit}"),
        Storage::Erased { .. } => "该候选人的资料已被清除，不能再写入".to_owned(),
        Storage::Damaged { key, .. } => format!("记录 {key} 已损坏，请从备份恢复"),
        Storage::DamagedBlob { blob, chunk: Some(chunk), .. } => {
            format!("文件 {blob} 的第 {chunk} 块已损坏，请从备份恢复")
        }
        Storage::DamagedBlob { blob, .. } => format!("文件 {blob} 已损坏，请从备份恢复"),
        Storage::MissingBlob { blob } => format!("文件 {blob} 不见了，请从备份恢复"),
        Storage::OutOfRange { length, .. } => format!("所取范围超出文件（共 {length} 字节）"),
        Storage::Input { .. } => "来源中断，未保存任何内容".to_owned(),
        Storage::Locked { place } => format!("{place} 正被另一进程使用；等它结束，或换一个数据目录"),
        Storage::Unreadable { place, .. } => format!("{place} 打不开：文件已损坏或版本不同，请从备份恢复"),
        Storage::Stopped { .. } => {
            "此前一次写盘失败，存储已停止接受写入；请腾出空间或修复磁盘，然后重新运行".to_owned()
        }
        other => format!("存储出错：{}", super::with_sources(other)),
    }
}

/// A failure of the search index.
pub(super) fn index(error: &dossier_search::Error) -> String {
    match error.kind() {
        IndexKind::WrongKey | IndexKind::Rebuild => {
            "检索索引已损坏；可用 dossier index rebuild 重建，数据不受影响".to_owned()
        }
        IndexKind::Locked => "检索索引正被另一进程写入，请稍后再试".to_owned(),
        IndexKind::Invalid => "翻页位置不属于这次检索，请从第一页开始".to_owned(),
        _ => format!("检索索引写入中断（磁盘可能已满），数据不受影响：{}", super::with_sources(error)),
    }
}

/// What is wrong with roles, scopes and rights, or with the log.
pub(super) fn access(error: &Access) -> String {
    let zh = Language::Chinese;
    match error {
        Access::UnknownRole(name) => format!("没有“{name}”这个角色"),
        Access::NoRole => "请至少选择一个角色".to_owned(),
        Access::ExclusiveRole(role) => {
            format!("{}不能兼任其他角色：系统管理、审计与业务职责须分开", role.label(zh))
        }
        Access::UnknownScope(name) => format!("没有“{name}”这个令牌权限"),
        Access::NoScope => "请至少为令牌选择一项权限".to_owned(),
        Access::UnknownSight(name) => format!("“{name}”不是可选的权限：不可见、可查看、可下载"),
        Access::OutsideLimits(cell) => format!(
            "不能这样授权：在“{}”阶段，{}不得查看或带走{}",
            cell.stage.label(zh),
            cell.role.label(zh),
            cell.kind.label(zh)
        ),
        Access::NotAWord { text } => format!("“{text}”不可用：只能是字母、数字和 _-.:/"),
        Access::NotADigest => "哈希须是 64 位小写十六进制数".to_owned(),
        Access::NotAKey => "公钥须是 64 位小写十六进制数".to_owned(),
        Access::Entropy(_) => "操作系统未能给出随机数，请重试".to_owned(),
        Access::PasswordCost => "无法按此强度保存密码".to_owned(),
        Access::Record(_) => "操作日志的一条记录已损坏".to_owned(),
        Access::Checkpoint(_) => "这不是操作日志的检查点".to_owned(),
        Access::Frontier => "操作日志的校验数据已损坏".to_owned(),
        Access::SigningKey => "操作日志的签名密钥无法使用".to_owned(),
        other => format!("出错：{}", super::with_sources(other)),
    }
}
