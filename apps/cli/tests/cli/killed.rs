//! A sync that is killed, and begun again.

use std::{collections::BTreeMap, fs, thread, time::Duration};

use dossier_simulator::MediaFault;

use crate::place::{Place, Vendor};

const CANDIDATES: usize = 12;

#[test]
fn killed_in_the_middle_of_a_video_and_begun_again_everything_is_there_once() {
    let (place, vendor) = (Place::with_archive(), Vendor::of(CANDIDATES));
    place.connect(&vendor);
    for round in 0..3 {
        (0..4).for_each(|_| vendor.server.fail_media(MediaFault::Drip(20_000, Duration::from_millis(200))));
        let before = vendor.server.stats().media_requests;
        let mut sync = place.command("sync --as hr").spawn().unwrap();
        let began = (0..200).any(|_| {
            thread::sleep(Duration::from_millis(20));
            vendor.server.stats().media_requests > before
        });
        assert!(began, "round {round}: no video was ever under way");
        assert!(sync.try_wait().unwrap().is_none(), "round {round}: it was over before it could be killed");
        sync.kill().unwrap();
        sync.wait().unwrap();
    }
    vendor.server.behave(|behaviour| behaviour.media_faults.clear());
    let report = place.json("sync --as hr");
    assert_eq!(report["syncs"][0]["pending"], 0, "{report:#}");

    let found = place.json("search --limit 1000 --as hr");
    assert_eq!(found["total"], CANDIDATES);
    for hit in found["hits"].as_array().unwrap() {
        let dossier = place.json(&format!("show {} --as hr", hit["application"].as_str().unwrap()));
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        for material in dossier["materials"].as_array().unwrap() {
            let kind = material["content"].as_object().unwrap().keys().next().unwrap();
            *kinds.entry(kind.clone()).or_default() += 1;
        }
        assert_eq!(kinds.len(), 5, "{kinds:?}");
        assert!(kinds.values().all(|count| *count == 1), "{kinds:?}");
        assert_eq!(dossier["interviews"].as_array().unwrap().len(), 1);
    }
    assert_eq!(blobs(&place).1, 0, "what was half stored is swept away");
    place.ok("doctor --everything --as admin");
}

/// How many blobs are whole, and how many are under way or left half.
fn blobs(place: &Place) -> (usize, usize) {
    let fans = fs::read_dir(place.path("dossier-data/blobs")).into_iter().flatten().flatten();
    let files = fans.flat_map(|fan| fs::read_dir(fan.path()).into_iter().flatten().flatten());
    let (half, whole): (Vec<_>, Vec<_>) =
        files.partition(|file| file.file_name().to_string_lossy().contains('#'));
    (whole.len(), half.len())
}
