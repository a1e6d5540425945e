//! Puts a layer around a call that fails twice, and shows what each kind of error asks for.

use std::{
    sync::atomic::{AtomicU32, Ordering},
    time::Duration,
};

use dossier_domain::Language;
use dossier_vendor::{
    AuthProblem, Error, Trouble,
    wrap::{Call, Layer, Retry},
};

#[tokio::main(flavor = "current_thread")]
#[expect(clippy::print_stdout, reason = "an example shows what it does")]
async fn main() -> Result<(), Error> {
    let calls = AtomicU32::new(0);
    let retry = Retry { pause: Duration::from_millis(20), ..Retry::default() };
    let answer = retry
        .around(Call::Fetch, || async {
            match calls.fetch_add(1, Ordering::Relaxed) {
                0 | 1 => Err(Error::transient(Trouble::Status(502))),
                number => Ok(format!("answered at call {}", number + 1)),
            }
        })
        .await?;
    println!("{answer}");
    for error in [Error::transient(Trouble::Timeout), Error::Auth(AuthProblem::Key), Error::Gone] {
        println!(
            "{:?}: {} / {}",
            error.remedy(),
            error.message(Language::English),
            error.message(Language::Chinese)
        );
    }
    Ok(())
}
