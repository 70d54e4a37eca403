// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "peripherals/base/error.h"

namespace guichet::host {

/// A program of this folder as its user meets it. Exit status: 0, 1 (said in one line), 2 (usage).
struct Program {
    const char* name;
    const char* logName;
    const char* usage;

    /// One line on standard error; returns the status.
    [[nodiscard]] int complain(int status, std::string_view line) const;
    /// As it is asked for, or beside what was wrong with the command line.
    [[nodiscard]] int explain() const;
    [[nodiscard]] int refuse(const Error& wrong) const;
    void logToStandardError() const;
};

/// The whole of main() but for its arguments: `options`, which has a member `help`, and what is
/// done with them.
template <typename Options>
[[nodiscard]] int run(const Program& program, const Result<Options>& options,
                      int (*perform)(const Options&))
{
    program.logToStandardError();
    return !options        ? program.refuse(options.error())
           : options->help ? program.explain()
                           : perform(*options);
}

} // namespace guichet::host
