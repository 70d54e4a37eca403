// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

#include "queue/domain/bookings.h"

/// The documents of promised times as JSON text. Pure.
namespace guichet::queue::api {

[[nodiscard]] std::string slotsDocument(const domain::BranchSettings& settings,
                                        const domain::ServiceSettings& service,
                                        const std::string& date,
                                        const std::vector<domain::Slot>& slots);
[[nodiscard]] std::string holdDocument(const domain::BranchSettings& settings,
                                       const domain::Appointment& held);
/// As its customer sees it: the name masked, no phone.
[[nodiscard]] std::string appointmentDocument(const domain::BranchSettings& settings,
                                              const domain::Appointment& appointment);
[[nodiscard]] std::string formDocument(const domain::BranchSettings& settings,
                                       const domain::OpenForm& form);
/// {"form": {"journey", "fields"}}, what a terminal goes on with.
[[nodiscard]] std::string openedForm(const domain::PreparedForm& form);
/// A visit's document with what was filled in online added.
[[nodiscard]] std::string withForm(std::string document, const domain::PreparedForm& form);

} // namespace guichet::queue::api
