// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cups/ipp.h>

#include "peripherals/base/bytes.h"
#include "peripherals/base/unique_handle.h"

/// libcups' messages to and from bytes, kept apart from what they mean.
namespace guichet::ipp {

/// So much of an answer is looked at; a longer one is refused.
inline constexpr std::size_t kLongestAnswer = 1U << 20;

using Message = UniqueHandle<ipp_t*, ippDelete, nullptr>;

[[nodiscard]] Bytes toBytes(ipp_t* message);

/// Reads one whole message. Errc::Protocol with CallStaff: not IPP, cut short, longer than
/// kLongestAnswer, or nested deeper than any printer needs (libcups reads collections recursively,
/// so the depth is counted before it sees them).
[[nodiscard]] Result<Message> fromBytes(ByteView bytes);

} // namespace guichet::ipp
