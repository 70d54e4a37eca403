// SPDX-License-Identifier: Apache-2.0
// Runs in the lab's machine only (README.md): the kernel's V4L2 and GStreamer's source are real.
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <unistd.h>

#include "drivers/camera/camera_presence.h"
#include "drivers/camera/camera_source.h"
#include "tests/lab/kernel_events.h"

using namespace guichet;
using namespace guichet::lab;
using namespace std::chrono_literals;
using camera::lookForCamera;
using camera::openCamera;

namespace {

constexpr auto kCamera = "v4l2:/dev/video0";
constexpr camera::FrameSize kSize{640, 360};
constexpr std::string_view kDriver = "/sys/bus/platform/drivers/vivid/";

bool plug(bool in)
{
    KernelEvents events;
    std::ofstream file(std::string(kDriver) + (in ? "bind" : "unbind"));
    file << "vivid.0" << std::flush;
    return file && events.await([in] { return std::filesystem::exists("/dev/video0") == in; });
}

std::ptrdiff_t openFiles()
{
    return std::distance(std::filesystem::directory_iterator("/proc/self/fd"), {});
}

/// The next frame, or why none will come.
Result<CameraFrame> frameOf(Camera& camera)
{
    for (;;) {
        auto frame = camera.next(1s);
        if (!frame) {
            return tl::unexpected(frame.error());
        }
        if (*frame) {
            return **frame;
        }
    }
}

} // namespace

TEST_CASE("lab camera: frames of the wished size come one after the other")
{
    REQUIRE(lookForCamera(kCamera));
    const auto camera = openCamera(kCamera, kSize);
    CAPTURE((camera ? std::string() : camera.error().detail));
    REQUIRE(camera);
    Ticks last{};
    for (int count = 0; count < 10; ++count) {
        const auto frame = frameOf(**camera);
        REQUIRE(frame);
        CHECK(frame->width == kSize.width);
        CHECK(frame->height == kSize.height);
        CHECK(frame->pixels.size() == std::size_t{640} * 360 * 3 / 2);
        const auto [darkest, brightest] =
            std::minmax_element(frame->pixels.begin(), frame->pixels.begin() + 640 * 360);
        CHECK(*darkest != *brightest); // a picture, not a blank
        CHECK(frame->captured > last);
        last = frame->captured;
    }
}

TEST_CASE(
    "lab camera: a camera pulled while it films is told once, and films again when it is back")
{
    for (int times = 0; times < 3; ++times) {
        CAPTURE(times);
        auto camera = openCamera(kCamera, kSize);
        REQUIRE(camera);
        REQUIRE(frameOf(**camera));
        REQUIRE(plug(false));
        auto frame = frameOf(**camera);
        for (int left = 0; frame && left < 100; ++left) { // what was under way
            frame = frameOf(**camera);
        }
        REQUIRE_FALSE(frame);
        CAPTURE(frame.error().detail);
        CHECK(frame.error().code == Errc::Disconnected);
        CHECK(frame.error().remedy == Remedy::ReconnectCable);
        camera->reset();

        CHECK(lookForCamera(kCamera).error().remedy == Remedy::ReconnectCable);
        const auto away = openCamera(kCamera, kSize);
        REQUIRE_FALSE(away);
        CHECK(away.error().code == Errc::Disconnected);
        CHECK(away.error().remedy == Remedy::ReconnectCable);
        REQUIRE(plug(true));
    }
    auto camera = openCamera(kCamera, kSize);
    REQUIRE(camera);
    CHECK(frameOf(**camera));
}

TEST_CASE("lab camera: one that filmed and rests is let go whole")
{
    REQUIRE(openCamera(kCamera, kSize)); // what GStreamer keeps from its first start
    const auto before = openFiles();
    for (int times = 0; times < 5; ++times) {
        const auto camera = openCamera(kCamera, kSize);
        REQUIRE(camera);
        REQUIRE(frameOf(**camera));
    }
    CHECK(openFiles() == before);
}

TEST_CASE("lab camera: one that another program films with is busy, not away")
{
    const auto other = openCamera(kCamera, kSize);
    REQUIRE(other);
    CHECK(lookForCamera(kCamera));
    const auto camera = openCamera(kCamera, kSize);
    REQUIRE_FALSE(camera);
    CAPTURE(camera.error().detail);
    CHECK(camera.error().code == Errc::Busy);
    CHECK(camera.error().remedy == Remedy::CallStaff);
    CHECK(frameOf(**other));
}

TEST_CASE("lab camera: one that we may not open is told from one that is not there")
{
    constexpr uid_t kNobody = 65534;
    REQUIRE(::seteuid(kNobody) == 0);
    const auto seen = lookForCamera(kCamera);
    const auto camera = openCamera(kCamera, kSize);
    REQUIRE(::seteuid(0) == 0);
    REQUIRE_FALSE(seen);
    REQUIRE_FALSE(camera);
    for (const auto& error : {seen.error(), camera.error()}) {
        CAPTURE(error.detail);
        CHECK(error.code == Errc::Denied);
        CHECK(error.remedy == Remedy::CallStaff);
        CHECK(error.detail.find("video0") == std::string::npos);
    }
}
