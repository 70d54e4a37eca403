// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/device_port.h"

#include <utility>

#include "peripherals/base/bytes.h"
#include "peripherals/xfs/messages.h"

namespace guichet::kiosk {
namespace {

using nlohmann::json;

/// The printer may wait this long for paper or a closed cover while the customer stands there.
constexpr std::chrono::seconds kPrintTime{60};

/// What visits and bookings of ours are written in.
const json kSymbologies{{"qrCode", true}, {"aztec", true}, {"dataMatrix", true}, {"code128", true}};

bool online(const json& status)
{
    return status.contains("common") && status["common"].value("device", "") == "online";
}

/// What somebody must do before the printer prints again; None if nothing.
Remedy printerRemedy(const json& status)
{
    const auto printer = status.value("printer", json::object());
    const auto paper = printer.value("paper", json::object()).value("upper", "");
    if (paper == "out") {
        return Remedy::ReloadPaper;
    }
    return online(status) ? Remedy::None : Remedy::CallStaff;
}

} // namespace

DevicePort::DevicePort(std::string host, std::uint16_t port, QObject* parent)
    : QObject(parent)
    , m_identity(host, port, "/guichet/v1/identity")
    , m_looking(host, port, "/guichet/v1/identity")
    , m_printing(host, port, "/guichet/v1/printing")
    , m_printHistory(host, port, "/guichet/v1/printing")
    , m_reader(xfs::Client::find(host, port, "cardreader", listener(&DevicePort::onReader)))
    , m_printer(xfs::Client::find(host, port, "receiptprinter", listener(&DevicePort::onPrinter)))
    , m_barcodeReader(
          xfs::Client::find(host, port, "barcodereader", listener(&DevicePort::onBarcodeReader)))
{
}

DevicePort::~DevicePort() = default;

xfs::Client::Listener DevicePort::listener(void (DevicePort::*changed)(bool, const json&))
{
    const auto post = [this, changed](bool connected, const json& status) {
        QMetaObject::invokeMethod(
            this, [this, changed, connected, status] { (this->*changed)(connected, status); },
            Qt::QueuedConnection);
    };
    return {.onConnected =
                [post](bool connected) {
                    if (!connected) {
                        post(false, json::object());
                    }
                },
            .onStatus = [post](const json& status) { post(true, status); },
            .onUnsolicited = {}};
}

void DevicePort::hear(bool& device)
{
    if (!std::exchange(device, true) && heard()) {
        QMetaObject::invokeMethod(this, &DevicePort::firstHeard, Qt::QueuedConnection);
    }
}

void DevicePort::onReader(bool connected, const json& status)
{
    if (connected) {
        hear(m_readerHeard);
    }
    const bool ready = connected && online(status);
    const auto media = status.value("cardReader", json::object()).value("media", "");
    const bool present = connected && (media == "present" || media == "latched");
    if (std::exchange(m_readerReady, ready) != ready) {
        emit readerChanged(ready);
    }
    if (std::exchange(m_cardPresent, present) != present) {
        emit cardChanged(present);
    }
}

void DevicePort::onPrinter(bool connected, const json& status)
{
    if (connected) {
        hear(m_printerHeard);
    }
    const auto remedy = connected ? printerRemedy(status) : Remedy::CallStaff;
    const bool ready = remedy == Remedy::None;
    const bool changed = ready != m_printerReady || remedy != m_printerRemedy;
    m_printerReady = ready;
    m_printerRemedy = remedy;
    if (changed) {
        emit printerChanged(ready, remedy);
    }
}

void DevicePort::readCard(std::chrono::milliseconds timeout,
                          std::function<void(const Result<CardMask>&)> answer,
                          std::function<void(const std::string&)> event)
{
    m_identity.ask(
        {{"op", "readCard"}, {"timeoutMs", timeout.count()}},
        [answer = std::move(answer)](const Result<json>& message) { answer(cardFrom(message)); },
        std::move(event));
}

void DevicePort::cancelRead()
{
    m_identity.stop();
}

void DevicePort::readDocument(const std::string& kind, std::chrono::milliseconds timeout,
                              std::function<void(const Result<DocumentMask>&)> answer,
                              std::function<void(const std::string&)> event)
{
    m_looking.ask(
        {{"op", kind == "zone" ? "readMrz" : "readResident"}, {"timeoutMs", timeout.count()}},
        [answer = std::move(answer)](const Result<json>& message) {
            answer(documentFrom(message));
        },
        std::move(event));
}

void DevicePort::takeFace(std::chrono::milliseconds timeout,
                          std::function<void(const Result<FaceSeen>&)> answer,
                          std::function<void(const std::string&)> event)
{
    m_looking.ask(
        {{"op", "takeFace"}, {"timeoutMs", timeout.count()}},
        [answer = std::move(answer)](const Result<json>& message) { answer(faceFrom(message)); },
        std::move(event));
}

void DevicePort::stopLooking()
{
    m_looking.stop();
}

void DevicePort::onBarcodeReader(bool connected, const json& status)
{
    const bool ready = connected && online(status);
    if (std::exchange(m_cameraReady, ready) == ready) {
        return;
    }
    emit cameraChanged(ready);
    if (m_scanRequest != 0 && m_scanEvent) {
        const auto event = m_scanEvent; // it may begin another scan
        event(ready ? "cameraBack" : "cameraAway");
    }
}

void DevicePort::scanCode(std::chrono::milliseconds timeout,
                          std::function<void(const Result<ScannedCode>&)> answer,
                          std::function<void(const std::string&)> event)
{
    cancelScan();
    const auto scan = ++m_scan;
    m_scanAnswer = std::move(answer);
    m_scanEvent = std::move(event);
    m_scanRequest = m_barcodeReader->command(
        "BarcodeReader.Read", {{"symbologies", kSymbologies}}, timeout,
        [this, scan](const Result<xfs::Completion>& completion) {
            QMetaObject::invokeMethod(
                this, [this, scan, code = codeFrom(completion)] { endScan(scan, code); },
                Qt::QueuedConnection);
        });
}

void DevicePort::endScan(std::uint64_t scan, const Result<ScannedCode>& code)
{
    if (scan != m_scan || m_scanRequest == 0) {
        return;
    }
    m_scanRequest = 0;
    m_scanEvent = {};
    if (const auto answer = std::exchange(m_scanAnswer, {})) {
        answer(code);
    }
}

void DevicePort::cancelScan()
{
    if (const auto request = std::exchange(m_scanRequest, 0); request != 0) {
        m_barcodeReader->cancel(request);
    }
    m_scanAnswer = {};
    m_scanEvent = {};
}

Result<ScannedCode> codeFrom(const Result<xfs::Completion>& completion)
{
    if (!completion) {
        return tl::unexpected(completion.error());
    }
    if (!completion->ok()) {
        return tl::unexpected(completion->error());
    }
    const auto output = completion->payload.value("readOutput", json());
    if (!output.is_array() || output.empty() || !output[0].is_object()) {
        return fail(Errc::Protocol, "scan: the answer holds no code", Remedy::Retry);
    }
    const auto text = [&code = output[0]](const char* key) {
        const auto found = code.find(key);
        return found != code.end() && found->is_string() ? found->get<std::string>()
                                                         : std::string();
    };
    const auto bytes = fromBase64(text("barcodeData"));
    if (!bytes || bytes->empty()) {
        return fail(Errc::Protocol, "scan: the code is not base64", Remedy::Retry);
    }
    return ScannedCode{std::string(asText(*bytes)), text("symbology")};
}

void DevicePort::printTicket(const xfs::TicketForm& form, bool resumed,
                             std::function<void(const PrintResult&)> answer)
{
    if (!m_printer->connected() && resumed) {
        findOut(form.ticketId, form.printIndex,
                {Errc::Disconnected, Remedy::CallStaff, "print: no printer"}, std::move(answer));
        return;
    }
    if (!m_printer->connected()) {
        QMetaObject::invokeMethod(
            this, [answer] { answer({.remedy = Remedy::CallStaff}); }, Qt::QueuedConnection);
        return;
    }
    m_printer->command("Printer.PrintForm",
                       {{"formName", xfs::kTicketForm}, {"fields", xfs::ticketFields(form)}},
                       kPrintTime,
                       [this, ticket = form.ticketId, index = form.printIndex,
                        answer = std::move(answer)](const Result<xfs::Completion>& completion) {
                           const bool printed = completion && completion->ok();
                           const auto error = completion ? completion->error() : completion.error();
                           QMetaObject::invokeMethod(
                               this,
                               [this, ticket, index, answer, printed, error] {
                                   if (printed) {
                                       answer({.printed = true});
                                   } else {
                                       findOut(ticket, index, error, answer);
                                   }
                               },
                               Qt::QueuedConnection);
                       });
}

void DevicePort::printHistory(const std::string& ticketId,
                              std::function<void(const Result<PrintHistory>&)> answer)
{
    m_printHistory.ask({{"op", "history"}, {"ticketId", ticketId}},
                       [answer = std::move(answer)](const Result<json>& message) {
                           answer(historyFrom(message));
                       });
}

Result<PrintHistory> historyFrom(const Result<nlohmann::json>& answer)
{
    if (!answer) {
        return tl::unexpected(answer.error());
    }
    const auto next = answer->value("next", json());
    const auto paper = answer->value("paper", json());
    if (!next.is_number_integer() || !paper.is_boolean()) {
        return fail(Errc::Protocol, "printing: an answer without next and paper",
                    Remedy::CallStaff);
    }
    return PrintHistory{next.get<std::int64_t>(), paper.get<bool>()};
}

/// The journal of the device program knows whether bytes left; where it cannot be asked, they may
/// have.
void DevicePort::findOut(const std::string& ticketId, std::int64_t printIndex, const Error& why,
                         std::function<void(const PrintResult&)> answer)
{
    m_printing.ask(
        {{"op", "attempt"}, {"ticketId", ticketId}, {"printIndex", printIndex}},
        [answer = std::move(answer), why](const Result<json>& message) {
            const auto state = message ? message->value("state", std::string()) : std::string();
            const bool untouched =
                state == "none" || state == "created" || state == "rendered" || state == "refused";
            const bool spent = state == "voided";
            const bool printed = state == "printed";
            answer({.printed = printed,
                    .unknown = !untouched && !spent && !printed,
                    .spent = spent,
                    .remedy = why.remedy == Remedy::None ? Remedy::CallStaff : why.remedy});
        });
}

} // namespace guichet::kiosk
