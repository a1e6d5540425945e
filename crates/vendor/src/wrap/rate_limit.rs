//! Keeping below a vendor's limits by a budget of our own.

use std::{future::Future, time::Duration};

use tokio::{
    sync::Mutex,
    time::{Instant, sleep},
};

use super::{Call, Layer};
use crate::Result;

/// Lets calls through at a steady rate, with a burst after a pause. Callers are served in the order they came.
#[derive(Debug)]
pub struct RateLimit {
    per_second: f64,
    burst: f64,
    bucket: Mutex<Bucket>,
}

#[derive(Debug)]
struct Bucket {
    tokens: f64,
    filled_at: Instant,
}

impl RateLimit {
    /// At most `burst` calls at once and `per_second` in the long run; each at least a thousandth, and one.
    pub fn new(per_second: f64, burst: u32) -> Self {
        let burst = f64::from(burst.max(1));
        let bucket = Mutex::new(Bucket { tokens: burst, filled_at: Instant::now() });
        Self { per_second: per_second.max(0.001), burst, bucket }
    }

    async fn turn(&self) {
        // Held while sleeping: the lock is fair, and so is the queue.
        let mut bucket = self.bucket.lock().await;
        bucket.fill(self.per_second, self.burst);
        if bucket.tokens < 1.0 {
            sleep(Duration::from_secs_f64((1.0 - bucket.tokens) / self.per_second)).await;
            bucket.fill(self.per_second, self.burst);
        }
        bucket.tokens -= 1.0;
    }
}

impl Bucket {
    fn fill(&mut self, per_second: f64, burst: f64) {
        let now = Instant::now();
        let gained = now.duration_since(self.filled_at).as_secs_f64() * per_second;
        self.tokens = (self.tokens + gained).min(burst);
        self.filled_at = now;
    }
}

impl Layer for RateLimit {
    async fn around<'a, T, F, R>(&'a self, _: Call, run: F) -> Result<T>
    where
        T: Send + 'a,
        F: Fn() -> R + Send + Sync + 'a,
        R: Future<Output = Result<T>> + Send + 'a,
    {
        self.turn().await;
        run().await
    }
}
