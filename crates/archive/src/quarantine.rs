//! Quarantine: what was set aside, until it is in order again or HR asks for another attempt.

use dossier_access::{Action, Context, Resource};
use dossier_domain::{ConnectionId, MaterialKind, text::RemoteId};
use dossier_storage::{Scope, Stored, Tx};
use dossier_vendor::SyncPoint;

use crate::{
    Archive, Connection, Error, Pending, Problem, Quarantined, QuarantinedPart, Result,
    notices::occasion::{Happened, note},
    permit::Permit,
    records::{CONNECTIONS, Known, PENDING, QUARANTINE, postponed_key, remote_key},
};

/// So often it is tried again when somebody else changed the same interview.
const ATTEMPTS: usize = 4;
/// So many entries are given back with one commit.
const AT_ONCE: usize = 256;

/// Something to be set aside.
pub(crate) struct Aside<'a> {
    pub(crate) connection: ConnectionId,
    pub(crate) remote_id: Option<&'a RemoteId>,
    pub(crate) part: QuarantinedPart,
    pub(crate) pointer: String,
    pub(crate) problem: Problem,
}

impl<'a> Aside<'a> {
    /// An interview that can't be stored.
    pub(crate) fn interview(connection: ConnectionId, remote_id: &'a RemoteId, problem: Problem) -> Self {
        let part = QuarantinedPart::Interview;
        Self { connection, remote_id: Some(remote_id), part, pointer: String::new(), problem }
    }

    /// What a vendor sent that makes no sense, or has no more.
    pub(crate) fn vendors(
        connection: ConnectionId,
        remote_id: Option<&'a RemoteId>,
        part: QuarantinedPart,
        error: &dossier_vendor::Error,
    ) -> Self {
        let pointer = match error {
            dossier_vendor::Error::Malformed(malformed) => malformed.pointer.clone(),
            _ => String::new(),
        };
        Self { connection, remote_id, part, pointer, problem: Problem::of(error) }
    }

    /// Where it is noted.
    pub(crate) fn key(&self) -> Vec<u8> {
        let name = self.remote_id.map_or_else(|| format!("listing{}", self.pointer), ToString::to_string);
        remote_key(self.connection, &name)
    }
}

impl Archive {
    /// Notes that something is set aside. It is no longer waited for.
    pub(crate) async fn set_aside(&self, ctx: &Context, permit: &Permit, aside: Aside<'_>) -> Result<()> {
        for _ in 1..ATTEMPTS {
            match self.try_set_aside(ctx, permit, &aside).await {
                Err(Error::Conflict) => {}
                other => return other,
            }
        }
        self.try_set_aside(ctx, permit, &aside).await
    }

    async fn try_set_aside(&self, ctx: &Context, permit: &Permit, aside: &Aside<'_>) -> Result<()> {
        let key = aside.key();
        let before =
            past_damage(self.store.get(QUARANTINE, Scope::Archive, &key).await.map_err(Error::from))?;
        let before = before.flatten().map(|stored| stored.value);
        let is_new = before.is_none();
        let quarantined = Quarantined {
            connection: aside.connection,
            remote_id: aside.remote_id.cloned(),
            part: aside.part,
            pointer: aside.pointer.clone(),
            problem: aside.problem.clone(),
            first_seen: before.as_ref().map_or_else(|| ctx.now(), |before| before.first_seen),
            last_seen: ctx.now(),
            attempts: before.map_or(1, |before| before.attempts.saturating_add(1)),
        };
        let mut tx = self.store.batch();
        tx.put(QUARANTINE, Scope::Archive, &key, &quarantined)?;
        if is_new {
            note(&mut tx, ctx, Happened::SyncTrouble { connection: aside.connection })?;
        }
        if let Some(remote_id) = aside.remote_id {
            self.wait_no_more(&mut tx, aside, remote_id).await?;
        }
        let permit = permit.part("quarantine")?.on(aside.connection);
        self.journal.change([permit], tx).await?;
        Ok(())
    }

    /// Ends the waiting for what is set aside: all of an interview, or its video alone.
    async fn wait_no_more(&self, tx: &mut Tx<'_>, aside: &Aside<'_>, remote_id: &RemoteId) -> Result<()> {
        let id = aside.connection;
        tx.delete(PENDING, Scope::Archive, postponed_key(id, remote_id.as_str()))?;
        let known = self.known(&remote_key(id, remote_id.as_str())).await;
        let Some((read, mut known)) = past_damage(known)?.flatten() else { return Ok(()) };
        let key = known.pending_key(id);
        if aside.part == QuarantinedPart::Video {
            known.missing.retain(|kind| *kind != MaterialKind::Video);
            tx.repoint(&read, &known.to_bytes());
            let pending = self.store.get(PENDING, Scope::Archive, &key).await?;
            if let (Some(stored), false) = (pending, known.missing.is_empty()) {
                let rest = Pending { kinds: known.missing, problem: None, ..stored.value.clone() };
                tx.update(PENDING, &stored, &rest)?;
                return Ok(());
            }
        }
        tx.delete(PENDING, Scope::Archive, key)?;
        Ok(())
    }

    /// Lets the next sync try everything again that a connection has in quarantine; gives how many entries that are.
    ///
    /// # Errors
    /// [`Error::NotFound`]
    pub async fn retry_quarantined(&self, ctx: &Context, connection: &str) -> Result<u64> {
        let permit = self.authorise(ctx, Action::ManageConnections, &Resource::Archive).await?;
        let connection = self.connection_called(connection).await?;
        let id = connection.value.id;
        let entries = self.of_connection(QUARANTINE, id).await?;
        for some in entries.chunks(AT_ONCE) {
            let mut tx = self.store.batch();
            for entry in some {
                self.ask_again(ctx, &mut tx, entry).await?;
            }
            let permit = permit.part("retry_quarantined")?.on(id).count("entries", some.len() as u64);
            self.journal.change([permit], tx).await?;
        }
        // What has no id can't be asked for: everything is listed once more.
        if entries.iter().any(|entry| entry.value.remote_id.is_none()) {
            self.list_all_again(&permit, &connection).await?;
        }
        Ok(entries.len() as u64)
    }

    async fn ask_again(&self, ctx: &Context, tx: &mut Tx<'_>, entry: &Stored<Quarantined>) -> Result<()> {
        let Quarantined { connection, remote_id, part, .. } = &entry.value;
        tx.expect_unchanged(entry).delete(QUARANTINE, Scope::Archive, entry.key.id())?;
        let Some(remote_id) = remote_id else { return Ok(()) };
        let known = self.known(&remote_key(*connection, remote_id.as_str())).await;
        let known = past_damage(known)?.flatten();
        let pending = |kinds| Pending {
            connection: *connection,
            remote_id: remote_id.clone(),
            kinds,
            since: ctx.now(),
            problem: None,
        };
        match known {
            None => {
                let key = postponed_key(*connection, remote_id.as_str());
                tx.put(PENDING, Scope::Archive, key, &pending(Vec::new()))?;
            }
            Some((read, mut known)) => {
                if *part == QuarantinedPart::Video && !known.missing.contains(&MaterialKind::Video) {
                    known.missing.push(MaterialKind::Video);
                    tx.repoint(&read, &known.to_bytes());
                }
                let Known { missing, .. } = &known;
                tx.put(PENDING, Scope::Archive, known.pending_key(*connection), &pending(missing.clone()))?;
            }
        }
        Ok(())
    }

    async fn list_all_again(&self, permit: &Permit, connection: &Stored<Connection>) -> Result<()> {
        let changed = Connection { cursor: SyncPoint::beginning(), ..connection.value.clone() };
        let mut tx = self.store.batch();
        tx.update(CONNECTIONS, connection, &changed)?;
        self.journal.change([permit.part("sync_point")?.on(changed.id)], tx).await?;
        Ok(())
    }
}

/// What was read, or nothing where it is damaged: that a note can't be read is no reason not to write it anew.
pub(crate) fn past_damage<T>(read: Result<T>) -> Result<Option<T>> {
    match read {
        Ok(read) => Ok(Some(read)),
        Err(error) if error.kind() == crate::ErrorKind::Damaged => Ok(None),
        Err(error) => Err(error),
    }
}
