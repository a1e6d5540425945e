//! Figures as people read them: numbers, and times in a video.

/// A score or a mean without needless digits.
#[must_use]
pub fn number(value: f64) -> String {
    let text = format!("{value:.1}");
    text.strip_suffix(".0").map_or(text.clone(), str::to_owned)
}

/// A time in a video, if it is one: vendors' numbers may be negative or no numbers at all.
#[must_use]
pub fn seconds(given: Option<f64>) -> Option<f64> {
    given.filter(|seconds| seconds.is_finite() && *seconds >= 0.0)
}

/// A place in a video: `3:07`, `1:02:09`.
#[must_use]
pub fn place(seconds: f64) -> String {
    let whole = seconds as u64;
    let (hours, minutes, seconds) = (whole / 3600, whole / 60 % 60, whole % 60);
    if hours > 0 { format!("{hours}:{minutes:02}:{seconds:02}") } else { format!("{minutes}:{seconds:02}") }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_short_and_never_fail() {
        assert_eq!([place(0.9), place(187.0), place(3729.4)], ["0:00", "3:07", "1:02:09"]);
        assert_eq!(place(-1.0), "0:00");
        assert!(place(1e300).ends_with(":15"));
        assert_eq!(seconds(Some(f64::NAN)), None);
    }
}
