// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <thread>
#include <vector>

#include "peripherals/virtual/receipt_printer.h"
#include "peripherals/virtual/sockets.h"

namespace guichet::virtualdevices {

/// A piece of paper that came out, and whether somebody took it.
struct Ticket {
    unsigned number = 0;
    std::string text;
    TicketEnd end = TicketEnd::PartialCut;
    std::size_t width = 0;
    std::size_t height = 0;
    bool taken = false;
    PaperPlace place = PaperPlace::Hanging;
    std::shared_ptr<const Bytes> png; ///< shared: pictures are handed out while printing goes on
};

/// The receipt printer on its network plug: one connection at a time, others wait. Thread-safe.
class PrinterServer {
public:
    struct Config {
        Endpoint listen{"127.0.0.1", 9100};
        std::filesystem::path folder; ///< for NNN.png; empty: pictures are kept in memory only
    };
    struct State {
        bool power = true;
        PrinterSensors sensors;
        bool connected = false;
        std::size_t bytesPerSecond = 0;      ///< 0: as fast as it can
        std::optional<std::size_t> cutAfter; ///< bytes until the link is cut
        std::uint64_t received = 0;          ///< bytes since the start
        std::size_t waiting = 0;             ///< in the buffers, not printed yet
        bool midTicket = false;              ///< something is printed and not cut off
        unsigned tickets = 0;
        unsigned hanging = 0;   ///< to be taken, and not taken yet
        bool presenter = false; ///< is fitted
        bool heldOut = false;   ///< paper is in its mouth
    };

    /// Fails with Errc::Busy (port taken) or Errc::Invalid (address, folder).
    [[nodiscard]] static Result<std::unique_ptr<PrinterServer>>
    start(Config config, std::unique_ptr<GlyphSource> glyphs);
    ~PrinterServer();
    PrinterServer(const PrinterServer&) = delete;
    PrinterServer& operator=(const PrinterServer&) = delete;

    [[nodiscard]] std::uint16_t port() const { return m_port.number(); }
    [[nodiscard]] State state() const;
    /// The last 200, oldest first.
    [[nodiscard]] std::vector<Ticket> tickets() const;
    [[nodiscard]] std::optional<Ticket> ticket(unsigned number) const;

    void loadPaper(bool low, std::optional<std::size_t> rowsLeft = {});
    void removePaper();
    void setCover(bool open);
    void setOffline(bool offline);
    void setJam(bool jam);
    void fitPresenter(bool fitted);
    /// 0: as fast as it can.
    void setSpeed(std::size_t bytesPerSecond);
    /// Breaks the connection off after `bytes` more bytes have come in; 0: now. The printer keeps
    /// those bytes, and nothing of what the peer sent after them. Nothing: do not cut.
    void cutAfter(std::optional<std::size_t> bytes);
    /// Off: connections are broken off and refused, buffers vanish. Fails with Errc::Busy if the
    /// port was taken meanwhile.
    [[nodiscard]] Result<void> setPower(bool on);
    /// Takes all that hangs out, tearing off what is not cut. Returns how many pieces.
    unsigned take();

private:
    PrinterServer(Config config, std::unique_ptr<GlyphSource> glyphs, Port port);
    void run();
    void exchange(short events);
    void receive();
    void print();
    void send();
    void cutLink();

    Config m_config;
    Waker m_waker;
    mutable std::mutex m_mutex;
    ReceiptPrinter m_printer;
    Port m_port;
    UniqueFd m_client;
    Bytes m_unsent;
    std::vector<Ticket> m_tickets;
    unsigned m_lastNumber = 0;
    std::uint64_t m_received = 0;
    std::size_t m_bytesPerSecond = 0;
    double m_allowance = 0; ///< bytes that the slow printer may take now
    std::chrono::steady_clock::time_point m_lastPrint;
    std::optional<std::size_t> m_cutAfter;
    bool m_power = true;
    bool m_stop = false;
    std::thread m_thread; ///< last: it uses all of the above
};

} // namespace guichet::virtualdevices
