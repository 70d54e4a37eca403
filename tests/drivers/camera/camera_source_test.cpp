// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/camera_source.h"

#include <cmath>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>

#include "drivers/camera/still_picture.h"
#include "peripherals/base/random.h"
#include "peripherals/virtual/camera_server.h"

using namespace guichet;
using namespace guichet::camera;
using namespace std::chrono_literals;
namespace vd = guichet::virtualdevices;

namespace {

struct Folder {
    Folder()
        : path(std::filesystem::temp_directory_path() / ("guichet-" + randomUuid()))
    {
        std::filesystem::create_directories(path);
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::string file(const std::string& name, ByteView bytes) const
    {
        std::ofstream(path / name, std::ios::binary) << asText(bytes);
        return (path / name).native();
    }
    std::filesystem::path path;
};

Bytes greyJpeg(std::uint8_t grey)
{
    auto picture = vd::lobby();
    picture.rgb.assign(picture.rgb.size(), grey);
    const auto jpeg = vd::toJpeg(picture);
    REQUIRE(jpeg);
    return *jpeg;
}

/// The next frame; fails the test after 10 s.
CameraFrame next(Camera& camera)
{
    const auto frame = camera.next(10s);
    REQUIRE(frame);
    REQUIRE(*frame);
    return **frame;
}

/// Luminance in the middle of a frame.
int middle(const CameraFrame& frame)
{
    const auto at = frame.stride * (frame.height / 2) + frame.width / 2;
    return std::to_integer<int>(frame.pixels[static_cast<std::size_t>(at)]);
}

/// What ends the camera; fails the test if it does not end.
Error endOf(Camera& camera)
{
    for (int frames = 0; frames < 1000; ++frames) {
        const auto frame = camera.next(10s);
        if (!frame) {
            return frame.error();
        }
    }
    FAIL("it does not end");
    return {};
}

struct Network {
    Network()
    {
        auto started = vd::CameraServer::start({"127.0.0.1", 0});
        REQUIRE(started);
        server = std::move(*started);
        uri = "http://127.0.0.1:" + std::to_string(server->port()) + "/stream.mjpg";
    }
    std::unique_ptr<Camera> open() const
    {
        auto camera = openCamera(uri);
        INFO((camera ? "" : camera.error().detail));
        REQUIRE(camera);
        return std::move(*camera);
    }
    std::unique_ptr<vd::CameraServer> server;
    std::string uri;
};

} // namespace

TEST_CASE("camera source: a network camera gives frames of the asked size", "[camera]")
{
    const Network network;
    const auto camera = network.open();
    const auto frame = next(*camera);
    CHECK(frame.width == 1280);
    CHECK(frame.height == 720);
    CHECK(frame.pixels.size() == 1280 * 720 * 3 / 2);
    CHECK(next(*camera).captured >= frame.captured);
}

TEST_CASE("camera source: what the camera shows is what comes", "[camera]")
{
    const Network network;
    const Folder folder;
    const auto camera = network.open();
    REQUIRE(network.server->showPicture(folder.file("white.jpg", greyJpeg(255))));
    int frames = 0;
    while (middle(next(*camera)) < 220 && ++frames < 100) {
    }
    CHECK(frames < 100);
}

TEST_CASE("camera source: an unplugged camera is an error for a person", "[camera]")
{
    const Network network;
    const auto camera = network.open();
    next(*camera);
    REQUIRE(network.server->plug(false));
    const auto error = endOf(*camera);
    CHECK(error.code == Errc::Disconnected);
    CHECK(error.remedy == Remedy::ReconnectCable);
    CHECK(error.detail.find("127.0.0.1") == std::string::npos);
    const auto refused = openCamera(network.uri);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::Disconnected);
    REQUIRE(network.server->plug(true));
    next(*network.open());
}

TEST_CASE("camera source: a camera that falls silent is an error after two seconds", "[camera]")
{
    const Network network;
    const auto camera = network.open();
    next(*camera);
    network.server->freeze(true);
    const auto error = endOf(*camera);
    CHECK(error.code == Errc::Timeout);
    CHECK(error.remedy == Remedy::CallStaff);
}

TEST_CASE("camera source: a picture is shown again and again", "[camera]")
{
    const Folder folder;
    auto camera = openCamera("file:" + folder.file("a.jpg", greyJpeg(200)));
    REQUIRE(camera);
    CHECK(std::abs(middle(next(**camera)) - 200) < 3);
    CHECK(std::abs(middle(next(**camera)) - 200) < 3);
}

TEST_CASE("camera source: a folder without pictures has none", "[camera]")
{
    const Folder folder;
    folder.file("notes.txt", asBytes("hello"));
    const auto camera = openCamera("file:" + folder.path.native());
    REQUIRE_FALSE(camera);
    CHECK(camera.error().code == Errc::NotFound);
}

TEST_CASE("camera source: a picture that is none is refused", "[camera]")
{
    const Folder folder;
    const auto camera = openCamera("file:" + folder.file("a.jpg", asBytes("no JPEG at all")));
    REQUIRE_FALSE(camera);
    CHECK(camera.error().code == Errc::NotFound);
}

TEST_CASE("still picture: a frame becomes a JPEG no larger than asked", "[camera]")
{
    const Network network;
    const auto camera = network.open();
    const auto frame = next(*camera);
    const auto large = toJpeg(frame, 1'000'000);
    REQUIRE(large);
    CHECK(toHex(ByteView(*large).first(2)) == "FFD8");
    const auto small = toJpeg(frame, large->size() - 1);
    REQUIRE(small);
    CHECK(small->size() < large->size());
    CHECK_FALSE(toJpeg(frame, 10));
    auto cut = frame;
    cut.pixels = cut.pixels.first(100);
    CHECK_FALSE(toJpeg(cut, 1'000'000));
}
