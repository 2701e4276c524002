//! Medians and how sure they are.

use serde::Serialize;

/// A median with the interval that holds the true one with a probability of at least 95 %.
#[derive(Clone, Copy, Debug, PartialEq, Serialize)]
pub(crate) struct Median {
    /// The median of the sample.
    pub(crate) value: f64,
    /// The interval's lower end.
    pub(crate) low: f64,
    /// The interval's upper end.
    pub(crate) high: f64,
}

impl Median {
    /// Of a sample that is not empty.
    pub(crate) fn of(sample: &[f64]) -> Option<Self> {
        let mut sorted = sample.to_vec();
        sorted.sort_by(f64::total_cmp);
        let count = sorted.len();
        let (below, above) = (
            sorted.get(count.checked_sub(1)? / 2)?,
            sorted.get(count / 2)?,
        );
        let outside = outside(count);
        Some(Self {
            value: (below + above) / 2.0,
            low: *sorted.get(outside)?,
            high: *sorted.get(count - 1 - outside)?,
        })
    }
}

/// How many values on either side lie outside the interval.
///
/// Whatever the distribution, each value lies below the true median with a probability of one half.
/// So the sign test's binomial distribution says how likely it is that the median lies outside.
fn outside(count: usize) -> usize {
    const EACH_SIDE: f64 = 0.025;
    // The probability that exactly `k` of `count` values lie below the median.
    let mut exactly = 0.5_f64.powi(i32::try_from(count).unwrap_or(i32::MAX));
    let mut at_most = exactly;
    let mut k = 0;
    while at_most <= EACH_SIDE {
        exactly *= (count - k) as f64 / (k + 1) as f64;
        at_most += exactly;
        k += 1;
    }
    // At most k - 1 values are below with a probability of no more than 2.5 %.
    k.saturating_sub(1)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_interval_is_that_of_the_sign_test() {
        // From the tables: of 15 values, the 4th and the 12th.
        assert_eq!(outside(15), 3);
        // Of 20, the 6th and the 15th.
        assert_eq!(outside(20), 5);
        // Of so few, all.
        assert_eq!(outside(5), 0);
        assert_eq!(outside(1), 0);
    }

    #[test]
    fn a_median_does_not_mind_a_slow_run() {
        let sample: Vec<f64> = (1..15).map(f64::from).chain([1000.0]).collect();
        let median = Median::of(&sample).unwrap();
        assert_eq!((median.low, median.value, median.high), (4.0, 8.0, 12.0));
    }

    #[test]
    fn the_median_of_an_even_sample_lies_between_two_values() {
        assert_eq!(Median::of(&[1.0, 2.0, 3.0, 4.0]).unwrap().value, 2.5);
        assert_eq!(Median::of(&[]), None);
    }
}
