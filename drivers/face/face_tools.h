// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>
#include <string>

#include "drivers/face/face_finder.h"

namespace guichet::face {

/// A network's file, and what must be in it.
struct ModelFile {
    std::filesystem::path path;
    std::string sha256; ///< 64 hexadecimal digits
};

struct FaceFiles {
    std::filesystem::path cascades = "/usr/share/opencv4/haarcascades"; ///< Debian's opencv-data
    std::optional<ModelFile> detector;                                  ///< YuNet, as ONNX
    std::optional<ModelFile> recogniser; ///< SFace, as ONNX; of no use without a detector
};

struct FaceTools {
    std::unique_ptr<FaceFinder> finder;   ///< never null
    std::unique_ptr<FaceMatcher> matcher; ///< null: faces cannot be compared
    std::string refused; ///< why a model that is configured is not used; empty: none was refused
};

/// Opens what finds faces: the detector if its file is what it should be and this OpenCV can run
/// it, else the cascades. Fails with Errc::NotFound if a cascade is missing, Errc::Invalid if it is
/// none. In drivers_face_opencv; see loadFaceTools.
[[nodiscard]] Result<FaceTools> openFaceTools(const FaceFiles& files);

} // namespace guichet::face
