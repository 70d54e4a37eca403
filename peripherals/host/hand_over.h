// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "peripherals/xfs/service.h"

namespace guichet::host {

enum class VendorModeState { Inactive, EnterPending, Active, ExitPending };

/// "enterPending"
[[nodiscard]] std::string_view name(VendorModeState state);

/// Who has the terminal's devices, its applications or maintenance: the rules of XFS4IoT's vendor
/// mode without its messages. The mode changes once every application that registered has agreed or
/// is gone; with none, at once.
///
///     Inactive -> EnterPending -> Active -> ExitPending -> Inactive
class HandOver {
public:
    [[nodiscard]] VendorModeState state() const { return m_state; }
    /// Those whose agreement to the change that is pending is not there yet.
    [[nodiscard]] const std::set<xfs::ClientId>& awaited() const { return m_awaited; }
    /// The names of the registered applications, in the order of the alphabet.
    [[nodiscard]] std::vector<std::string> applications() const;

    /// An application registers, or changes its name. One that comes while a change is pending is
    /// awaited too.
    void join(xfs::ClientId client, std::string application);
    void leave(xfs::ClientId client);
    /// False if nothing was changed: not inactive, or not active.
    [[nodiscard]] bool requestEnter();
    [[nodiscard]] bool requestExit();
    /// `state` names the change that is agreed to. False if that is not pending, or the client is
    /// not awaited.
    [[nodiscard]] bool agree(xfs::ClientId client, VendorModeState state);
    /// The pending change is given up: all is as before it.
    void abandon();

private:
    [[nodiscard]] bool pending() const;
    void ask(VendorModeState pending);
    void settle();

    VendorModeState m_state = VendorModeState::Inactive;
    std::map<xfs::ClientId, std::string> m_applications;
    std::set<xfs::ClientId> m_awaited;
};

} // namespace guichet::host
