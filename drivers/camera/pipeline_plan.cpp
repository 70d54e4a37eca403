// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/pipeline_plan.h"

#include <algorithm>
#include <cctype>
#include <optional>

namespace guichet::camera {

namespace {

constexpr int kNetworkTimeoutSeconds = 6; ///< longer than silence is borne

std::string sizeCaps(FrameSize size)
{
    return ",width=" + std::to_string(size.width) + ",height=" + std::to_string(size.height);
}

/// Into frames of one size and format; what has another shape gets black borders.
PipelinePlan withTail(PipelinePlan plan, FrameSize size)
{
    plan.push_back({"videoconvertscale", "videoconvert"});
    plan.push_back({"videoconvertscale", "videoscale", {{"add-borders", true}}});
    plan.push_back(
        {"coreelements",
         "capsfilter",
         {{"caps", Caps{"video/x-raw,format=I420,colorimetry=1:4:0:0,pixel-aspect-ratio=1/1" +
                        sizeCaps(size)}}}});
    return plan;
}

ElementPlan jpegDecoder()
{
    return {"jpeg", "jpegdec"};
}

std::vector<PipelinePlan> v4l2(const std::string& device, FrameSize size)
{
    const ElementPlan source{"video4linux2", "v4l2src", {{"device", device}}};
    const auto filter = [](std::string caps) {
        return ElementPlan{"coreelements", "capsfilter", {{"caps", Caps{std::move(caps)}}}};
    };
    // At this size most USB cameras deliver JPEG at full speed and raw frames slowly.
    return {withTail({source, filter("image/jpeg" + sizeCaps(size)), jpegDecoder()}, size),
            withTail({source, filter("video/x-raw" + sizeCaps(size))}, size),
            withTail({source, filter("image/jpeg"), jpegDecoder()}, size),
            withTail({source, filter("video/x-raw")}, size)};
}

PipelinePlan http(const std::string& uri, FrameSize size)
{
    return withTail({{"soup",
                      "souphttpsrc",
                      {{"location", uri},
                       {"is-live", true},
                       {"do-timestamp", true},
                       {"automatic-redirect", false}, // another address than the one configured
                       {"proxy", std::string()},
                       {"retries", 0}, // opened anew by the helper
                       {"timeout", kNetworkTimeoutSeconds}}},
                     {"multipart", "multipartdemux", {{"single-stream", true}}},
                     jpegDecoder()},
                    size);
}

std::vector<PipelinePlan> rtsp(const std::string& uri, FrameSize size)
{
    const ElementPlan source{"rtsp", "rtspsrc", {{"location", uri}, {"latency", 50}}};
    return {withTail({source, {"rtp", "rtpjpegdepay"}, jpegDecoder()}, size),
            withTail({source, {"rtp", "rtpvp8depay"}, {"vpx", "vp8dec"}}, size)};
}

std::optional<std::string> rest(std::string_view uri, std::string_view scheme)
{
    return uri.substr(0, scheme.size()) == scheme
               ? std::optional(std::string(uri.substr(scheme.size())))
               : std::nullopt;
}

bool isPrintable(std::string_view text)
{
    return std::all_of(text.begin(), text.end(),
                       [](char each) { return each > ' ' && each != '\x7f'; });
}

} // namespace

Result<SourcePlan> planSource(std::string_view uri, FrameSize size)
{
    if (const auto path = rest(uri, "file:")) {
        if (path->empty() || path->find('\0') != std::string::npos) {
            return fail(Errc::Invalid, "camera source: file: wants a path");
        }
        return SourcePlan{{}, *path};
    }
    if (!isPrintable(uri)) {
        return fail(Errc::Invalid, "camera source: a space or control character in it");
    }
    if (const auto device = rest(uri, "v4l2:")) {
        const bool plain = device->rfind("/dev/", 0) == 0 && device->size() > 5 &&
                           device->find("..") == std::string::npos;
        if (!plain) {
            return fail(Errc::Invalid, "camera source: v4l2: wants a path below /dev/");
        }
        return SourcePlan{v4l2(*device, size), {}};
    }
    const auto address = std::string(uri);
    if (const auto host = rest(uri, "http://"); host && !host->empty() && host->front() != '/') {
        return SourcePlan{{http(address, size)}, {}};
    }
    if (const auto host = rest(uri, "rtsp://"); host && !host->empty() && host->front() != '/') {
        return SourcePlan{rtsp(address, size), {}};
    }
    return fail(Errc::Invalid,
                "camera source: want v4l2:/dev/NAME, file:PATH, http://... or rtsp://...");
}

Result<PipelinePlan> planPicture(const std::string& path, FrameSize size)
{
    const auto dot = path.rfind('.');
    auto suffix = dot == std::string::npos ? std::string() : path.substr(dot + 1);
    std::transform(suffix.begin(), suffix.end(), suffix.begin(),
                   [](unsigned char each) { return static_cast<char>(std::tolower(each)); });
    const ElementPlan source{"coreelements", "filesrc", {{"location", path}}};
    if (suffix == "jpg" || suffix == "jpeg") {
        return withTail({source, jpegDecoder()}, size);
    }
    if (suffix == "png") {
        return withTail({source, {"png", "pngdec"}}, size);
    }
    return fail(Errc::Unsupported, "camera source: want a .jpg, .jpeg or .png");
}

} // namespace guichet::camera
