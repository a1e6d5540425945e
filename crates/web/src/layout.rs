//! The frame of every page: what stands around its content.

use dossier_access::{Action, Reason, Role};
use dossier_domain::Language;
use maud::{DOCTYPE, Markup, html};

use crate::{
    assets::{self, Asset},
    events,
    failure::Result,
    form::TOKEN_FIELD,
    pages::session,
    person::Person,
    visitor::{Theme, Visitor},
};

/// The places that one can go to, in the order of the work.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    Candidates,
    Interviews,
    Analysis,
    Positions,
    Connections,
    Users,
    Settings,
    Log,
    Notices,
    Account,
}

impl Place {
    const NAVIGATION: [Self; 8] = [
        Self::Candidates,
        Self::Interviews,
        Self::Analysis,
        Self::Positions,
        Self::Connections,
        Self::Users,
        Self::Settings,
        Self::Log,
    ];

    fn address(self) -> &'static str {
        match self {
            Self::Interviews => "/interviews",
            Self::Candidates => "/candidates",
            Self::Analysis => "/analysis",
            Self::Positions => "/positions",
            Self::Connections => "/connections",
            Self::Users => "/users",
            Self::Settings => "/settings",
            Self::Log => "/log",
            Self::Notices => "/notices",
            Self::Account => "/account",
        }
    }

    pub(crate) fn label(self, language: Language) -> &'static str {
        let (zh, en) = match self {
            Self::Interviews => ("我的面试", "My interviews"),
            Self::Candidates => ("候选人", "Candidates"),
            Self::Analysis => ("分析", "Analysis"),
            Self::Positions => ("岗位", "Positions"),
            Self::Connections => ("集成与同步", "Connections"),
            Self::Users => ("用户与权限", "Users"),
            Self::Settings => ("设置", "Settings"),
            Self::Log => ("操作日志", "Operation log"),
            Self::Notices => ("通知", "Notices"),
            Self::Account => ("我的账号", "Account"),
        };
        language.pick(zh, en)
    }

    /// What one must be allowed to do for the place to be of use.
    fn needs(self) -> Option<Action> {
        match self {
            Self::Candidates | Self::Analysis => Some(Action::Search),
            Self::Positions => Some(Action::ManagePositions),
            Self::Connections => Some(Action::ManageConnections),
            Self::Log => Some(Action::ReadLog),
            Self::Interviews | Self::Users | Self::Settings | Self::Notices | Self::Account => None,
        }
    }

    fn is_for(self, person: &Person) -> bool {
        match self {
            Self::Interviews => {
                person.may(Action::Search) && person.ctx.actor().roles().contains(&Role::Interviewer)
            }
            Self::Users => person.ctx.actor().roles().contains(&Role::SystemAdministrator),
            Self::Settings => person.may(Action::ManageRules) || person.may(Action::ManageSignIn),
            _ => self.needs().is_none_or(|action| person.may(action)),
        }
    }

    /// Refuses whom the place is of no use: what it shows is not for them.
    pub(crate) fn admit(self, person: &Person) -> Result<()> {
        match self.is_for(person) {
            true => Ok(()),
            false => Err(dossier_archive::Error::Denied(Reason::NotYourDuty).into()),
        }
    }

    /// Where somebody's work begins.
    pub(crate) fn first_for(person: &Person) -> &'static str {
        let first = Self::NAVIGATION.into_iter().find(|place| place.is_for(person));
        first.unwrap_or(Self::Account).address()
    }
}

/// A page to be.
pub(crate) struct Page<'a> {
    visitor: &'a Visitor,
    person: Option<&'a Person>,
    place: Option<Place>,
    scripts: Vec<&'static Asset>,
    wide: bool,
    /// Where the way past the head leads, and what it is called.
    skip: Option<(&'a str, &'a str)>,
}

impl<'a> Page<'a> {
    /// A page without anybody signed in.
    pub(crate) fn plain(visitor: &'a Visitor) -> Self {
        Self { visitor, person: None, place: None, scripts: Vec::new(), wide: false, skip: None }
    }

    /// A page that is no place, for whoever it is.
    pub(crate) fn nowhere(visitor: &'a Visitor, person: Option<&'a Person>) -> Self {
        Self { person, ..Self::plain(visitor) }
    }

    /// A page of a person at a place.
    pub(crate) fn of(person: &'a Person, place: Place) -> Self {
        Self { person: Some(person), place: Some(place), ..Self::plain(&person.visitor) }
    }

    pub(crate) fn script(mut self, script: &'static Asset) -> Self {
        self.scripts.push(script);
        self
    }

    /// For tables that want the whole window.
    pub(crate) fn wide(self) -> Self {
        Self { wide: true, ..self }
    }

    /// For what has much before that which one comes for.
    pub(crate) fn skipping_to(self, place: &'a str, label: &'a str) -> Self {
        Self { skip: Some((place, label)), ..self }
    }

    pub(crate) fn render(&self, title: &str, content: &Markup) -> Markup {
        let language = self.visitor.language;
        html! {
            (DOCTYPE)
            html lang=(language.pick("zh-Hans", "en")) data-theme=(self.visitor.theme.name()) {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta name="color-scheme" content="light dark";
                    meta name="robots" content="noindex";
                    @if let Some(person) = self.person { meta name="csrf" content=(person.form_token); }
                    title { (title) " · " (language.pick("卷宗", "Dossier")) }
                    link rel="icon" href=(assets::ICON.address());
                    link rel="stylesheet" href=(assets::STYLE.address());
                    @if self.person.is_some() {
                        script type="module" src=(assets::SESSION.address()) {}
                        script type="module" src=(assets::NOTICES.address()) {}
                        script type="module" src=(assets::MENUS.address()) {}
                    }
                    @for script in &self.scripts { script type="module" src=(script.address()) {} }
                }
                body {
                    @let (place, label) = self.skip.unwrap_or(("content", language.pick("跳到正文", "Skip to the content")));
                    a.skip href={ "#" (place) } { (label) }
                    (self.head())
                    main #content.wide[self.wide] tabindex="-1" { (content) }
                    @if let Some(person) = self.person { (session::notice(person)) }
                }
            }
        }
    }

    fn head(&self) -> Markup {
        let language = self.visitor.language;
        html! {
            header.top {
                a.brand href="/" {
                    img src=(assets::ICON.address()) alt="" width="22" height="22";
                    span { "卷宗" } small { "Dossier" }
                }
                @if let Some(person) = self.person { (self.navigation(person)) }
                div.corner {
                    (self.languages())
                    @if let Some(person) = self.person { (self.bell(person)) (menu(person)) }
                    @else { (themes(self.visitor, language)) }
                }
            }
        }
    }

    fn navigation(&self, person: &Person) -> Markup {
        let language = self.visitor.language;
        html! {
            nav.places aria-label=(language.pick("主导航", "Main")) {
                @for place in Place::NAVIGATION.into_iter().filter(|place| place.is_for(person)) {
                    a href=(place.address()) aria-current=[(self.place == Some(place)).then_some("page")] {
                        (place.label(language))
                    }
                }
            }
        }
    }

    /// The way to one's notices, with how many wait.
    fn bell(&self, person: &Person) -> Markup {
        let language = self.visitor.language;
        html! {
            @if person.ctx.actor().barred().is_none() {
                a.bell href=(Place::Notices.address()) data-follow=(events::OF_NOTICES)
                    aria-current=[(self.place == Some(Place::Notices)).then_some("page")] {
                    (Place::Notices.label(language)) " "
                    span.count hidden[person.unread == 0] { (person.unread) }
                }
            }
        }
    }

    fn languages(&self) -> Markup {
        let other = match self.visitor.language {
            Language::Chinese => Language::English,
            Language::English => Language::Chinese,
        };
        html! {
            form.choice method="post" action="/choose" {
                input type="hidden" name="back" value=(self.visitor.page);
                button name="language" value=(other) lang=(other.pick("zh-Hans", "en")) { (other.pick("中文", "English")) }
            }
        }
    }
}

/// Who is signed in, and what concerns them alone.
fn menu(person: &Person) -> Markup {
    let language = person.language();
    let Some(user) = person.ctx.actor().user() else { return html! {} };
    html! {
        details.menu {
            summary { span.avatar aria-hidden="true" { (initial(user.name.as_str())) } span.name { (user.name) } }
            div.sheet {
                p.who {
                    strong { (user.name) } " " span.soft { (user.login) }
                    br;
                    span.soft {
                        @for (number, role) in user.roles.iter().enumerate() {
                            @if number > 0 { " · " }
                            (role.label(language))
                        }
                    }
                }
                (themes(&person.visitor, language))
                a href=(Place::Account.address()) { (Place::Account.label(language)) }
                form method="post" action="/sign-out" {
                    (token(person))
                    button.plain { (language.pick("退出登录", "Sign out")) }
                }
            }
        }
    }
}

fn themes(visitor: &Visitor, language: Language) -> Markup {
    html! {
        form.choice.themes method="post" action="/choose" {
            input type="hidden" name="back" value=(visitor.page);
            @for theme in Theme::ALL {
                @let (zh, en) = match theme {
                    Theme::System => ("自动", "Auto"), Theme::Light => ("浅色", "Light"), Theme::Dark => ("深色", "Dark"),
                };
                button name="theme" value=(theme.name()) aria-pressed=(visitor.theme == theme) { (language.pick(zh, en)) }
            }
        }
    }
}

/// The hidden field that shows a form to come from our own page.
pub(crate) fn token(person: &Person) -> Markup {
    html! { input type="hidden" name=(TOKEN_FIELD) value=(person.form_token); }
}

fn initial(name: &str) -> String {
    name.chars().next().map(|first| first.to_uppercase().to_string()).unwrap_or_default()
}
