//! HR signs in and looks for somebody, in a browser.

use dossier_browser::{Browser, Look, Served, Setting};
use dossier_testkit::TestResult;

#[tokio::main(flavor = "current_thread")]
async fn main() -> TestResult {
    let served = Served::start(Setting::Bank)?;
    Browser::visit(&served, Look::default(), async |browser| {
        browser.sign_in("hr").await?;
        browser.fill("#q", "张三+客户经理+80分").await?;
        browser.go(".finder button.primary").await?;
        assert_eq!(browser.text("tbody th a").await?, "张三");
        browser.go("tbody th a").await?;
        assert!(browser.text("header.dossier").await?.contains("客户经理"));
        Ok(())
    })
    .await
}
