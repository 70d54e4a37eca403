// SPDX-License-Identifier: Apache-2.0
// Drawn people before a camera, with the real frames between it and who looks for faces.
#include "peripherals/host/face_helper.h"

#include <filesystem>
#include <functional>
#include <thread>

#include <catch2/catch.hpp>

#include "peripherals/base/random.h"
#include "peripherals/frames/frame_writer.h"
#include "peripherals/host/camera_helper.h"
#include "tests/drivers/face/drawn_face.h"
#include "tests/peripherals/host/recording_line.h"

using namespace guichet;
using namespace guichet::host;
using nlohmann::json;

namespace {

/// Goes with the real one, and can be put forward.
struct PutForward : Clock {
    [[nodiscard]] Instant now() const override { return real.now(); }
    [[nodiscard]] Ticks ticks() const override { return real.ticks() + forward; }
    SystemClock real;
    Ticks::duration forward{};
};

/// Lets the time run out as soon as the customer is told something of what is seen.
struct HurryingLine : test::RecordingLine {
    explicit HurryingLine(PutForward& shown)
        : clock(shown)
    {
    }
    void event(std::string_view name, const json& data) override
    {
        RecordingLine::event(name, data);
        clock.forward += std::chrono::hours(said.size() > 1 ? 1 : 0);
    }
    PutForward& clock;
};

struct Room {
    Room() { std::filesystem::create_directories(folder); }
    ~Room() { std::filesystem::remove_all(folder); }

    FaceHelper helper(face::FaceFiles files = {}) const
    {
        auto tools = face::openFaceTools(files);
        REQUIRE(tools);
        return {folder / "camera.sock", clock, std::move(*tools)};
    }
    /// The same picture again and again.
    std::jthread show(test::DrawnPicture picture) const
    {
        return std::jthread([this, gray = picture.gray()](const std::stop_token& stop) {
            auto writer = frames::FrameWriter::open(folder / "camera.sock", cameraRing());
            REQUIRE(writer);
            while (!stop.stop_requested()) {
                const auto width = static_cast<std::uint32_t>(gray.cols);
                const frames::FrameInfo info{
                    .captureNs = std::chrono::steady_clock::now().time_since_epoch().count(),
                    .width = width,
                    .height = static_cast<std::uint32_t>(gray.rows),
                    .stride = width,
                    .format = frames::PixelFormat::Gray8};
                const auto* pixels = reinterpret_cast<const std::byte*>(gray.data);
                REQUIRE((*writer)->publish(info, ByteView(pixels, gray.total())));
            }
        });
    }

    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("guichet-" + randomUuid());
    PutForward clock;
};

test::DrawnPicture somebody(const test::Sitter& sitter)
{
    return test::DrawnPicture().add(sitter).noise(3, 1);
}

/// Asks to stop as soon as it is told something.
struct StoppingLine : test::RecordingLine {
    void event(std::string_view name, const json& data) override
    {
        RecordingLine::event(name, data);
        stop.request_stop();
    }
    std::stop_source stop;
};

} // namespace

TEST_CASE("face helper: a face that is good is taken, and no picture leaves", "[host]")
{
    const Room room;
    const auto camera = room.show(somebody({}));
    auto helper = room.helper();
    test::RecordingLine line;
    const auto taken = helper.perform("takeFace", {{"timeoutMs", 60'000}}, line, {});
    REQUIRE(taken);
    CHECK((*taken)["verdict"] == "good");
    CHECK((*taken)["steady"] == true);
    CHECK((*taken)["finder"] == "cascades");
    CHECK((*taken)["eyes"] == 2);
    CHECK((*taken)["width"].get<double>() == Approx(0.4).margin(0.03));
    CHECK(line.said == std::vector<std::string>{"showFace", "holdStill"});
    CHECK(taken->dump().size() < 300);
    CHECK(line.current.empty());
}

TEST_CASE("face helper: who is not seen well is told what to do; in the end it is said how it was",
          "[host]")
{
    Room room;
    const auto camera = room.show(somebody({.width = 0.14}));
    auto helper = room.helper();
    HurryingLine line(room.clock);
    const auto taken = helper.perform("takeFace", {{"timeoutMs", 600'000}}, line, {});
    REQUIRE(taken);
    CHECK((*taken)["verdict"] == "tooSmall");
    CHECK((*taken)["steady"] == false);
    CHECK(line.said == std::vector<std::string>{"showFace", "comeCloser"});
}

TEST_CASE("face helper: where nobody stands the time runs out", "[host]")
{
    const Room room;
    const auto camera = room.show(test::DrawnPicture());
    auto helper = room.helper();
    test::RecordingLine line;
    const auto taken = helper.perform("takeFace", {{"timeoutMs", 300}}, line, {});
    REQUIRE_FALSE(taken);
    CHECK(taken.error().code == Errc::Timeout);
    CHECK(taken.error().remedy == Remedy::Retry);
    CHECK(line.said == std::vector<std::string>{"showFace"});
}

TEST_CASE("face helper: a stop ends the look at once, also without a camera", "[host]")
{
    const Room room;
    auto helper = room.helper();
    StoppingLine line;
    helper.watch(line);
    CHECK(line.lastStatus["common"]["device"] == "offline");
    const auto taken =
        helper.perform("takeFace", {{"timeoutMs", 600'000}}, line, line.stop.get_token());
    REQUIRE_FALSE(taken);
    CHECK(taken.error().code == Errc::Cancelled);
}

TEST_CASE("face helper: a comparison says that none was made, and why", "[host]")
{
    const Room room;
    test::RecordingLine line;
    const auto match = [&](face::FaceFiles files) {
        const auto checked = room.helper(std::move(files)).perform("checkFace", {}, line, {});
        REQUIRE(checked);
        CHECK((*checked)["match"]["verdict"] == "notChecked");
        CHECK((*checked)["match"]["score"].is_null());
        CHECK((*checked)["match"]["unverified"] == true);
        return (*checked)["match"]["reason"].get<std::string>();
    };
    CHECK(match({}) == "no model that compares faces is configured");
    CHECK(match({.detector = face::ModelFile{"/nowhere.onnx", std::string(64, '0')}}) ==
          "detector: /nowhere.onnx cannot be read");
}
