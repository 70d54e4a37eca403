// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/vendor_application_service.h"

#include <algorithm>
#include <utility>

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "peripherals/host/common_members.h"

namespace guichet::host {

using nlohmann::json;
using xfs::Completion;
using xfs::CompletionCode;

namespace {

constexpr const char* kStart = "VendorApplication.StartLocalApplication";
constexpr const char* kGetInterface = "VendorApplication.GetActiveInterface";
constexpr const char* kSetInterface = "VendorApplication.SetActiveInterface";
constexpr const char* kInterface = "activeInterface";

json status(std::string_view accessLevel)
{
    return {{"vendorApplication", {{"accessLevel", accessLevel}}}};
}

} // namespace

VendorApplicationService::VendorApplicationService(VendorApplication application)
    : m_configured(std::move(application))
    , m_service(std::make_unique<xfs::Service>(
          description(), [this](const std::shared_ptr<xfs::Job>& job) { perform(*job); }))
{
}

VendorApplicationService::~VendorApplicationService()
{
    m_service->stop();
}

xfs::ServiceDescription VendorApplicationService::description() const
{
    auto levels = json::object();
    for (const auto level : kAccessLevels) {
        levels[std::string(host::name(level))] = !m_configured.command(level).empty();
    }
    xfs::ServiceDescription description;
    description.name = "vendorapplication";
    description.commands = {
        {kStart, "2.0", "2.0"}, {kGetInterface, "2.0", "2.0"}, {kSetInterface, "2.0", "2.0"}};
    description.events = {{"VendorApplication.VendorAppExitedEvent", "2.0"},
                          {"VendorApplication.InterfaceChangedEvent", "2.0"}};
    description.capabilities = {
        {"common", commonCapabilities("Vendor application", "Starts the vendor's program")},
        {"vendorApplication", {{"supportedAccessLevels", std::move(levels)}}}};
    description.status = status("notActive");
    description.status["common"] = commonStatusAtStart();
    description.status["common"]["device"] = "online";
    return description;
}

void VendorApplicationService::perform(xfs::Job& job)
{
    const auto& command = job.command();
    if (command.name == kStart) {
        const std::scoped_lock lock(m_mutex); // its end is told after its start
        return job.complete(start(command.payload));
    }
    if (command.name == kSetInterface) {
        return job.complete(show(command.payload));
    }
    job.complete(xfs::success({{kInterface, m_operator ? "operator" : "consumer"}}));
}

Completion VendorApplicationService::start(const json& payload)
{
    const auto application = payload.value("appName", json());
    if (!application.is_null() && !application.is_string()) {
        return xfs::failure(CompletionCode::InvalidData, "appName is not a string");
    }
    if (application.is_string() && application != m_configured.name) {
        return xfs::failure(CompletionCode::UnsupportedData,
                            "appName is not the application of this terminal");
    }
    const auto wanted = payload.value("accessLevel", json());
    const auto meant = [&wanted, this](AccessLevel level) {
        return wanted.is_null() ? !m_configured.command(level).empty()
                                : wanted == host::name(level);
    };
    const auto* const level = std::find_if(kAccessLevels.begin(), kAccessLevels.end(), meant);
    if (level == kAccessLevels.end()) {
        return xfs::failure(CompletionCode::InvalidData,
                            "accessLevel is not basic, intermediate or full");
    }
    if (m_configured.command(*level).empty()) {
        return xfs::failure(CompletionCode::UnsupportedData,
                            "this terminal has no application of this accessLevel");
    }
    if (m_active) {
        return xfs::failure(CompletionCode::SequenceError, "the application runs already");
    }
    auto started = LocalApplication::start(m_configured.command(*level), [this] { exited(); });
    if (!started) {
        spdlog::error("vendor application: {}", started.error().detail);
        return xfs::failure(started.error());
    }
    spdlog::info("vendor application: started with {} access", host::name(*level));
    m_active = true;
    m_application = std::move(*started);
    m_service->updateStatus(status(host::name(*level)));
    return xfs::success();
}

void VendorApplicationService::exited()
{
    const std::scoped_lock lock(m_mutex);
    m_active = false;
    m_service->updateStatus(status("notActive"));
    m_service->broadcast("VendorApplication.VendorAppExitedEvent", json::object());
}

Completion VendorApplicationService::show(const json& payload)
{
    const auto wanted = payload.value(kInterface, json());
    if (wanted != "operator" && wanted != "consumer") {
        return xfs::failure(CompletionCode::InvalidData,
                            "activeInterface is not consumer or operator");
    }
    if (m_operator != (wanted == "operator")) {
        m_operator = !m_operator;
        m_service->broadcast("VendorApplication.InterfaceChangedEvent", {{kInterface, wanted}});
    }
    return xfs::success();
}

} // namespace guichet::host
