// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/device_host.h"

#include <utility>

#include "peripherals/host/identity_service.h"
#include "peripherals/host/print_journal.h"
#include "peripherals/host/printing_service.h"
#include "peripherals/host/served_device.h"
#include "peripherals/host/vendor_application_service.h"
#include "peripherals/host/vendor_mode_service.h"
#include "peripherals/xfs/publisher.h"

namespace guichet::host {

struct DeviceHost::Parts {
    Parts(std::unique_ptr<PrintJournal> tickets, std::unique_ptr<PrintJournal> papers)
        : journal(std::move(tickets))
        , documents(std::move(papers))
        , printing(*journal, *documents)
    {
    }
    ~Parts()
    {
        publisher.reset();
        identity.stop();
        for (auto* service : services()) { // before any helper goes: a command may need two
            service->stop();
        }
    }
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;

    [[nodiscard]] std::vector<xfs::Service*> services()
    {
        std::vector<xfs::Service*> list;
        for (const auto& device : devices) {
            if (auto* service = device->service()) {
                list.push_back(service);
            }
        }
        list.push_back(&vendorMode.service());
        if (vendorApplication) {
            list.push_back(&vendorApplication->service());
        }
        return list;
    }

    std::unique_ptr<PrintJournal> journal;
    std::unique_ptr<PrintJournal> documents;
    IdentityService identity;
    PrintingService printing;
    ChipReaders chipReaders;
    VendorModeService vendorMode;
    std::unique_ptr<VendorApplicationService> vendorApplication;
    std::vector<std::unique_ptr<ServedDevice>> devices;
    std::unique_ptr<xfs::Publisher> publisher;
};

DeviceHost::DeviceHost(std::unique_ptr<Parts> parts)
    : m_parts(std::move(parts))
{
}

DeviceHost::~DeviceHost() = default;

Result<std::unique_ptr<DeviceHost>> DeviceHost::start(DeviceHostConfig config, const Clock& clock)
{
    auto journal = PrintJournal::open(config.data / "print-journal.jsonl", clock);
    if (!journal) {
        return tl::unexpected(std::move(journal).error());
    }
    auto documents = PrintJournal::open(config.data / "document-journal.jsonl", clock);
    if (!documents) {
        return tl::unexpected(std::move(documents).error());
    }
    xfs::PublisherConfig publishing;
    publishing.host = config.host;
    publishing.ports = config.ports;
    publishing.allowedPeerUids = config.allowedPeerUids;
    auto parts = std::make_unique<Parts>(std::move(*journal), std::move(*documents));
    for (auto& device : config.devices) {
        parts->devices.push_back(std::make_unique<ServedDevice>(
            std::move(device), SharedParts{*parts->journal, *parts->documents, parts->identity,
                                           parts->printing, parts->chipReaders}));
    }
    if (config.vendorApplication) {
        parts->vendorApplication =
            std::make_unique<VendorApplicationService>(std::move(*config.vendorApplication));
    }
    auto publisher = xfs::Publisher::start(
        std::move(publishing), parts->services(),
        {{kIdentityPath, parts->identity.handler()}, {kPrintingPath, parts->printing.handler()}});
    if (!publisher) {
        return tl::unexpected(std::move(publisher).error());
    }
    parts->publisher = std::move(*publisher);
    return std::unique_ptr<DeviceHost>(new DeviceHost(std::move(parts)));
}

std::uint16_t DeviceHost::port() const
{
    return m_parts->publisher->port();
}

} // namespace guichet::host
