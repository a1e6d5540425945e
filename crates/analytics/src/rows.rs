//! Which rows of a chunk are counted.

/// The rows of a chunk that are counted: all, or those with a bit.
#[derive(Debug, Clone, Copy)]
pub struct Rows<'a> {
    bits: Option<&'a [u64]>,
    len: usize,
}

impl<'a> Rows<'a> {
    /// All rows of a chunk of this length.
    #[must_use]
    pub fn all(len: usize) -> Self {
        Self { bits: None, len }
    }

    /// The rows of a chunk of this length that have a bit: row `r` is bit `r % 64` of word `r / 64`. Words that are
    /// missing have no bits, and bits beyond the length don't count.
    #[must_use]
    pub fn with_bits(bits: &'a [u64], len: usize) -> Self {
        Self { bits: Some(bits), len }
    }

    /// How many they are.
    #[must_use]
    pub fn count(self) -> u64 {
        match self.bits {
            None => crate::math::count(self.len),
            Some(bits) => self.words(bits).map(|(_, word)| u64::from(word.count_ones())).sum(),
        }
    }

    /// Visits each of them, in order.
    #[inline]
    pub fn each(self, mut visit: impl FnMut(usize)) {
        let Some(bits) = self.bits else { return (0..self.len).for_each(visit) };
        for (first, mut word) in self.words(bits) {
            if word == u64::MAX {
                (first..first + 64).for_each(&mut visit);
                continue;
            }
            while word != 0 {
                visit(first + word.trailing_zeros() as usize);
                word &= word - 1;
            }
        }
    }

    /// The words with the first row of each, without bits beyond the length.
    fn words(self, bits: &'a [u64]) -> impl Iterator<Item = (usize, u64)> {
        let word = move |(number, word): (usize, &u64)| {
            let first = number * 64;
            let rest = self.len - first;
            (first, if rest < 64 { word & ((1 << rest) - 1) } else { *word })
        };
        bits.iter().take(self.len.div_ceil(64)).enumerate().map(word)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn rows_are_those_with_a_bit(bits in prop::collection::vec(prop_oneof![Just(0), Just(u64::MAX), any::<u64>()], 0..5), len in 0usize..300) {
            let rows = Rows::with_bits(&bits, len);
            let mut visited = Vec::new();
            rows.each(|row| visited.push(row));
            let has = |row: &usize| bits.get(row / 64).is_some_and(|word| word >> (row % 64) & 1 == 1);
            prop_assert_eq!(&visited, &(0..len).filter(has).collect::<Vec<_>>());
            prop_assert_eq!(rows.count(), visited.len() as u64);
        }
    }

    #[test]
    fn all_rows_are_all() {
        let mut visited = 0;
        Rows::all(130).each(|_| visited += 1);
        assert_eq!((visited, Rows::all(130).count(), Rows::all(0).count()), (130, 130, 0));
    }
}
