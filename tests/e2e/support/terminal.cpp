// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/support/terminal.h"

#include <QTest>

#include <catch2/catch.hpp>

namespace guichet::test {
namespace {

using namespace std::chrono_literals;

constexpr auto kHost = "127.0.0.1";
constexpr std::uint16_t kPublisher = 5846;
constexpr auto kReadTime = 20s;
constexpr int kStartUpMs = 90'000;

} // namespace

Terminal::Terminal()
    : m_port(kHost, kPublisher)
    , m_printing(kHost, kPublisher, "/guichet/v1/printing")
{
    const auto count = [this](bool ready) { m_losses += ready ? 0 : 1; };
    QObject::connect(&m_port, &kiosk::DevicePort::readerChanged, &m_port, count);
    QObject::connect(&m_port, &kiosk::DevicePort::printerChanged, &m_port, count);
    waitUntilReady();
}

void Terminal::waitUntilBack(int lossesBefore)
{
    REQUIRE(QTest::qWaitFor([&] { return m_losses > lossesBefore; }, kStartUpMs));
    waitUntilReady();
}

void Terminal::waitUntilReady()
{
    REQUIRE(
        QTest::qWaitFor([&] { return m_port.readerReady() && m_port.printerReady(); }, kStartUpMs));
}

Result<kiosk::CardMask> Terminal::readCard()
{
    std::optional<Result<kiosk::CardMask>> outcome;
    m_port.readCard(kReadTime, [&](const Result<kiosk::CardMask>& card) { outcome = card; });
    REQUIRE(QTest::qWaitFor([&] { return outcome.has_value(); }, kStartUpMs));
    return *outcome;
}

kiosk::PrintResult Terminal::print(const std::string& ticketId, std::int64_t printIndex)
{
    beginPrint(ticketId, printIndex);
    return endOfPrint();
}

void Terminal::beginPrint(const std::string& ticketId, std::int64_t printIndex)
{
    xfs::TicketForm form;
    form.ticketId = ticketId;
    form.printIndex = printIndex;
    form.number = "A012";
    form.service = "Cash";
    form.code = "http://127.0.0.1:8480/t/0b0c"; // the same on each, so that all are as long
    m_printed.reset();
    m_port.printTicket(form, false,
                       [this](const kiosk::PrintResult& result) { m_printed = result; });
}

kiosk::PrintResult Terminal::endOfPrint()
{
    REQUIRE(QTest::qWaitFor([&] { return printEnded(); }, kStartUpMs));
    return *m_printed;
}

std::string Terminal::attempt(const std::string& ticketId, std::int64_t printIndex)
{
    std::optional<Result<nlohmann::json>> answer;
    m_printing.ask({{"op", "attempt"}, {"ticketId", ticketId}, {"printIndex", printIndex}},
                   [&](const Result<nlohmann::json>& message) { answer = message; });
    REQUIRE(QTest::qWaitFor([&] { return answer.has_value(); }, kStartUpMs));
    return *answer ? (*answer)->value("state", std::string()) : std::string();
}

} // namespace guichet::test
