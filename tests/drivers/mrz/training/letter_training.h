// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <random>
#include <vector>

#include "tests/drivers/mrz/training/letter_samples.h"

namespace guichet::test {

/// Gradient descent with Adam, in two threads whose shares are fixed: the same samples and seed
/// give the same weights.
class LetterTraining {
public:
    explicit LetterTraining(unsigned seed);
    ~LetterTraining();

    /// One pass over `samples` in random order; `rate`: of learning, at its begin and end.
    /// Returns the mean loss.
    double pass(const std::vector<LetterSample>& samples, float rateFirst, float rateLast);

    [[nodiscard]] const mrz::LetterNet& net() const;
    /// As loadWeights takes them.
    [[nodiscard]] Bytes weights() const;

private:
    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace guichet::test
