// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/io_services.h"

#include <algorithm>
#include <array>
#include <string>

#include <nlohmann/json.hpp>

#include "peripherals/host/common_members.h"
#include "peripherals/host/helper_job.h"

namespace guichet::host {

using nlohmann::json;
using xfs::Completion;
using xfs::CompletionCode;

namespace {

constexpr std::array kRates{"off", "slow", "medium", "quick", "continuous"};
constexpr const char* kPlace = "default"; ///< each of our lights is alone

Completion lightEnd(const Result<json>& result)
{
    if (result) {
        return xfs::success();
    }
    const auto& error = result.error();
    return xfs::commandError(error.code == Errc::NotFound ? "invalidLight" : "lightError", error);
}

/// The flash rate that is asked for one light, or what is wrong with it.
Result<std::string> rateOf(const std::string& name, const json& places)
{
    if (!places.is_object()) {
        return fail(Errc::Invalid, name + " is not an object of places");
    }
    if (places.size() != 1 || !places.contains(kPlace)) {
        return fail(Errc::NotFound, name + ": this light has the place default only");
    }
    const auto& light = places.at(kPlace);
    if (!light.is_object() || !light.value("flashRate", json()).is_string()) {
        return fail(Errc::Invalid, name + ".default.flashRate is not a string");
    }
    for (const auto* member : {"color", "direction"}) {
        if (!light.value(member, json()).is_null()) {
            return fail(Errc::Unsupported, name + ".default." + member + ": this light has none");
        }
    }
    auto rate = light.at("flashRate").get<std::string>();
    if (std::ranges::count(kRates, rate) == 0) {
        return fail(Errc::Invalid, name + ".default.flashRate is unknown");
    }
    return rate;
}

void setLight(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job)
{
    auto rates = json::object();
    for (const auto& [name, places] : job->command().payload.items()) {
        if (places.is_null()) {
            continue;
        }
        auto rate = rateOf(name, places);
        if (!rate) {
            const auto& error = rate.error();
            return job->complete(error.code == Errc::NotFound
                                     ? xfs::commandError("invalidLight", error)
                                 : error.code == Errc::Invalid
                                     ? xfs::failure(CompletionCode::InvalidData, error.detail)
                                     : xfs::failure(CompletionCode::UnsupportedData, error.detail));
        }
        rates[name] = std::move(*rate);
    }
    performInHelper(helper, job, {"setLights", {{"rates", std::move(rates)}}}, lightEnd);
}

} // namespace

xfs::ServiceDescription auxiliariesDescription()
{
    xfs::ServiceDescription description;
    description.name = "auxiliaries";
    description.capabilities = {
        {"common", commonCapabilities("Modbus", "Doors and sensors of the terminal")},
        {"auxiliaries", json::object()},
    };
    description.status = {{"common", commonStatusAtStart()}, {"auxiliaries", json::object()}};
    return description;
}

xfs::ServiceDescription lightsDescription()
{
    xfs::ServiceDescription description;
    description.name = "lights";
    description.commands = {{"Lights.SetLight", "3.0", "2.0"}};
    description.capabilities = {
        {"common", commonCapabilities("Modbus", "Guide lights of the terminal")},
        {"lights", json::object()},
    };
    description.status = {{"common", commonStatusAtStart()}, {"lights", json::object()}};
    return description;
}

void performLightsCommand(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job)
{
    if (job->command().name == "Lights.SetLight") {
        return setLight(helper, job);
    }
    job->complete(xfs::failure(CompletionCode::UnsupportedCommand, "not a command for lights"));
}

} // namespace guichet::host
