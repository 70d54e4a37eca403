// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

#include "peripherals/base/error.h"

/// Which GStreamer elements turn the address of a camera into frames. Pure. What stands in an
/// address becomes the value of a property and never part of a pipeline's description.
namespace guichet::camera {

/// The value of an element's property; Caps is text in GStreamer's notation, ours, never a user's.
struct Caps {
    std::string text;
    [[nodiscard]] bool operator==(const Caps&) const = default;
};
using PropertyValue = std::variant<std::string, int, bool, Caps>;

struct ElementPlan {
    std::string plugin;  ///< "jpeg": libgstjpeg.so
    std::string element; ///< "jpegdec"
    std::vector<std::pair<std::string, PropertyValue>> properties = {};
};

/// From the source to just before the sink, each linked to the next.
using PipelinePlan = std::vector<ElementPlan>;

struct FrameSize {
    int width = 1280;
    int height = 720;
};

/// What an address stands for.
struct SourcePlan {
    /// A live camera: to be tried in this order until one delivers.
    std::vector<PipelinePlan> pipelines;
    /// file: a picture, or a folder of pictures.
    std::string path;
};

/// `uri`: v4l2:/dev/NAME, file:PATH, http://..., rtsp://... Fails with Errc::Invalid and a detail
/// that does not repeat the address (it may hold a password).
[[nodiscard]] Result<SourcePlan> planSource(std::string_view uri, FrameSize size);

/// For one picture, by the end of its name: .jpg, .jpeg, .png. Fails with Errc::Unsupported.
[[nodiscard]] Result<PipelinePlan> planPicture(const std::string& path, FrameSize size);

} // namespace guichet::camera
