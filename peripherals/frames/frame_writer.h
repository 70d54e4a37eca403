// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <vector>

#include "peripherals/base/bytes.h"
#include "peripherals/base/unique_handle.h"
#include "peripherals/frames/frame.h"
#include "peripherals/frames/ring_layout.h"
#include "peripherals/frames/shared_memory.h"

namespace guichet::frames {

/// The one owner of a camera gives its frames to any number of readers in other processes. Nothing
/// that a reader does or leaves undone blocks it. Thread-bound.
class FrameWriter {
public:
    static constexpr std::size_t kMostReaders = 32;

    /// Readers find it at `socket` (mode 0600; its folder must exist). A frame may have
    /// `shape.slotBytes`. Fails with Errc::Invalid (shape, path too long), Errc::Denied (folder) or
    /// Errc::Internal (memory).
    [[nodiscard]] static Result<std::unique_ptr<FrameWriter>>
    open(const std::filesystem::path& socket, RingShape shape);
    ~FrameWriter();
    FrameWriter(const FrameWriter&) = delete;
    FrameWriter& operator=(const FrameWriter&) = delete;

    /// Copies one frame, numbers it and wakes the readers that want frames. Fails with
    /// Errc::Invalid if `info` and `pixels` do not fit together or into a slot.
    [[nodiscard]] Result<void> publish(FrameInfo info, ByteView pixels);
    /// Lets readers in that knock, and the gone ones go. publish() does it too; to be called
    /// meanwhile when no frames come.
    void serve();
    /// As serve(), once a reader says something, knocks or goes, or `timeout` is over.
    void wait(std::chrono::milliseconds timeout);
    /// From now on readers know that there is no camera, until the next frame.
    void sourceLost();
    [[nodiscard]] std::size_t readers() const { return m_readers.size(); }
    /// Whether a reader wants frames now, as far as the last call saw.
    [[nodiscard]] bool wanted() const;

private:
    FrameWriter(UniqueFd listener, UniqueFd file, Mapping memory, RingShape shape);
    struct Reader {
        UniqueFd socket;
        bool wants = false;
    };
    void wakeReaders();
    /// Takes what it says. False: it is gone.
    [[nodiscard]] static bool hear(Reader& reader);

    UniqueFd m_listener;
    UniqueFd m_file;
    Mapping m_memory;
    RingShape m_shape;
    std::uint64_t m_sequence = 0;
    std::vector<Reader> m_readers;
};

} // namespace guichet::frames
