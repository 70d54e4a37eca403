// SPDX-License-Identifier: Apache-2.0
#include "drivers/transport/usb_pipes.h"

#include <catch2/catch.hpp>

#include "drivers/transport/split_frames.h"
#include "drivers/transport/usb_channel.h"
#include "tests/drivers/support/hex_text.h"

using namespace guichet;
using namespace guichet::transport;
using test::bytes;

namespace {

const UsbAddress kPrinter, kReader{.id = UsbId{0x0400, 0xc35a}};

UsbEndpoint bulk(std::uint8_t address)
{
    return {address, 2, 64};
}
UsbInterface printer(std::uint8_t alternate, std::uint8_t protocol)
{
    UsbInterface interface {
        0, alternate, 7, 1, protocol, { bulk(0x02) }
    };
    if (protocol != 1) {
        interface.endpoints.push_back(bulk(0x83));
    }
    return interface;
}

} // namespace

TEST_CASE("usb address: says which device is meant")
{
    CHECK(*parseUsbAddress("0400:c35a") == kReader);
    CHECK(*parseUsbAddress("printer") == kPrinter);
    CHECK(parseUsbAddress("printer@1-2.4")->path == "1-2.4");
    CHECK(parseUsbAddress("0400:C35A+split@SN-7")->serial == "SN-7");
    CHECK(parseUsbAddress("0400:c35a+split")->framing == UsbFraming::Split);
    CHECK(parseUsbAddress("0400:c35a+plain@1-2")->framing == UsbFraming::Plain);
    CHECK(describe(*parseUsbAddress("0400:c35a+split@1-2")) == "usb 0400:c35a@1-2");
}

TEST_CASE("usb address: what is none is refused with what is wanted")
{
    for (const char* text : {"", "400:c35a", "0400", "0400:", "0400:c35g", "0400:c35a:1",
                             "printer@", "printer+both", "Printer", "+split", "0400:c35a "}) {
        CAPTURE(text);
        const auto address = parseUsbAddress(text);
        REQUIRE_FALSE(address);
        CHECK(address.error().code == Errc::Invalid);
        CHECK(address.error().detail.starts_with("want usb:"));
    }
}

TEST_CASE("usb pipes: a printer's bidirectional setting is taken before the one-way one")
{
    const std::vector<UsbInterface> settings{printer(0, 1), printer(1, 4), printer(2, 2)};
    const auto pipes = choosePipes(settings, kPrinter);
    REQUIRE(pipes);
    CHECK(pipes->alternate == 2);
    CHECK(pipes->severalAlternates);
    CHECK(pipes->printer);
    CHECK(pipes->out == std::vector{bulk(0x02)});
    CHECK(pipes->in == std::vector{bulk(0x83)});
}

TEST_CASE("usb pipes: a one-way printer has no way back")
{
    const std::vector<UsbInterface> settings{printer(0, 1)};
    CHECK(choosePipes(settings, kPrinter)->in.empty());
}

TEST_CASE("usb pipes: IPP over USB and other devices are no receipt printers")
{
    const std::vector<UsbInterface> ipp{printer(0, 4)};
    const std::vector<UsbInterface> vendor{{0, 0, 0xFF, 0, 0, {bulk(0x01), bulk(0x81)}}};
    for (const auto& interfaces : {ipp, vendor, std::vector<UsbInterface>{}}) {
        const auto pipes = choosePipes(interfaces, kPrinter);
        REQUIRE_FALSE(pipes);
        CHECK(pipes.error().code == Errc::Unsupported);
    }
    CHECK(choosePipes(vendor, kReader));
}

TEST_CASE("usb pipes: two pairs are split frames, in the order of their numbers")
{
    const std::vector<UsbInterface> reader{
        {0, 0, 0xFF, 0, 0, {bulk(0x85), bulk(0x06), {0x87, 3, 8}, bulk(0x02), bulk(0x81)}}};
    const auto pipes = choosePipes(reader, kReader);
    REQUIRE(pipes);
    CHECK(pipes->split());
    CHECK(pipes->out == std::vector{bulk(0x02), bulk(0x06)});
    CHECK(pipes->in == std::vector{bulk(0x81), bulk(0x85)});

    auto forced = kReader;
    forced.framing = UsbFraming::Plain;
    CHECK_FALSE(choosePipes(reader, forced)->split());
    forced.framing = UsbFraming::Split;
    const std::vector<UsbInterface> onePair{{0, 0, 0xFF, 0, 0, {bulk(0x02), bulk(0x81)}}};
    CHECK(choosePipes(onePair, forced).error().code == Errc::Unsupported);
}

TEST_CASE("split frames: preamble and length go one way, the rest the other")
{
    SplitFrames frames;
    const auto two = bytes("AAAAAA9669 0003 12FFEE AAAAAA9669 0003 11FFED");
    const ByteView view(two);
    CHECK(frames.run(view) == 7);
    frames.passed(view.first(3));
    CHECK(frames.run(view.subspan(3)) == 4);
    frames.passed(view.subspan(3, 4));
    CHECK(frames.pipe() == 1);
    CHECK(frames.run(view.subspan(7)) == 3);
    frames.passed(view.subspan(7, 3));
    CHECK(frames.pipe() == 0);
    CHECK(frames.run(view.subspan(10)) == 7);
}

TEST_CASE("split frames: rubbish in front does not lose the frame")
{
    for (const char* front : {"", "AA", "AAAA", "AAAAAA96", "00FF", "AAAAAA9600"}) {
        CAPTURE(front);
        SplitFrames frames;
        frames.passed(bytes(front));
        frames.passed(bytes("AAAAAA9669 0001"));
        CHECK(frames.pipe() == 1);
    }
}

TEST_CASE("usb channel: a device that is not there is missed, whatever USB this machine has")
{
    const auto channel = openUsb({.id = UsbId{0xFFFF, 0xFFFF}});
    REQUIRE_FALSE(channel);
    CHECK(channel.error().code == Errc::Disconnected);
    CHECK(channel.error().remedy == Remedy::ReconnectCable);
    CHECK(channel.error().detail.starts_with("usb ffff:ffff: "));
}
