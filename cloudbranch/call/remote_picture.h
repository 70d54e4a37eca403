// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <condition_variable>
#include <memory>
#include <mutex>
#include <string>
#include <thread>

#include "cloudbranch/call/pipeline.h"
#include "peripherals/frames/frame_writer.h"

namespace guichet::call {

/// The seat's picture for the kiosk: the newest one only. Any thread.
class RemotePicture {
public:
    /// As frames::FrameWriter::open.
    [[nodiscard]] static Result<std::unique_ptr<RemotePicture>> serve(const std::string& socket);
    ~RemotePicture();
    RemotePicture(const RemotePicture&) = delete;
    RemotePicture& operator=(const RemotePicture&) = delete;

    /// A decoded picture in I420; one larger than 1920x1088 is not shown.
    void show(GstSample* sample);
    /// The kiosk shall know that there is none.
    void hide();

private:
    explicit RemotePicture(std::unique_ptr<frames::FrameWriter> writer);
    void run(const std::stop_token& stop);
    void publish(GstSample* sample);

    std::unique_ptr<frames::FrameWriter> m_writer; ///< the thread's
    std::mutex m_mutex;
    std::condition_variable_any m_changed;
    SampleHandle m_newest;
    bool m_hide = false;
    std::jthread m_thread; ///< the last member
};

} // namespace guichet::call
