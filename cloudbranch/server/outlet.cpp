// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/outlet.h"

#include <algorithm>

#include "peripherals/base/bytes.h"
#include "peripherals/base/config.h"

namespace guichet::hub {
namespace {

using queue::domain::ServiceSettings;

constexpr std::size_t kSha256Size = 32;

void readNames(ConfigFile& file, const std::string& prefix, queue::domain::Names& names)
{
    for (const char* language : {"zh-CN", "en"}) {
        std::string text;
        file.read(prefix + "." + language, text);
        if (!text.empty()) {
            names[language] = text;
        }
    }
}

ServiceSettings readService(ConfigFile& file, const std::string& id, ServiceSettings service)
{
    const auto key = "service." + id;
    std::int64_t mean = service.meanService.count();
    std::int64_t first = service.firstNumber;
    std::int64_t last = service.lastNumber;
    service.id = id;
    readNames(file, key + ".names", service.names);
    file.read(key + ".series", service.series);
    file.read(key + ".open", service.open);
    file.read(key + ".mean_s", mean, 1, 86'400);
    file.read(key + ".first", first, 1, 999'999);
    file.read(key + ".last", last, 1, 999'999);
    service.meanService = std::chrono::seconds(mean);
    service.firstNumber = static_cast<int>(first);
    service.lastNumber = static_cast<int>(last);
    return service;
}

void readRules(ConfigFile& file, queue::domain::BranchSettings& branch)
{
    const auto number = [&file](const char* key, int& value, int least) {
        std::int64_t read = value;
        file.read(key, read, least, 100);
        value = static_cast<int>(read);
    };
    number("rules.most_calls", branch.mostCalls, 1);
    number("rules.least_calls_for_no_show", branch.leastCallsForNoShow, 1);
    number("rules.most_requeues", branch.mostRequeues, 0);
    std::int64_t gap = std::chrono::duration_cast<std::chrono::seconds>(branch.recallGap).count();
    file.read("rules.recall_gap_s", gap, 0, 600);
    branch.recallGap = std::chrono::seconds(gap);
}

} // namespace

Result<Outlet> readOutlet(const std::filesystem::path& path, Outlet outlet)
{
    auto file = ConfigFile::open(path);
    if (!file) {
        return tl::unexpected(file.error());
    }
    auto& branch = outlet.branch;
    file->read("branch.id", branch.id);
    file->read("branch.time_zone", branch.timeZone);
    file->read("branch.counters", branch.counters);
    readNames(*file, "branch.names", branch.names);
    std::vector<std::string> ids;
    std::ranges::transform(branch.services, std::back_inserter(ids), &ServiceSettings::id);
    file->read("branch.services", ids);
    std::vector<ServiceSettings> services;
    for (const auto& id : ids) {
        const auto* known = branch.service(id);
        services.push_back(readService(*file, id, known ? *known : ServiceSettings{}));
    }
    branch.services = std::move(services);
    branch.profiles = {{"default", {ids}}};
    std::vector<std::string> terminals;
    file->read("terminals.names", terminals);
    for (const auto& name : terminals) {
        std::string hash;
        file->read("terminals." + name, hash);
        const auto bytes = fromHex(hash);
        if (!bytes || bytes->size() != kSha256Size) {
            return fail(Errc::Invalid, path.string() + ": terminals." + name +
                                           ": want the bearer's SHA-256, 64 hexadecimal digits");
        }
        outlet.terminals[toHex(*bytes)] = name;
    }
    file->read("server.workers", outlet.workers, 1, 64);
    file->read("server.connections_per_peer", outlet.connectionsPerPeer, 1, 20'000);
    readRules(*file, branch);
    if (auto checked = file->finish(); !checked) {
        return tl::unexpected(checked.error());
    }
    const auto nameless = std::ranges::any_of(
        branch.services, [](const auto& service) { return service.series.empty(); });
    if (branch.id.empty() || branch.services.empty() || nameless) {
        return fail(Errc::Invalid,
                    path.string() +
                        ": branch.id, branch.services and each service's series are needed");
    }
    if (branch.leastCallsForNoShow > branch.mostCalls) {
        return fail(Errc::Invalid, path.string() + ": rules.least_calls_for_no_show is above "
                                                   "rules.most_calls: nobody could be given up");
    }
    if (!zoneOffset(branch.timeZone, Instant())) {
        return fail(Errc::Invalid, path.string() + ": branch.time_zone: unknown zone");
    }
    return outlet;
}

} // namespace guichet::hub
