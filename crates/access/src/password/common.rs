//! What everybody tries first. Shorter ones than the shortest password need no mention.

/// Whether a password, in lower case, is among them: on the list, a short piece over and over, or a run of neighbours.
pub(super) fn is_common(lower: &str) -> bool {
    let plain: String = lower.chars().filter(|c| c.is_alphanumeric()).collect();
    COMMON.contains(&plain.as_str())
        || [lower, &plain].into_iter().any(|text| is_repeated(text) || is_run(text))
}

/// Whether it is a piece of at most four characters over and over, such as `abcabcabcabc`.
fn is_repeated(text: &str) -> bool {
    let all: Vec<char> = text.chars().collect();
    (1..=4).any(|piece| all.iter().zip(all.iter().skip(piece)).all(|(a, b)| a == b))
}

/// Whether each character follows the one before, upwards or downwards, or on a row of the keyboard.
fn is_run(text: &str) -> bool {
    let follows = |step: i64| {
        let codes: Vec<i64> = text.chars().map(|c| i64::from(u32::from(c))).collect();
        codes.windows(2).all(|pair| pair[1] - pair[0] == step)
    };
    let backwards: String = text.chars().rev().collect();
    let is_row = |text: &str| ROWS.iter().any(|row| row.contains(text));
    follows(1) || follows(-1) || is_row(text) || is_row(&backwards)
}

const ROWS: [&str; 4] = [
    "01234567890123456789012345678901234567890",
    "qwertyuiopasdfghjklzxcvbnmqwertyuiopasdfghjklzxcvbnm",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik9ol0p",
    "q1w2e3r4t5y6u7i8o9p0 1q2w3e4r5t6y7u8i9o0p",
];

const COMMON: &[&str] = &[
    "5201314520131",
    "a12345678910",
    "a123456789012",
    "abc123456789",
    "abcd12345678",
    "abcdef123456",
    "admin1234567",
    "admin12345678",
    "admin123456789",
    "adminadmin123",
    "administrator",
    "administrator1",
    "asdfghjkl123",
    "bankpassword",
    "changeme1234",
    "changemeplease",
    "correcthorsebatterystaple",
    "defaultpassword",
    "dossier12345",
    "dossier123456",
    "dossierdossier",
    "dossierpassword",
    "hello12345678",
    "iloveyou1234",
    "iloveyou12345",
    "iloveyouforever",
    "letmein12345",
    "letmeinplease",
    "mima12345678",
    "mima123456789",
    "mypassword123",
    "newpassword1",
    "p4ssw0rd1234",
    "passw0rd1234",
    "passw0rd12345",
    "password0000",
    "password1111",
    "password1234",
    "password12345",
    "password123456",
    "password2023",
    "password2024",
    "password2025",
    "password2026",
    "password2027",
    "passwordpassword",
    "princess1234",
    "qazwsxedc123",
    "qwer12345678",
    "qwerty123456",
    "qwerty1234567",
    "qwerty12345678",
    "qwertyqwerty",
    "qwertyuiop12",
    "qwertyuiop123",
    "root12345678",
    "rootpassword",
    "secretpassword",
    "sunshine1234",
    "superadmin123",
    "temppassword",
    "test12345678",
    "testpassword",
    "thisismypassword",
    "trustno11234",
    "welcome12345",
    "welcome123456",
    "woaini123456",
    "woaini1314520",
    "woaini5201314",
    "woaizhongguo",
    "yinhang12345",
    "zhongguo1949",
    "zxcvbnm12345",
    "zxcvbnm123456",
];
