// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>

#include "drivers/face/face_finder.h"

namespace guichet::face {

/// Haar cascades of OpenCV: faces from the front, with their eyes, and from the side. Fails with
/// Errc::NotFound (one of their files is missing) or Errc::Invalid (one is no cascade).
[[nodiscard]] Result<std::unique_ptr<FaceFinder>> openCascades(const std::filesystem::path& folder);

} // namespace guichet::face
