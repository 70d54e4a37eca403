// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>

#include "peripherals/host/hand_over.h"
#include "peripherals/xfs/service.h"

namespace guichet::host {

/// The service `vendormode`: maintenance software asks for the terminal's devices and gives them
/// back, registered applications are asked first. A request runs until all have agreed; when it is
/// cancelled, runs out of time or its client goes, all is as before it. Thread-safe.
class VendorModeService {
public:
    VendorModeService();
    ~VendorModeService();
    VendorModeService(const VendorModeService&) = delete;
    VendorModeService& operator=(const VendorModeService&) = delete;

    [[nodiscard]] xfs::Service& service() { return *m_service; }

private:
    [[nodiscard]] xfs::ServiceDescription description();
    [[nodiscard]] xfs::Completion join(xfs::ClientId client, const nlohmann::json& payload);
    [[nodiscard]] xfs::Completion agree(xfs::ClientId client, VendorModeState pending);
    void leave(xfs::ClientId client);
    void perform(const std::shared_ptr<xfs::Job>& job);
    void giveUp(const std::shared_ptr<xfs::Job>& job);
    /// Tells what has changed since `before`. With m_mutex held, so that all hear it in order.
    void publish(VendorModeState before);

    std::mutex m_mutex; ///< taken before the service's, never after it
    HandOver m_handOver;
    std::shared_ptr<xfs::Job> m_request; ///< whose change is pending
    std::unique_ptr<xfs::Service> m_service;
};

} // namespace guichet::host
