// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/local_application.h"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <system_error>
#include <utility>

#include <linux/close_range.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <sys/syscall.h>

#include <boost/process/args.hpp>
#include <boost/process/child.hpp>
#include <boost/process/exe.hpp>
#include <boost/process/extend.hpp>
#include <boost/process/io.hpp>
#include <boost/process/posix.hpp>
#include <poll.h>
#include <spdlog/spdlog.h>
#include <unistd.h>

namespace guichet::host {

namespace process = boost::process;

namespace {

constexpr std::chrono::milliseconds kGrace{3000}; ///< from SIGTERM to SIGKILL

/// Between fork and exec: nothing here may allocate or lock.
void becomeStranger()
{
    ::setsid();
    ::prctl(PR_SET_PDEATHSIG, SIGTERM);
    ::close_range(3, ~0U, CLOSE_RANGE_CLOEXEC);
    sigset_t none;
    sigemptyset(&none);
    ::pthread_sigmask(SIG_SETMASK, &none, nullptr);
}

bool readable(int descriptor, std::chrono::milliseconds patience)
{
    pollfd watched = {descriptor, POLLIN, 0};
    return ::poll(&watched, 1, static_cast<int>(patience.count())) > 0;
}

} // namespace

Result<std::unique_ptr<LocalApplication>>
LocalApplication::start(const std::vector<std::string>& command, std::function<void()> onExit)
{
    UniqueFd wake(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK));
    const std::vector<std::string> arguments(command.begin() + 1, command.end());
    std::error_code failed;
    auto child = std::make_unique<process::child>(
        process::exe = command.front(), process::args = arguments, process::std_in < process::null,
        process::posix::fd.bind(STDOUT_FILENO, STDERR_FILENO),
        process::extend::on_exec_setup = [](auto&) { becomeStranger(); }, failed);
    if (failed) {
        return fail(Errc::Internal, command.front() + ": cannot be started: " + failed.message(),
                    Remedy::CallStaff);
    }
    UniqueFd process(static_cast<int>(::syscall(SYS_pidfd_open, child->id(), 0)));
    if (!process || !wake) {
        child->terminate(failed);
        return fail(Errc::Internal, command.front() + ": cannot be watched", Remedy::CallStaff);
    }
    return std::unique_ptr<LocalApplication>(new LocalApplication(
        std::move(child), std::move(process), std::move(wake), std::move(onExit)));
}

LocalApplication::LocalApplication(std::unique_ptr<process::child> child, UniqueFd process,
                                   UniqueFd wake, std::function<void()> onExit)
    : m_child(std::move(child))
    , m_process(std::move(process))
    , m_wake(std::move(wake))
    , m_onExit(std::move(onExit))
    , m_thread([this](const std::stop_token& stop) { follow(stop); })
{
}

LocalApplication::~LocalApplication()
{
    m_thread.request_stop();
    ::eventfd_write(m_wake.get(), 1);
}

void LocalApplication::follow(const std::stop_token& stop)
{
    pollfd watched[2] = {{m_process.get(), POLLIN, 0}, {m_wake.get(), POLLIN, 0}};
    while (::poll(watched, 2, -1) < 0 && errno == EINTR) {
    }
    if (stop.stop_requested()) {
        return end();
    }
    std::error_code ignored;
    m_child->wait(ignored);
    spdlog::info("local application: ended with status {}", m_child->exit_code());
    m_onExit();
}

/// Its whole session, which is its group as well.
void LocalApplication::end()
{
    ::kill(-m_child->id(), SIGTERM);
    if (!readable(m_process.get(), kGrace)) {
        ::kill(-m_child->id(), SIGKILL);
    }
    std::error_code ignored;
    m_child->wait(ignored);
}

} // namespace guichet::host
