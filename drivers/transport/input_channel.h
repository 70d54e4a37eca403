// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "peripherals/classes/channel.h"

namespace guichet::transport {

/// Takes an input device, e.g. "/dev/input/by-id/usb-Maker_Scanner-event-kbd", for ourselves: what
/// it types reaches no window and no console while the channel lives. Read: whole records of the
/// kernel (struct input_event), for which `most` must have room. Fails with Errc::Disconnected (not
/// there), Errc::Denied, Errc::Busy (another program has it) or Errc::Invalid (no input device).
[[nodiscard]] Result<std::unique_ptr<Channel>> openInput(const std::string& path);

} // namespace guichet::transport
