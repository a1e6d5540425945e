//! `init`: a new archive and its first system administrator.
//!
//! JSON: `{"data","key_file","admin"}`; `key_file` is null where a passphrase opens the archive.

use std::{path::PathBuf, sync::Arc};

use dossier_access::{Role, RoleSet};
use dossier_archive::NewUser;
use dossier_domain::{
    Clock, SystemClock,
    text::{Login, PersonName},
};
use dossier_folder::{Caches, DataFolder, key_file};
use dossier_seal::RootKey;
use serde_json::json;

use crate::{
    args::{self, Global},
    desk::origin,
    error::{Error, Result},
    exit::Kind,
    input,
    out::Out,
    root,
    text::{Style, Text, say},
};

/// `init`
pub(super) async fn run(asked: &args::Init, global: &Global, out: &Out) -> Result<()> {
    let made = make(asked, global, Arc::new(SystemClock), out).await?;
    show(&made, global, out);
    out.document(&json!({ "data": global.data(), "key_file": made.key_file, "admin": made.admin.as_str() }));
    Ok(())
}

/// What was made.
pub(super) struct Made {
    /// Where the key is, unless a passphrase opens the archive.
    key_file: Option<PathBuf>,
    is_new_key: bool,
    admin: Login,
}

/// Makes the archive. One that a killed `init` left without any user is completed.
pub(super) async fn make(
    asked: &args::Init,
    global: &Global,
    clock: Arc<dyn Clock>,
    out: &Out,
) -> Result<Made> {
    let admin = input::text::<Login>("用户名", &asked.admin)?;
    let name = input::text::<PersonName>("姓名", asked.admin_name.as_ref().unwrap_or(&asked.admin))?;
    let folder = DataFolder::at(global.data());
    let place = (!asked.passphrase).then(|| root::key_file(global));
    let is_half_made = folder.is_archive();
    let (root, is_new_key) = match &place {
        _ if is_half_made => (root::of(global, folder.root_method()?, out)?, false),
        None => (root::from_passphrase(global, out)?, false),
        Some(file) => {
            folder.prepare()?;
            key_file::refuse_inside(file, global.data())?;
            let (key, is_new) = key_file::read_or_create(file)?;
            (Box::new(key) as Box<dyn RootKey>, is_new)
        }
    };
    if !is_half_made {
        folder.prepare()?;
        folder.create(root.as_ref())?;
    }
    let archive = folder.open_by(root.as_ref(), Caches::default(), clock).await?;
    let new = NewUser { login: admin.clone(), name, roles: RoleSet::from(Role::SystemAdministrator) };
    let added = archive.add_first_user(origin()?, new).await;
    let closed = archive.close().await;
    match added {
        Err(dossier_archive::Error::Denied(_)) => return Err(exists_already(global)),
        other => other?,
    };
    closed?;
    Ok(Made { key_file: place, is_new_key, admin })
}

fn show(made: &Made, global: &Global, out: &Out) {
    let place = global.data().display();
    let (language, admin) = (out.language, &made.admin);
    out.line(Text::of(
        Style::Good,
        say!(language, "已在 {place} 新建存档。", "A new archive is in {place}."),
    ));
    match &made.key_file {
        Some(file) => {
            let file = file.display();
            out.line(match made.is_new_key {
                true => say!(language, "密钥文件：{file}", "Key file: {file}"),
                false => say!(
                    language,
                    "沿用已有的密钥文件：{file}",
                    "The key file that was there is used: {file}"
                ),
            });
            out.line(Text::of(
                Style::Warning,
                language.pick(
                    "  没有它，谁也打不开存档。请另外备份，并移到别处保管（之后用 --key-file 指明）。",
                    "  Without it nobody opens the archive. Back it up, and keep it elsewhere (then give --key-file).",
                ),
            ));
        }
        None => out.line(language.pick(
            "口令无法找回：忘记口令，就再也打不开存档。",
            "The passphrase can't be recovered: without it nobody opens the archive.",
        )),
    }
    out.line(say!(
        language,
        "下一步，添加HR管理员：dossier user add hr --name 姓名 --roles hr --as {admin}",
        "Next, add an HR administrator: dossier user add hr --name NAME --roles hr --as {admin}"
    ));
}

fn exists_already(global: &Global) -> Error {
    let place = global.data().display();
    Error::new(
        Kind::Conflict,
        format!("{place} 中已有存档，没有改动；请换一个目录"),
        format!("there is an archive in {place} already; nothing was changed, choose another folder"),
    )
}
