//! Shows a few interviews of the made-up bank, and how many come by in a second.

use dossier_simulator::{Bank, BankOptions};

#[expect(clippy::print_stdout, reason = "an example shows what it does")]
fn main() {
    let bank = Bank::generate(BankOptions { candidates: 100_000, ..BankOptions::default() });
    for sitting in bank.interviews().take(8) {
        let words = sitting.turns.iter().map(|turn| turn.answer.chars().count()).sum::<usize>();
        println!(
            "{}  {}  {}  {:>4}  {words} characters",
            sitting.started_at.date_naive(),
            sitting.person.full_name(),
            sitting.position.name,
            sitting.score,
        );
    }
    println!("{}", bank.interview(0).turns[1].answer);
    let began = std::time::Instant::now();
    let sum: f64 = bank.interviews().take(10_000).map(|sitting| sitting.score).sum();
    println!("10,000 interviews in {:?}, mean score {:.1}", began.elapsed(), sum / 10_000.0);
}
