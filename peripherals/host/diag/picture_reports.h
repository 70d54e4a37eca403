// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <string>

#include <nlohmann/json.hpp>

#include "drivers/face/face_finder.h"
#include "drivers/mrz/frame_reader.h"
#include "peripherals/host/diag/picture_file.h"

/// What our readers make of one picture, for an engineer or a program. Pure but for the clock that
/// takes "ms".
namespace guichet::host::diag {

/// {"file","lines":[...],"fields":{...},"verdict":"accepted|confirm|unreadable","ms","advice"} and,
/// if the picture cannot be read, "error".
///
/// The verdict is that of mrz::readStill; what is unreadable may have lines. Fields are as they
/// were read, fillers taken away; "checks" says which are proven.
[[nodiscard]] nlohmann::json reportZone(const std::string& file, const Result<GrayPicture>& picture,
                                        const mrz::MrzFrameReader& reader,
                                        std::chrono::year_month_day today);

/// {"file","symbology","text"|"base64","ms"}: base64 for what is no UTF-8; symbology null if there
/// is no code that could be read; "error" if the picture cannot be.
[[nodiscard]] nlohmann::json reportCode(const std::string& file,
                                        const Result<GrayPicture>& picture);

/// {"file","verdict","advice","faces",...,"finder","ms"} as describeFace says it; verdict "none"
/// and "error" if the picture cannot be read.
[[nodiscard]] nlohmann::json reportFace(const std::string& file, const Result<GrayPicture>& picture,
                                        face::FaceFinder& finder);

} // namespace guichet::host::diag
