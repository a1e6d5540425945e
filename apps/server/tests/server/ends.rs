//! It ends when it is told to, whatever has become of its folder.

use std::{fs, io, io::Write, net::TcpStream, thread, time::Duration};

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
