// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "cloudbranch/call/pipeline.h"
#include "cloudbranch/call/rate_controller.h"
#include "peripherals/frames/frame_reader.h"

namespace guichet::call {

/// The camera's frames in VP8, from the case's open to its close, whoever looks at them. Where
/// there is no camera, or it shall not be seen, a grey picture goes out. Thread-bound where not
/// said.
class VideoCapture {
public:
    /// `camera`: socket of frames, or empty. `encoded` is called on a thread of the pipeline. Fails
    /// as Pipeline does.
    [[nodiscard]] static Result<std::unique_ptr<VideoCapture>>
    start(const Timebase& timebase, const std::string& camera, OnSample encoded);
    ~VideoCapture();
    VideoCapture(const VideoCapture&) = delete;
    VideoCapture& operator=(const VideoCapture&) = delete;

    /// Whether the camera may be seen. From any thread.
    void show(bool on) { m_shown = on; }
    void setRate(const RatePlan& plan);
    /// The next picture can be decoded alone. From any thread.
    void forceKeyFrame();
    [[nodiscard]] Result<void> attend() { return m_pipeline.attend(); }

private:
    VideoCapture(Pipeline pipeline, const Timebase& timebase, const std::string& camera);

    void film(const std::stop_token& stop);
    void push(GstBuffer* buffer, int width, int height, GstClockTime at);
    void pushGrey();

    Pipeline m_pipeline;
    const Timebase m_timebase;
    GstAppSrc* m_input;
    std::atomic<bool> m_shown = true;
    std::atomic<Picture> m_picture = Picture::Full;
    RatePlan m_rate;
    frames::FrameReader m_reader;
    const bool m_hasCamera;
    std::string m_capsKey; ///< what the caps of the last frame were made of
    GstClockTime m_last = 0;
    std::jthread m_thread; ///< the last member: it is joined before the rest goes away
};

} // namespace guichet::call
