// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/diag/device_survey.h"

#include <algorithm>
#include <array>
#include <future>
#include <memory>
#include <utility>

#include <fmt/format.h>

#include "peripherals/xfs/client.h"

namespace guichet::host::diag {

using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr auto kPatience = 5s;

std::string modelOf(const json& capabilities)
{
    const auto devices =
        capabilities.value(json::json_pointer("/common/deviceInformation"), json::array());
    return devices.empty() ? std::string() : devices.front().value("modelName", "");
}

DeviceReport ask(const std::string& uri)
{
    DeviceReport report{.name = uri.substr(uri.rfind('/') + 1), .state = "unreachable"};
    std::promise<json> first;
    std::once_flag heard;
    auto client = xfs::Client::open(uri, {.onStatus = [&](const json& status) {
                                        std::call_once(heard, [&] { first.set_value(status); });
                                    }});
    if (!client) {
        return report;
    }
    auto status = first.get_future();
    if (status.wait_for(kPatience) == std::future_status::ready) {
        report.status = status.get();
        report.state = report.status.value(json::json_pointer("/common/device"), "unknown");
        report.model = modelOf((*client)->capabilities());
    }
    return report;
}

/// Devices that only the identity service knows.
void addIdentityDevices(const PublisherAddress& publisher, std::vector<DeviceReport>& reports)
{
    const auto answer = askIdentity(publisher, {{"op", "devices"}}, kPatience);
    if (!answer) {
        return; // a foreign publisher has no such service
    }
    for (const auto& device : answer->value("devices", json::array())) {
        const auto name = device.value("device", "");
        if (std::ranges::find(reports, name, &DeviceReport::name) == reports.end()) {
            reports.push_back({.name = name, .state = device.value("state", "unknown")});
        }
    }
}

void summarize(const std::string& path, const json& value, std::string& summary)
{
    constexpr std::array kSilent{"", "ok", "notSupported", "unknown", "inPosition", "inactive"};
    if (value.is_object()) {
        for (const auto& [member, inner] : value.items()) {
            summarize(fmt::format("{}{}{}", path, path.empty() ? "" : " ", member), inner, summary);
        }
    } else if (value.is_string() && std::ranges::count(kSilent, value.get<std::string>()) == 0) {
        summary.append(summary.empty() ? "" : ", ").append(path).append(1, ' ');
        summary += value.get<std::string>();
    }
}

} // namespace

Result<std::vector<DeviceReport>> surveyDevices(const PublisherAddress& publisher)
{
    auto services = xfs::discover(publisher.host, publisher.port, kPatience);
    if (!services) {
        return tl::unexpected(notAnswering(publisher, std::move(services.error())));
    }
    std::vector<std::future<DeviceReport>> asked;
    std::ranges::transform(*services, std::back_inserter(asked), [](const std::string& uri) {
        return std::async(std::launch::async, ask, uri);
    });
    std::vector<DeviceReport> reports;
    std::ranges::transform(asked, std::back_inserter(reports),
                           [](std::future<DeviceReport>& each) { return each.get(); });
    addIdentityDevices(publisher, reports);
    std::ranges::sort(reports, {}, &DeviceReport::name);
    return reports;
}

std::string summaryOf(const json& status)
{
    std::string summary;
    for (const auto& [interface, members] : status.items()) {
        if (interface != "common") {
            summarize("", members, summary);
        }
    }
    return summary;
}

} // namespace guichet::host::diag
