// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <vector>

namespace guichet::bench {

/// Prints one line of JSON: {"name","p50_ms","p99_ms","count"}. `milliseconds` is not empty.
void print(const std::string& name, std::vector<double> milliseconds);

/// Prints the largest resident size this process has had: {"name","mib"}.
void printMemory(const std::string& name);

} // namespace guichet::bench
