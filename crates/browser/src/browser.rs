//! A browser as a person uses it: pages are opened, fields filled, buttons pressed, and things appear after a while.

use std::{
    fs,
    panic::{AssertUnwindSafe, resume_unwind},
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use dossier_domain::Language;
use dossier_testkit::TestResult;
use futures::FutureExt;
use serde_json::{Value, json};
use tempfile::TempDir;
use thirtyfour::{
    By, ChromeCapabilities, ChromiumLikeCapabilities, DesiredCapabilities, LoggingPrefsLogLevel, WebDriver,
    WebElement, extensions::query::ElementQueryable,
};

use crate::{PASSWORD, Served, chromedriver};

/// How long something may take to appear.
const PATIENCE: Duration = Duration::from_secs(10);
const LOOK_AGAIN: Duration = Duration::from_millis(40);
/// What makes Chromium start without a screen, without asking anything, and without calling home.
const ARGUMENTS: [&str; 10] = [
    "--headless=new",
    "--no-sandbox",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
    "--hide-scrollbars",
    "--autoplay-policy=no-user-gesture-required",
];

const SIZE: &str = "const page = document.documentElement;
    return arguments[0] ? [page.scrollWidth, page.scrollHeight] : [innerWidth, innerHeight]";

/// The window of a telephone, in CSS pixels.
pub const PHONE: (u32, u32) = (390, 844);

/// What the visitor's browser looks like.
#[derive(Debug, Clone, Copy)]
pub struct Look {
    /// The language that it prefers.
    pub language: Language,
    /// Width and height of its window, in CSS pixels.
    pub window: (u32, u32),
    /// Whether its system is set to dark colours.
    pub dark: bool,
}

impl Default for Look {
    fn default() -> Self {
        Self { language: Language::Chinese, window: (1440, 900), dark: false }
    }
}

/// A browser that visits one server.
pub struct Browser<'a> {
    /// The browser itself, for what the helpers don't do.
    pub driver: WebDriver,
    served: &'a Served,
    downloads: TempDir,
}

/// The project's own folder.
pub fn root() -> &'static Path {
    let here = Path::new(env!("CARGO_MANIFEST_DIR"));
    here.ancestors().nth(2).unwrap_or(here)
}

impl<'a> Browser<'a> {
    /// Opens a browser, does `work` in it, and closes it. What a person would not see fails as well: an error in a script,
    /// or something that the page's own policy forbids. A failure leaves a picture in `target/browser/`.
    ///
    /// # Errors
    /// Those of `work`, and when there is no browser.
    pub async fn visit(
        served: &'a Served,
        look: Look,
        work: impl AsyncFnOnce(&Self) -> TestResult,
    ) -> TestResult {
        let browser = Self::open_window(served, look).await?;
        let done = AssertUnwindSafe(work(&browser)).catch_unwind().await;
        let complaints = browser.complaints().await;
        if !matches!(done, Ok(Ok(()))) {
            browser.picture_of_failure().await;
        }
        browser.driver.quit().await?;
        done.unwrap_or_else(|panic| resume_unwind(panic))?;
        match complaints?.as_slice() {
            [] => Ok(()),
            complaints => Err(format!("the browser complains: {complaints:#?}").into()),
        }
    }

    async fn open_window(served: &'a Served, look: Look) -> TestResult<Self> {
        let driver = WebDriver::new(chromedriver::address()?, capabilities(look)?).await?;
        let downloads = tempfile::tempdir()?;
        let browser = Self { driver, served, downloads };
        let (width, height) = look.window;
        browser
            .command(
                "Emulation.setDeviceMetricsOverride",
                json!({ "width": width, "height": height, "deviceScaleFactor": 1, "mobile": width < 600 }),
            )
            .await?;
        let scheme = if look.dark { "dark" } else { "light" };
        let media = json!({ "features": [{ "name": "prefers-color-scheme", "value": scheme }] });
        browser.command("Emulation.setEmulatedMedia", media).await?;
        let place = json!({ "behavior": "allow", "downloadPath": browser.downloads.path() });
        browser.command("Browser.setDownloadBehavior", place).await?;
        Ok(browser)
    }

    /// A command of the DevTools protocol.
    ///
    /// # Errors
    /// When the browser refuses it.
    pub async fn command(&self, method: &str, parameters: Value) -> TestResult<Value> {
        Ok(self.driver.cdp().send_raw(method, parameters).await?)
    }

    /// Opens a page of the server.
    ///
    /// # Errors
    /// When the browser can't.
    pub async fn open(&self, path: &str) -> TestResult {
        self.driver.goto(self.served.url(path)).await?;
        // Whoever types before the page has put the focus where it wants it, takes it away from there, and the console says so.
        let is_there = "const wanted = document.querySelector('[autofocus]');
            return !wanted || document.activeElement !== document.body";
        self.until("the focus", async || Ok(self.script(is_there, vec![]).await? == true)).await
    }

    /// Signs in by the form.
    ///
    /// # Errors
    /// When that does not lead away from the form.
    pub async fn sign_in(&self, login: &str) -> TestResult {
        self.open("/sign-in").await?;
        self.fill("[name=login]:not([type=hidden])", login).await?;
        self.fill("[name=password]:not([type=hidden])", PASSWORD).await?;
        self.go(".gate form.card button").await?;
        let path = self.path().await?;
        if path.starts_with("/sign-in") {
            Err(format!("{login} is not let in: {}", self.page().await?).into())
        } else {
            Ok(())
        }
    }

    /// The first element that is there, or comes to be there.
    ///
    /// # Errors
    /// When it does not.
    pub async fn find(&self, css: &str) -> TestResult<WebElement> {
        let found = self.driver.query(By::Css(css)).wait(PATIENCE, LOOK_AGAIN).first().await;
        Ok(found.map_err(|error| format!("{css}: {error}"))?)
    }

    /// How many elements there are at this moment.
    ///
    /// # Errors
    /// When the browser can't tell.
    pub async fn count(&self, css: &str) -> TestResult<usize> {
        Ok(self.driver.find_all(By::Css(css)).await?.len())
    }

    /// What an element reads.
    ///
    /// # Errors
    /// When it is not there.
    pub async fn text(&self, css: &str) -> TestResult<String> {
        Ok(self.find(css).await?.text().await?)
    }

    /// What the whole page reads.
    ///
    /// # Errors
    /// When the browser can't tell.
    pub async fn page(&self) -> TestResult<String> {
        self.text("body").await
    }

    /// Writes into a field, in place of what is there.
    ///
    /// # Errors
    /// When there is no such field.
    pub async fn fill(&self, css: &str, text: &str) -> TestResult {
        let field = self.find(css).await?;
        field.clear().await?;
        Ok(field.send_keys(text).await?)
    }

    /// Presses a button or follows a link.
    ///
    /// # Errors
    /// When it is not there or something covers it.
    pub async fn press(&self, css: &str) -> TestResult {
        let element = self.find(css).await?;
        element.scroll_into_view().await?;
        Ok(element.click().await.map_err(|error| format!("{css}: {error}"))?)
    }

    /// Presses what leads to another page, and waits for that.
    ///
    /// # Errors
    /// When it leads nowhere.
    pub async fn go(&self, css: &str) -> TestResult {
        let left = self.find("html").await?;
        self.press(css).await?;
        self.until("another page", async || Ok(!left.is_present().await?)).await?;
        self.find("main").await?;
        Ok(())
    }

    /// Waits until something is so.
    ///
    /// # Errors
    /// When it is not so in time.
    pub async fn until(&self, what: &str, is_so: impl AsyncFn() -> TestResult<bool>) -> TestResult {
        let began = Instant::now();
        // While a page gives way to the next, questions about it fail.
        while !is_so().await.unwrap_or_default() {
            if began.elapsed() > PATIENCE {
                return Err(
                    format!("waited in vain for {what} at {}", self.driver.current_url().await?).into()
                );
            }
            tokio::time::sleep(LOOK_AGAIN).await;
        }
        Ok(())
    }

    /// The path and query of the page that is open.
    ///
    /// # Errors
    /// When the browser can't tell.
    pub async fn path(&self) -> TestResult<String> {
        let url = self.driver.current_url().await?;
        Ok(url.query().map_or(url.path().to_owned(), |query| format!("{}?{query}", url.path())))
    }

    /// What a script of the test's own gives: the body of a function with `arguments`.
    ///
    /// # Errors
    /// When it throws.
    pub async fn script(&self, body: &str, arguments: Vec<Value>) -> TestResult<Value> {
        Ok(self.driver.execute(body, arguments).await?.json().clone())
    }

    /// What an address answers to the page's own session: status, headers, body, and the address in the end.
    ///
    /// # Errors
    /// When it does not answer.
    pub async fn answer_of(&self, path: &str, headers: Value) -> TestResult<Value> {
        const ASK: &str = "const [path, headers, done] = arguments;
            fetch(path, { headers }).then(async (answer) => done({
              status: answer.status, url: answer.url, headers: Object.fromEntries(answer.headers), body: await answer.text(),
            }), (error) => done({ status: 0, body: String(error) }));";
        Ok(self.driver.execute_async(ASK, vec![json!(path), headers]).await?.json().clone())
    }

    /// The file that was downloaded, once it is whole.
    ///
    /// # Errors
    /// When none comes.
    pub async fn download(&self) -> TestResult<PathBuf> {
        let whole = || -> TestResult<Option<PathBuf>> {
            let files = fs::read_dir(self.downloads.path())?.map(|entry| Ok(entry?.path()));
            let files = files.collect::<TestResult<Vec<PathBuf>>>()?;
            let is_whole = |file: &PathBuf| file.extension().is_none_or(|ending| ending != "crdownload");
            Ok(files.iter().all(is_whole).then(|| files.into_iter().next()).flatten())
        };
        self.until("a download", async || Ok(whole()?.is_some())).await?;
        whole()?.ok_or_else(|| "the download is gone".into())
    }

    /// Writes a picture to a file: of the whole page, or of what the window shows, made smaller by `scale`.
    ///
    /// # Errors
    /// When it can't be written.
    pub async fn picture(&self, file: &Path, whole: bool, scale: f64) -> TestResult {
        use base64::Engine;
        let size = self.script(SIZE, vec![json!(whole)]).await?;
        let clip = json!({ "x": 0, "y": 0, "width": size[0], "height": size[1], "scale": scale });
        let asked = json!({ "format": "png", "captureBeyondViewport": whole, "clip": clip });
        let taken = self.command("Page.captureScreenshot", asked).await?;
        let encoded = taken["data"].as_str().ok_or("no picture")?;
        fs::create_dir_all(file.parent().ok_or("no folder")?)?;
        Ok(fs::write(file, base64::engine::general_purpose::STANDARD.decode(encoded)?)?)
    }

    /// What the browser's console says, but for answers that are errors: those have pages, and tests that look at them. What
    /// it says of the pages of others is none of our business, and that it cleared what it was told to is no complaint.
    async fn complaints(&self) -> TestResult<Vec<String>> {
        let said = self.driver.browser_log().await?;
        let ours = self.served.url("/");
        let is_ours = |text: &str| !text.starts_with("http://") || text.starts_with(&ours);
        let complaints = said.into_iter().filter(|said| said.source.as_deref() != Some("network"));
        let complaints =
            complaints.filter(|said| is_ours(&said.message) && !said.message.contains("Cleared data types"));
        Ok(complaints.map(|said| said.message).collect())
    }

    async fn picture_of_failure(&self) {
        let name = std::thread::current().name().unwrap_or("test").replace("::", "-");
        let file = root().join("target/browser").join(format!("{name}.png"));
        // The failure itself is told in any case.
        let _ = self.picture(&file, false, 1.0).await;
    }
}

fn capabilities(look: Look) -> TestResult<ChromeCapabilities> {
    let mut wanted = DesiredCapabilities::chrome();
    for argument in ARGUMENTS {
        wanted.add_arg(argument)?;
    }
    let language = look.language.pick("zh-CN", "en-GB");
    wanted.add_arg(&format!("--lang={language}"))?;
    wanted.add_arg(&format!("--window-size={},{}", look.window.0, look.window.1))?;
    wanted.add_experimental_option("prefs", json!({ "intl.accept_languages": language }))?;
    wanted.set_browser_log_level(LoggingPrefsLogLevel::All)?;
    Ok(wanted)
}
