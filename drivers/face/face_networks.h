// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "drivers/face/face_tools.h"

/// YuNet and SFace, run by OpenCV. No file of theirs comes with Debian or with us: what is here was
/// never run with one.
namespace guichet::face {

/// Fails as checkModel, or with Errc::Unsupported if this OpenCV cannot run it: it is tried.
[[nodiscard]] Result<std::unique_ptr<FaceFinder>> openYuNet(const ModelFile& detector);
/// The same for both files.
[[nodiscard]] Result<std::unique_ptr<FaceMatcher>> openSFace(const ModelFile& detector,
                                                             const ModelFile& recogniser);

} // namespace guichet::face
