// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <map>
#include <string>
#include <vector>

#include "queue/domain/opening_hours.h"
#include "queue/domain/visit.h"

namespace guichet::queue::domain {

using Names = std::map<std::string, std::string>; ///< language tag to text

struct ServiceSettings {
    std::string id = {};
    Names names = {};
    std::string series = {};
    std::chrono::seconds meanService{420}; ///< change-over included
    int firstNumber = 1;
    int lastNumber = 999'999;
    bool open = true;
    bool remote = false; ///< gives numbers to people who are not here yet
    int seats = 0;       ///< bookable at the same time; 0: not bookable
    std::chrono::minutes slot{30};
    std::map<std::string, std::vector<std::string>> bring = {}; ///< language tag to what to bring
};

/// How times are promised.
struct BookingRules {
    int daysAhead = 7; ///< after today
    std::chrono::seconds holdFor{600};
    std::chrono::seconds early{1800}; ///< before the time a customer may check in
    std::chrono::seconds late{900};   ///< after it, without losing the credit of a booked one
    int mostPerPhone = 3;             ///< open appointments
    /// A seat given back is offered again after a random time in between, so that it cannot be
    /// traded from hand to hand.
    std::chrono::seconds leastRest{120};
    std::chrono::seconds mostRest{900};
};

/// How numbers are given to people who are not here yet.
struct RemoteRules {
    std::size_t mostUnarrived = 40;
    std::chrono::seconds leastArrival{1200}; ///< to arrive in, however short the line is
    std::chrono::seconds grace{600};         ///< beyond the expected wait
    std::chrono::seconds delay{900};         ///< for "I am late", once
};

/// Which lines a counter calls: the first tier that has somebody.
struct WorkProfile {
    std::string id = {};
    std::vector<std::vector<std::string>> tiers = {}; ///< service ids
};

/// What a branch is, as configured; changing it never ends or moves a visit.
struct BranchSettings {
    std::string id = {};
    Names names = {};
    Names address = {};
    std::string timeZone = "UTC";
    OpeningHours hours = {};
    std::vector<ServiceSettings> services = {};
    std::vector<std::string> counters = {};
    std::vector<WorkProfile> profiles = {}; ///< the one named "default" says who is ahead of whom
    std::map<CustomerClass, std::chrono::seconds> credits = {
        {CustomerClass::Booked, std::chrono::minutes(10)},
        {CustomerClass::Vip, std::chrono::minutes(15)},
    };
    int mostCalls = 3;
    int leastCallsForNoShow = 1;
    int mostRequeues = 3;
    std::chrono::milliseconds recallGap{0};
    std::chrono::seconds undoWithin{10};
    std::chrono::seconds returnWithin{1800}; ///< after a no-show, once
    BookingRules booking = {};
    RemoteRules remote = {};

    [[nodiscard]] const ServiceSettings* service(const std::string& wanted) const;
    [[nodiscard]] const WorkProfile* profile(const std::string& wanted) const;
    [[nodiscard]] bool hasCounter(const std::string& wanted) const;
};

/// The outlet that `--demo` shows: four services, four counters, zh-CN and en.
[[nodiscard]] BranchSettings demoBranch();

} // namespace guichet::queue::domain
