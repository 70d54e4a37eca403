// SPDX-License-Identifier: Apache-2.0
// Runs in the lab's machine only (README.md): the cable of a printer is pulled anywhere.
#include <catch2/catch.hpp>

#include "drivers/escpos/escpos_printer.h"
#include "drivers/transport/connection.h"
#include "tests/lab/cable.h"
#include "tests/lab/cuts.h"
#include "tests/lab/usb_models.h"

using namespace guichet;
using namespace guichet::lab;

namespace {

struct PrinterAttachment {
    const char* connection;
    bool serial;
};
const PrinterAttachment kUsbPrinter{"usb:printer", false},
    kSerialPrinter{"serial:/dev/serial/by-path/platform-vhci_hcd.0-usb-0:1:1.0", true};

Bytes receipt(char letter)
{
    return Bytes(300, static_cast<std::byte>(letter));
}

/// So many of the letter in a row are no accident.
bool shows(PrinterOnTable& printer, char letter, std::size_t letters)
{
    const auto paper = printer.paper();
    return std::search_n(paper.begin(), paper.end(), static_cast<std::ptrdiff_t>(letters),
                         static_cast<std::byte>(letter)) != paper.end();
}

/// A printer and its driver, which outlives all cables.
class PrinterCounter {
public:
    explicit PrinterCounter(const PrinterAttachment& attachment)
        : m_serial(attachment.serial)
        , m_open(*transport::planConnection(attachment.connection))
        , m_cable(m_open)
        , m_driver(m_open, m_clock, {.answerTimeout = std::chrono::seconds(20)})
    {
        plug();
    }
    /// A printer without a memory of what came before.
    void plug()
    {
        m_printer = std::make_shared<PrinterOnTable>();
        const auto model = printerModel(m_printer);
        REQUIRE(m_cable.plug(m_serial ? atSerialAdapter(model) : model));
        REQUIRE(m_driver.status());
    }
    PrintReport print(char letter, const PrintProgress& progress = {})
    {
        return m_driver.print({.id = "1", .content = receipt(letter)}, progress, {});
    }
    PrinterOnTable& printer() { return *m_printer; }
    PluggedUsb& cable() { return *m_cable; }
    escpos::EscposPrinter& driver() { return m_driver; }

private:
    bool m_serial;
    ChannelOpener m_open;
    std::shared_ptr<PrinterOnTable> m_printer;
    Cable m_cable;
    SystemClock m_clock;
    escpos::EscposPrinter m_driver;
};

void isCableError(const std::optional<Error>& error)
{
    REQUIRE(error);
    CAPTURE(error->detail);
    CHECK(error->code == Errc::Disconnected);
    CHECK(error->remedy == Remedy::ReconnectCable);
}

void printsAfterwards(PrinterCounter& counter)
{
    counter.plug();
    CHECK(counter.print('S').outcome == PrintOutcome::Printed);
    CHECK(shows(counter.printer(), 'S', 300));
    CHECK_FALSE(shows(counter.printer(), 'R', 8));
}

void pullInReceipts(const PrinterAttachment& attachment)
{
    PrinterCounter counter(attachment);
    const auto before = counter.cable().traffic();
    REQUIRE(counter.print('R').outcome == PrintOutcome::Printed);
    const auto whole = counter.cable().traffic() - before;
    REQUIRE(whole.out > 300);
    for (const auto& cut : cutsOf(whole, 8)) {
        CAPTURE(cut.direction, cut.after, whole.out, whole.in);
        counter.plug();
        int printed = 0;
        arm(counter.cable(), cut);
        const auto report = counter.print('R', {.printed = [&printed] { ++printed; }});
        CHECK(printed == (report.outcome == PrintOutcome::Printed ? 1 : 0));
        switch (report.outcome) {
        case PrintOutcome::Refused:
            isCableError(report.error);
            CHECK(report.bytesSent == 0);
            CHECK_FALSE(shows(counter.printer(), 'R', 8));
            break;
        case PrintOutcome::Unknown:
            isCableError(report.error);
            CHECK(report.bytesSent > 0);
            break;
        case PrintOutcome::Printed:
            CHECK(shows(counter.printer(), 'R', 300));
            break;
        }
        printsAfterwards(counter);
    }
}

void pullInStatusQuestions(const PrinterAttachment& attachment)
{
    PrinterCounter counter(attachment);
    const auto before = counter.cable().traffic();
    REQUIRE(counter.driver().status());
    const auto whole = counter.cable().traffic() - before;
    for (const auto& cut : cutsOf(whole, 100)) {
        CAPTURE(cut.direction, cut.after, whole.out, whole.in);
        counter.plug();
        arm(counter.cable(), cut);
        const auto status = counter.driver().status();
        if (status) {
            CHECK(*status == PrinterStatus{});
            CHECK(cut.after == (cut.direction == Direction::ToDevice ? whole.out : whole.in));
        } else {
            isCableError(status.error());
        }
    }
    printsAfterwards(counter);
}

} // namespace

TEST_CASE("lab cuts: a receipt whose USB cable is pulled anywhere has one outcome, and a true one",
          "[printer][usb]")
{
    pullInReceipts(kUsbPrinter);
}

TEST_CASE("lab cuts: a receipt whose serial adapter is pulled anywhere has one, and a true one",
          "[printer][serial]")
{
    pullInReceipts(kSerialPrinter);
}

TEST_CASE("lab cuts: a status question over USB pulled anywhere is answered once, and truly",
          "[printer][usb]")
{
    pullInStatusQuestions(kUsbPrinter);
}

TEST_CASE("lab cuts: a status question over an adapter pulled anywhere is answered once, and truly",
          "[printer][serial]")
{
    pullInStatusQuestions(kSerialPrinter);
}
