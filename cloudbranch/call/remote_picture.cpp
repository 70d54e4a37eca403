// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/call/remote_picture.h"

#include <cstring>
#include <utility>

#include <gst/video/video.h>
#include <spdlog/spdlog.h>

namespace guichet::call {

namespace {

using namespace std::chrono_literals;

constexpr frames::RingShape kRing{4, 1920ULL * 1088 * 3 / 2};
constexpr auto kKnocks = 50ms; ///< how soon a new reader is let in while there is no picture

} // namespace

Result<std::unique_ptr<RemotePicture>> RemotePicture::serve(const std::string& socket)
{
    auto writer = frames::FrameWriter::open(socket, kRing);
    if (!writer) {
        return fail(writer.error(), "remote picture");
    }
    return std::unique_ptr<RemotePicture>(new RemotePicture(std::move(*writer)));
}

RemotePicture::RemotePicture(std::unique_ptr<frames::FrameWriter> writer)
    : m_writer(std::move(writer))
    , m_thread([this](const std::stop_token& stop) { run(stop); })
{
}

RemotePicture::~RemotePicture() = default;

void RemotePicture::show(GstSample* sample)
{
    {
        const std::scoped_lock lock(m_mutex);
        m_newest.reset(gst_sample_ref(sample));
        m_hide = false;
    }
    m_changed.notify_one();
}

void RemotePicture::hide()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_newest.reset();
        m_hide = true;
    }
    m_changed.notify_one();
}

void RemotePicture::run(const std::stop_token& stop)
{
    while (!stop.stop_requested()) {
        std::unique_lock lock(m_mutex);
        m_changed.wait_for(lock, stop, kKnocks, [this] { return m_newest || m_hide; });
        const auto sample = std::exchange(m_newest, SampleHandle());
        const bool hide = std::exchange(m_hide, false);
        lock.unlock();
        if (sample) {
            publish(sample.get());
        } else if (hide) {
            m_writer->sourceLost();
        } else {
            m_writer->serve();
        }
    }
}

void RemotePicture::publish(GstSample* sample)
{
    GstVideoInfo info;
    GstVideoFrame frame;
    auto* caps = gst_sample_get_caps(sample);
    if (caps == nullptr || gst_video_info_from_caps(&info, caps) == FALSE ||
        GST_VIDEO_INFO_FORMAT(&info) != GST_VIDEO_FORMAT_I420 ||
        gst_video_frame_map(&frame, &info, gst_sample_get_buffer(sample), GST_MAP_READ) == FALSE) {
        return;
    }
    const auto width = static_cast<std::uint32_t>(GST_VIDEO_FRAME_WIDTH(&frame));
    const frames::FrameInfo about{
        .captureNs = std::chrono::steady_clock::now().time_since_epoch().count(),
        .width = width,
        .height = static_cast<std::uint32_t>(GST_VIDEO_FRAME_HEIGHT(&frame)),
        .stride = width,
        .format = frames::PixelFormat::I420};
    Bytes pixels(frames::bytesFor(about));
    auto* to = pixels.data();
    for (guint plane = 0; plane < 3; ++plane) {
        const auto* from = static_cast<const std::byte*>(GST_VIDEO_FRAME_PLANE_DATA(&frame, plane));
        const auto bytes = static_cast<std::size_t>(GST_VIDEO_FRAME_COMP_WIDTH(&frame, plane));
        const int rows = GST_VIDEO_FRAME_COMP_HEIGHT(&frame, plane);
        const int step = GST_VIDEO_FRAME_PLANE_STRIDE(&frame, plane);
        for (int row = 0; row < rows; ++row, from += step, to += bytes) {
            std::memcpy(to, from, bytes);
        }
    }
    gst_video_frame_unmap(&frame);
    if (auto published = m_writer->publish(about, pixels); !published) {
        spdlog::warn("remote picture: {}", published.error().detail);
    }
}

} // namespace guichet::call
