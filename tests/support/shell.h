// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

namespace guichet::test {

struct Ran {
    int status = -1;
    std::string output;
};

/// Runs a program of this machine; its output, errors included, and exit status.
[[nodiscard]] Ran run(const std::string& commandLine);

} // namespace guichet::test
