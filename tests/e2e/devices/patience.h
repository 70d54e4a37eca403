// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace guichet::test {

inline constexpr int kPatienceMs = 60'000; ///< until a real part shows what it was made to do

} // namespace guichet::test
