// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>

#include "peripherals/base/error.h"

namespace guichet::host {

/// Where guichet-devices listens.
struct PublisherAddress {
    std::string host = "127.0.0.1";
    std::uint16_t port = 5846;
};

/// Reads "127.0.0.1:5846" or "[::1]:5846". Errc::Invalid says what is wanted.
[[nodiscard]] Result<PublisherAddress> parsePublisherAddress(const std::string& text);

/// Why nobody answers there, with what to look at.
[[nodiscard]] Error notAnswering(const PublisherAddress& address, Error error);

} // namespace guichet::host
