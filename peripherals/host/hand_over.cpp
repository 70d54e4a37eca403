// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/hand_over.h"

#include <algorithm>
#include <utility>

namespace guichet::host {

using enum VendorModeState;

std::string_view name(VendorModeState state)
{
    switch (state) {
    case Inactive:
        return "inactive";
    case EnterPending:
        return "enterPending";
    case Active:
        return "active";
    case ExitPending:
        return "exitPending";
    }
    return "";
}

std::vector<std::string> HandOver::applications() const
{
    std::vector<std::string> names;
    for (const auto& [client, application] : m_applications) {
        names.push_back(application);
    }
    std::sort(names.begin(), names.end());
    return names;
}

void HandOver::join(xfs::ClientId client, std::string application)
{
    const bool fresh = m_applications.insert_or_assign(client, std::move(application)).second;
    if (fresh && pending()) {
        m_awaited.insert(client);
    }
}

void HandOver::leave(xfs::ClientId client)
{
    m_applications.erase(client);
    m_awaited.erase(client);
    settle();
}

bool HandOver::requestEnter()
{
    if (m_state != Inactive) {
        return false;
    }
    ask(EnterPending);
    return true;
}

bool HandOver::requestExit()
{
    if (m_state != Active) {
        return false;
    }
    ask(ExitPending);
    return true;
}

bool HandOver::agree(xfs::ClientId client, VendorModeState state)
{
    if (!pending() || m_state != state || m_awaited.erase(client) == 0) {
        return false;
    }
    settle();
    return true;
}

void HandOver::abandon()
{
    if (pending()) {
        m_state = m_state == EnterPending ? Inactive : Active;
        m_awaited.clear();
    }
}

bool HandOver::pending() const
{
    return m_state == EnterPending || m_state == ExitPending;
}

void HandOver::ask(VendorModeState pending)
{
    m_state = pending;
    for (const auto& [client, application] : m_applications) {
        m_awaited.insert(client);
    }
    settle();
}

void HandOver::settle()
{
    if (pending() && m_awaited.empty()) {
        m_state = m_state == EnterPending ? Active : Inactive;
    }
}

} // namespace guichet::host
