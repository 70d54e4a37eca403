// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/camera_server.h"

#include <fstream>

#include <catch2/catch.hpp>

#include "peripherals/base/random.h"
#include "tests/peripherals/virtual/wire.h"

using namespace guichet;
using namespace guichet::virtualdevices;
using guichet::test::Wire;

namespace {

std::unique_ptr<CameraServer> camera()
{
    auto started = CameraServer::start({"127.0.0.1", 0});
    REQUIRE(started);
    return std::move(*started);
}

Wire viewer(const CameraServer& server, const std::string& path = "/stream.mjpg")
{
    auto wire = Wire::to(server.port());
    REQUIRE(wire.send(asBytes("GET " + path + " HTTP/1.1\r\nHost: camera\r\n\r\n")));
    return wire;
}

/// The next line that the camera sends, without its end.
std::string line(Wire& wire)
{
    std::string text;
    while (text.size() < 200 && text.find("\r\n") == std::string::npos) {
        const auto byte = wire.read(1);
        if (byte.empty()) {
            return text;
        }
        text += asText(byte);
    }
    return text.substr(0, text.size() - 2);
}

/// The JPEG of the next part.
Bytes frame(Wire& wire)
{
    std::size_t length = 0;
    bool begun = false;
    for (auto text = line(wire); !(begun && text.empty()); text = line(wire)) {
        begun = begun || text == "--frame";
        if (text.rfind("Content-Length: ", 0) == 0) {
            length = std::stoul(text.substr(16));
        }
    }
    return wire.read(length);
}

} // namespace

TEST_CASE("camera server: a viewer gets one picture after the other", "[virtual]")
{
    const auto server = camera();
    auto wire = viewer(*server);
    CHECK(line(wire) == "HTTP/1.0 200 OK");
    const auto first = frame(wire);
    CHECK(toHex(ByteView(first).first(2)) == "FFD8");
    CHECK(first == *server->picture());
    CHECK(frame(wire) == first);
}

TEST_CASE("camera server: a code that is shown is in the next pictures", "[virtual]")
{
    const auto server = camera();
    const auto before = *server->picture();
    REQUIRE(server->showCode({.text = "A042"}));
    CHECK(*server->picture() != before);
    auto wire = viewer(*server);
    CHECK(frame(wire) == *server->picture());
    server->clear();
    CHECK(*server->picture() == before);
}

TEST_CASE("camera server: more than a QR code holds changes nothing", "[virtual]")
{
    const auto server = camera();
    const auto before = *server->picture();
    CHECK_FALSE(server->showCode({.text = std::string(4000, 'x')}));
    CHECK_FALSE(server->showCode({.text = ""}));
    CHECK_FALSE(server->showPicture("/no/such/picture.png"));
    CHECK_FALSE(server->showPicture(GUICHET_SOURCE_DIR "/README.md"));
    CHECK(*server->picture() == before);
    CHECK_FALSE(server->state().phone);
}

TEST_CASE("camera server: unplugged it breaks off and refuses, and comes back", "[virtual]")
{
    const auto server = camera();
    auto wire = viewer(*server);
    frame(wire);
    REQUIRE(server->plug(false));
    CHECK(wire.ends());
    CHECK_FALSE(connectTo({"127.0.0.1", server->port()}, test::kDeadline));
    REQUIRE(server->plug(true));
    auto again = viewer(*server);
    CHECK_FALSE(frame(again).empty());
}

TEST_CASE("camera server: frozen it holds the line and sends no picture", "[virtual]")
{
    const auto server = camera();
    server->freeze(true);
    auto wire = viewer(*server);
    CHECK(line(wire) == "HTTP/1.0 200 OK");
    REQUIRE(test::eventually([&] { return server->state().viewers == 1; }));
    CHECK(server->state().frames == 0);
    server->freeze(false);
    CHECK_FALSE(frame(wire).empty());
}

TEST_CASE("camera server: another path is not found", "[virtual]")
{
    const auto server = camera();
    auto wire = viewer(*server, "/admin");
    CHECK(line(wire) == "HTTP/1.0 404 Not Found");
    CHECK(wire.ends());
}

TEST_CASE("camera server: a picture file takes the place of the lobby", "[virtual]")
{
    const auto server = camera();
    const auto before = *server->picture();
    const auto file = std::filesystem::temp_directory_path() / ("guichet-" + randomUuid());
    auto picture = lobby();
    darken(picture);
    std::ofstream(file, std::ios::binary) << asText(*toJpeg(picture));
    CHECK(server->showPicture(file));
    std::filesystem::remove(file);
    CHECK(server->state().picture == file);
    CHECK(*server->picture() != before);
}
