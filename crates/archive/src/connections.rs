//! Setting up, testing, suspending and removing connections.

use std::sync::Arc;

use dossier_access::{Action, Context, Resource};
use dossier_domain::{
    ConnectionId, FieldSelection,
    text::{Line, VendorName},
};
use dossier_storage::{Scan, Scope, Stored, Table};
use dossier_vendor::{
    Account, Adapter, Credentials, SyncPoint,
    wrap::{Policy, wrap},
};

use crate::{
    Archive, Connection, Error, Failing, NewCredentials, Pending, Polling, Quarantined, Result, What,
    connection::{REQUESTS_PER_SECOND, StoredCredentials},
    quarantine::past_damage,
    records::{
        CONNECTION_TROUBLES, CONNECTIONS, CREDENTIALS, PENDING, QUARANTINE, all_past_damage,
        each_past_damage, read_past_damage,
    },
};

/// A connection to be set up.
pub struct NewConnection {
    /// What HR calls it.
    pub name: Line,
    /// Which adapter.
    pub vendor: VendorName,
    /// The adapter's settings.
    pub settings: serde_json::Value,
    /// The vendor's key, and the secret of its webhooks.
    pub credentials: Credentials,
    /// What is synced.
    pub fields: FieldSelection,
    /// How many requests a second the vendor gets; [`REQUESTS_PER_SECOND`] unless said otherwise.
    pub requests_per_second: Option<f64>,
}

/// A connection and how it stands.
#[derive(Debug, Clone)]
pub struct ConnectionState {
    /// The connection.
    pub connection: Connection,
    /// Interviews of which something is still to come.
    pub pending: Vec<Pending>,
    /// What made no sense.
    pub quarantined: Vec<Quarantined>,
    /// That its last syncs failed, and why.
    pub failing: Option<Failing>,
    /// Whether it has the secret by which webhooks are verified.
    pub hears_webhooks: bool,
}

impl Archive {
    /// Sets up a connection. Its settings are checked, the vendor is not asked; [`Archive::test_connection`] does that.
    ///
    /// # Errors
    /// [`Error::Exists`] if the name is taken; [`Error::Vendor`] if vendor or settings are unknown.
    pub async fn add_connection(&self, ctx: &Context, new: NewConnection) -> Result<Connection> {
        let permit = self.authorise(ctx, Action::ManageConnections, &Resource::Archive).await?;
        refuse_nothing(&new.fields)?;
        let rate = new.requests_per_second.unwrap_or(REQUESTS_PER_SECOND);
        if !(0.1..=10_000.0).contains(&rate) {
            return Err(Error::invalid(
                "每秒请求数须在 0.1 到 10000 之间",
                "the requests per second must be between 0.1 and 10000",
            ));
        }
        let stored = StoredCredentials::new(&new.credentials);
        (self.adapters)(new.vendor.as_str(), new.settings.clone(), new.credentials)?;
        if self.store.lookup("connection", new.name.as_str().as_bytes()).await?.is_some() {
            return Err(Error::exists(What::Connection, &new.name));
        }
        let connection = Connection {
            id: ctx.new_id()?,
            name: new.name,
            vendor: new.vendor,
            settings: new.settings,
            fields: new.fields,
            requests_per_second: rate,
            cursor: SyncPoint::beginning(),
            created_at: ctx.now(),
            synced_at: None,
            suspended_at: None,
            polling: Polling::default(),
        };
        let id = connection.id.to_bytes();
        let mut tx = self.store.batch();
        tx.insert(CONNECTIONS, Scope::Archive, id, &connection)?;
        tx.put(CREDENTIALS, Scope::Archive, id, &stored)?;
        tx.claim("connection", connection.name.as_str().as_bytes(), &id)?;
        self.journal.change([permit.on(connection.id)], tx).await?;
        Ok(connection)
    }

    /// All connections, with what is pending and quarantined.
    ///
    /// # Errors
    /// [`Error::Denied`] for who manages no connections.
    pub async fn connections(&self, ctx: &Context) -> Result<Vec<ConnectionState>> {
        let permit = self.authorise(ctx, Action::ManageConnections, &Resource::Archive).await?;
        let intent = self.journal.intend(permit.part("list_connections")?).await?;
        let states = self.connection_states().await;
        self.conclude(intent, &states, &[]);
        states
    }

    /// The names of the connections whose turn it is to be synced by themselves. It shows nobody anything; each sync asks
    /// and records for itself.
    ///
    /// # Errors
    /// When they can't be read.
    pub async fn connections_to_sync(&self) -> Result<Vec<Line>> {
        let mut due = Vec::new();
        for Stored { value: connection, .. } in self.store.all(CONNECTIONS, Scope::Archive).await? {
            if connection.suspended_at.is_some() {
                continue;
            }
            let failed = self.failing(connection.id).await?.map(|failing| failing.at);
            if connection.polling.is_due(connection.synced_at.max(failed), self.now()) {
                due.push(connection.name);
            }
        }
        Ok(due)
    }

    /// Asks the vendor who we are there.
    ///
    /// # Errors
    /// [`Error::Vendor`] with exactly what is wrong.
    pub async fn test_connection(&self, ctx: &Context, name: &str) -> Result<Account> {
        let permit = self.authorise(ctx, Action::ManageConnections, &Resource::Archive).await?;
        let connection = self.connection_called(name).await?.value;
        let intent = self.journal.intend(permit.part("test_connection")?.on(connection.id)).await?;
        let account = async { Ok(self.adapter(&connection).await?.test().await?) }.await;
        self.conclude(intent, &account, &[]);
        account
    }

    /// Stops a connection from fetching anything, or lets it again.
    ///
    /// # Errors
    /// [`Error::NotFound`]
    pub async fn suspend_connection(&self, ctx: &Context, name: &str, suspended: bool) -> Result<Connection> {
        let permit = self.authorise(ctx, Action::ManageConnections, &Resource::Archive).await?;
        let stored = self.connection_called(name).await?;
        let changed = Connection { suspended_at: suspended.then(|| ctx.now()), ..stored.value.clone() };
        let mut tx = self.store.batch();
        tx.update(CONNECTIONS, &stored, &changed)?;
        self.journal.change([permit.on(changed.id)], tx).await?;
        Ok(changed)
    }

    /// Chooses what is synced from now on. What is here stays.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Invalid`] if it is nothing.
    pub async fn choose_fields(
        &self,
        ctx: &Context,
        name: &str,
        fields: FieldSelection,
    ) -> Result<Connection> {
        let permit = self.authorise(ctx, Action::ManageConnections, &Resource::Archive).await?;
        refuse_nothing(&fields)?;
        let stored = self.connection_called(name).await?;
        let changed = Connection { fields, cursor: SyncPoint::beginning(), ..stored.value.clone() };
        let mut tx = self.store.batch();
        tx.update(CONNECTIONS, &stored, &changed)?;
        self.journal.change([permit.on(changed.id)], tx).await?;
        Ok(changed)
    }

    /// Chooses how often a connection is synced by itself.
    ///
    /// # Errors
    /// [`Error::NotFound`]
    pub async fn choose_polling(&self, ctx: &Context, name: &str, polling: Polling) -> Result<Connection> {
        let permit = self.authorise(ctx, Action::ManageConnections, &Resource::Archive).await?;
        let stored = self.connection_called(name).await?;
        let changed = Connection { polling, ..stored.value.clone() };
        let mut tx = self.store.batch();
        tx.update(CONNECTIONS, &stored, &changed)?;
        self.journal.change([permit.on(changed.id)], tx).await?;
        Ok(changed)
    }

    /// Replaces a connection's key, or the secret of its webhooks, or both. The vendor is not asked.
    ///
    /// # Errors
    /// [`Error::NotFound`]; [`Error::Invalid`] if neither is given.
    pub async fn change_credentials(
        &self,
        ctx: &Context,
        name: &str,
        new: NewCredentials,
    ) -> Result<Connection> {
        let permit = self.authorise(ctx, Action::ManageConnections, &Resource::Archive).await?;
        if new.key.is_none() && new.webhook.is_none() {
            return Err(Error::invalid(
                "请填写新的 API 密钥或 Webhook 密钥",
                "enter a new API key or a new webhook secret",
            ));
        }
        let connection = self.connection_called(name).await?.value;
        let id = connection.id.to_bytes();
        let stored = self.store.get(CREDENTIALS, Scope::Archive, id).await?;
        let stored = stored.ok_or_else(|| Error::not_found(What::Connection, name))?;
        let changed = stored.value.clone().with(new);
        (self.adapters)(connection.vendor.as_str(), connection.settings.clone(), changed.clone().open())?;
        let mut tx = self.store.batch();
        tx.update(CREDENTIALS, &stored, &changed)?;
        self.journal.change([permit.part("change_credentials")?.on(connection.id)], tx).await?;
        Ok(connection)
    }

    /// Removes a connection and its key. What it brought stays.
    ///
    /// # Errors
    /// [`Error::NotFound`]
    pub async fn remove_connection(&self, ctx: &Context, name: &str) -> Result<()> {
        let permit = self.authorise(ctx, Action::ManageConnections, &Resource::Archive).await?;
        let stored = self.connection_called(name).await?;
        let id = stored.value.id;
        let mut tx = self.store.batch();
        tx.expect_unchanged(&stored);
        tx.delete(CONNECTIONS, Scope::Archive, id.to_bytes())?;
        tx.delete(CREDENTIALS, Scope::Archive, id.to_bytes())?;
        tx.delete(CONNECTION_TROUBLES, Scope::Archive, id.to_bytes())?;
        tx.release("connection", stored.value.name.as_str().as_bytes())?;
        for pending in self.of_connection(PENDING, id).await? {
            tx.delete(PENDING, Scope::Archive, pending.key.id())?;
        }
        for quarantined in self.of_connection(QUARANTINE, id).await? {
            tx.delete(QUARANTINE, Scope::Archive, quarantined.key.id())?;
        }
        self.journal.change([permit.on(id)], tx).await?;
        Ok(())
    }

    /// A connection by the name that HR gave it, or by its id.
    pub(crate) async fn connection_called(&self, name: &str) -> Result<Stored<Connection>> {
        let by_name = self.store.lookup("connection", name.as_bytes()).await?;
        let id = match (by_name, name.parse::<ConnectionId>()) {
            (Some(id), _) => id.to_vec(),
            (None, Ok(id)) => id.to_bytes().to_vec(),
            (None, Err(_)) => return Err(Error::not_found(What::Connection, name)),
        };
        let stored = self.store.get(CONNECTIONS, Scope::Archive, id).await?;
        stored.ok_or_else(|| Error::not_found(What::Connection, name))
    }

    /// The adapter of a connection, with retries, limits and timeouts around it.
    pub(crate) async fn adapter(&self, connection: &Connection) -> Result<Arc<dyn Adapter>> {
        let stored = self.store.get(CREDENTIALS, Scope::Archive, connection.id.to_bytes()).await?;
        let credentials =
            stored.ok_or_else(|| Error::not_found(What::Connection, &connection.name))?.value.open();
        let adapter = (self.adapters)(connection.vendor.as_str(), connection.settings.clone(), credentials)?;
        let burst = connection.requests_per_second.clamp(1.0, 100.0) as u32 * 2;
        Ok(wrap(adapter, Policy { per_second: connection.requests_per_second, burst, ..Policy::default() }))
    }

    /// What a table holds for one connection. What is damaged is left out: `doctor` names it.
    pub(crate) async fn of_connection<T: serde::de::DeserializeOwned>(
        &self,
        table: Table<T>,
        connection: ConnectionId,
    ) -> Result<Vec<Stored<T>>> {
        let scan = Scan::collection_under(Scope::Archive, table.collection(), connection.to_bytes());
        Ok(read_past_damage(&self.store, table, scan).await?.0)
    }

    /// How many interviews of a connection are still to come, or not whole, for a reason that counts.
    pub(crate) async fn pending_where(
        &self,
        connection: ConnectionId,
        counts: impl Fn(&Pending) -> bool,
    ) -> Result<u64> {
        let scan = Scan::collection_under(Scope::Archive, PENDING.collection(), connection.to_bytes());
        let mut count = 0;
        each_past_damage(&self.store, PENDING, scan, |of| count += u64::from(counts(&of.value))).await?;
        Ok(count)
    }

    pub(crate) async fn connection_states(&self) -> Result<Vec<ConnectionState>> {
        fn values<T>(stored: Vec<Stored<T>>) -> Vec<T> {
            stored.into_iter().map(|stored| stored.value).collect()
        }
        let mut states = Vec::new();
        for stored in all_past_damage(&self.store, CONNECTIONS).await?.0 {
            let id = stored.value.id;
            let credentials = self.store.get(CREDENTIALS, Scope::Archive, id.to_bytes()).await;
            let credentials = past_damage(credentials.map_err(Error::from))?.flatten();
            states.push(ConnectionState {
                failing: self.failing(id).await?,
                hears_webhooks: credentials.is_some_and(|stored| stored.value.hears()),
                connection: stored.value,
                pending: values(self.of_connection(PENDING, id).await?),
                quarantined: values(self.of_connection(QUARANTINE, id).await?),
            });
        }
        Ok(states)
    }
}

/// A connection that brings nothing is suspended, and not left without fields.
fn refuse_nothing(fields: &FieldSelection) -> Result<()> {
    match fields.is_empty() {
        false => Ok(()),
        true => Err(Error::invalid("请至少选择一个要同步的字段", "choose at least one field to sync")),
    }
}
