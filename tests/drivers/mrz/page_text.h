// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <random>
#include <string>

#include "drivers/mrz/mrz_text.h"

namespace guichet::test {

/// A made-up holder's zone with right check digits, each line ended by a line feed. What varies as
/// it does in life: states of one letter, short names and ones that are cut, numbers with letters,
/// optional data empty or full.
[[nodiscard]] std::string pageText(std::mt19937& random, mrz::Format format);

/// Lines of a zone in which every letter is as likely as any other, to learn from.
[[nodiscard]] std::string evenText(std::mt19937& random, mrz::Format format);

} // namespace guichet::test
