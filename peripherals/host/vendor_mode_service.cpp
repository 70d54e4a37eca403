// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/vendor_mode_service.h"

#include <string>
#include <utility>

#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "peripherals/host/common_members.h"

namespace guichet::host {

using nlohmann::json;
using xfs::Completion;
using xfs::CompletionCode;

namespace {

constexpr std::size_t kLongestClientName = 100;

const char* requestEvent(VendorModeState pending)
{
    return pending == VendorModeState::EnterPending ? "VendorMode.EnterModeRequestEvent"
                                                    : "VendorMode.ExitModeRequestEvent";
}

} // namespace

VendorModeService::VendorModeService()
    : m_service(std::make_unique<xfs::Service>(
          description(), [this](const std::shared_ptr<xfs::Job>& job) { perform(job); }))
{
}

VendorModeService::~VendorModeService()
{
    m_service->stop();
}

xfs::ServiceDescription VendorModeService::description()
{
    xfs::ServiceDescription description;
    description.name = "vendormode";
    description.commands = {
        {.name = "VendorMode.Register",
         .version = "2.0",
         .completionVersion = "2.0",
         .immediateFor = [this](xfs::ClientId client,
                                const json& payload) { return join(client, payload); }},
        {.name = "VendorMode.EnterModeAcknowledge",
         .version = "2.0",
         .completionVersion = "2.0",
         .immediateFor =
             [this](xfs::ClientId client, const json&) {
                 return agree(client, VendorModeState::EnterPending);
             }},
        {.name = "VendorMode.ExitModeAcknowledge",
         .version = "2.0",
         .completionVersion = "2.0",
         .immediateFor =
             [this](xfs::ClientId client, const json&) {
                 return agree(client, VendorModeState::ExitPending);
             }},
        {.name = "VendorMode.EnterModeRequest", .version = "2.0", .completionVersion = "2.0"},
        {.name = "VendorMode.ExitModeRequest", .version = "2.0", .completionVersion = "2.0"}};
    description.events = {{"VendorMode.EnterModeRequestEvent", "2.0"},
                          {"VendorMode.ExitModeRequestEvent", "2.0"},
                          {"VendorMode.ModeEnteredEvent", "2.0"},
                          {"VendorMode.ModeExitedEvent", "2.0"}};
    description.capabilities = {
        {"common", commonCapabilities("Vendor mode", "Hands the devices to maintenance")}};
    description.status = {{"common", commonStatusAtStart()},
                          {"vendorMode", {{"device", "online"}, {"service", "inactive"}}}};
    description.status["common"]["device"] = "online";
    description.onGone = [this](xfs::ClientId client) { leave(client); };
    return description;
}

Completion VendorModeService::join(xfs::ClientId client, const json& payload)
{
    const auto application = payload.value("appName", json());
    if (!application.is_null() && !application.is_string()) {
        return xfs::failure(CompletionCode::InvalidData, "appName is not a string");
    }
    auto text = application.is_null() ? std::string() : application.get<std::string>();
    if (text.size() > kLongestClientName) {
        return xfs::failure(CompletionCode::InvalidData, "appName is longer than 100 bytes");
    }
    const std::scoped_lock lock(m_mutex);
    const auto waited = m_handOver.awaited();
    m_handOver.join(client, std::move(text));
    if (m_handOver.awaited() != waited) {
        m_service->tell(client, requestEvent(m_handOver.state()), json::object());
    }
    return xfs::success();
}

Completion VendorModeService::agree(xfs::ClientId client, VendorModeState pending)
{
    const std::scoped_lock lock(m_mutex);
    const auto before = m_handOver.state();
    if (!m_handOver.agree(client, pending)) {
        return xfs::failure(CompletionCode::SequenceError, "nothing is asked of this client");
    }
    publish(before);
    return xfs::success();
}

void VendorModeService::leave(xfs::ClientId client)
{
    const std::scoped_lock lock(m_mutex);
    const auto before = m_handOver.state();
    m_handOver.leave(client);
    publish(before);
}

void VendorModeService::perform(const std::shared_ptr<xfs::Job>& job)
{
    {
        const std::scoped_lock lock(m_mutex);
        const auto before = m_handOver.state();
        const bool enter = job->command().name == "VendorMode.EnterModeRequest";
        if (!(enter ? m_handOver.requestEnter() : m_handOver.requestExit())) {
            return job->complete(xfs::failure(CompletionCode::SequenceError,
                                              "vendor mode is " + std::string(host::name(before))));
        }
        m_request = job;
        publish(before);
        for (const auto client : m_handOver.awaited()) {
            m_service->tell(client, requestEvent(m_handOver.state()), json::object());
        }
    }
    job->onStop([this, waiting = std::weak_ptr(job)](xfs::StopReason) {
        if (const auto stopped = waiting.lock()) {
            giveUp(stopped);
        }
    });
}

void VendorModeService::giveUp(const std::shared_ptr<xfs::Job>& job)
{
    const std::scoped_lock lock(m_mutex);
    if (m_request != job) {
        return; // all had agreed meanwhile
    }
    const auto before = m_handOver.state();
    m_handOver.abandon();
    m_request.reset();
    publish(before);
    job->complete(xfs::failure(CompletionCode::Canceled, "given up; the mode is as before"));
}

void VendorModeService::publish(VendorModeState before)
{
    const auto state = m_handOver.state();
    if (state == before) {
        return;
    }
    spdlog::info("vendor mode: {}", host::name(state));
    m_service->updateStatus({{"vendorMode", {{"service", host::name(state)}}}});
    if (state == VendorModeState::Active) {
        m_service->broadcast("VendorMode.ModeEnteredEvent", json::object());
    } else if (state == VendorModeState::Inactive) {
        m_service->broadcast("VendorMode.ModeExitedEvent",
                             {{"connectedApplications", m_handOver.applications()}});
    } else {
        return;
    }
    if (const auto request = std::exchange(m_request, nullptr)) {
        request->complete(xfs::success());
    }
}

} // namespace guichet::host
