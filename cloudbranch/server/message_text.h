// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "queue/domain/appointment.h"
#include "queue/domain/settings.h"

namespace guichet::hub {

/// What the customer of an appointment is told, in the appointment's language: short enough for a
/// text message. `link` is the appointment's page; empty: none. Nothing if the appointment is no
/// longer as `kind` would say, so that a late message never contradicts a later one. Pure.
[[nodiscard]] std::optional<std::string> messageText(const queue::domain::BranchSettings& branch,
                                                     std::string_view kind,
                                                     const queue::domain::Appointment& appointment,
                                                     const std::string& link);

} // namespace guichet::hub
