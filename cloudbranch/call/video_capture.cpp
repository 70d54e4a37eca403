// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/call/video_capture.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include <fmt/format.h>
#include <gst/video/video.h>

namespace guichet::call {

namespace {

using namespace std::chrono_literals;

// Leaky before the encoder: an old picture gives way. Nothing is lost after it.
constexpr const char* kDescription =
    "appsrc name=in is-live=true format=time max-buffers=2 leaky-type=downstream"
    " ! videoconvert ! videoscale add-borders=true"
    " ! capsfilter name=size "
    "caps=video/x-raw,format=I420,width=640,height=360,pixel-aspect-ratio=1/1"
    " ! vp8enc name=encoder deadline=1 cpu-used=8 lag-in-frames=0 end-usage=cbr threads=1"
    " keyframe-max-dist=250 undershoot=95 buffer-size=600 max-quantizer=56 token-partitions=1"
    " target-bitrate=300000 ! appsink name=out sync=false async=false";

constexpr int kGreyWidth = 640, kGreyHeight = 360;
constexpr std::chrono::milliseconds kGreyEvery{200};
constexpr GstClockTime kSlack = 8 * GST_MSECOND; ///< a camera is not exact

/// From one picture to the next.
std::chrono::milliseconds paceOf(Picture picture)
{
    switch (picture) {
    case Picture::Full:
        return 40ms;
    case Picture::Small:
        return 67ms;
    case Picture::Still:
        break;
    }
    return 2000ms;
}

GstClockTime toClockTime(std::chrono::nanoseconds time)
{
    return static_cast<GstClockTime>(time.count());
}

/// Planes as GStreamer lays them out, whatever the stride of the camera's.
GstBuffer* packed(const frames::FrameInfo& info, const Bytes& pixels)
{
    GstVideoInfo layout;
    gst_video_info_set_format(&layout, GST_VIDEO_FORMAT_I420, info.width, info.height);
    auto* buffer = gst_buffer_new_allocate(nullptr, layout.size, nullptr);
    GstMapInfo map;
    if (buffer == nullptr || gst_buffer_map(buffer, &map, GST_MAP_WRITE) == FALSE) {
        gst_clear_buffer(&buffer);
        return nullptr;
    }
    const auto* from = pixels.data();
    for (guint plane = 0; plane < 3; ++plane) {
        const std::size_t step = plane == 0 ? info.stride : (info.stride + 1) / 2;
        const auto rows = static_cast<std::size_t>(GST_VIDEO_INFO_COMP_HEIGHT(&layout, plane));
        const auto width = static_cast<std::size_t>(GST_VIDEO_INFO_COMP_WIDTH(&layout, plane));
        const auto stride = static_cast<std::size_t>(GST_VIDEO_INFO_PLANE_STRIDE(&layout, plane));
        auto* to = map.data + GST_VIDEO_INFO_PLANE_OFFSET(&layout, plane);
        if (plane > 0 && info.format == frames::PixelFormat::Gray8) {
            std::memset(to, 128, stride * rows);
            continue;
        }
        for (std::size_t row = 0; row < rows; ++row, from += step, to += stride) {
            std::memcpy(to, from, width);
        }
    }
    gst_buffer_unmap(buffer, &map);
    return buffer;
}

} // namespace

Result<std::unique_ptr<VideoCapture>>
VideoCapture::start(const Timebase& timebase, const std::string& camera, OnSample encoded)
{
    auto pipeline = Pipeline::parse(kDescription);
    if (!pipeline) {
        return fail(pipeline.error(), "video");
    }
    pipeline->deliver("out", std::move(encoded));
    if (auto started = pipeline->start(timebase); !started) {
        return fail(started.error(), "video");
    }
    return std::unique_ptr<VideoCapture>(new VideoCapture(std::move(*pipeline), timebase, camera));
}

VideoCapture::VideoCapture(Pipeline pipeline, const Timebase& timebase, const std::string& camera)
    : m_pipeline(std::move(pipeline))
    , m_timebase(timebase)
    , m_input(GST_APP_SRC(m_pipeline.part("in")))
    , m_reader(camera)
    , m_hasCamera(!camera.empty())
    , m_thread([this](const std::stop_token& stop) { film(stop); })
{
}

VideoCapture::~VideoCapture()
{
    m_thread.request_stop();
    m_reader.interrupt();
}

void VideoCapture::setRate(const RatePlan& plan)
{
    if (plan.picture != m_rate.picture) {
        m_picture = plan.picture;
        const bool full = plan.picture == Picture::Full;
        const CapsHandle caps(gst_caps_from_string(
            fmt::format("video/x-raw,format=I420,width={},height={},pixel-aspect-ratio=1/1",
                        full ? 640 : 320, full ? 360 : 180)
                .c_str()));
        g_object_set(m_pipeline.part("size"), "caps", caps.get(), nullptr);
    }
    if (plan.videoBps != m_rate.videoBps) {
        constexpr int kLeast = 50000; // for the still picture, which is small in any case
        g_object_set(m_pipeline.part("encoder"), "target-bitrate", std::max(plan.videoBps, kLeast),
                     nullptr);
    }
    m_rate = plan;
}

void VideoCapture::forceKeyFrame()
{
    const PadHandle pad(gst_element_get_static_pad(m_pipeline.part("encoder"), "src"));
    gst_pad_send_event(pad.get(),
                       gst_video_event_new_upstream_force_key_unit(GST_CLOCK_TIME_NONE, TRUE, 0));
}

void VideoCapture::film(const std::stop_token& stop)
{
    Bytes pixels;
    auto next = std::chrono::steady_clock::now();
    while (!stop.stop_requested()) {
        const auto pace = paceOf(m_picture);
        std::optional<frames::FrameInfo> info;
        if (m_hasCamera && m_shown) {
            info = m_reader.next(pixels, kGreyEvery);
        } else {
            m_reader.rest();
            std::this_thread::sleep_for(kGreyEvery);
        }
        if (stop.stop_requested()) {
            return;
        }
        if (!info || !m_shown) {
            if (std::chrono::steady_clock::now() >= next) {
                pushGrey();
                next = std::chrono::steady_clock::now() + std::max(kGreyEvery, pace);
            }
            continue;
        }
        const auto captured = static_cast<GstClockTime>(info->captureNs);
        const auto at = captured > m_timebase.start ? captured - m_timebase.start : 0;
        if (m_last > 0 && at + kSlack < m_last + toClockTime(pace)) {
            continue; // faster than wanted
        }
        if (auto* buffer = packed(*info, pixels)) {
            push(buffer, static_cast<int>(info->width), static_cast<int>(info->height), at);
        }
    }
}

void VideoCapture::push(GstBuffer* buffer, int width, int height, GstClockTime at)
{
    at = std::max(at, m_last + 1); // grey pictures and the camera's in one order
    m_last = at;
    GST_BUFFER_PTS(buffer) = at;
    if (auto key = fmt::format("{}x{}", width, height); key != m_capsKey) {
        m_capsKey = std::move(key);
        const CapsHandle caps(gst_caps_from_string(
            fmt::format("video/x-raw,format=I420,width={},height={},framerate=25/1,"
                        "pixel-aspect-ratio=1/1,colorimetry=1:4:0:0",
                        width, height)
                .c_str()));
        gst_app_src_set_caps(m_input, caps.get());
    }
    gst_app_src_push_buffer(m_input, buffer);
}

void VideoCapture::pushGrey()
{
    GstVideoInfo layout;
    gst_video_info_set_format(&layout, GST_VIDEO_FORMAT_I420, kGreyWidth, kGreyHeight);
    if (auto* buffer = gst_buffer_new_allocate(nullptr, layout.size, nullptr)) {
        gst_buffer_memset(buffer, 0, 128, layout.size);
        push(buffer, kGreyWidth, kGreyHeight, m_timebase.elapsed());
    }
}

} // namespace guichet::call
