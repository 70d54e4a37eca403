// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/chip_readers.h"

namespace guichet::host {

void ChipReaders::add(const std::string& device, HelperProcess& helper)
{
    const std::scoped_lock lock(m_mutex);
    m_helpers[device] = &helper;
}

void ChipReaders::zoneRecipient(const std::string& device, const std::string& publicKey)
{
    const std::scoped_lock lock(m_mutex);
    m_publicKeys[device] = publicKey;
}

Result<ChipReaders::Reader> ChipReaders::find(const std::string& device) const
{
    const std::scoped_lock lock(m_mutex);
    const auto helper = m_helpers.find(device);
    const auto key = m_publicKeys.find(device);
    if (helper == m_helpers.end() || key == m_publicKeys.end() || key->second.empty()) {
        return fail(Errc::Disconnected, device + ": its process is not up", Remedy::Wait);
    }
    return Reader{helper->second, key->second};
}

} // namespace guichet::host
