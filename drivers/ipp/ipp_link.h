// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>

#include "peripherals/base/bytes.h"

/// Carries one IPP request and its answer, whatever the way.
namespace guichet::ipp {

/// A file on its way behind a request. What has left is counted even if the exchange fails.
struct Outgoing {
    int fd = -1; ///< borrowed; read from its beginning
    std::uint64_t size = 0;
    std::uint64_t sent = 0;
};

/// Thread: bound to the thread of its printer.
class IppLink {
public:
    virtual ~IppLink() = default;

    /// `timeout` is for the whole exchange, or with a document for the time in which nothing of it
    /// moves. Errc::Timeout and Disconnected with ReconnectCable; Errc::Cancelled: stopped;
    /// Errc::NotFound, Denied and Protocol with CallStaff: something else answers there.
    [[nodiscard]] virtual Result<Bytes> exchange(ByteView request, Outgoing* document,
                                                 std::chrono::milliseconds timeout,
                                                 const std::stop_token& stop) = 0;
};

} // namespace guichet::ipp
