//! Who may ask for what: a row for every method of every address. A new one without a row fails the test in `routes`.

use Who::{Anyone, ByDoor, Page, Program};

/// Who is let in.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Who {
    /// Whoever comes, signed in or not.
    Anyone,
    /// Whoever proves themselves otherwise: by a link, a signature.
    ByDoor,
    /// A page: these users, with their sign-in names.
    Page(&'static [&'static str]),
    /// The API: these users.
    Program(&'static [&'static str]),
}

/// One method of one address.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) method: &'static str,
    pub(crate) address: &'static str,
    pub(crate) who: Who,
    /// What is sent along: a form, or JSON.
    pub(crate) body: &'static str,
}

const ALL: &[&str] = &["admin", "hr", "li", "checker", "auditor"];
const HR: &[&str] = &["hr"];
const ADMIN: &[&str] = &["admin"];
const AUDITOR: &[&str] = &["auditor"];
const VENDORS: &[&str] = &["hr", "admin"];
const SEARCH: &[&str] = &["hr", "li", "checker"];

const fn row(method: &'static str, address: &'static str, who: Who, body: &'static str) -> Row {
    Row { method, address, who, body }
}

pub(crate) const ROWS: &[Row] = &[
    row("GET", "/", Page(ALL), ""),
    row("POST", "/choose", Anyone, "language=en"),
    row("GET", "/sign-in", Anyone, ""),
    row("POST", "/sign-in", ByDoor, "login=hr&password=wrong"),
    // Without a provider there is no way to it; `provider` in the tests has one.
    row("GET", "/sign-in/provider", ByDoor, ""),
    row("GET", "/sign-in/provider/return", ByDoor, ""),
    row("GET", "/session", Page(ALL), ""),
    row("POST", "/session", Page(ALL), ""),
    row("POST", "/sign-out", Page(ALL), ""),
    row("GET", "/welcome/{link}", ByDoor, ""),
    row("POST", "/welcome/{link}", ByDoor, "password=x&again=x"),
    row("GET", "/candidates", Page(SEARCH), ""),
    row("GET", "/candidates/refine", Page(ALL), ""),
    row("GET", "/candidates/values", Page(SEARCH), ""),
    row("POST", "/candidates/saved", Page(SEARCH), "act=save&name=x&q=x"),
    row("POST", "/fetch", Page(SEARCH), "application={application}&contents=supplement&reason=test"),
    row("GET", "/applications/{application}", Page(HR), ""),
    row("GET", "/applications/{application}/interview", Page(HR), ""),
    // Who writes a scorecard is an interviewer of the position, and here there is none.
    row("POST", "/applications/{application}/interview", Page(&[]), "act=save"),
    row("GET", "/interviews", Page(&["li"]), ""),
    row("POST", "/applications/{application}/stage", Page(HR), "from=ai_interview&to=human_interview"),
    row("POST", "/applications/{application}/tags", Page(HR), "add=new"),
    row("POST", "/applications/{application}/upload", Page(HR), "file"),
    row("GET", "/applications/{application}/materials/{material}", Page(HR), ""),
    row("GET", "/applications/{application}/materials/{material}/captions.vtt", Page(HR), ""),
    row("GET", "/analysis", Page(SEARCH), ""),
    row("GET", "/analysis/export", Page(SEARCH), ""),
    row("GET", "/lexicon", Page(SEARCH), ""),
    row("POST", "/lexicon", Page(HR), "act=set&name=x"),
    row("GET", "/positions", Page(HR), ""),
    row("POST", "/positions", Page(HR), "act=close&position=nowhere"),
    row("GET", "/positions/{position}/board", Page(HR), ""),
    row("POST", "/positions/{position}/board", Page(HR), "application={application}&to=offer"),
    row("GET", "/connections", Page(VENDORS), ""),
    row("POST", "/connections", Page(VENDORS), "name=x&vendor=ribbon&key=k"),
    row("GET", "/connections/{connection}", Page(VENDORS), ""),
    row("POST", "/connections/{connection}", Page(VENDORS), "act=suspend"),
    row("GET", "/users", Page(ADMIN), ""),
    row("POST", "/users", Page(ADMIN), "act=suspend&login=nobody"),
    row("GET", "/settings", Page(&["hr", "admin"]), ""),
    row("POST", "/settings", Page(ADMIN), "act=sign-in&idle_minutes=30&longest_hours=12"),
    row("GET", "/log", Page(AUDITOR), ""),
    row("GET", "/log/export", Page(AUDITOR), ""),
    row("GET", "/account", Page(ALL), ""),
    row("POST", "/account", Page(ALL), "act=none"),
    row("POST", "/hooks/{connection}", ByDoor, "{}"),
    row("GET", "/assets/{version}/{name}", Anyone, ""),
    row("GET", "/health", Anyone, ""),
    row("GET", "/ready", Anyone, ""),
    row("GET", "/metrics", Anyone, ""),
    row("GET", "/api", Anyone, ""),
    row("GET", "/api/openapi.json", Anyone, ""),
    row("GET", "/problems/{name}", Anyone, ""),
    row("GET", "/api/v1/applications", Program(SEARCH), ""),
    row("GET", "/api/v1/applications/{application}", Program(HR), ""),
    row("POST", "/api/v1/applications/{application}/tags", Program(HR), r#"{"add":["new"]}"#),
    row(
        "POST",
        "/api/v1/applications/{application}/stage",
        Program(HR),
        r#"{"to":"offer","outcome":"passed"}"#,
    ),
    row("POST", "/api/v1/applications/{application}/stage/undo", Program(HR), "{}"),
    row("GET", "/api/v1/applications/{application}/events", Program(HR), ""),
    row("POST", "/api/v1/moves", Program(ALL), r#"{"applications":[],"to":"offer"}"#),
    row("GET", "/api/v1/positions/{position}/board", Program(HR), ""),
    row("GET", "/api/v1/positions/{position}/events", Program(HR), ""),
    row("POST", "/api/v1/positions/{position}/suggestions", Program(HR), r#"{"from":"ai_interview"}"#),
    row("GET", "/api/v1/me/interviews/events", Program(SEARCH), ""),
    row("GET", "/api/v1/applications/{application}/scorecards", Program(HR), ""),
    row("PUT", "/api/v1/applications/{application}/scorecards/mine", Program(&[]), "{}"),
    row("GET", "/api/v1/me/interviews", Program(SEARCH), ""),
    row("POST", "/api/v1/applications/{application}/materials", Program(HR), "%PDF-1.7"),
    row("GET", "/api/v1/applications/{application}/materials/{material}", Program(HR), ""),
    row("OPTIONS", "/api/v1/applications/{application}/uploads", Program(ALL), ""),
    row("POST", "/api/v1/applications/{application}/uploads", Program(HR), ""),
    row("HEAD", "/api/v1/applications/{application}/uploads/{upload}", Program(HR), ""),
    row("GET", "/api/v1/applications/{application}/uploads/{upload}", Program(HR), ""),
    row("PATCH", "/api/v1/applications/{application}/uploads/{upload}", Program(HR), "%PDF-1.7"),
    row("DELETE", "/api/v1/applications/{application}/uploads/{upload}", Program(HR), ""),
    row("GET", "/api/v1/saved-searches", Program(SEARCH), ""),
    row("POST", "/api/v1/saved-searches", Program(SEARCH), r#"{"name":"x","query":"x"}"#),
    row("PUT", "/api/v1/saved-searches/{search}/name", Program(SEARCH), r#"{"name":"y"}"#),
    row("DELETE", "/api/v1/saved-searches/{search}", Program(SEARCH), ""),
    row("GET", "/api/v1/folders", Program(SEARCH), ""),
    row("GET", "/api/v1/reports", Program(ALL), ""),
    row("GET", "/api/v1/reports/{measure}", Program(SEARCH), ""),
    row("GET", "/api/v1/themes", Program(SEARCH), ""),
    row("GET", "/api/v1/themes/suggestions", Program(SEARCH), ""),
    row("PUT", "/api/v1/themes/{theme}", Program(HR), "{}"),
    row("DELETE", "/api/v1/themes/{theme}", Program(HR), ""),
    // Whoever searches may ask; each file is decided for itself, and who may see nothing finds nothing.
    row("POST", "/api/v1/fetch", Program(SEARCH), r#"{"contents":["supplement"],"reason":"test"}"#),
    // A ZIP is for whoever began it; here it is nobody's.
    row("GET", "/api/v1/fetch/{fetch}", Program(&[]), ""),
    row("GET", "/api/v1/positions", Program(HR), ""),
    row("POST", "/api/v1/positions", Program(HR), r#"{"name":"new"}"#),
    row("GET", "/api/v1/positions/{position}", Program(HR), ""),
    row("PUT", "/api/v1/positions/{position}/branch", Program(HR), r#"{"branch":"x"}"#),
    row("POST", "/api/v1/positions/{position}/close", Program(HR), ""),
    row("POST", "/api/v1/positions/{position}/open", Program(HR), ""),
    row("PUT", "/api/v1/positions/{position}/interviewers/{login}", Program(HR), ""),
    row("DELETE", "/api/v1/positions/{position}/interviewers/{login}", Program(HR), ""),
    row("GET", "/api/v1/connections", Program(VENDORS), ""),
    row("POST", "/api/v1/connections", Program(VENDORS), r#"{"name":"x","vendor":"ribbon","api_key":"k"}"#),
    row("GET", "/api/v1/connections/{connection}", Program(VENDORS), ""),
    row("DELETE", "/api/v1/connections/{connection}", Program(VENDORS), ""),
    row("POST", "/api/v1/connections/{connection}/test", Program(VENDORS), ""),
    row("PUT", "/api/v1/connections/{connection}/fields", Program(VENDORS), r#"{"fields":["video"]}"#),
    row("POST", "/api/v1/connections/{connection}/suspend", Program(VENDORS), ""),
    row("POST", "/api/v1/connections/{connection}/resume", Program(VENDORS), ""),
    row("POST", "/api/v1/connections/{connection}/retry", Program(VENDORS), ""),
    row("POST", "/api/v1/connections/{connection}/sync", Program(HR), ""),
    row("GET", "/api/v1/connections/{connection}/sync", Program(HR), ""),
    row("GET", "/api/v1/connections/{connection}/sync/events", Program(HR), ""),
    row("GET", "/api/v1/users", Program(ADMIN), ""),
    row("POST", "/api/v1/users", Program(ADMIN), r#"{"login":"new","roles":["interviewer"]}"#),
    row("GET", "/api/v1/users/{login}", Program(ADMIN), ""),
    row("PUT", "/api/v1/users/{login}/roles", Program(ADMIN), r#"{"roles":["interviewer"]}"#),
    row("POST", "/api/v1/users/{login}/suspend", Program(ADMIN), ""),
    row("POST", "/api/v1/users/{login}/resume", Program(ADMIN), ""),
    // A link that sets somebody's password is given by a person, not by a token; likewise tokens.
    row("POST", "/api/v1/users/{login}/invite", Program(&[]), ""),
    row("GET", "/api/v1/log", Program(AUDITOR), ""),
    row("POST", "/api/v1/log/verify", Program(AUDITOR), "{}"),
    row("GET", "/api/v1/log/export", Program(AUDITOR), ""),
    row("GET", "/api/v1/log/checkpoint", Program(AUDITOR), ""),
    row("GET", "/api/v1/doctor", Program(ADMIN), ""),
    row("POST", "/api/v1/doctor/repair", Program(ADMIN), ""),
    row("POST", "/api/v1/index/rebuild", Program(ADMIN), ""),
    row("GET", "/api/v1/settings", Program(ALL), ""),
    row("PUT", "/api/v1/settings", Program(HR), "SETTINGS"),
    row("GET", "/api/v1/me", Program(ALL), ""),
    row("GET", "/api/v1/me/tokens", Program(&[]), ""),
    row("POST", "/api/v1/me/tokens", Program(&[]), r#"{"name":"x","scopes":["read"]}"#),
    row("DELETE", "/api/v1/me/tokens/{token}", Program(&[]), ""),
];
