// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <optional>

#include "peripherals/base/bytes.h"
#include "peripherals/base/unique_handle.h"
#include "peripherals/frames/frame.h"
#include "peripherals/frames/ring_layout.h"
#include "peripherals/frames/shared_memory.h"

namespace guichet::frames {

/// Reads a camera's frames from the process that owns it. Connects by itself, and again when that
/// process was replaced. Thread-bound but for interrupt().
class FrameReader {
public:
    explicit FrameReader(std::filesystem::path socket);
    ~FrameReader();
    FrameReader(const FrameReader&) = delete;
    FrameReader& operator=(const FrameReader&) = delete;

    /// Asks for frames, waits for one that was not returned yet, copies the newest one into
    /// `pixels` and says what it is. Frames that came meanwhile are skipped; one that is
    /// overwritten while it is copied is dropped. Nothing: time-out or interrupt.
    [[nodiscard]] std::optional<FrameInfo> next(Bytes& pixels, std::chrono::milliseconds timeout);
    /// No frames are wanted until the following next(): the camera may rest.
    void rest();
    /// Whether a camera is there, without asking it for frames. A writer that it has just knocked
    /// at shows at a later call.
    [[nodiscard]] bool cameraThere();
    /// Ends a next() that waits, or the following one. From any thread.
    void interrupt();
    /// Whether a writer is there now, as far as the last next() saw.
    [[nodiscard]] bool connected() const { return m_memory.size() > 0; }

private:
    void connect();
    void disconnect();
    void tell(bool wanted);
    /// Fails if the memory is not what a writer of ours sends.
    [[nodiscard]] Result<void> take(const UniqueFd& file);
    [[nodiscard]] std::optional<FrameInfo> copyNewest(Bytes& pixels);
    void drain();

    std::filesystem::path m_path;
    UniqueFd m_wake;
    UniqueFd m_socket;
    bool m_wanted = false; ///< as the writer knows it
    Mapping m_memory;
    RingShape m_shape;
    std::uint64_t m_last = 0;
};

} // namespace guichet::frames
