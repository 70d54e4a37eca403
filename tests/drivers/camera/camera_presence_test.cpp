// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/camera_presence.h"

#include <catch2/catch.hpp>

#include "peripherals/virtual/camera_server.h"

using namespace guichet;
using namespace guichet::camera;
namespace vd = guichet::virtualdevices;

TEST_CASE("camera presence: host and port come out of an address", "[camera]")
{
    const auto [uri, place] =
        GENERATE(std::pair("http://cam.example/video", HostAndPort{"cam.example", "80"}),
                 std::pair("rtsp://192.0.2.7", HostAndPort{"192.0.2.7", "554"}),
                 std::pair("http://192.0.2.7:8080/?a=b:1", HostAndPort{"192.0.2.7", "8080"}),
                 std::pair("http://u:p@ss@192.0.2.7:81/", HostAndPort{"192.0.2.7", "81"}),
                 std::pair("rtsp://[2001:db8::7]/live", HostAndPort{"2001:db8::7", "554"}),
                 std::pair("rtsp://[2001:db8::7]:8554/", HostAndPort{"2001:db8::7", "8554"}));
    const auto found = hostOf(uri);
    REQUIRE(found);
    CHECK(*found == place);
}

TEST_CASE("camera presence: an address without a host or with a wrong port is refused", "[camera]")
{
    const auto* const uri =
        GENERATE("http://", "http://:80/", "http://h:0/", "http://h:65536/", "http://h:8a/",
                 "http://h:/", "http://[::1/", "http://[::1]x/", "cam.example");
    INFO(uri);
    const auto found = hostOf(uri);
    REQUIRE_FALSE(found);
    CHECK(found.error().code == Errc::Invalid);
}

TEST_CASE("camera presence: a camera of the network is there while it takes connections",
          "[camera]")
{
    auto server = vd::CameraServer::start({});
    REQUIRE(server);
    const auto uri = "http://localhost:" + std::to_string((*server)->port()) + "/video";
    CHECK(lookForCamera(uri));
    REQUIRE((*server)->plug(false));
    const auto gone = lookForCamera(uri);
    REQUIRE_FALSE(gone);
    CHECK(gone.error().code == Errc::Disconnected);
    REQUIRE((*server)->plug(true));
    CHECK(lookForCamera(uri));
}

TEST_CASE("camera presence: a node or path is there or not", "[camera]")
{
    CHECK(lookForCamera("v4l2:/dev/null"));
    CHECK(lookForCamera("file:/usr"));
    for (const auto* uri : {"v4l2:/dev/no-such-camera", "file:/no/such/picture.png"}) {
        const auto gone = lookForCamera(uri);
        REQUIRE_FALSE(gone);
        CHECK(gone.error().code == Errc::Disconnected);
    }
}
