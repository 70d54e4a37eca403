// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>
#include <vector>

#include "peripherals/base/bytes.h"
#include "peripherals/base/error.h"

namespace guichet::net {

/// The certificates (DER, leaf first) that a server presents, unverified: sends nothing but the
/// handshake and closes. For whoever knows the authority's fingerprint and wants its certificate.
/// Fails with Errc::Invalid (not an https address), Timeout, Disconnected, Denied (no TLS there).
[[nodiscard]] Result<std::vector<Bytes>> presentedChain(const std::string& url,
                                                        std::chrono::milliseconds timeout);

} // namespace guichet::net
