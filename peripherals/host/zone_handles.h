// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <string>

#include "peripherals/base/error.h"

namespace guichet::host {

/// The zones that one connection had read: of each, what was sealed for the readers of chips, under
/// its handle. Whoever has this process has no zone: only a reader's own helper opens its seal.
class ZoneHandles {
public:
    using Time = std::chrono::steady_clock::time_point;
    static constexpr std::chrono::minutes kLife{5};
    static constexpr std::size_t kMost = 8;

    /// `sealed` by the device it is for. The oldest makes room.
    void keep(const std::string& handle, std::map<std::string, std::string> sealed, Time now);
    /// Errc::NotFound with Retry: unknown, forgotten, too old, or the device was not there when the
    /// zone was read.
    [[nodiscard]] Result<std::string> sealedFor(const std::string& handle,
                                                const std::string& device, Time now) const;
    void forget(const std::string& handle);
    void forgetAll();
    /// Forgets what is too old.
    void expire(Time now);
    /// When the next one is too old; Time::max() if there is none.
    [[nodiscard]] Time nextExpiry() const;

private:
    struct Zone {
        std::map<std::string, std::string> sealed;
        Time until;
    };
    std::map<std::string, Zone> m_zones;
};

} // namespace guichet::host
