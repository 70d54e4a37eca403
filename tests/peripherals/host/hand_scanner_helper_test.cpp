// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/hand_scanner_helper.h"

#include <thread>

#include <catch2/catch.hpp>

#include "drivers/handscanner/line_decoder.h"
#include "drivers/transport/serial_channel.h"
#include "tests/drivers/support/pty_line.h"
#include "tests/peripherals/host/recording_line.h"

using namespace guichet;
using namespace guichet::host;
using nlohmann::json;

namespace {

/// Scans once the read has begun and waits.
struct ScanningLine final : test::RecordingLine {
    explicit ScanningLine(const test::PtyLine& line)
        : m_line(line)
    {
    }
    void status(const json& members) override
    {
        RecordingLine::status(members);
        if (members["barcodeReader"]["scanner"] == "on" && !coming.empty()) {
            m_line.send(asBytes(std::exchange(coming, {})));
        }
    }
    std::string coming;

private:
    const test::PtyLine& m_line;
};

struct Desk {
    HandScannerHelper helper(bool aim)
    {
        return {handscanner::HandScanner(
                    [this] { return transport::openSerial(pty.path(), 9600); },
                    std::make_unique<handscanner::LineDecoder>(handscanner::Ending::Cr), clock),
                aim};
    }
    test::PtyLine pty;
    SystemClock clock;
    ScanningLine line{pty};
};

} // namespace

TEST_CASE("hand scanner helper: a code comes out with its kind if the scanner tells it", "[host]")
{
    Desk desk;
    auto helper = desk.helper(true);
    helper.watch(desk.line);
    CHECK(desk.line.lastStatus["common"]["device"] == "online");
    CHECK(desk.line.lastStatus["barcodeReader"]["scanner"] == "off");
    desk.pty.send(asBytes("]Q1of the customer before\r"));
    desk.line.coming = "]Q1GT1:abc\r";
    CHECK(helper.perform("read", {}, desk.line, {}) ==
          json{{"symbology", "qrCode"}, {"data", toBase64(asBytes("GT1:abc"))}});
    desk.line.coming = "]E05901234123457\r";
    CHECK(helper.perform("read", {}, desk.line, {}) ==
          json{{"symbology", "symbologyUnknown"}, {"data", toBase64(asBytes("5901234123457"))}});
}

TEST_CASE("hand scanner helper: without identifiers everything is content", "[host]")
{
    Desk desk;
    auto helper = desk.helper(false);
    desk.line.coming = "]Q1x\r";
    CHECK(helper.perform("read", {}, desk.line, {}) ==
          json{{"symbology", "symbologyUnknown"}, {"data", toBase64(asBytes("]Q1x"))}});
}

TEST_CASE("hand scanner helper: a scanner that is away is off line, and a stop still ends the read",
          "[host]")
{
    Desk desk;
    auto helper = desk.helper(false);
    helper.watch(desk.line);
    desk.pty.unplug();
    helper.watch(desk.line);
    CHECK(desk.line.lastStatus["common"]["device"] == "offline");
    CHECK(desk.line.lastStatus["barcodeReader"]["scanner"] == "inoperative");
    std::stop_source stop;
    std::jthread stopping([&stop] { stop.request_stop(); });
    const auto read = helper.perform("read", {}, desk.line, stop.get_token());
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Errc::Cancelled);
}
