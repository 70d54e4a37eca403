// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drivers/receipt/receipt_text.h"
#include "peripherals/classes/bitmap.h"

/// Codes and pictures as dots, each as small as it can be. Pure.
namespace guichet::receipt {

/// A QR code (ISO/IEC 18004) with a dot for each module and no quiet zone, or a Code 128 (ISO/IEC
/// 15417) as one row. Errc::Invalid: what the code cannot hold; the data is not in the error.
[[nodiscard]] Result<Bitmap> codeModules(const Code& code, Position at);

/// A PNG file as a picture of black dots, dithered. Errc::Invalid: not PNG, broken, or larger than
/// `widest` dots by 4000.
[[nodiscard]] Result<Bitmap> ditheredPng(std::string_view file, int widest, Position at);

} // namespace guichet::receipt
