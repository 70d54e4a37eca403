// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/local_application.h"

#include <cerrno>
#include <csignal>
#include <fstream>
#include <iterator>

#include <sys/stat.h>
#include <sys/syscall.h>

#include <catch2/catch.hpp>
#include <fcntl.h>
#include <poll.h>

#include "tests/drivers/ipp/eve_printer.h"
#include "tests/peripherals/host/waiting.h"

using namespace guichet;
using namespace guichet::host;

namespace {

/// A shell that runs `script` and writes to a pipe, its $0.
struct Shell {
    explicit Shell(const std::string& script)
    {
        REQUIRE(::mkfifo(pipe.c_str(), 0600) == 0);
        auto started =
            LocalApplication::start({"/bin/sh", "-c", script, pipe}, [this] { exits.put(true); });
        REQUIRE(started);
        run = std::move(*started);
    }
    /// All that it writes until it closes the pipe.
    std::string said() const
    {
        std::ifstream stream(pipe);
        return {std::istreambuf_iterator<char>(stream), {}};
    }

    test::TemporaryFolder folder;
    const std::string pipe = folder.path() / "pipe";
    test::Inbox<bool> exits;
    std::unique_ptr<LocalApplication> run;
};

} // namespace

TEST_CASE("local application: its end is told", "[host]")
{
    Shell shell("exit 3");
    CHECK(shell.exits.take());
}

TEST_CASE("local application: it gets none of our open files", "[host]")
{
    const UniqueFd open(::open("/dev/null", O_RDONLY)); // NOLINT(android-cloexec-open): to be kept
    const Shell shell("exec ls /proc/self/fd > $0");
    CHECK(shell.said() == "0\n1\n2\n3\n"); // the last is of ls itself
}

TEST_CASE("local application: it ends with its object, with all that it started", "[host]")
{
    sigset_t ending, before;
    sigemptyset(&ending);
    sigaddset(&ending, SIGTERM);
    ::pthread_sigmask(SIG_BLOCK, &ending, &before); // as guichet-devices runs
    Shell shell("sleep 1000 & echo $! > $0; wait");
    ::pthread_sigmask(SIG_SETMASK, &before, nullptr);
    const int child = std::stoi(shell.said());
    const UniqueFd ended(static_cast<int>(::syscall(SYS_pidfd_open, child, 0)));
    REQUIRE(ended);
    shell.run.reset();
    pollfd watched{ended.get(), POLLIN, 0};
    CHECK(::poll(&watched, 1, 20'000) == 1);
}

TEST_CASE("local application: one that does not want to end is killed", "[host]")
{
    Shell shell("trap '' TERM; echo $$ > $0; while :; do sleep 1; done");
    const int process = std::stoi(shell.said());
    shell.run.reset();
    CHECK(::kill(process, 0) == -1);
    CHECK(errno == ESRCH);
}

TEST_CASE("local application: a program that is not there is an error", "[host]")
{
    const auto started = LocalApplication::start({"/nonexistent/program"}, [] {});
    REQUIRE_FALSE(started);
    CHECK_THAT(started.error().detail, Catch::Contains("/nonexistent/program"));
}
