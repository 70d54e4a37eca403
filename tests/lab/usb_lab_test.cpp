// SPDX-License-Identifier: Apache-2.0
// Runs in the lab's machine only (README.md): the kernel, usbfs and libusb are real.
#include <filesystem>

#include <catch2/catch.hpp>
#include <unistd.h>

#include "drivers/escpos/escpos_printer.h"
#include "drivers/residentid/resident_reader.h"
#include "drivers/transport/usb_channel.h"
#include "peripherals/virtual/resident_card.h"
#include "tests/lab/kernel_events.h"
#include "tests/lab/usb_models.h"

using namespace guichet;
using namespace guichet::lab;
using namespace std::chrono_literals;
using transport::openUsb;
using transport::parseUsbAddress;
using transport::UsbChannel;
using virtualdevices::findResidentCard;
using virtualdevices::SdtReader;

namespace {

std::unique_ptr<UsbChannel> plugged(const char* address)
{
    KernelEvents events;
    Result<std::unique_ptr<UsbChannel>> channel;
    REQUIRE(events.await([&] {
        channel = openUsb(*parseUsbAddress(address));
        return channel.has_value();
    }));
    return std::move(*channel);
}

ChannelOpener opener(const char* address)
{
    return [address]() -> Result<std::unique_ptr<Channel>> {
        return openUsb(*parseUsbAddress(address));
    };
}

bool kernelHolds()
{
    const std::filesystem::path driver("/sys/bus/usb/drivers/usblp");
    for (const auto& entry : std::filesystem::directory_iterator(driver)) {
        if (entry.path().filename().string().find(':') != std::string::npos) {
            return true;
        }
    }
    return false;
}

} // namespace

TEST_CASE("lab usb: a printer held by the kernel's driver is taken from it and given back")
{
    const auto printer = std::make_shared<PrinterOnTable>();
    KernelEvents events;
    const PluggedUsb cable(printerModel(printer));
    REQUIRE(events.await(kernelHolds));
    {
        const auto channel = plugged("printer");
        CHECK_FALSE(kernelHolds());
        CHECK(channel->portStatus() == transport::UsbPortStatus{.selected = true});
        CHECK(*channel->deviceId() == "MFG:Guichet;MDL:Lab;CMD:ESC/POS;CLS:PRINTER;");
        const auto second = openUsb(*parseUsbAddress("printer"));
        REQUIRE_FALSE(second);
        CHECK(second.error().code == Errc::Busy);
    }
    CHECK(events.await(kernelHolds));
}

TEST_CASE("lab usb: a receipt reaches the printer byte by byte as it was sent")
{
    const auto printer = std::make_shared<PrinterOnTable>();
    const PluggedUsb cable(printerModel(printer));
    static_cast<void>(plugged("printer"));
    const SystemClock clock;
    escpos::EscposPrinter driver(opener("printer"), clock);
    Bytes receipt(50'000);
    for (std::size_t at = 0; at < receipt.size(); ++at) {
        receipt[at] = static_cast<std::byte>(0x20 + at % 95);
    }
    const auto report = driver.print({.id = "1", .content = receipt}, {}, {});
    CHECK(report.outcome == PrintOutcome::Printed);
    CHECK(report.proof == PrintProof::ProcessId);
    const auto paper = printer->paper();
    CHECK(std::search(paper.begin(), paper.end(), receipt.begin(), receipt.end()) != paper.end());
}

TEST_CASE("lab usb: a printer that takes nothing is seen at its time-out and on the control pipe")
{
    const auto printer = std::make_shared<PrinterOnTable>();
    PluggedUsb cable(printerModel(printer));
    const auto channel = plugged("printer");
    cable.hold(true);
    printer->port = 0x30;
    CHECK(channel->write(Bytes(10), 100ms).error().code == Errc::Timeout);
    CHECK(channel->portStatus() ==
          transport::UsbPortStatus{.paperEmpty = true, .selected = true, .error = true});
    CHECK(channel->read(1, 0ms).error().code == Errc::Timeout);
    cable.hold(false);
    CHECK(*channel->write(Bytes(10), 5s) == 10);
    CHECK(printer->paper().size() == 10);

    cable.stallNext();
    CHECK(*channel->write(Bytes(10), 5s) == 10);
    CHECK(printer->paper().size() == 20);
}

TEST_CASE("lab usb: a cable pulled in the middle of a receipt leaves its outcome unknown")
{
    const auto printer = std::make_shared<PrinterOnTable>();
    auto cable = std::make_unique<PluggedUsb>(printerModel(printer));
    static_cast<void>(plugged("printer"));
    const SystemClock clock;
    escpos::EscposPrinter driver(opener("printer"), clock);
    REQUIRE(driver.status());
    const auto pulledAt = GENERATE(100, 20'000);
    const auto report =
        driver.print({.id = "1", .content = Bytes(50'000, std::byte{'x'})},
                     {.beforeFirstByte =
                          [&](std::size_t) {
                              cable->pullAfterOut(static_cast<std::size_t>(pulledAt));
                              return Result<void>();
                          }},
                     {});
    CHECK(report.outcome == PrintOutcome::Unknown);
    REQUIRE(report.error);
    CHECK(report.error->code == Errc::Disconnected);
    CHECK(report.error->remedy == Remedy::ReconnectCable);

    KernelEvents events;
    cable = std::make_unique<PluggedUsb>(printerModel(printer));
    CHECK(events.await([&driver] { return driver.status().has_value(); }));
}

TEST_CASE("lab usb: resident cards are read through one pair of pipes and through two")
{
    const auto pipes = GENERATE(ReaderPipes::OnePair, ReaderPipes::TwoPairs);
    const auto device = std::make_shared<SdtReader>();
    const PluggedUsb cable(residentReaderModel(device, pipes));
    static_cast<void>(plugged("0400:c35a"));
    const SystemClock clock;
    residentid::ResidentReader reader(opener("0400:c35a"), clock,
                                      {.find = 5s, .select = 5s, .read = 10s});
    CHECK(*reader.samNumber() == "05.03-20230412-0000123456-0987654321");
    for (const auto& card : virtualdevices::knownResidentCards()) {
        CAPTURE(card.name);
        device->place(card);
        const auto read = reader.read({}, 10s);
        REQUIRE(read);
        CHECK(read->identity.number.reveal() == card.number);
        CHECK(read->photo.reveal().size() == 1024);
        CHECK(read->newAddress.reveal() == card.newAddress);
    }
}

TEST_CASE("lab usb: a reader unplugged in the middle of an answer comes back")
{
    const auto pipes = GENERATE(ReaderPipes::OnePair, ReaderPipes::TwoPairs);
    const auto device = std::make_shared<SdtReader>();
    auto cable = std::make_unique<PluggedUsb>(residentReaderModel(device, pipes));
    static_cast<void>(plugged("0400:c35a"));
    const SystemClock clock;
    residentid::ResidentReader reader(opener("0400:c35a"), clock,
                                      {.find = 5s, .select = 5s, .read = 10s});
    device->place(*findResidentCard("resident"));
    const auto lost = reader.read({}, 10s, [&cable] { cable->pullAfterIn(500); });
    REQUIRE_FALSE(lost);
    CHECK(lost.error().code == Errc::Disconnected);
    CHECK(lost.error().remedy == Remedy::ReconnectCable);

    cable = std::make_unique<PluggedUsb>(residentReaderModel(device, pipes));
    device->place(*findResidentCard("resident"));
    static_cast<void>(plugged("0400:c35a"));
    const auto read = reader.read({}, 10s);
    REQUIRE(read);
    CHECK(read->identity.number.reveal() == "11010519491231002X");
}

TEST_CASE("lab usb: a reader that answers on the wrong pipes is no card, and mends with its plug")
{
    const auto device = std::make_shared<SdtReader>();
    auto cable = std::make_unique<PluggedUsb>(residentReaderModel(device, ReaderPipes::Crossed));
    static_cast<void>(plugged("0400:c35a"));
    const SystemClock clock;
    residentid::ResidentReader reader(opener("0400:c35a"), clock,
                                      {.find = 2s, .select = 2s, .read = 2s});
    device->place(*findResidentCard("resident"));
    const auto wrong = reader.read({}, 2s);
    REQUIRE_FALSE(wrong);
    CHECK((wrong.error().code == Errc::Timeout || wrong.error().code == Errc::Protocol));

    cable.reset();
    cable = std::make_unique<PluggedUsb>(residentReaderModel(device, ReaderPipes::TwoPairs));
    device->place(*findResidentCard("resident"));
    static_cast<void>(plugged("0400:c35a"));
    REQUIRE(reader.read({}, 10s));
}

TEST_CASE("lab usb: a device that says more than it is asked is told from one that is gone")
{
    const auto printer = std::make_shared<PrinterOnTable>();
    PluggedUsb cable(printerModel(printer));
    const auto channel = plugged("printer");
    cable.babbleNext();
    const auto babble = channel->read(1, 5s);
    REQUIRE_FALSE(babble);
    CHECK(babble.error().code == Errc::Protocol);
    CHECK(babble.error().remedy == Remedy::Retry);
    REQUIRE(channel->write(*fromHex("100401"), 5s));
    CHECK(*channel->read(1, 5s) == *fromHex("12"));
}

TEST_CASE("lab usb: a printer that we may not open is told from one that is not there")
{
    const auto printer = std::make_shared<PrinterOnTable>();
    const PluggedUsb cable(printerModel(printer));
    static_cast<void>(plugged("printer"));
    const char* address = GENERATE("printer", "04b8:0e02", "printer@P-1");
    constexpr uid_t kNobody = 65534;
    REQUIRE(::seteuid(kNobody) == 0);
    const auto channel = openUsb(*parseUsbAddress(address));
    REQUIRE(::seteuid(0) == 0);
    REQUIRE_FALSE(channel);
    CAPTURE(address, channel.error().detail);
    CHECK(channel.error().code == Errc::Denied);
    CHECK(channel.error().remedy == Remedy::CallStaff);
    CHECK(channel.error().detail.find("udev rule") != std::string::npos);
}

TEST_CASE("lab usb: two equal printers are told apart by serial number or not at all")
{
    const auto left = std::make_shared<PrinterOnTable>();
    const auto right = std::make_shared<PrinterOnTable>();
    const PluggedUsb leftCable(printerModel(left, "LEFT"));
    const PluggedUsb rightCable(printerModel(right, "RIGHT"));
    static_cast<void>(plugged("printer@LEFT"));
    const auto channel = plugged("04b8:0e02@RIGHT");
    CHECK(*channel->write(Bytes(5), 5s) == 5);
    CHECK(right->paper().size() == 5);
    CHECK(left->paper().empty());
    const auto either = openUsb(*parseUsbAddress("printer"));
    REQUIRE_FALSE(either);
    CHECK(either.error().code == Errc::Conflict);
}
