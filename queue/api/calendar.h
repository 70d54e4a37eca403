// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include "queue/domain/appointment.h"
#include "queue/domain/settings.h"

namespace guichet::queue::api {

/// The appointment as iCalendar (RFC 5545) in its own language: one VEVENT in the branch's zone
/// with the VTIMEZONE that holds for it, a stable UID, SEQUENCE counting its moves, STATUS and an
/// alarm half an hour before. Lines are folded and end with CRLF. `now` is when it was asked for.
[[nodiscard]] std::string calendarText(const domain::BranchSettings& branch,
                                       const domain::Appointment& appointment, Instant now);

} // namespace guichet::queue::api
