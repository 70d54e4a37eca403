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
    branch.address = {{"en", "1 Pine Street, ground floor"}, {"zh-CN", "松树街 1 号 1 层"}};
    branch.hours.weekly.fill({{minutes(0), minutes(24 * 60)}});
    for (auto& service : branch.services) {
        service.remote = true;
        service.seats = 2;
        service.bring = {{"en", {"your identity card"}}, {"zh-CN", {"身份证"}}};
    }
    auto& account = branch.services.at(1);
    account.bring["en"].emplace_back("your old bank card");
    account.bring["zh-CN"].emplace_back("旧银行卡");
    auto& corporate = branch.services.at(3);
    corporate.bring["en"].emplace_back("your business licence");
    corporate.bring["zh-CN"].emplace_back("营业执照");
    branch.counters = {"1", "2", "3", "4"};
    branch.profiles = {{"default", {{"cash", "account", "wealth", "corporate"}}}};
    return branch;
}

} // namespace guichet::queue::domain
