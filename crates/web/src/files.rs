//! Files that are computed for somebody: on a thread of their own, few at a time.

use tokio::{sync::Semaphore, task::spawn_blocking};

use crate::failure::{Failure, Result};

/// So many are made at the same time; the others wait.
const AT_A_TIME: usize = 2;

/// Makes files.
pub(crate) struct Files(Semaphore);

impl Default for Files {
    fn default() -> Self {
        Self(Semaphore::new(AT_A_TIME))
    }
}

impl Files {
    /// What `make` makes, once it is its turn.
    pub(crate) async fn make<F>(&self, make: F) -> Result<Vec<u8>>
    where
        F: FnOnce() -> dossier_report::Result<Vec<u8>> + Send + 'static,
    {
        let interrupted = || Failure::bad("文件没有生成，请重试", "the file was not made; try again");
        let _turn = self.0.acquire().await.map_err(|_| interrupted())?;
        let made = spawn_blocking(make).await.map_err(|_| interrupted())?;
        Ok(made.map_err(dossier_archive::Error::from)?)
    }
}
