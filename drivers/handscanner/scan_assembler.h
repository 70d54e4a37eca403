// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <deque>
#include <optional>
#include <string>

#include "peripherals/base/error.h"

namespace guichet::handscanner {

/// The largest QR code has 7,089 digits.
inline constexpr std::size_t kLongestScan = 8192;

/// Puts characters together to scans. A scan that cannot be whole is refused at its end and never
/// handed out in part. Pure.
class ScanAssembler {
public:
    void add(char each);
    void end();
    /// The scan that is coming in is damaged; `why` is for the log.
    void spoil(std::string why);
    /// What came until now does not count, nor the rest of a scan that is in the middle.
    void startOver();
    /// The rest of the scan that is in the middle will not come: it is refused, and what follows is
    /// another.
    void giveUp();

    /// The scans in order; each is its text, or Errc::Protocol if it was damaged. Empty scans are
    /// left out.
    [[nodiscard]] std::optional<Result<std::string>> next();
    /// Whether a scan has begun that has not ended.
    [[nodiscard]] bool inside() const { return !m_text.empty() || !m_fault.empty(); }

private:
    std::string m_text;
    std::string m_fault; ///< of the scan that is coming in
    bool m_skip = false; ///< up to the next end
    std::deque<Result<std::string>> m_done;
};

} // namespace guichet::handscanner
