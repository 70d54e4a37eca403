// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <vector>

#include "peripherals/base/error.h"

namespace guichet::host {

/// What one helper may touch beside the system's own programs, libraries, fonts and settings, which
/// it may only read. Whoever takes a driver over by a hostile card or document gets no more.
struct Confinement {
    std::vector<std::filesystem::path> readable = {};
    std::vector<std::filesystem::path> writable = {}; ///< files, folders or device nodes
    bool network = false;                             ///< beyond sockets of this machine's programs
};

/// Lays the bounds on this process, its threads to come and for good: files by Landlock, system
/// calls by seccomp (no new programs, no tracing, no mounts, no keys, no kernel interfaces that a
/// driver never needs). What is forbidden fails with EPERM or EACCES and kills nothing. Call before
/// the first thread. A kernel without Landlock is logged and bears with system calls alone. Paths
/// that are not there are left out. Fails with Errc::Denied.
[[nodiscard]] Result<void> confine(const Confinement& allowed);

} // namespace guichet::host
