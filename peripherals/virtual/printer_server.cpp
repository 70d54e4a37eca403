// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/printer_server.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <fstream>
#include <limits>

#include <sys/socket.h>

#include <poll.h>

namespace guichet::virtualdevices {

namespace {

constexpr std::size_t kTicketsKept = 200;
constexpr std::size_t kUnsentMost = 4096; ///< answers nobody reads are lost, as behind a real plug
constexpr int kSlowStep = 20;             ///< ms

bool inPresenter(const Ticket& ticket)
{
    return ticket.place == PaperPlace::Inside || ticket.place == PaperPlace::HeldOut;
}

/// A hand can get at it.
bool outside(const Ticket& ticket)
{
    return !ticket.taken && ticket.place != PaperPlace::Inside &&
           ticket.place != PaperPlace::Retracted;
}

std::string fileName(unsigned number)
{
    auto digits = std::to_string(number);
    digits.insert(0, digits.size() < 3 ? 3 - digits.size() : 0, '0');
    return digits + ".png";
}

} // namespace

Result<std::unique_ptr<PrinterServer>> PrinterServer::start(Config config,
                                                            std::unique_ptr<GlyphSource> glyphs)
{
    if (!config.folder.empty()) {
        std::error_code error;
        std::filesystem::create_directories(config.folder, error);
        if (error) {
            return fail(Errc::Invalid, config.folder.string() + ": " + error.message());
        }
    }
    auto port = Port::take(config.listen);
    if (!port) {
        return fail(std::move(port.error()), "printer");
    }
    return std::unique_ptr<PrinterServer>(
        new PrinterServer(std::move(config), std::move(glyphs), std::move(*port)));
}

PrinterServer::PrinterServer(Config config, std::unique_ptr<GlyphSource> glyphs, Port port)
    : m_config(std::move(config))
    , m_printer(std::move(glyphs))
    , m_port(std::move(port))
    , m_lastPrint(std::chrono::steady_clock::now())
    , m_thread([this] { run(); })
{
}

PrinterServer::~PrinterServer()
{
    {
        const std::lock_guard lock(m_mutex);
        m_stop = true;
    }
    m_waker.wake();
    m_thread.join();
}

void PrinterServer::run()
{
    std::unique_lock lock(m_mutex);
    while (!m_stop) {
        const bool accepting = m_power && !m_client;
        short wanted = 0;
        if (m_client) {
            wanted = static_cast<short>((m_printer.room() > 0 ? POLLIN : 0) |
                                        (m_unsent.empty() ? 0 : POLLOUT));
        }
        std::array<pollfd, 3> events{pollfd{m_waker.fd(), POLLIN, 0},
                                     pollfd{accepting ? m_port.listener() : -1, POLLIN, 0},
                                     pollfd{m_client ? m_client.get() : -1, wanted, 0}};
        const bool slow = m_bytesPerSecond > 0 && m_printer.waiting() > 0;
        lock.unlock();
        poll(events.data(), events.size(), slow ? kSlowStep : -1);
        lock.lock();
        m_waker.drain();
        if (events[1].revents != 0 && m_power && !m_client) {
            m_client = acceptFrom(m_port.listener());
            m_unsent.clear();
        }
        // The connection may have been broken off meanwhile and another one have its number.
        if (m_client && m_client.get() == events[2].fd) {
            exchange(events[2].revents);
        }
        print();
        send();
    }
}

void PrinterServer::exchange(short events)
{
    if ((events & (POLLIN | POLLHUP | POLLERR)) != 0) {
        receive();
    }
}

void PrinterServer::receive()
{
    std::array<std::byte, 16 * 1024> chunk{};
    auto most = std::min(chunk.size(), m_printer.room());
    if (m_cutAfter) {
        most = std::min(most, *m_cutAfter);
    }
    if (most == 0) {
        return;
    }
    const auto got = recv(m_client.get(), chunk.data(), most, 0);
    if (got > 0) {
        const auto count = static_cast<std::size_t>(got);
        m_received += count;
        m_printer.receive(ByteView(chunk).first(count));
        if (m_cutAfter && (*m_cutAfter -= count) == 0) {
            cutLink();
        }
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        m_client.reset();
        m_unsent.clear();
    }
}

void PrinterServer::cutLink()
{
    m_cutAfter.reset();
    breakOff(m_client);
    m_unsent.clear();
}

void PrinterServer::print()
{
    if (!m_power) {
        return;
    }
    const auto now = std::chrono::steady_clock::now();
    if (m_bytesPerSecond == 0) {
        m_printer.work();
    } else {
        const std::chrono::duration<double> passed = now - m_lastPrint;
        const auto rate = static_cast<double>(m_bytesPerSecond);
        m_allowance = std::min(m_allowance + passed.count() * rate, std::max(rate / 10, 1.0));
        m_allowance -= static_cast<double>(m_printer.work(static_cast<std::size_t>(m_allowance)));
    }
    m_lastPrint = now;
    for (auto& paper : m_printer.takePaper()) {
        auto png = toPng(paper.picture);
        if (!png) {
            continue;
        }
        Ticket ticket;
        ticket.number = ++m_lastNumber;
        ticket.text = std::move(paper.text);
        ticket.end = paper.end;
        ticket.width = paper.picture.width();
        ticket.height = paper.picture.height();
        ticket.png = std::make_shared<const Bytes>(std::move(*png));
        if (!m_config.folder.empty()) {
            std::ofstream file(m_config.folder / fileName(ticket.number), std::ios::binary);
            const auto content = asText(*ticket.png);
            file.write(content.data(), static_cast<std::streamsize>(content.size()));
        }
        if (!m_tickets.empty() && inPresenter(m_tickets.back())) {
            m_tickets.back().place = PaperPlace::Expelled; // the next one pushes it out
        }
        m_tickets.push_back(std::move(ticket));
        if (m_tickets.size() > kTicketsKept) {
            m_tickets.erase(m_tickets.begin());
        }
    }
    if (m_printer.hasPresenter() && !m_tickets.empty() && !m_tickets.back().taken) {
        m_tickets.back().place = m_printer.place();
    }
    const auto answers = m_printer.takeAnswers();
    if (m_client && m_unsent.size() + answers.size() <= kUnsentMost) {
        m_unsent.insert(m_unsent.end(), answers.begin(), answers.end());
    }
}

void PrinterServer::send()
{
    if (!m_client || m_unsent.empty()) {
        return;
    }
    const auto sent = ::send(m_client.get(), m_unsent.data(), m_unsent.size(), MSG_NOSIGNAL);
    if (sent > 0) {
        m_unsent.erase(m_unsent.begin(), m_unsent.begin() + sent);
    } else if (sent < 0 && errno != EAGAIN && errno != EINTR) {
        m_client.reset();
        m_unsent.clear();
    }
}

PrinterServer::State PrinterServer::state() const
{
    const std::lock_guard lock(m_mutex);
    State state;
    state.power = m_power;
    state.sensors = m_printer.sensors();
    state.connected = static_cast<bool>(m_client);
    state.bytesPerSecond = m_bytesPerSecond;
    state.cutAfter = m_cutAfter;
    state.received = m_received;
    state.waiting = m_printer.waiting();
    state.midTicket = m_printer.midTicket();
    state.tickets = m_lastNumber;
    state.hanging =
        static_cast<unsigned>(std::count_if(m_tickets.begin(), m_tickets.end(), outside));
    state.presenter = m_printer.hasPresenter();
    state.heldOut = m_printer.place() == PaperPlace::HeldOut;
    return state;
}

std::vector<Ticket> PrinterServer::tickets() const
{
    const std::lock_guard lock(m_mutex);
    return m_tickets;
}

std::optional<Ticket> PrinterServer::ticket(unsigned number) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = std::find_if(m_tickets.begin(), m_tickets.end(),
                                    [number](const Ticket& one) { return one.number == number; });
    return found == m_tickets.end() ? std::nullopt : std::optional(*found);
}

void PrinterServer::loadPaper(bool low, std::optional<std::size_t> rowsLeft)
{
    const std::lock_guard lock(m_mutex);
    m_printer.loadPaper(low, rowsLeft);
    print();
    m_waker.wake();
}

void PrinterServer::removePaper()
{
    const std::lock_guard lock(m_mutex);
    m_printer.removePaper();
    print();
    m_waker.wake();
}

void PrinterServer::setCover(bool open)
{
    const std::lock_guard lock(m_mutex);
    m_printer.setCover(open);
    print();
    m_waker.wake();
}

void PrinterServer::setOffline(bool offline)
{
    const std::lock_guard lock(m_mutex);
    m_printer.setOffline(offline);
    print();
    m_waker.wake();
}

void PrinterServer::setJam(bool jam)
{
    const std::lock_guard lock(m_mutex);
    m_printer.setJam(jam);
    print();
    m_waker.wake();
}

void PrinterServer::fitPresenter(bool fitted)
{
    const std::lock_guard lock(m_mutex);
    m_printer.fitPresenter(fitted);
}

void PrinterServer::setSpeed(std::size_t bytesPerSecond)
{
    const std::lock_guard lock(m_mutex);
    m_bytesPerSecond = bytesPerSecond;
    m_allowance = 0;
    m_lastPrint = std::chrono::steady_clock::now();
    m_waker.wake();
}

void PrinterServer::cutAfter(std::optional<std::size_t> bytes)
{
    const std::lock_guard lock(m_mutex);
    m_cutAfter = bytes;
    if (bytes && *bytes == 0) {
        cutLink();
    }
    m_waker.wake();
}

Result<void> PrinterServer::setPower(bool on)
{
    const std::lock_guard lock(m_mutex);
    if (on == m_power) {
        return {};
    }
    if (on) {
        if (auto opened = m_port.open(); !opened) {
            return fail(std::move(opened.error()), "printer");
        }
    } else {
        breakOff(m_client);
        m_unsent.clear();
        m_port.close();
        m_printer.powerOff();
    }
    m_power = on;
    m_waker.wake();
    return {};
}

unsigned PrinterServer::take()
{
    const std::lock_guard lock(m_mutex);
    m_printer.tear();
    print();
    unsigned pieces = 0;
    for (auto& ticket : m_tickets) {
        pieces += outside(ticket) ? 1 : 0;
        ticket.taken = ticket.taken || outside(ticket);
    }
    m_printer.takePresented();
    m_waker.wake();
    return pieces;
}

} // namespace guichet::virtualdevices
