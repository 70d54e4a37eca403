// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/outlet.h"

#include <algorithm>

#include "peripherals/base/config.h"

namespace guichet::hub {
namespace {

using queue::domain::ServiceSettings;

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
        outlet.terminals[hash] = name;
    }
    file->read("server.workers", outlet.workers, 1, 64);
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
    if (!zoneOffset(branch.timeZone, Instant())) {
        return fail(Errc::Invalid, path.string() + ": branch.time_zone: unknown zone");
    }
    return outlet;
}

} // namespace guichet::hub
