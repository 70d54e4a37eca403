// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "cloudbranch/signalling/signal_message.h"

/// The two halves of reading a message, for this folder's own use.
namespace guichet::signalling {

struct Bounds {
    std::size_t bytes = kLargestSignal;
    int depth = 16;
};

/// One object without repeated members, within bounds. Errc::Invalid otherwise.
[[nodiscard]] Result<nlohmann::json> readObject(std::string_view text, const Bounds& bounds = {});

/// Fails as parseSignal(). `namesAssist`: it says which assist it is about.
[[nodiscard]] Result<Signal> readSignal(nlohmann::json object, Role role, bool namesAssist);

} // namespace guichet::signalling
