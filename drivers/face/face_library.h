// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drivers/face/face_tools.h"

/// OpenCV's faces bring its networks with them: 4 MiB in each process that links them. So that only
/// the helper that looks for faces has them, they are a library of ours which it loads.
namespace guichet::face {

/// What the library exports: writes the result of openFaceTools.
using OpenFaceToolsFunction = void (*)(const FaceFiles& files, Result<FaceTools>& result);
inline constexpr const char* kOpenFaceTools = "guichet_open_face_tools";

/// Where the library is of a program in .../bin: .../lib/guichet/guichet-face.so.
[[nodiscard]] std::filesystem::path faceLibraryOf(const std::filesystem::path& program);

/// Loads the library, for good, and opens the tools in it. Fails as openFaceTools, with
/// Errc::NotFound if the library or one that it needs is missing, or Errc::Unsupported if it is
/// another one.
[[nodiscard]] Result<FaceTools> loadFaceTools(const std::filesystem::path& library,
                                              const FaceFiles& files);

} // namespace guichet::face
