// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include "peripherals/base/unique_handle.h"
#include "peripherals/classes/channel.h"

/// A channel over whatever the kernel gives as one non-blocking file: a socket or a serial line.
/// Only for the sources of this folder.
namespace guichet::transport {

/// False when the time is up. Errors of the stream count as ready: the next call reports them.
[[nodiscard]] bool waitFor(int stream, short events, std::chrono::steady_clock::time_point end);

class StreamChannel : public Channel {
public:
    StreamChannel(UniqueFd stream, std::string name)
        : m_stream(std::move(stream))
        , m_name(std::move(name))
    {
    }

    Result<std::size_t> write(ByteView bytes, std::chrono::milliseconds timeout) override;
    Result<Bytes> read(std::size_t most, std::chrono::milliseconds timeout) override;
    [[nodiscard]] std::string_view name() const override { return m_name; }

protected:
    UniqueFd m_stream;

private:
    [[nodiscard]] tl::unexpected<Error> gone(std::string_view what);

    std::string m_name;
};

} // namespace guichet::transport
