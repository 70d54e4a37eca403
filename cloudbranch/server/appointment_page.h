// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "queue/domain/branch.h"

namespace guichet::hub {

/// What the page of a booked time shows until its customer has checked in.
struct AppointmentView {
    const queue::domain::BranchSettings& branch;
    const queue::domain::Appointment& appointment;
    Instant now{};
    std::uint64_t position = 0;   ///< of the log, as far as the view knows it
    std::string token = {};       ///< of the page's own address
    std::string checkInCode = {}; ///< text of the QR code
    std::string note = {};        ///< key of what the customer's last step led to
};

/// When and for what, the code, what to bring, the calendar's entry, and a way to cancel.
[[nodiscard]] std::string appointmentPage(const AppointmentView& view, const std::string& language);

/// "483 0921 556"
[[nodiscard]] std::string groupedCode(const std::string& code);

} // namespace guichet::hub
