//! Style sheet, scripts and pictures: in the binary, under names that change with their content.

use axum::{
    extract::Path,
    http::{HeaderValue, header},
    response::{IntoResponse, Response},
};
use std::sync::LazyLock;

use crate::failure::{Failure, Result};

/// A file that every visitor may have, and keep.
pub(crate) struct Asset {
    name: &'static str,
    media_type: &'static str,
    parts: &'static [&'static str],
}

macro_rules! assets {
    ($($constant:ident $name:literal $media_type:literal [$($part:expr),+];)*) => {
        $(pub(crate) const $constant: &Asset = &Asset { name: $name, media_type: $media_type, parts: &[$($part),+] };)*
        const ALL: &[&Asset] = &[$($constant),*];
    };
}

assets! {
    STYLE "dossier.css" "text/css; charset=utf-8" [
        include_str!("assets/tokens.css"),
        include_str!("assets/base.css"),
        include_str!("assets/frame.css"),
        include_str!("assets/candidates.css"),
        include_str!("assets/kept.css"),
        include_str!("assets/dossier.css"),
        include_str!("assets/process.css"),
        include_str!("assets/analysis.css"),
        include_str!("assets/settings.css"),
        dossier_report::pages::MATERIALS_STYLE,
        dossier_report::charts::STYLE
    ];
    CANDIDATES "candidates.js" "text/javascript; charset=utf-8" [include_str!("assets/candidates.js")];
    PLAYER "player.js" "text/javascript; charset=utf-8" [include_str!("assets/player.js")];
    SESSION "session.js" "text/javascript; charset=utf-8" [include_str!("assets/session.js")];
    NOTICES "notices.js" "text/javascript; charset=utf-8" [include_str!("assets/notices.js")];
    MENUS "menus.js" "text/javascript; charset=utf-8" [include_str!("assets/menus.js")];
    LIVE "live.js" "text/javascript; charset=utf-8" [include_str!("assets/live.js")];
    SYNC "sync.js" "text/javascript; charset=utf-8" [include_str!("assets/sync.js")];
    BOARD "board.js" "text/javascript; charset=utf-8" [include_str!("assets/board.js")];
    SCORECARD "scorecard.js" "text/javascript; charset=utf-8" [include_str!("assets/scorecard.js")];
    UPLOAD "upload.js" "text/javascript; charset=utf-8" [include_str!("assets/upload.js")];
    ICON "icon.svg" "image/svg+xml" [include_str!("assets/icon.svg")];
}

/// Changes whenever any asset does.
static VERSION: LazyLock<String> = LazyLock::new(|| {
    let mut digest = ring::digest::Context::new(&ring::digest::SHA256);
    ALL.iter().flat_map(|asset| asset.parts).for_each(|part| digest.update(part.as_bytes()));
    hex::encode(&digest.finish().as_ref()[..6])
});

impl Asset {
    /// Where it is.
    pub(crate) fn address(&self) -> String {
        format!("/assets/{}/{}", *VERSION, self.name)
    }
}

/// `GET /assets/{version}/{name}`
pub(crate) async fn get(Path((_, name)): Path<(String, String)>) -> Result<Response> {
    let asset = ALL.iter().find(|asset| asset.name == name).ok_or(Failure::NoPage)?;
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static(asset.media_type)),
        (header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=31536000, immutable")),
    ];
    Ok((headers, asset.parts.concat()).into_response())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scripts_of_our_own_are_small() {
        let scripts = ALL.iter().filter(|asset| asset.media_type.starts_with("text/javascript"));
        let bytes: usize = scripts.flat_map(|asset| asset.parts).map(|part| part.len()).sum();
        assert!((1..=30_000).contains(&bytes), "{bytes} bytes, all together");
    }
}
