// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drivers/face/face_tools.h"

namespace guichet::face {

/// Whether the file is there and holds what it should. Errc::NotFound: it cannot be read.
/// Errc::Denied: its SHA-256 is another one; both are said.
[[nodiscard]] Result<void> checkModel(const ModelFile& file);

} // namespace guichet::face
