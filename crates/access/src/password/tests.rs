//! Which passwords are taken, and that a hash is good for one password alone.

use super::*;

fn chosen(text: &str) -> Result<Password, PasswordFault> {
    Password::chosen(text, &Login::parse("zhangsan").unwrap(), &PersonName::parse("张三").unwrap())
}

#[test]
fn length_is_counted_in_characters_of_the_normal_form() {
    assert_eq!(chosen("kurz und gut").map(drop), Ok(()));
    assert_eq!(chosen("kurz und gu").map(drop), Err(PasswordFault::TooShort));
    assert_eq!(chosen("天地玄黄宇宙洪荒日月盈昃").map(drop), Ok(()));
    // A ligature is two letters.
    assert_eq!(chosen("ﬁve letters").map(drop), Ok(()));
    let long: String = ('a'..='z').cycle().step_by(5).take(256).collect();
    assert_eq!(chosen(&long).map(drop), Ok(()));
    assert_eq!(chosen(&format!("{long}x")).map(drop), Err(PasswordFault::TooLong));
    assert_eq!(chosen(&"x".repeat(50_000_000)).map(drop), Err(PasswordFault::TooLong));
}

#[test]
fn ones_own_name_and_what_everybody_tries_are_refused() {
    for own in ["ZhangSan2024", "zhangsanzhangsan", "ｚｈａｎｇｓａｎ!!!!", "张三张三张三张三张三张三"]
    {
        assert_eq!(chosen(own).map(drop), Err(PasswordFault::OwnName), "{own}");
    }
    for common in [
        "Password1234",
        "passw0rd-1234",
        "aaaaaaaaaaaa",
        "abcabcabcabc",
        "123456789012",
        "qwertyuiopasd",
        "1qaz2wsx3edc",
        "lkjihgfedcba",
        "ＱＷＥＲＴＹ１２３４５６",
    ] {
        assert_eq!(chosen(common).map(drop), Err(PasswordFault::Common), "{common}");
    }
    for good in ["zhangsan likes blue tea", "kZ8#mQ2!vL5x", "我在支行门口等公交车呢好的"] {
        assert_eq!(chosen(good).map(drop), Ok(()), "{good}");
    }
}

#[test]
fn a_hash_is_good_for_its_password_in_any_unicode_form() {
    let hash = PasswordHash::of(&chosen("Ａngström 十二字").unwrap(), [7; 16]).unwrap();
    assert!(hash.matches(&Password::typed("A\u{6e}gstro\u{308}m 十二字")));
    assert!(!hash.matches(&Password::typed("angström 十二字")));
    assert!(!hash.matches(&Password::typed("")));
    let stored = serde_json::to_string(&hash).unwrap();
    assert!(serde_json::from_str::<PasswordHash>(&stored).unwrap() == hash);
    assert!(stored.contains("\"memory_kib\":19456,\"passes\":2,\"lanes\":1"), "{stored}");
}

#[test]
fn what_is_too_long_matches_nothing_and_nobody_has_no_password() {
    let long = "长".repeat(256);
    let hash = PasswordHash::of(&Password::typed(&long), [7; 16]).unwrap();
    assert!(hash.matches(&Password::typed(&long)));
    assert!(!hash.matches(&Password::typed(&format!("{long}长"))));
    assert!(!PasswordHash::of_nobody().matches(&Password::typed("")));
}

/// The vectors of RFC 9106 have a secret and data besides; this one was computed with OpenSSL's Argon2id.
#[test]
fn a_hash_is_the_one_that_others_compute() {
    let blank = PasswordHash { salt: *b"saltsaltsaltsalt", ..PasswordHash::of_nobody() };
    let hash = blank.compute(&Password::typed("password")).unwrap();
    assert_eq!(hex::encode(hash), "4fde6aed2db4e6d7fd588e078583990c842630c01b9ed69c1974c892ed205d3f");
}
