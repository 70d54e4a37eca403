// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "peripherals/base/error.h"

namespace guichet::hub {

/// The clips that say "number A012, please go to counter 3", in order, as names below
/// voice/<language>/. Digits one by one; a counter from 1 to 99 in Chinese is read as a number.
/// Characters without a clip are left out. Language zh-CN or en; else empty.
[[nodiscard]] std::vector<std::string>
announcementClips(std::string_view ticket, std::string_view counter, std::string_view language);

/// The announcement as one WAV file. Fails with Errc::NotFound for a language without voice and
/// Errc::Protocol if a clip is damaged.
[[nodiscard]] Result<std::string> announcement(std::string_view ticket, std::string_view counter,
                                               std::string_view language);

} // namespace guichet::hub
