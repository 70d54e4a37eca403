// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/pipeline_plan.h"

#include <algorithm>

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::camera;

namespace {

/// The value of a property of the plan's first element.
std::string sourceProperty(const PipelinePlan& plan, const std::string& name)
{
    for (const auto& [key, value] : plan.front().properties) {
        if (key == name && std::holds_alternative<std::string>(value)) {
            return std::get<std::string>(value);
        }
    }
    return {};
}

std::string elements(const PipelinePlan& plan)
{
    std::string text;
    for (const auto& each : plan) {
        text += (text.empty() ? "" : " ") + each.element;
    }
    return text;
}

} // namespace

TEST_CASE("pipeline plan: each kind of address has its source", "[camera]")
{
    const auto http = planSource("http://127.0.0.1:8498/stream.mjpg", {});
    REQUIRE(http);
    REQUIRE(http->pipelines.size() == 1);
    CHECK(elements(http->pipelines[0]) ==
          "souphttpsrc multipartdemux jpegdec videoconvert videoscale capsfilter");
    const auto v4l2 = planSource("v4l2:/dev/video0", {});
    REQUIRE(v4l2);
    CHECK(elements(v4l2->pipelines.front()) ==
          "v4l2src capsfilter jpegdec videoconvert videoscale capsfilter");
    CHECK(sourceProperty(v4l2->pipelines.front(), "device") == "/dev/video0");
    const auto rtsp = planSource("rtsp://user:pass@10.0.0.9/live", {});
    REQUIRE(rtsp);
    CHECK(elements(rtsp->pipelines.front()) ==
          "rtspsrc rtpjpegdepay jpegdec videoconvert videoscale capsfilter");
    const auto file = planSource("file:/srv/faces", {});
    REQUIRE(file);
    CHECK(file->path == "/srv/faces");
    CHECK(file->pipelines.empty());
}

TEST_CASE("pipeline plan: an address stays one value, whatever stands in it", "[camera]")
{
    const std::string uri = "http://127.0.0.1/a\"!fakesink'name=\\x;v4l2src,device=/dev/mem";
    const auto plan = planSource(uri, {});
    REQUIRE(plan);
    CHECK(sourceProperty(plan->pipelines[0], "location") == uri);
    CHECK(elements(plan->pipelines[0]) ==
          "souphttpsrc multipartdemux jpegdec videoconvert videoscale capsfilter");
}

TEST_CASE("pipeline plan: what is no camera's address is refused", "[camera]")
{
    const std::string uri = GENERATE(
        "", "camera", "ftp://host/x", "http://", "http:///x", "rtsp://", "v4l2:", "v4l2:video0",
        "v4l2:/etc/passwd", "v4l2:/dev/", "v4l2:/dev/../etc/passwd", "file:", "http://host/a b",
        "http://host/\n", "HTTP://host/", "gst-launch");
    INFO(uri);
    const auto plan = planSource(uri, {});
    REQUIRE_FALSE(plan);
    CHECK(plan.error().code == Errc::Invalid);
}

TEST_CASE("pipeline plan: a refusal does not repeat the address", "[camera]")
{
    const auto plan = planSource("https://user:secret@host/", {});
    REQUIRE_FALSE(plan);
    CHECK(plan.error().detail.find("secret") == std::string::npos);
}

TEST_CASE("pipeline plan: a picture's decoder goes by its name", "[camera]")
{
    const auto second = [](const std::string& path) {
        const auto plan = planPicture(path, {});
        return plan ? plan->at(1).element : plan.error().detail;
    };
    CHECK(second("a.jpg") == "jpegdec");
    CHECK(second("a.JPEG") == "jpegdec");
    CHECK(second("a.png") == "pngdec");
    CHECK_FALSE(planPicture("a.gif", {}));
    CHECK_FALSE(planPicture("png", {}));
}
