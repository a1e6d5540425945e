//! What the archive says in notices, and when it sums them up.

use std::collections::BTreeMap;

use dossier_access::{Action, Context, Resource};
use dossier_domain::{NoticeKind, notice::Texts};
use dossier_storage::Scope;
use serde::{Deserialize, Serialize};

use crate::{Archive, Error, Result, records::NOTICE_RULES};

/// What a bank decides of its notices.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NoticeRules {
    /// Texts instead of the usual ones.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub texts: BTreeMap<NoticeKind, Texts>,
    /// The hour, by the bank's clock, from which the digest of the day before leaves.
    pub digest_hour: u32,
}

impl Default for NoticeRules {
    fn default() -> Self {
        Self { texts: BTreeMap::new(), digest_hour: 8 }
    }
}

impl Archive {
    /// What the archive says in notices.
    ///
    /// # Errors
    /// When it can't be read.
    pub async fn notice_rules(&self) -> Result<NoticeRules> {
        let stored = self.store.get(NOTICE_RULES, Scope::Archive, []).await?;
        Ok(stored.map(|stored| stored.value).unwrap_or_default())
    }

    /// Chooses other texts or another hour.
    ///
    /// # Errors
    /// [`Error::Denied`] for who manages no channels; [`Error::Invalid`] for a text that can't be filled in.
    pub async fn change_notice_rules(&self, ctx: &Context, rules: NoticeRules) -> Result<()> {
        let permit = self.authorise(ctx, Action::ManageChannels, &Resource::Archive).await?;
        if rules.digest_hour > 23 {
            return Err(Error::invalid("汇总的时刻须为 0 到 23", "the hour of the digest must be 0 to 23"));
        }
        for (kind, texts) in &rules.texts {
            for text in [&texts.zh, &texts.en] {
                text.check(*kind).map_err(|error| Error::in_words(|language| error.message(language)))?;
            }
        }
        let mut tx = self.store.batch();
        tx.put(NOTICE_RULES, Scope::Archive, [], &rules)?;
        self.journal.change([permit.part("change_notice_rules")?], tx).await?;
        Ok(())
    }
}
