//! It ends when it is told to, whatever has become of its folder.

use std::{
    fs, io,
    io::{Read, Write},
    net::TcpStream,
    thread,
    time::Duration,
};

use crate::{place::Place, program::Program};

/// More than visitors and closing are given, on a machine that does other things.
const PATIENCE: Duration = Duration::from_secs(60);

fn looks(program: &Program, place: &Place) -> u16 {
    let head = format!("GET /api/v1/applications HTTP/1.1\r\nAuthorization: Bearer {}", place.token);
    program.ask(&head, 0, io::empty()).status
}

#[test]
fn it_ends_well_when_it_is_told_to() {
    let place = Place::new();
    let mut program = Program::over(&place.data());
    assert_eq!(looks(&program, &place), 200);
    program.terminate();
    assert!(program.ends_within(PATIENCE).success());
    // And lets go of the folder.
    let mut program = Program::over(&place.data());
    assert_eq!(looks(&program, &place), 200);
    // Whoever only waits holds nothing up.
    let mut waiting = TcpStream::connect(program.address).unwrap();
    waiting.write_all(b"GET /").unwrap();
    program.terminate();
    assert!(program.ends_within(PATIENCE).success());
}

#[test]
fn a_log_that_nobody_reads_holds_nobody_up() {
    let place = Place::new();
    let mut program = Program::unread(&place.data());
    // Each is some lines in the log, and a pipe holds 64 KiB.
    for _ in 0..1000 {
        assert_eq!(program.ask("GET /health HTTP/1.1", 0, io::empty()).status, 200);
    }
    program.terminate();
    assert!(program.ends_within(PATIENCE).success());
}

#[test]
fn who_follows_what_changes_holds_nothing_up() {
    let place = Place::new();
    let mut program = Program::over(&place.data());
    let mut following = TcpStream::connect(program.address).unwrap();
    let head = "GET /api/v1/me/notices/events HTTP/1.1\r\nHost: localhost";
    following
        .write_all(format!("{head}\r\nAuthorization: Bearer {}\r\n\r\n", place.token).as_bytes())
        .unwrap();
    let mut first = [0; 15];
    following.read_exact(&mut first).unwrap();
    assert_eq!(&first, b"HTTP/1.1 200 OK");
    program.terminate();
    assert!(program.ends_within(PATIENCE).success());
    assert!(!program.log().contains("connections were cut"), "{}", program.log());
}

#[test]
fn who_tells_it_twice_does_not_wait() {
    let place = Place::new();
    let mut program = Program::over(&place.data());
    let mut sending = TcpStream::connect(program.address).unwrap();
    sending.write_all(b"POST /sign-in HTTP/1.1\r\nHost: localhost\r\nContent-Length: 9\r\n\r\n").unwrap();
    thread::sleep(Duration::from_millis(500));
    program.terminate();
    thread::sleep(Duration::from_millis(500));
    program.terminate();
    assert_eq!(program.ends_within(PATIENCE).code(), Some(1));
    // What was acknowledged is there, and the folder is free.
    let program = Program::over(&place.data());
    assert_eq!(looks(&program, &place), 200);
}

#[test]
fn it_ends_when_its_folder_is_gone() {
    let place = Place::new();
    let mut program = Program::over(&place.data());
    assert_eq!(looks(&program, &place), 200);
    fs::remove_dir_all(place.data()).unwrap();
    // Each look is to be in the log, which nobody can write any more; and the schedule goes on meanwhile.
    for _ in 0..3 {
        looks(&program, &place);
        thread::sleep(Duration::from_secs(2));
    }
    program.terminate();
    program.ends_within(PATIENCE);
    assert!(!program.log().contains("panicked"), "{}", program.log());
}
