//! Updates, removals, positions.

use dossier_domain::Stage;
use dossier_search::{Entry, ErrorKind, Index, Scope};

use crate::given::{application, entry, index_of, names, open, try_open};

#[test]
fn what_is_written_is_found_at_once_and_what_is_replaced_no_more() {
    let (_folder, index) = index_of(&[entry(1, "张三", 1, "客户经理"), entry(2, "李四", 1, "客户经理")]);
    let scope = Scope::all();
    let moved = Entry { stage: Stage::Offer, ..entry(1, "张三丰", 1, "客户经理") };
    index.apply(&[moved], &[application(2)], 2).unwrap();
    assert_eq!(names(&index, &scope, ""), ["张三丰"]);
    assert_eq!(names(&index, &scope, "阶段:AI面试"), Vec::<String>::new());
    assert_eq!((index.len(), index.position()), (1, 2));
}

#[test]
fn one_commit_may_remove_and_add_the_same_application() {
    let (_folder, index) = index_of(&[entry(1, "张三", 1, "客户经理")]);
    index.apply(&[entry(1, "李四", 1, "客户经理")], &[application(1)], 2).unwrap();
    assert_eq!(names(&index, &Scope::all(), ""), ["李四"]);
}

#[test]
fn the_position_and_the_entries_are_there_after_reopening() {
    let (folder, index) = index_of(&[entry(1, "张三", 1, "客户经理")]);
    index.apply(&[], &[], u64::MAX).unwrap();
    drop(index);
    let index = open(folder.path());
    assert_eq!((index.position(), index.len()), (u64::MAX, 1));
    index.clear().unwrap();
    assert_eq!((index.position(), index.len()), (0, 0));
}

#[test]
fn a_large_write_is_kept_from_its_commits_only() {
    let (folder, index) = index_of(&[]);
    let mut bulk = index.bulk().unwrap();
    bulk.add(&entry(1, "张三", 1, "客户经理")).unwrap();
    bulk.commit(7).unwrap();
    bulk.add(&entry(2, "李四", 1, "客户经理")).unwrap();
    drop(bulk);
    assert_eq!((index.position(), index.len()), (7, 1));
    index.apply(&[entry(3, "王五", 1, "客户经理")], &[], 8).unwrap();
    drop(index);
    assert_eq!(open(folder.path()).len(), 2);
}

#[test]
fn readers_need_no_lock_and_see_what_others_wrote_after_a_reload() {
    let (folder, writer) = index_of(&[entry(1, "张三", 1, "客户经理")]);
    let reader = open(folder.path());
    writer.apply(&[entry(2, "李四", 1, "客户经理")], &[], 2).unwrap();
    assert_eq!((reader.len(), reader.position()), (1, 1));
    reader.reload().unwrap();
    assert_eq!((reader.len(), reader.position()), (2, 2));
    let refused = reader.apply(&[], &[application(1)], 3).unwrap_err();
    assert_eq!(refused.kind(), ErrorKind::Locked);
}

#[test]
fn an_index_can_be_discarded_and_begun_again() {
    let (folder, index) = index_of(&[entry(1, "张三", 1, "客户经理")]);
    drop(index);
    std::fs::write(folder.path().join("not ours.txt"), "keep").unwrap();
    assert!(Index::exists(folder.path()));
    Index::discard(folder.path()).unwrap();
    assert!(!Index::exists(folder.path()));
    let left: Vec<_> =
        std::fs::read_dir(folder.path()).unwrap().map(|file| file.unwrap().file_name()).collect();
    assert_eq!(left, ["not ours.txt"]);
    let index = try_open(folder.path(), 2).unwrap();
    assert_eq!((index.position(), index.len()), (0, 0));
    Index::discard(&folder.path().join("never made")).unwrap();
}
