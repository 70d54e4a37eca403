// SPDX-License-Identifier: Apache-2.0
#include "queue/domain/settings.h"

#include <algorithm>

namespace guichet::queue::domain {

const ServiceSettings* BranchSettings::service(const std::string& wanted) const
{
    const auto found = std::ranges::find(services, wanted, &ServiceSettings::id);
    return found == services.end() ? nullptr : &*found;
}

const WorkProfile* BranchSettings::profile(const std::string& wanted) const
{
    const auto found = std::ranges::find(profiles, wanted, &WorkProfile::id);
    return found == profiles.end() ? nullptr : &*found;
}

bool BranchSettings::hasCounter(const std::string& wanted) const
{
    return std::ranges::find(counters, wanted) != counters.end();
}

BranchSettings demoBranch()
{
    using std::chrono::minutes;
    BranchSettings branch;
    branch.id = "demo";
    branch.names = {{"en", "Demo outlet"}, {"zh-CN", "演示网点"}};
    branch.timeZone = "Asia/Shanghai";
    branch.services = {
        {"cash", {{"en", "Cash"}, {"zh-CN", "现金业务"}}, "A", minutes(5)},
        {"account", {{"en", "Accounts and cards"}, {"zh-CN", "开户与银行卡"}}, "B", minutes(10)},
        {"wealth", {{"en", "Wealth management"}, {"zh-CN", "理财业务"}}, "C", minutes(15)},
        {"corporate", {{"en", "Corporate banking"}, {"zh-CN", "对公业务"}}, "D", minutes(12)},
    };
    branch.counters = {"1", "2", "3", "4"};
    branch.profiles = {{"default", {{"cash", "account", "wealth", "corporate"}}}};
    return branch;
}

} // namespace guichet::queue::domain
