// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/program.h"

#include <cstdio>

#include <fmt/format.h>
#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

namespace guichet::host {

int Program::complain(int status, std::string_view line) const
{
    fmt::print(stderr, "{}: {}\n", name, line);
    return status;
}

int Program::explain() const
{
    std::fputs(usage, stdout);
    return 0;
}

int Program::refuse(const Error& wrong) const
{
    const int status = complain(2, wrong.detail);
    std::fputs(usage, stderr);
    return status;
}

void Program::logToStandardError() const
{
    spdlog::set_default_logger(spdlog::stderr_logger_mt(logName));
}

} // namespace guichet::host
