// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "peripherals/base/clock.h"
#include "peripherals/base/error.h"

namespace guichet::hub {

/// Files as one tar (POSIX.1-1988 ustar), of which any part is made when it is asked for: nothing
/// is copied. Files that grow meanwhile keep the length that was given. Thread-safe.
class CaseTar {
public:
    struct Entry {
        std::string name; ///< in the tar, at most 100 bytes
        std::filesystem::path file;
        std::uint64_t size = 0;
    };

    CaseTar(std::vector<Entry> entries, Instant time);
    [[nodiscard]] std::uint64_t size() const { return m_size; }
    /// `count` bytes from `from`; fewer at the end. Fails with Errc::Busy: a file cannot be read,
    /// or is shorter than it was.
    [[nodiscard]] Result<std::string> read(std::uint64_t from, std::size_t count) const;

private:
    std::vector<Entry> m_entries;
    Instant m_time;
    std::uint64_t m_size = 0;
};

} // namespace guichet::hub
