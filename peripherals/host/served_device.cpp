// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/served_device.h"

#include <optional>
#include <utility>
#include <vector>

#include <spdlog/spdlog.h>

#include "peripherals/host/barcode_service.h"
#include "peripherals/host/camera_service.h"
#include "peripherals/host/card_service.h"
#include "peripherals/host/document_service.h"
#include "peripherals/host/io_services.h"
#include "peripherals/host/printer_service.h"
#include "peripherals/host/scanner_service.h"

namespace guichet::host {

using nlohmann::json;

namespace {

std::optional<xfs::ServiceDescription> descriptionOf(const ServedDeviceConfig& config)
{
    switch (config.deviceClass) {
    case DeviceClass::CardReader:
        return cardReaderDescription();
    case DeviceClass::ReceiptPrinter:
        return receiptPrinterDescription(config.printer);
    case DeviceClass::DocumentPrinter:
        return documentPrinterDescription();
    case DeviceClass::Camera:
        return cameraDescription();
    case DeviceClass::BarcodeReader:
        return barcodeReaderDescription();
    case DeviceClass::HandScanner:
        return handScannerDescription();
    case DeviceClass::MrzReader:
        return scannerDescription(config.passportReader);
    case DeviceClass::Sensors:
        return auxiliariesDescription();
    case DeviceClass::Lights:
        return lightsDescription();
    case DeviceClass::ResidentReader:
    case DeviceClass::FaceReader:
        return std::nullopt;
    }
    return std::nullopt;
}

/// The operations by which a device says who somebody is.
std::vector<std::string> identityOperations(DeviceClass deviceClass)
{
    switch (deviceClass) {
    case DeviceClass::CardReader:
        return {"readCard", "readPassport"};
    case DeviceClass::ResidentReader:
        return {"readResident"};
    case DeviceClass::MrzReader:
        return {"readMrz"};
    case DeviceClass::FaceReader:
        return {"takeFace", "checkFace"};
    default:
        return {};
    }
}

} // namespace

ServedDevice::ServedDevice(ServedDeviceConfig config, SharedParts parts)
    : m_name(config.helper.name)
    , m_class(config.deviceClass)
    , m_printer(config.printer)
    , m_passportReader(config.passportReader)
    , m_parts(parts)
    , m_documents(parts.documents)
{
    if (auto description = descriptionOf(config)) {
        description->name = m_name;
        description->capabilities.merge_patch(config.capabilities);
        m_service = std::make_unique<xfs::Service>(
            std::move(*description),
            [this](const std::shared_ptr<xfs::Job>& job) { perform(job); });
    }
    // No client is there yet, so no command comes before the helper exists.
    m_helper = std::make_unique<HelperProcess>(
        std::move(config.helper),
        HelperProcess::Listener{
            [this](bool up) { onUp(up); }, [this](const json& members) { onStatus(members); },
            [this](std::string_view name, const json& data) { onSignal(name, data); }});
    for (auto& operation : identityOperations(m_class)) {
        m_parts.identity.add({m_name, std::move(operation), m_helper.get()});
    }
    if (m_class == DeviceClass::CardReader) {
        m_parts.chipReaders.add(m_name, *m_helper);
    }
    if (m_class == DeviceClass::DocumentPrinter) {
        m_parts.printing.add({m_name, m_helper.get(), &m_documents});
    }
    m_running = m_helper.get();
    if (m_helper->up()) { // its first status came too early
        lookForLostDocuments(*m_helper);
    }
}

ServedDevice::~ServedDevice()
{
    if (m_service) {
        m_service->stop();
    }
    m_running = nullptr;
    m_helper.reset();
}

void ServedDevice::perform(const std::shared_ptr<xfs::Job>& job)
{
    switch (m_class) {
    case DeviceClass::CardReader:
        return performCardCommand(*m_helper, job);
    case DeviceClass::ReceiptPrinter:
        return performPrinterCommand(*m_helper, m_parts.journal, m_printer, job);
    case DeviceClass::DocumentPrinter:
        return performDocumentCommand(*m_helper, m_documents, job);
    case DeviceClass::Camera:
        return performCameraCommand(*m_helper, job);
    case DeviceClass::BarcodeReader:
    case DeviceClass::HandScanner:
        return performBarcodeCommand(*m_helper, job);
    case DeviceClass::MrzReader:
        return performScannerCommand(*m_helper, m_parts.chipReaders, m_passportReader, job);
    case DeviceClass::Lights:
        return performLightsCommand(*m_helper, job);
    case DeviceClass::Sensors:
    case DeviceClass::ResidentReader:
    case DeviceClass::FaceReader:
        return; // they have no command
    }
}

void ServedDevice::onUp(bool up)
{
    spdlog::info("{}: helper {}", m_name, up ? "up" : "down");
    if (!up) {
        m_parts.chipReaders.zoneRecipient(m_name, {});
        onStatus({{"common", {{"device", "offline"}}}});
    }
}

void ServedDevice::onStatus(const json& members)
{
    const auto common = members.find("common");
    if (common != members.end() && common->contains("device") &&
        !identityOperations(m_class).empty()) {
        m_parts.identity.deviceState(m_name, common->at("device").get<std::string>());
    }
    auto* const running = m_running.load();
    if (running != nullptr && common != members.end() && common->value("device", "") != "offline") {
        lookForLostDocuments(*running);
    }
    if (!m_service) {
        return;
    }
    const auto threshold = paperThreshold(m_service->status(), members);
    m_service->updateStatus(members);
    if (!threshold.empty()) {
        m_service->broadcast("Printer.PaperThresholdEvent",
                             {{"paperSource", "upper"}, {"threshold", threshold}});
    }
}

void ServedDevice::lookForLostDocuments(HelperProcess& helper)
{
    if (m_class == DeviceClass::DocumentPrinter) {
        m_documents.lookForLost(helper);
    }
}

void ServedDevice::onSignal(std::string_view name, const json& data)
{
    if (name == "zoneRecipient") {
        const auto key = data.at("publicKey").get<std::string>();
        m_parts.identity.zoneRecipient(m_name, key);
        m_parts.chipReaders.zoneRecipient(m_name, key);
    }
    if (name == "cardRemoved") {
        m_service->broadcast("CardReader.MediaRemovedEvent", json::object());
        m_parts.identity.cardRemoved(m_name);
    }
    if (const auto event = printerEvent(name, data); event && m_service) {
        m_service->broadcast(event->name, event->payload);
    }
}

} // namespace guichet::host
