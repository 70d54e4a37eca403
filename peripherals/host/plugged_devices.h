// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

namespace guichet::host {

/// The terminal of a machine without a devices.toml: whatever is plugged in of what needs no
/// configuration, now or later. Each device waits for its plug and is off line until then: any
/// PC/SC reader, a USB printer, a resident card reader, the first camera, and codes and documents
/// before it.
[[nodiscard]] std::string_view pluggedDevices();

} // namespace guichet::host
