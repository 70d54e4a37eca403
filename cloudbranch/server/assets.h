// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "peripherals/net/server.h"

/// The packed files of cloudbranch/web/site as a browser sees them.
namespace guichet::hub {

/// "/web/<version>/visit.js". The version is that of all files together, so a module's relative
/// imports stay within it, and a browser may keep what it has for ever.
[[nodiscard]] std::string assetPath(std::string_view name);

/// Serves them below /web/. A path of another version gets the present file, not to be kept.
void addAssets(net::Router& router);

/// Replaces the body by its gzip form if the request accepts that and it is worth it.
void compress(const net::Request& request, net::Response& response);

/// RFC 1952, level 6.
[[nodiscard]] std::string gzip(std::string_view bytes);

} // namespace guichet::hub
