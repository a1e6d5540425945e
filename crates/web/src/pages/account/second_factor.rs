//! The second factor: codes of an authenticator program.

use dossier_archive::{AccountView, SecondFactorOffer};
use dossier_domain::{BankZone, Language};
use maud::{Markup, html};
use qrcodegen::{QrCode, QrCodeEcc};

use crate::{
    failure::Failure,
    layout::token,
    parts::{self, Mistakes, checked},
    person::Person,
};

pub(super) fn card(account: &AccountView, wrong: Mistakes<'_>, person: &Person, zone: BankZone) -> Markup {
    let language = person.language();
    html! {
        form.card method="post" {
            (token(person))
            (super::username(account))
            h2 { (language.pick("双因素认证", "Second factor")) }
            @match account.second_factor_since {
                None => p.soft { (language.pick("未设置。登录时除密码外，再输入手机上的六位验证码，账号会安全得多。",
                    "Not set up. With a code from your telephone beside the password, your account is much safer.")) },
                Some(since) => p {
                    span.good { (language.pick("已设置", "set up")) } " " (parts::time(since, zone)) " "
                    span.soft { (language.pick("，剩余恢复码 ", ", recovery codes left: ")) (account.recovery_codes_left) }
                },
            }
            @if account.password_since.is_some() {
                (checked(language.pick("密码", "Password"), &html! {
                    input type="password" name="password" required maxlength="256" autocomplete="current-password" {}
                }, None, wrong.of_field("second").as_deref()))
            } @else {
                p.hint { (language.pick("您通过统一登录登录，没有本系统的密码：请在登录后十分钟内操作，过后须退出并重新登录。",
                    "You come from the bank’s login and have no password here: do this within ten minutes after signing in, else sign out and in again.")) }
            }
            @if account.second_factor_since.is_none() {
                button.primary name="act" value="offer" { (language.pick("开始设置", "Set it up")) }
            } @else {
                div.buttons {
                    button name="act" value="renew" { (language.pick("更换恢复码", "New recovery codes")) }
                    button.danger name="act" value="off" { (language.pick("关闭", "Turn it off")) }
                }
            }
        }
    }
}

/// The secret to be read by the authenticator program.
pub(super) fn offer(offer: &SecondFactorOffer, mistake: Option<&Failure>, person: &Person) -> Markup {
    let language = person.language();
    html! {
        form.card method="post" {
            (token(person))
            h2 { (language.pick("双因素认证", "Second factor")) }
            p { (language.pick("用验证器应用扫描，然后输入它显示的六位数字。", "Scan this with an authenticator program, then enter the six digits that it shows.")) }
            (picture(&offer.uri, language))
            p.soft { (language.pick("不能扫描时，手工输入：", "Or type: ")) code.secret { (offer.secret) } }
            // The offer is shown again after a wrong code, to who has it already.
            input type="hidden" name="secret" value=(offer.secret) {}
            (checked(language.pick("六位验证码", "Six digits"), &html! {
                input name="code" required autofocus autocomplete="one-time-code" inputmode="numeric" maxlength="20"
                    aria-invalid=[mistake.map(|_| "true")] {}
            }, None, mistake.map(|failure| failure.detail(language)).as_deref()))
            button.primary name="act" value="confirm" { (language.pick("确认", "Confirm")) }
        }
    }
}

fn picture(uri: &str, language: Language) -> Markup {
    const QUIET: i32 = 4;
    let Ok(code) = QrCode::encode_text(uri, QrCodeEcc::Medium) else { return html! {} };
    let size = code.size();
    let dark =
        (0..size).flat_map(|y| (0..size).map(move |x| (x, y))).filter(|(x, y)| code.get_module(*x, *y));
    let path: String = dark.map(|(x, y)| format!("M{} {}h1v1h-1z", x + QUIET, y + QUIET)).collect();
    let whole = size + 2 * QUIET;
    html! {
        svg.qr viewBox={ "0 0 " (whole) " " (whole) } role="img" aria-label=(language.pick("二维码", "QR code")) {
            rect width=(whole) height=(whole) fill="#fff" {}
            path d=(path) fill="#000" {}
        }
    }
}

/// The recovery codes, shown once.
pub(super) fn codes(codes: &[String], language: Language) -> Markup {
    html! {
        div.notice.good role="status" {
            p { strong { (language.pick("双因素认证已生效。", "The second factor holds from now on. ")) }
                (language.pick("请抄下这些恢复码，妥善保管；每个只能用一次，离开本页后不再显示：",
                    "Write these recovery codes down and keep them safe; each is good once, and they are not shown again:")) }
            ol.codes { @for code in codes { li { code { (code) } } } }
        }
    }
}
