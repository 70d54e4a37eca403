// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <vector>

#include "queue/domain/branch.h"

namespace guichet::hub {

/// What a customer has chosen so far, and what there is to choose from next. Each choice is a link,
/// and the last step a plain form; the script keeps the time meanwhile.
struct BookView {
    const queue::domain::BranchSettings& branch;
    Instant now{};
    const queue::domain::Appointment* moving = nullptr; ///< a booked one gets another time
    std::string token = {};                             ///< of the moving one
    std::string key = {};                               ///< of this booking, so that it is one
    std::string name = {};                              ///< as typed before
    std::string phone = {};                             ///< as typed before
    std::string note = {}; ///< key of what the customer's last step led to
    const queue::domain::ServiceSettings* service = nullptr;             ///< none: choose one
    std::optional<std::chrono::year_month_day> date = {};                ///< none: choose a day
    std::optional<queue::domain::Slot> slot = {};                        ///< none: choose a time
    std::vector<queue::domain::Slot> slots = {};                         ///< of the date
    std::vector<std::pair<std::chrono::year_month_day, bool>> days = {}; ///< has free times
};

/// "/o/<branch>/book": service, day, time, then name and phone. "/t/<token>/move", of an
/// appointment: day, time, then a form that needs no script.
[[nodiscard]] std::string bookPage(const BookView& view, const std::string& language);

/// A day as people say it: "Today", "Tomorrow", "Thu 26/11".
[[nodiscard]] std::string dayPhrase(std::chrono::year_month_day date, Instant now,
                                    const std::string& zone, const std::string& language);

} // namespace guichet::hub
