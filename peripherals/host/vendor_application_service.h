// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <mutex>

#include "peripherals/host/local_application.h"
#include "peripherals/host/vendor_application.h"
#include "peripherals/xfs/service.h"

namespace guichet::host {

/// The service `vendorapplication`: starts the vendor's program, one at a time, and keeps which of
/// the terminal's screens is in use. The program goes on when its client goes, and ends with this
/// service. Thread-safe.
class VendorApplicationService {
public:
    explicit VendorApplicationService(VendorApplication application);
    ~VendorApplicationService();
    VendorApplicationService(const VendorApplicationService&) = delete;
    VendorApplicationService& operator=(const VendorApplicationService&) = delete;

    [[nodiscard]] xfs::Service& service() { return *m_service; }

private:
    [[nodiscard]] xfs::ServiceDescription description() const;
    void perform(xfs::Job& job);
    [[nodiscard]] xfs::Completion start(const nlohmann::json& payload);
    [[nodiscard]] xfs::Completion show(const nlohmann::json& payload);
    void exited();

    const VendorApplication m_configured;
    std::mutex m_mutex; ///< taken before the service's, never after it
    bool m_active = false;
    bool m_operator = false; ///< the operator's screen is in use; on the service's thread only
    std::unique_ptr<xfs::Service> m_service;
    /// Last: its end is told through the rest. On the service's thread only.
    std::unique_ptr<LocalApplication> m_application;
};

} // namespace guichet::host
