// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>

#include "peripherals/host/device_list.h"

namespace guichet::host {

/// Draws a made-up ticket as the terminal's receipt printer would, by the bank's own template if it
/// has one, into a file: a PDF if its name ends so, else a PNG. Errc::NotFound: the terminal has no
/// receipt printer. Errc::Invalid names template, line and column of what is wrong, Errc::Denied a
/// file that cannot be written; else as receipt::ReceiptForms and receipt::ReceiptPainter.
[[nodiscard]] Result<void> previewTicket(const Terminal& terminal,
                                         const std::filesystem::path& file);

} // namespace guichet::host
