// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <string>

#include "peripherals/host/chip_readers.h"
#include "peripherals/host/device_host.h"
#include "peripherals/host/document_prints.h"
#include "peripherals/host/identity_service.h"
#include "peripherals/host/print_journal.h"
#include "peripherals/host/printing_service.h"
#include "peripherals/xfs/service.h"

namespace guichet::host {

/// What the devices of a terminal have in common.
struct SharedParts {
    PrintJournal& journal;   ///< of tickets
    PrintJournal& documents; ///< of A4 documents
    IdentityService& identity;
    PrintingService& printing;
    ChipReaders& chipReaders;
};

/// One device with its helper and its XFS4IoT service; who can say who somebody is joins the
/// identity service too. Thread-safe. `parts` must outlive it.
class ServedDevice {
public:
    ServedDevice(ServedDeviceConfig config, SharedParts parts);
    /// Stops the service, then the helper.
    ~ServedDevice();
    ServedDevice(const ServedDevice&) = delete;
    ServedDevice& operator=(const ServedDevice&) = delete;

    /// Null for devices that XFS4IoT has no word for.
    [[nodiscard]] xfs::Service* service() { return m_service.get(); }

private:
    void onUp(bool up);
    void onStatus(const nlohmann::json& members);
    void onSignal(std::string_view name, const nlohmann::json& data);
    void perform(const std::shared_ptr<xfs::Job>& job);
    void lookForLostDocuments(HelperProcess& helper);

    std::string m_name;
    DeviceClass m_class;
    PrinterTraits m_printer;
    std::string m_passportReader; ///< of a scanner
    SharedParts m_parts;
    DocumentPrints m_documents; ///< of a document printer
    std::unique_ptr<xfs::Service> m_service;
    std::unique_ptr<HelperProcess> m_helper;
    /// m_helper, for its own thread: from when all is built until it ends, which it is there for.
    std::atomic<HelperProcess*> m_running = nullptr;
};

} // namespace guichet::host
