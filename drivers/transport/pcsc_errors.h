// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include <winscard.h>

#include "peripherals/base/error.h"
#include "peripherals/base/unique_handle.h"

/// What PC/SC's answers mean to us. Only for the sources of this folder.
namespace guichet::transport {

inline void releaseContext(SCARDCONTEXT context)
{
    SCardReleaseContext(context);
}
using PcscContext = UniqueHandle<SCARDCONTEXT, releaseContext, 0>;

/// pcscd went away, or this context belongs to one that did: a new context is needed.
[[nodiscard]] bool isServiceLost(LONG code);
/// The reader was unplugged: by the answer to a call, and by what its state is said to be.
[[nodiscard]] bool isReaderLost(LONG code);
[[nodiscard]] bool isReaderAway(LONG code, DWORD eventState);
/// Whether the reader of this exact name is unplugged, or is seen to be within that time.
[[nodiscard]] bool readerGoes(SCARDCONTEXT context, const std::string& reader,
                              std::chrono::milliseconds within);

/// An answer to a call on a connected card, or to connecting, as one of our errors.
[[nodiscard]] tl::unexpected<Error> pcscFailure(LONG code, std::string_view step);

/// Errc::Disconnected with ReconnectCable if pcscd does not run.
[[nodiscard]] Result<PcscContext> establishContext();

} // namespace guichet::transport
