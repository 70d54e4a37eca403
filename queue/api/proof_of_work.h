// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <mutex>
#include <string>
#include <string_view>

#include "peripherals/base/bytes.h"
#include "peripherals/base/clock.h"

namespace guichet::queue::api {

/// Makes callers without a login spend a moment of computing while an outlet is being scraped: a
/// challenge is solved by a nonce with which SHA-256("CHALLENGE:NONCE") begins with so many zero
/// bits. Challenges are signed, not kept; each counts once and for two minutes. Thread-safe.
class ProofOfWork {
public:
    /// The clock must outlive it.
    ProofOfWork(const Clock& clock, unsigned bits);

    [[nodiscard]] std::string challenge() const;
    /// "CHALLENGE:NONCE" of a challenge of ours that is fresh, solved and not used yet.
    [[nodiscard]] bool accept(std::string_view proof);

private:
    [[nodiscard]] std::string seal(std::string_view content) const;

    const Clock& m_clock;
    const unsigned m_bits;
    const Bytes m_key;
    std::mutex m_mutex;
    std::map<std::string, Ticks> m_used; ///< until when they would be fresh
};

} // namespace guichet::queue::api
