// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/zone_handles.h"

#include <algorithm>
#include <utility>

namespace guichet::host {

namespace {

constexpr auto kSooner = [](const auto& one, const auto& other) {
    return one.second.until < other.second.until;
};

} // namespace

void ZoneHandles::keep(const std::string& handle, std::map<std::string, std::string> sealed,
                       Time now)
{
    if (m_zones.size() == kMost && !m_zones.contains(handle)) {
        m_zones.erase(std::min_element(m_zones.begin(), m_zones.end(), kSooner));
    }
    m_zones.insert_or_assign(handle, Zone{std::move(sealed), now + kLife});
}

Result<std::string> ZoneHandles::sealedFor(const std::string& handle, const std::string& device,
                                           Time now) const
{
    const auto zone = m_zones.find(handle);
    if (zone == m_zones.end() || zone->second.until <= now) {
        return fail(Errc::NotFound,
                    "key.handle: of no zone that was read on this connection in the last 5 minutes "
                    "and not used yet",
                    Remedy::Retry);
    }
    const auto sealed = zone->second.sealed.find(device);
    if (sealed == zone->second.sealed.end()) {
        return fail(Errc::NotFound,
                    "key.handle: " + device + " was away when the zone was read; read it again",
                    Remedy::Retry);
    }
    return sealed->second;
}

void ZoneHandles::forget(const std::string& handle)
{
    m_zones.erase(handle);
}

void ZoneHandles::forgetAll()
{
    m_zones.clear();
}

void ZoneHandles::expire(Time now)
{
    std::erase_if(m_zones, [now](const auto& zone) { return zone.second.until <= now; });
}

ZoneHandles::Time ZoneHandles::nextExpiry() const
{
    const auto next = std::min_element(m_zones.begin(), m_zones.end(), kSooner);
    return next == m_zones.end() ? Time::max() : next->second.until;
}

} // namespace guichet::host
