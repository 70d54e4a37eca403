// SPDX-License-Identifier: Apache-2.0
// Runs in the lab's machine only (README.md): the kernel, its serial lines and udev are real.
#include <filesystem>

#include <catch2/catch.hpp>

#include "drivers/escpos/escpos_printer.h"
#include "drivers/residentid/resident_reader.h"
#include "drivers/transport/connection.h"
#include "peripherals/virtual/resident_card.h"
#include "tests/lab/kernel_events.h"
#include "tests/lab/usb_models.h"

using namespace guichet;
using namespace guichet::lab;
using namespace std::chrono_literals;
using virtualdevices::findResidentCard;
using virtualdevices::SdtReader;

namespace {

/// Where udev has put the line of the adapter in the first port: the name that configuration uses.
constexpr auto kLine = "/dev/serial/by-path/platform-vhci_hcd.0-usb-0:1:1.0";

[[nodiscard]] bool lineIs(bool there)
{
    KernelEvents events;
    return events.await([there] { return std::filesystem::exists(kLine) == there; });
}

ChannelOpener line()
{
    return *transport::planConnection(std::string("serial:") + kLine);
}

struct Cable {
    explicit Cable(const UsbModel& device)
        : model(atSerialAdapter(device))
    {
        plug();
    }
    void plug()
    {
        REQUIRE(lineIs(false));
        plugged = std::make_unique<PluggedUsb>(model);
        REQUIRE(lineIs(true));
    }
    void unplug() { plugged.reset(); }

    UsbModel model;
    std::unique_ptr<PluggedUsb> plugged;
};

const SystemClock kClock;

} // namespace

TEST_CASE("lab serial: a receipt reaches the printer byte by byte as it was sent")
{
    const auto printer = std::make_shared<PrinterOnTable>();
    const Cable cable(printerModel(printer));
    escpos::EscposPrinter driver(line(), kClock);
    Bytes receipt(20'000);
    for (std::size_t at = 0; at < receipt.size(); ++at) {
        receipt[at] = static_cast<std::byte>(at % 8 == 0 ? at / 8 % 256 : 0x20 + at % 95);
    }
    const auto report = driver.print({.id = "1", .content = receipt}, {}, {});
    CHECK(report.outcome == PrintOutcome::Printed);
    CHECK(report.proof == PrintProof::ProcessId);
    const auto paper = printer->paper();
    CHECK(std::search(paper.begin(), paper.end(), receipt.begin(), receipt.end()) != paper.end());
}

TEST_CASE("lab serial: an adapter pulled in the middle of a receipt leaves its outcome unknown")
{
    const auto printer = std::make_shared<PrinterOnTable>();
    Cable cable(printerModel(printer));
    escpos::EscposPrinter driver(line(), kClock);
    REQUIRE(driver.status());
    const auto pulledAt = GENERATE(std::size_t{100}, std::size_t{20'000});
    const auto report = driver.print({.id = "1", .content = Bytes(50'000, std::byte{'x'})},
                                     {.beforeFirstByte =
                                          [&](std::size_t) {
                                              cable.plugged->pullAfterOut(pulledAt);
                                              return Result<void>();
                                          }},
                                     {});
    CHECK(report.outcome == PrintOutcome::Unknown);
    REQUIRE(report.error);
    CAPTURE(report.error->detail);
    CHECK(report.error->code == Errc::Disconnected);
    CHECK(report.error->remedy == Remedy::ReconnectCable);
    const auto away = driver.status();
    REQUIRE_FALSE(away);
    CHECK(away.error().code == Errc::Disconnected);
    CHECK(away.error().remedy == Remedy::ReconnectCable);

    cable.unplug();
    cable.plug();
    CHECK(driver.status());
}

TEST_CASE("lab serial: a printer that takes nothing is told at its time-out and let go")
{
    const auto printer = std::make_shared<PrinterOnTable>();
    const Cable cable(printerModel(printer));
    escpos::EscposPrinter driver(line(), kClock);
    REQUIRE(driver.status());
    cable.plugged->hold(true);
    const auto mute = driver.status();
    REQUIRE_FALSE(mute);
    CHECK(mute.error().code == Errc::Timeout);
    CHECK(mute.error().remedy == Remedy::ReconnectCable);
}

TEST_CASE("lab serial: a resident card is read, and read again after the adapter was pulled")
{
    const auto device = std::make_shared<SdtReader>();
    Cable cable(residentReaderModel(device, ReaderPipes::OnePair));
    residentid::ResidentReader reader(line(), kClock, {.find = 5s, .select = 5s, .read = 10s});
    CHECK(*reader.samNumber() == "05.03-20230412-0000123456-0987654321");
    device->place(*findResidentCard("resident"));
    const auto lost = reader.read({}, 10s, [&cable] { cable.plugged->pullAfterIn(500); });
    REQUIRE_FALSE(lost);
    CHECK(lost.error().code == Errc::Disconnected);
    CHECK(lost.error().remedy == Remedy::ReconnectCable);

    cable.unplug();
    cable.plug();
    device->place(*findResidentCard("resident"));
    const auto read = reader.read({}, 10s);
    REQUIRE(read);
    CHECK(read->identity.number.reveal() == "11010519491231002X");
    CHECK(read->photo.reveal().size() == 1024);
}
