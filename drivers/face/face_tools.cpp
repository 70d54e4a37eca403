// SPDX-License-Identifier: Apache-2.0
#include "drivers/face/face_tools.h"

#include <utility>

#include <opencv2/core/ocl.hpp>
#include <opencv2/core/utility.hpp>
#include <opencv2/core/utils/logger.hpp>

#include "drivers/face/cascade_finder.h"
#include "drivers/face/face_networks.h"

namespace guichet::face {

namespace {

/// Threads cost small pictures more than they save, and drivers of graphics cards are no part of a
/// helper. What OpenCV writes to standard error comes back as our own errors.
void calmOpenCv()
{
    cv::setNumThreads(0);
    cv::ocl::setUseOpenCL(false);
    cv::utils::logging::setLogLevel(cv::utils::logging::LOG_LEVEL_SILENT);
}

void refuse(FaceTools& tools, std::string_view model, const Error& error)
{
    tools.refused.append(tools.refused.empty() ? "" : "; ")
        .append(model)
        .append(": ")
        .append(error.detail);
}

/// Null if none is configured, or the one that is cannot be used.
std::unique_ptr<FaceFinder> openDetector(const FaceFiles& files, FaceTools& tools)
{
    if (!files.detector) {
        return nullptr;
    }
    auto opened = openYuNet(*files.detector);
    if (!opened) {
        refuse(tools, "detector", opened.error());
        return nullptr;
    }
    return std::move(*opened);
}

} // namespace

Result<FaceTools> openFaceTools(const FaceFiles& files)
{
    calmOpenCv();
    FaceTools tools;
    tools.finder = openDetector(files, tools);
    if (tools.finder && files.recogniser) {
        auto matcher = openSFace(*files.detector, *files.recogniser);
        if (matcher) {
            tools.matcher = std::move(*matcher);
        } else {
            refuse(tools, "recogniser", matcher.error());
        }
    }
    if (!tools.finder) {
        auto cascades = openCascades(files.cascades);
        if (!cascades) {
            return tl::unexpected(std::move(cascades).error());
        }
        tools.finder = std::move(*cascades);
    }
    return tools;
}

} // namespace guichet::face
