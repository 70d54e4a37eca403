// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <map>
#include <string>
#include <vector>

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
    std::string timeZone = "UTC";
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

    [[nodiscard]] const ServiceSettings* service(const std::string& wanted) const;
    [[nodiscard]] const WorkProfile* profile(const std::string& wanted) const;
    [[nodiscard]] bool hasCounter(const std::string& wanted) const;
};

/// The outlet that `--demo` shows: four services, four counters, zh-CN and en.
[[nodiscard]] BranchSettings demoBranch();

} // namespace guichet::queue::domain
