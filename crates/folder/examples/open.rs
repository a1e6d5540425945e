//! Makes a new archive in a folder with its key file beside it, and opens it again.

use dossier_folder::{Caches, DataFolder, key_file};

#[tokio::main]
#[expect(clippy::print_stdout, reason = "an example shows what it does")]
async fn main() -> Result<(), Box<dyn std::error::Error>> {
    let place = tempfile::tempdir()?;
    let path = place.path().join("archive");
    let folder = DataFolder::at(&path);
    folder.prepare()?;
    let (key, _) = key_file::read_or_create(&key_file::beside(&path))?;
    folder.create(&key)?;

    let archive = folder.open(&key, Caches::default()).await?;
    println!("an archive whose months are those of {}", archive.settings().zone);
    archive.close().await?;
    Ok(())
}
