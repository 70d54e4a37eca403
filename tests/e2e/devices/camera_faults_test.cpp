// SPDX-License-Identifier: Apache-2.0
// Codes before the camera, and pictures of it, whatever happens to cable and programs.
#include <QImage>
#include <QTest>
#include <chrono>
#include <cstdlib>
#include <future>
#include <optional>

#include <catch2/catch.hpp>

#include "kiosk/app/device_port.h"
#include "peripherals/base/bytes.h"
#include "peripherals/xfs/client.h"
#include "peripherals/xfs/messages.h"
#include "tests/e2e/devices/patience.h"
#include "tests/e2e/support/terminal.h"

using namespace guichet;
using namespace guichet::test;
using namespace std::chrono_literals;

namespace {

/// One XFS4IoT service of the terminal.
class Service {
public:
    explicit Service(const std::string& name)
        : m_client(xfs::Client::find("127.0.0.1", 5846, name, {}))
    {
        waitFor("/common/device", "online");
    }
    void waitFor(const std::string& member, const std::string& value)
    {
        const nlohmann::json::json_pointer place(member);
        nlohmann::json last;
        const bool reached = QTest::qWaitFor(
            [&] {
                const auto status = m_client->status();
                last = status.contains(place) ? status.at(place) : nlohmann::json();
                return last == value;
            },
            kPatienceMs);
        INFO(member << " is " << last << ", not " << value);
        REQUIRE(reached);
    }
    using End = std::future<Result<xfs::Completion>>;
    End begin(const std::string& name, const nlohmann::json& payload,
              std::chrono::milliseconds timeout)
    {
        auto promise = std::make_shared<std::promise<Result<xfs::Completion>>>();
        auto end = promise->get_future();
        m_request = m_client->command(name, payload, timeout,
                                      [promise](const Result<xfs::Completion>& completion) {
                                          promise->set_value(completion);
                                      });
        return end;
    }
    /// Cancels what was begun last.
    void cancel() { m_client->cancel(m_request); }

private:
    std::unique_ptr<xfs::Client> m_client;
    xfs::Client::RequestId m_request = 0;
};

xfs::Completion endOf(Service::End& end)
{
    REQUIRE(end.wait_for(60s) == std::future_status::ready);
    auto completion = end.get();
    REQUIRE(completion);
    INFO(completion->errorDescription);
    return *completion;
}

Service::End beginRead(Service& reader, std::chrono::milliseconds timeout = 50s)
{
    return reader.begin("BarcodeReader.Read", nlohmann::json::object(), timeout);
}

/// With nothing to read yet, it is looking when this returns.
Service::End beginLooking(Service& reader)
{
    auto end = beginRead(reader);
    reader.waitFor("/barcodeReader/scanner", "on");
    return end;
}

/// What was read, byte by byte.
std::string textOf(const xfs::Completion& completion)
{
    INFO(completion.errorDescription);
    REQUIRE(completion.ok());
    const auto& output = completion.payload.at("readOutput");
    REQUIRE(output.size() == 1);
    CHECK(output[0].at("symbology") == "qrCode");
    const auto bytes = fromBase64(output[0].at("barcodeData").get<std::string>());
    REQUIRE(bytes);
    return std::string(asText(*bytes));
}

} // namespace

TEST_CASE("camera: a code that is held up is read with exactly these bytes", "[e2e]")
{
    World world;
    Service reader("barcodereader");
    auto first = beginLooking(reader);
    world.play("/camera/code", {{"text", "预约 A-1 €"}, {"degrees", 20}});
    CHECK(textOf(endOf(first)) == "预约 A-1 €");
    auto second = beginRead(reader);
    world.play("/camera/code",
               {{"text", "GT1:7WF8TS0N0%6W5"}, {"inverted", true}, {"degrees", 340}});
    CHECK(textOf(endOf(second)) == "GT1:7WF8TS0N0%6W5");
    reader.waitFor("/barcodeReader/scanner", "off");
}

TEST_CASE("camera: a read without a code ends by its time or by a cancel", "[e2e]")
{
    World world;
    Service reader("barcodereader");
    auto timed = beginRead(reader, 300ms);
    CHECK(endOf(timed).code == xfs::CompletionCode::TimeOut);
    auto cancelled = beginLooking(reader);
    reader.cancel();
    CHECK(endOf(cancelled).code == xfs::CompletionCode::Canceled);
    world.play("/camera/code", {{"text", "GT1:AFTER"}});
    auto next = beginRead(reader);
    CHECK(textOf(endOf(next)) == "GT1:AFTER");
}

TEST_CASE("camera: unplugged in the middle of a read, the read goes on when it is back", "[e2e]")
{
    Terminal terminal;
    Service reader("barcodereader");
    Service camera("camera");
    auto read = beginLooking(reader);
    const auto losses = terminal.losses();
    terminal.world().play("/camera/plug", {{"in", false}});
    camera.waitFor("/common/device", "offline");
    reader.waitFor("/barcodeReader/scanner", "inoperative");
    CHECK(terminal.print("meanwhile", 1).printed);
    CHECK(terminal.losses() == losses);
    auto picture = camera.begin("Camera.TakePicture", {{"camera", "person"}}, 10s);
    CHECK(endOf(picture).errorCode() == "cameraInoperable");
    terminal.world().play("/camera/code", {{"text", "GT1:BACK"}});
    terminal.world().play("/camera/plug", {{"in", true}});
    CHECK(textOf(endOf(read)) == "GT1:BACK");
    camera.waitFor("/common/device", "online");
}

TEST_CASE("camera: its helper killed in the middle of a read, the read goes on", "[e2e]")
{
    World world;
    Service reader("barcodereader");
    Service camera("camera");
    auto read = beginLooking(reader);
    world.killHelper(QStringLiteral("camera"));
    world.play("/camera/code", {{"text", "GT1:AGAIN"}});
    CHECK(textOf(endOf(read)) == "GT1:AGAIN");
    camera.waitFor("/common/device", "online");
}

TEST_CASE("camera: the code reader's helper killed, one read fails and the next succeeds", "[e2e]")
{
    World world;
    Service reader("barcodereader");
    auto read = beginLooking(reader);
    world.killHelper(QStringLiteral("barcodereader"));
    const auto failed = endOf(read);
    CHECK(failed.code == xfs::CompletionCode::HardwareError);
    CHECK(failed.error().remedy == Remedy::Retry);
    reader.waitFor("/common/device", "online");
    world.play("/camera/code", {{"text", "GT1:NEXT"}});
    auto next = beginRead(reader);
    CHECK(textOf(endOf(next)) == "GT1:NEXT");
}

TEST_CASE("camera: a picture taken is a JPEG of what it sees", "[e2e]")
{
    World world;
    Service camera("camera");
    auto taken = camera.begin("Camera.TakePicture", {{"camera", "person"}}, 10s);
    const auto completion = endOf(taken);
    REQUIRE(completion.ok());
    const auto file = fromBase64(completion.payload.at("pictureFile").get<std::string>());
    REQUIRE(file);
    const auto picture = QImage::fromData(reinterpret_cast<const uchar*>(file->data()),
                                          static_cast<int>(file->size()), "JPEG");
    REQUIRE(picture.size() == QSize(1280, 720));
    const QColor plant = picture.pixelColor(200, 400);
    const QColor wall = picture.pixelColor(640, 100);
    CHECK(plant.green() > plant.red() + 20);
    CHECK(wall.red() > 180);
    auto other = camera.begin("Camera.TakePicture", {{"camera", "room"}}, 10s);
    CHECK(endOf(other).errorCode() == "cameraNotSupported");
}

TEST_CASE("camera: the kiosk's scan hears of an unplugged camera, and gets its code", "[e2e]")
{
    World world;
    kiosk::DevicePort port("127.0.0.1", 5846);
    REQUIRE(QTest::qWaitFor([&] { return port.cameraReady(); }, kPatienceMs));
    std::vector<std::string> heard;
    std::optional<Result<kiosk::ScannedCode>> code;
    port.scanCode(
        50s, [&](const Result<kiosk::ScannedCode>& answer) { code = answer; },
        [&](const std::string& event) { heard.push_back(event); });
    world.play("/camera/plug", {{"in", false}});
    REQUIRE(QTest::qWaitFor([&] { return !heard.empty(); }, kPatienceMs));
    world.play("/camera/plug", {{"in", true}});
    REQUIRE(QTest::qWaitFor([&] { return heard.size() == 2; }, kPatienceMs));
    CHECK(heard == std::vector<std::string>{"cameraAway", "cameraBack"});
    world.play("/camera/code", {{"text", "GT1:KIOSK"}});
    REQUIRE(QTest::qWaitFor([&] { return code.has_value(); }, kPatienceMs));
    REQUIRE(*code);
    CHECK((*code)->bytes == "GT1:KIOSK");
}

TEST_CASE("camera: a scan that the kiosk cancels is not answered, and the next one is", "[e2e]")
{
    World world;
    kiosk::DevicePort port("127.0.0.1", 5846);
    REQUIRE(QTest::qWaitFor([&] { return port.cameraReady(); }, kPatienceMs));
    bool answered = false;
    port.scanCode(50s, [&](const Result<kiosk::ScannedCode>&) { answered = true; });
    port.cancelScan();
    std::optional<Result<kiosk::ScannedCode>> code;
    port.scanCode(50s, [&](const Result<kiosk::ScannedCode>& answer) { code = answer; });
    world.play("/camera/code", {{"text", "GT1:SECOND"}});
    REQUIRE(QTest::qWaitFor([&] { return code.has_value(); }, kPatienceMs));
    REQUIRE(*code);
    CHECK((*code)->bytes == "GT1:SECOND");
    CHECK_FALSE(answered);
}
