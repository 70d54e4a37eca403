// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>

/// How a helper that reads the camera's frames waits for them.
namespace guichet::host {

inline constexpr std::chrono::milliseconds kFrameWait{250};
inline constexpr std::chrono::seconds kFrameBudget{5}; ///< of the step that looks at one frame

} // namespace guichet::host
