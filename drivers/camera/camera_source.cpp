// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/camera_source.h"

#include <algorithm>
#include <filesystem>
#include <thread>
#include <utility>
#include <vector>

#include "drivers/camera/camera_presence.h"
#include "drivers/camera/pipeline.h"

namespace guichet::camera {

namespace {

using SteadyClock = std::chrono::steady_clock;
using namespace std::chrono_literals;

constexpr auto kFirstFrame = 5s; ///< a USB camera starts slowly
constexpr auto kStall = 2s;

/// Waits for the first frame, so that a camera that is open delivers.
Result<CameraFrame> firstFrame(Pipeline& pipeline)
{
    const auto end = SteadyClock::now() + kFirstFrame;
    while (SteadyClock::now() < end) {
        auto frame = pipeline.next(100ms);
        if (!frame) {
            return tl::unexpected(std::move(frame).error());
        }
        if (*frame) {
            return **frame;
        }
    }
    return fail(Errc::Timeout, "camera: connected, but no frame came", Remedy::CallStaff);
}

class LiveCamera final : public Camera {
public:
    LiveCamera(std::unique_ptr<Pipeline> pipeline, const CameraFrame& first)
        : m_pipeline(std::move(pipeline))
        , m_first(first)
        , m_last(SteadyClock::now())
    {
    }

    Result<std::optional<CameraFrame>> next(std::chrono::milliseconds timeout) override
    {
        if (m_first) {
            return std::exchange(m_first, std::nullopt);
        }
        const auto untilStall =
            std::chrono::ceil<std::chrono::milliseconds>(m_last + kStall - SteadyClock::now());
        auto frame = m_pipeline->next(std::clamp(untilStall, 0ms, timeout));
        const auto now = SteadyClock::now();
        if (frame && *frame) {
            m_last = now;
        } else if (frame && now - m_last >= kStall) {
            return fail(Errc::Timeout, "camera: no frame for 2 s", Remedy::CallStaff);
        }
        return frame;
    }

private:
    std::unique_ptr<Pipeline> m_pipeline;
    std::optional<CameraFrame> m_first; ///< waits in the pipeline for the first next()
    SteadyClock::time_point m_last;
};

/// Pictures decoded once, shown one after the other.
class StillCamera final : public Camera {
public:
    StillCamera(std::vector<Bytes> pictures, FrameSize size)
        : m_pictures(std::move(pictures))
        , m_size(size)
        , m_begun(SteadyClock::now())
        , m_due(m_begun)
    {
    }

    Result<std::optional<CameraFrame>> next(std::chrono::milliseconds timeout) override
    {
        const auto now = SteadyClock::now();
        std::this_thread::sleep_until(std::min(m_due, now + timeout));
        if (m_due > now + timeout) {
            return std::nullopt;
        }
        m_due = std::max(m_due + kFrame, now);
        CameraFrame frame;
        frame.width = m_size.width;
        frame.height = m_size.height;
        frame.stride = m_size.width;
        frame.captured = SteadyClock::now();
        const auto shown = static_cast<std::size_t>((frame.captured - m_begun) / kPicture);
        frame.pixels = m_pictures[shown % m_pictures.size()];
        return frame;
    }

private:
    static constexpr auto kFrame = 66ms;
    static constexpr auto kPicture = 1s;

    std::vector<Bytes> m_pictures;
    FrameSize m_size;
    SteadyClock::time_point m_begun;
    SteadyClock::time_point m_due;
};

Result<std::vector<std::string>> picturesAt(const std::string& path)
{
    namespace fs = std::filesystem;
    constexpr std::size_t kMost = 32;
    std::error_code failed;
    if (!fs::is_directory(path, failed)) {
        return std::vector{path};
    }
    std::vector<std::string> files;
    for (fs::directory_iterator each(path, failed), end; !failed && each != end;
         each.increment(failed)) {
        if (planPicture(each->path().native(), {})) {
            files.push_back(each->path().native());
        }
    }
    std::sort(files.begin(), files.end());
    if (files.size() > kMost) {
        files.resize(kMost);
    }
    return files;
}

Result<std::unique_ptr<Camera>> openPictures(const std::string& path, FrameSize size)
{
    const auto files = picturesAt(path);
    if (!files) {
        return tl::unexpected(files.error());
    }
    std::vector<Bytes> pictures;
    for (const auto& file : *files) {
        const auto plan = planPicture(file, size);
        if (!plan) {
            return tl::unexpected(plan.error());
        }
        auto pipeline = Pipeline::start(*plan);
        if (!pipeline) {
            return tl::unexpected(std::move(pipeline).error());
        }
        const auto frame = firstFrame(**pipeline);
        if (!frame) {
            return fail(Errc::NotFound, "camera source: a picture that cannot be read",
                        Remedy::CallStaff);
        }
        pictures.emplace_back(frame->pixels.begin(), frame->pixels.end());
    }
    if (pictures.empty()) {
        return fail(Errc::NotFound, "camera source: no picture there", Remedy::CallStaff);
    }
    return std::make_unique<StillCamera>(std::move(pictures), size);
}

} // namespace

Result<std::unique_ptr<Camera>> openCamera(const std::string& uri, FrameSize size)
{
    const auto source = planSource(uri, size);
    if (!source) {
        return tl::unexpected(source.error());
    }
    if (source->pipelines.empty()) {
        return openPictures(source->path, size);
    }
    if (uri.starts_with("v4l2:")) {
        if (auto there = lookForCamera(uri); !there) {
            return tl::unexpected(std::move(there).error());
        }
    }
    Error last{Errc::Disconnected, Remedy::ReconnectCable, "camera: nothing tried"};
    for (const auto& plan : source->pipelines) {
        auto pipeline = Pipeline::start(plan);
        if (!pipeline) {
            last = std::move(pipeline).error();
            continue;
        }
        const auto first = firstFrame(**pipeline);
        if (first) {
            return std::make_unique<LiveCamera>(std::move(*pipeline), *first);
        }
        last = first.error();
    }
    return tl::unexpected(std::move(last));
}

} // namespace guichet::camera
