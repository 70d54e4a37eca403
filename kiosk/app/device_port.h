// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "kiosk/app/identity_reading.h"
#include "kiosk/app/own_service.h"
#include "peripherals/base/error.h"
#include "peripherals/xfs/client.h"
#include "peripherals/xfs/ticket_form.h"

namespace guichet::kiosk {

/// What a printed ticket came to.
struct PrintResult {
    bool printed = false;
    bool unknown = false; ///< bytes left, no proof came: the same index must not be printed again
    bool spent = false;   ///< it is not on paper, and this index is never printed any more
    Remedy remedy = Remedy::None;
};

/// What this terminal knows of a ticket's papers.
struct PrintHistory {
    std::int64_t next = 1; ///< the index that the next one takes
    bool paper = false;    ///< one came out, or may have
};

/// A code that was held before the camera.
struct ScannedCode {
    std::string bytes;     ///< exactly what is in it
    std::string symbology; ///< "qrCode"
};

/// The terminal's devices as the GUI thread sees them: an XFS4IoT client of card reader, receipt
/// printer and barcode reader, and the identity and printing services beside them. Answers and
/// signals come on the thread that owns the port, never from inside the call.
class DevicePort : public QObject {
    Q_OBJECT

public:
    DevicePort(std::string host, std::uint16_t port, QObject* parent = nullptr);
    ~DevicePort() override;

    [[nodiscard]] bool readerReady() const { return m_readerReady; }
    [[nodiscard]] bool printerReady() const { return m_printerReady; }
    [[nodiscard]] bool cardPresent() const { return m_cardPresent; }

    /// Waits for a card and reads it. `event` hears "insertCard", "cardInserted", "reading".
    void readCard(std::chrono::milliseconds timeout,
                  std::function<void(const Result<CardMask>&)> answer,
                  std::function<void(const std::string&)> event = {});
    void cancelRead();
    /// Waits for an identity document: "resident", or "zone" for one that is held before the
    /// camera; `event` hears what the customer should do. A running document or face is given up.
    void readDocument(const std::string& kind, std::chrono::milliseconds timeout,
                      std::function<void(const Result<DocumentMask>&)> answer,
                      std::function<void(const std::string&)> event = {});
    /// Looks at the customer's face until it is seen well, or says how it was seen at best.
    void takeFace(std::chrono::milliseconds timeout,
                  std::function<void(const Result<FaceSeen>&)> answer,
                  std::function<void(const std::string&)> event = {});
    void stopLooking();
    /// Waits until a QR code or another code of ours is held before the camera, also while the
    /// camera is away; `event` hears "cameraAway" and "cameraBack". One scan at a time: a running
    /// one ends unanswered. Fails with Errc::Timeout, Errc::Cancelled, or with a remedy.
    void scanCode(std::chrono::milliseconds timeout,
                  std::function<void(const Result<ScannedCode>&)> answer,
                  std::function<void(const std::string&)> event = {});
    void cancelScan();
    /// Whether codes can be read: there is a barcode reader, and frames come.
    [[nodiscard]] bool cameraReady() const { return m_cameraReady; }
    /// `resumed`: an earlier process may have sent it already.
    void printTicket(const xfs::TicketForm& form, bool resumed,
                     std::function<void(const PrintResult&)> answer);
    void printHistory(const std::string& ticketId,
                      std::function<void(const Result<PrintHistory>&)> answer);
    /// Whether reader and printer have said how they are.
    [[nodiscard]] bool heard() const { return m_readerHeard && m_printerHeard; }

signals:
    void readerChanged(bool ready);
    void printerChanged(bool ready, guichet::Remedy remedy);
    void cardChanged(bool present);
    void cameraChanged(bool ready);
    void firstHeard(); ///< once, when heard() becomes true

private:
    void onReader(bool connected, const nlohmann::json& status);
    void onPrinter(bool connected, const nlohmann::json& status);
    void onBarcodeReader(bool connected, const nlohmann::json& status);
    void endScan(std::uint64_t scan, const Result<ScannedCode>& code);
    void hear(bool& device);
    void findOut(const std::string& ticketId, std::int64_t printIndex, const Error& why,
                 std::function<void(const PrintResult&)> answer);
    [[nodiscard]] xfs::Client::Listener
    listener(void (DevicePort::*changed)(bool, const nlohmann::json&));

    OwnService m_identity;
    OwnService m_looking; ///< documents and faces
    OwnService m_printing;
    OwnService m_printHistory;
    bool m_readerReady = false;
    bool m_printerReady = false;
    bool m_cardPresent = false;
    bool m_readerHeard = false;
    bool m_printerHeard = false;
    Remedy m_printerRemedy = Remedy::None;
    bool m_cameraReady = false;
    std::uint64_t m_scan = 0; ///< counts them; an answer to an earlier one is not passed on
    xfs::Client::RequestId m_scanRequest = 0; ///< 0: none runs
    std::function<void(const Result<ScannedCode>&)> m_scanAnswer;
    std::function<void(const std::string&)> m_scanEvent;
    std::unique_ptr<xfs::Client> m_reader; // these three last: they end before what they call
    std::unique_ptr<xfs::Client> m_printer;
    std::unique_ptr<xfs::Client> m_barcodeReader;
};

/// The end of BarcodeReader.Read. Fails with its error, or with Errc::Protocol.
[[nodiscard]] Result<ScannedCode> codeFrom(const Result<xfs::Completion>& completion);

/// The answer of the printing service to history. Fails with its error, or with Errc::Protocol.
[[nodiscard]] Result<PrintHistory> historyFrom(const Result<nlohmann::json>& answer);

} // namespace guichet::kiosk

Q_DECLARE_METATYPE(guichet::Remedy)
