// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/device_host.h"

#include <atomic>
#include <utility>

#include <spdlog/spdlog.h>

#include "peripherals/host/barcode_service.h"
#include "peripherals/host/camera_service.h"
#include "peripherals/host/card_service.h"
#include "peripherals/host/own_services.h"
#include "peripherals/host/print_journal.h"
#include "peripherals/host/printer_service.h"
#include "peripherals/xfs/publisher.h"
#include "peripherals/xfs/service.h"

namespace guichet::host {

using nlohmann::json;

namespace {

void helperUp(xfs::Service& service, bool up)
{
    spdlog::info("{}: helper {}", service.name(), up ? "up" : "down");
    if (!up) {
        service.updateStatus({{"common", {{"device", "offline"}}}});
    }
}

/// A device of which nothing but its service needs to know.
class PlainDevice {
public:
    using Perform = void (*)(HelperProcess&, const std::shared_ptr<xfs::Job>&);

    PlainDevice(xfs::ServiceDescription description, HelperConfig config, Perform perform)
        : m_service(
              std::move(description),
              [this, perform](const std::shared_ptr<xfs::Job>& job) { perform(*m_helper, job); })
        , m_helper(std::make_unique<HelperProcess>(
              std::move(config),
              HelperProcess::Listener{
                  [this](bool up) { helperUp(m_service, up); },
                  [this](const json& members) { m_service.updateStatus(members); },
                  [](std::string_view, const json&) {}}))
    {
        // No client is there yet, so no command comes before the helper exists.
    }
    ~PlainDevice() { m_service.stop(); }
    PlainDevice(const PlainDevice&) = delete;
    PlainDevice& operator=(const PlainDevice&) = delete;

    [[nodiscard]] xfs::Service& service() { return m_service; }

private:
    xfs::Service m_service;
    std::unique_ptr<HelperProcess> m_helper;
};

} // namespace

struct DeviceHost::Parts {
    Parts(DeviceHostConfig config, std::unique_ptr<PrintJournal> prints)
        : journal(std::move(prints))
        , cardService(cardReaderDescription(),
                      [this](const std::shared_ptr<xfs::Job>& job) {
                          performCardCommand(*cardHelper, job);
                      })
        , printerService(receiptPrinterDescription(), [this](const std::shared_ptr<xfs::Job>& job) {
            performPrinterCommand(*printerHelper, *journal, job);
        })
    {
        // No client is there yet, so no command comes before the helpers exist.
        printerHelper = std::make_unique<HelperProcess>(
            std::move(config.printer),
            HelperProcess::Listener{[this](bool up) { helperUp(printerService, up); },
                                    [this](const json& members) { printerStatus(members); },
                                    [](std::string_view, const json&) {}});
        cardHelper = std::make_unique<HelperProcess>(
            std::move(config.cardReader),
            HelperProcess::Listener{
                [this](bool up) { helperUp(cardService, up); },
                [this](const json& members) { cardService.updateStatus(members); },
                [this](std::string_view name, const json&) { cardSignal(name); }});
        if (config.camera) {
            plainDevices.push_back(std::make_unique<PlainDevice>(
                cameraDescription(), std::move(*config.camera), performCameraCommand));
        }
        if (config.barcodeReader) {
            plainDevices.push_back(std::make_unique<PlainDevice>(barcodeReaderDescription(),
                                                                 std::move(*config.barcodeReader),
                                                                 performBarcodeCommand));
        }
        identity = std::make_unique<IdentityService>(*cardHelper);
        identityReady = true;
    }

    ~Parts()
    {
        publisher.reset();
        identity->stop();
        plainDevices.clear();
        cardService.stop();
        printerService.stop();
        cardHelper.reset();
        printerHelper.reset();
    }

    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;

    [[nodiscard]] std::vector<xfs::Service*> services()
    {
        std::vector<xfs::Service*> list{&cardService, &printerService};
        for (const auto& device : plainDevices) {
            list.push_back(&device->service());
        }
        return list;
    }

    void printerStatus(const json& members)
    {
        const auto threshold = paperThreshold(printerService.status(), members);
        printerService.updateStatus(members);
        if (!threshold.empty()) {
            printerService.broadcast("Printer.PaperThresholdEvent",
                                     {{"paperSource", "upper"}, {"threshold", threshold}});
        }
    }

    void cardSignal(std::string_view name)
    {
        if (name == "cardRemoved") {
            cardService.broadcast("CardReader.MediaRemovedEvent", json::object());
            if (identityReady) {
                identity->cardRemoved();
            }
        }
    }

    std::unique_ptr<PrintJournal> journal;
    xfs::Service cardService;
    xfs::Service printerService;
    std::unique_ptr<HelperProcess> cardHelper;
    std::unique_ptr<HelperProcess> printerHelper;
    std::vector<std::unique_ptr<PlainDevice>> plainDevices;
    std::unique_ptr<IdentityService> identity;
    std::atomic<bool> identityReady = false; ///< the card helper speaks before `identity` is there
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
    xfs::PublisherConfig publishing;
    publishing.host = config.host;
    publishing.ports = config.ports;
    publishing.allowedPeerUids = config.allowedPeerUids;
    auto parts = std::make_unique<Parts>(std::move(config), std::move(*journal));
    auto publisher = xfs::Publisher::start(std::move(publishing), parts->services(),
                                           {{kIdentityPath, parts->identity->handler()},
                                            {kPrintingPath, printingHandler(*parts->journal)}});
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

const HelperProcess& DeviceHost::cardReader() const
{
    return *m_parts->cardHelper;
}

const HelperProcess& DeviceHost::printer() const
{
    return *m_parts->printerHelper;
}

} // namespace guichet::host
