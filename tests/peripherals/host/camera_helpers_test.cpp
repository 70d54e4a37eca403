// SPDX-License-Identifier: Apache-2.0
// The camera's helper and the code reader's, with the real frames between them.
#include <filesystem>
#include <thread>

#include <catch2/catch.hpp>

#include <qrencode.h>

#include "peripherals/base/random.h"
#include "peripherals/host/barcode_helper.h"
#include "peripherals/host/camera_helper.h"
#include "tests/peripherals/host/recording_line.h"

using namespace guichet;
using namespace guichet::host;
using namespace std::chrono_literals;
using nlohmann::json;

namespace {

constexpr int kWidth = 320, kHeight = 240;

Bytes greyFrame()
{
    return Bytes(kWidth * kHeight * 3 / 2, std::byte{128});
}

/// A frame with a code in its middle.
Bytes frameWith(const std::string& text)
{
    auto pixels = greyFrame();
    QRcode* code = QRcode_encodeString8bit(text.c_str(), 0, QR_ECLEVEL_M);
    const int module = 6;
    const int left = (kWidth - code->width * module) / 2;
    const int top = (kHeight - code->width * module) / 2;
    for (int y = 0; y < kHeight; ++y) {
        for (int x = 0; x < kWidth; ++x) {
            const int column = x < left ? -1 : (x - left) / module;
            const int row = y < top ? -1 : (y - top) / module;
            const bool inside =
                column >= 0 && row >= 0 && column < code->width && row < code->width;
            const bool dark = inside && (code->data[row * code->width + column] & 1) != 0;
            pixels[static_cast<std::size_t>(y * kWidth + x)] =
                dark ? std::byte{20} : std::byte{230};
        }
    }
    QRcode_free(code);
    return pixels;
}

/// What the fake camera shows and how it fails.
struct Play {
    Bytes pixels = greyFrame();
    std::optional<Error> broken;
    int opened = 0;
    int looked = 0;
    int filming = 0;
};

class FakeCamera final : public Camera {
public:
    explicit FakeCamera(Play& play)
        : m_play(play)
    {
        ++m_play.filming;
    }
    ~FakeCamera() override { --m_play.filming; }
    Result<std::optional<CameraFrame>> next(std::chrono::milliseconds) override
    {
        if (m_play.broken) {
            return tl::unexpected(*m_play.broken);
        }
        return CameraFrame{kWidth, kHeight, kWidth, std::chrono::steady_clock::now(),
                           m_play.pixels};
    }

private:
    Play& m_play;
};

struct Stage {
    Stage()
        : folder(std::filesystem::temp_directory_path() / ("guichet-" + randomUuid()))
    {
        std::filesystem::create_directories(folder);
        auto writer = frames::FrameWriter::open(socket(), cameraRing());
        REQUIRE(writer);
        camera = std::make_unique<CameraHelper>(
            [this]() -> Result<std::unique_ptr<Camera>> {
                ++play.opened;
                if (play.broken) {
                    return tl::unexpected(*play.broken);
                }
                return std::make_unique<FakeCamera>(play);
            },
            [this]() -> Result<void> {
                ++play.looked;
                return play.broken ? tl::unexpected(*play.broken) : Result<void>();
            },
            std::move(*writer), clock);
    }
    ~Stage() { std::filesystem::remove_all(folder); }
    std::filesystem::path socket() const { return folder / "camera.sock"; }
    /// Nobody has wanted frames for so long that it does not film.
    void rest()
    {
        camera->watch(line);
        clock.advance(3s);
        camera->watch(line);
        REQUIRE(play.filming == 0);
    }
    std::string device() const { return line.lastStatus["common"]["device"]; }

    std::filesystem::path folder;
    ManualClock clock{Instant{}};
    Play play;
    test::RecordingLine line;
    std::unique_ptr<CameraHelper> camera;
};

const Error kUnplugged{Errc::Disconnected, Remedy::ReconnectCable, "camera: unplugged"};

} // namespace

TEST_CASE("camera helper: every frame goes to who reads frames", "[host]")
{
    Stage stage;
    frames::FrameReader reader(stage.socket());
    Bytes pixels;
    static_cast<void>(reader.next(pixels, 0ms)); // knocks
    stage.camera->watch(stage.line);
    const auto info = reader.next(pixels, 10s);
    REQUIRE(info);
    CHECK(info->width == kWidth);
    CHECK(info->format == frames::PixelFormat::I420);
    CHECK(pixels == stage.play.pixels);
    CHECK(stage.device() == "online");
    CHECK(stage.line.lastStatus["camera"]["cameras"]["person"] == "ok");
}

TEST_CASE("camera helper: a lost camera is opened again, less and less often", "[host]")
{
    Stage stage;
    stage.camera->watch(stage.line);
    CHECK(stage.play.opened == 1);
    stage.play.broken = kUnplugged;
    stage.camera->watch(stage.line);
    CHECK(stage.device() == "offline");
    for (const auto pause : {200ms, 400ms, 800ms, 1600ms, 2000ms, 2000ms}) {
        const auto before = stage.play.opened;
        stage.clock.advance(pause - 1ms);
        stage.camera->watch(stage.line);
        CHECK(stage.play.opened == before);
        stage.clock.advance(1ms);
        stage.camera->watch(stage.line);
        CHECK(stage.play.opened == before + 1);
    }
    stage.play.broken.reset();
    stage.clock.advance(2s);
    stage.camera->watch(stage.line);
    CHECK(stage.device() == "online");
}

TEST_CASE("camera helper: a camera that is silent is a fault of the device", "[host]")
{
    Stage stage;
    stage.play.broken = Error{Errc::Timeout, Remedy::CallStaff, "camera: no frame for 2 s"};
    stage.camera->watch(stage.line);
    CHECK(stage.device() == "hardwareError");
}

TEST_CASE("camera helper: it films for 3 s after the last wish, and is still online", "[host]")
{
    Stage stage;
    frames::FrameReader reader(stage.socket());
    Bytes pixels;
    static_cast<void>(reader.next(pixels, 0ms));
    for (int second = 0; second < 10; ++second) {
        stage.camera->watch(stage.line);
        stage.clock.advance(1s);
    }
    CHECK(stage.play.filming == 1);
    reader.rest();
    stage.camera->watch(stage.line);
    stage.clock.advance(2999ms);
    stage.camera->watch(stage.line);
    CHECK(stage.play.filming == 1);
    stage.clock.advance(1ms);
    stage.camera->watch(stage.line);
    CHECK(stage.play.filming == 0);
    CHECK(stage.device() == "online");
    CHECK(reader.cameraThere());
}

TEST_CASE("camera helper: at rest it films again for who wants frames, or a picture", "[host]")
{
    Stage stage;
    stage.rest();
    SECTION("frames")
    {
        frames::FrameReader reader(stage.socket());
        Bytes pixels;
        static_cast<void>(reader.next(pixels, 0ms));
        stage.camera->watch(stage.line); // it knocks
        stage.camera->watch(stage.line);
        CHECK(reader.next(pixels, 0ms));
    }
    SECTION("a picture")
    {
        CHECK(stage.camera->perform("takePicture", {}, stage.line, {}));
    }
    CHECK(stage.play.filming == 1);
    CHECK(stage.play.opened == 2);
}

TEST_CASE("camera helper: at rest it is looked for every 2 s, and its loss is told", "[host]")
{
    Stage stage;
    stage.rest();
    frames::FrameReader reader(stage.socket());
    CHECK_FALSE(reader.cameraThere()); // knocks
    stage.camera->watch(stage.line);
    CHECK(reader.cameraThere());
    CHECK(stage.play.looked == 0);
    stage.clock.advance(2s);
    stage.camera->watch(stage.line);
    CHECK(stage.play.looked == 1);
    CHECK(stage.device() == "online");
    stage.play.broken = kUnplugged;
    stage.clock.advance(2s);
    stage.camera->watch(stage.line);
    CHECK(stage.device() == "offline");
    CHECK_FALSE(reader.cameraThere());
    stage.play.broken.reset();
    stage.clock.advance(200ms);
    stage.camera->watch(stage.line);
    CHECK(stage.device() == "online");
    CHECK(reader.cameraThere());
}

TEST_CASE("camera helper: a picture is a JPEG", "[host]")
{
    Stage stage;
    stage.camera->watch(stage.line);
    const auto taken = stage.camera->perform("takePicture", {}, stage.line, {});
    REQUIRE(taken);
    const auto file = fromBase64((*taken)["picture"].get<std::string>());
    REQUIRE(file);
    CHECK(toHex(ByteView(*file).first(2)) == "FFD8");
}

TEST_CASE("camera helper: without a camera there is no picture, and a remedy", "[host]")
{
    Stage stage;
    stage.play.broken = kUnplugged;
    stage.camera->watch(stage.line);
    const auto taken = stage.camera->perform("takePicture", {}, stage.line, {});
    REQUIRE_FALSE(taken);
    CHECK(taken.error() == kUnplugged);
    CHECK_FALSE(stage.camera->perform("reset", {}, stage.line, {}));
    stage.play.broken.reset();
    CHECK(stage.camera->perform("reset", {}, stage.line, {}));
}

TEST_CASE("camera helper: each step has a budget", "[host]")
{
    Stage stage;
    stage.camera->watch(stage.line);
    CHECK(stage.line.current == "frame");
    CHECK(stage.line.budget > 0ms);
}

TEST_CASE("barcode helper: a code in the camera's frames comes out byte by byte", "[host]")
{
    Stage stage;
    stage.play.pixels = frameWith("GT1:\x01Z");
    const SystemClock clock;
    BarcodeHelper reader(stage.socket(), clock);
    test::RecordingLine line;
    std::jthread filming([&stage](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            stage.camera->watch(stage.line);
        }
    });
    const auto read = reader.perform("read", {{"symbologies", {"qrCode"}}}, line, {});
    REQUIRE(read);
    CHECK((*read)["symbology"] == "qrCode");
    CHECK((*read)["data"] == toBase64(asBytes("GT1:\x01Z")));
    CHECK(line.lastStatus["barcodeReader"]["scanner"] == "on");
}

TEST_CASE("barcode helper: what was held up before the read does not count", "[host]")
{
    /// Stops the read once it has looked at what is there and waits for more.
    struct StoppingLine final : test::RecordingLine {
        void status(const json& members) override
        {
            RecordingLine::status(members);
            looks += members["barcodeReader"]["scanner"] == "on" ? 1 : 0;
            if (looks == 2) {
                stop.request_stop();
            }
        }
        int looks = 0;
        std::stop_source stop;
    };
    Stage stage;
    const SystemClock clock;
    BarcodeHelper reader(stage.socket(), clock);
    StoppingLine line;
    reader.watch(line); // knocks
    stage.play.pixels = frameWith("GT1:BEFORE");
    stage.camera->watch(stage.line);
    const auto read =
        reader.perform("read", {{"symbologies", {"qrCode"}}}, line, line.stop.get_token());
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Errc::Cancelled);
    CHECK(line.looks >= 2);
}

TEST_CASE("barcode helper: while it reads nothing the camera may rest, and it is online", "[host]")
{
    Stage stage;
    stage.play.pixels = frameWith("GT1:AWAKE");
    const SystemClock clock;
    BarcodeHelper reader(stage.socket(), clock);
    test::RecordingLine line;
    reader.watch(line); // knocks
    stage.rest();
    reader.watch(line);
    CHECK(line.lastStatus["common"]["device"] == "online");
    CHECK(line.lastStatus["barcodeReader"]["scanner"] == "off");
    std::jthread filming([&stage](const std::stop_token& stop) {
        while (!stop.stop_requested()) {
            stage.camera->watch(stage.line);
        }
    });
    CHECK(reader.perform("read", {{"symbologies", {"qrCode"}}}, line, {}));
}

TEST_CASE("barcode helper: without frames it is off line, and a stop still ends the read", "[host]")
{
    Stage stage;
    const SystemClock clock;
    BarcodeHelper reader(stage.folder / "none.sock", clock);
    test::RecordingLine line;
    reader.watch(line);
    CHECK(line.lastStatus["common"]["device"] == "offline");
    CHECK(line.lastStatus["barcodeReader"]["scanner"] == "inoperative");
    std::stop_source stop;
    std::jthread stopping([&stop] { stop.request_stop(); });
    const auto read = reader.perform("read", {{"symbologies", {"qrCode"}}}, line, stop.get_token());
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Errc::Cancelled);
}
