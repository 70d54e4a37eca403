// SPDX-License-Identifier: Apache-2.0
#include "drivers/transport/serial_channel.h"

#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>
#include <optional>
#include <utility>

#include <sys/ioctl.h>

#include <fcntl.h>
#include <fmt/format.h>
#include <termios.h>

#include "drivers/transport/open_error.h"
#include "drivers/transport/stream_channel.h"

namespace guichet::transport {
namespace {

std::optional<speed_t> speedOf(int baud)
{
    constexpr std::array<std::pair<int, speed_t>, 8> kSpeeds{{{1200, B1200},
                                                              {2400, B2400},
                                                              {4800, B4800},
                                                              {9600, B9600},
                                                              {19200, B19200},
                                                              {38400, B38400},
                                                              {57600, B57600},
                                                              {115200, B115200}}};
    for (const auto& [number, speed] : kSpeeds) {
        if (number == baud) {
            return speed;
        }
    }
    return std::nullopt;
}

/// The kernel waits half a minute in close() for bytes that a device does not take, and nothing
/// but a signal to this thread ends that.
void closeUnsent(UniqueFd line)
{
    const int signal = SIGRTMIN;
    struct sigaction handled {};
    handled.sa_handler = [](int) {};
    sigset_t ours{}, masked{};
    sigemptyset(&ours);
    sigaddset(&ours, signal);
    sigevent event{};
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = signal;
    event._sigev_un._tid = ::gettid();
    timer_t timer{};
    if (::sigaction(signal, &handled, nullptr) != 0 ||
        ::timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) {
        return;
    }
    constexpr timespec kPatience{0, 100'000'000};
    const itimerspec again{kPatience, kPatience};
    ::pthread_sigmask(SIG_UNBLOCK, &ours, &masked);
    ::timer_settime(timer, 0, &again, nullptr);
    line.reset();
    ::timer_delete(timer);
    ::pthread_sigmask(SIG_SETMASK, &masked, nullptr);
}

class SerialChannel final : public StreamChannel {
public:
    using StreamChannel::StreamChannel;
    SerialChannel(const SerialChannel&) = delete;
    SerialChannel& operator=(const SerialChannel&) = delete;
    ~SerialChannel() override
    {
        int unsent = 0;
        if (m_stream && ::ioctl(m_stream.get(), TIOCOUTQ, &unsent) == 0 && unsent > 0) {
            closeUnsent(std::move(m_stream));
        }
    }
};

} // namespace

Result<std::unique_ptr<Channel>> openSerial(const std::string& path, int baud)
{
    const auto name = fmt::format("serial {}", path);
    const auto speed = speedOf(baud);
    if (!speed) {
        return fail(Errc::Invalid, fmt::format("{}: no UART has {} baud; want 1200, 2400, 4800, "
                                               "9600, 19200, 38400, 57600 or 115200",
                                               name, baud));
    }
    UniqueFd line(::open(path.c_str(), O_RDWR | O_NOCTTY | O_NONBLOCK | O_CLOEXEC));
    termios settings{};
    if (!line || ::tcgetattr(line.get(), &settings) != 0 || ::ioctl(line.get(), TIOCEXCL) != 0) {
        return notOpened(name, errno);
    }
    ::cfmakeraw(&settings);
    settings.c_cflag |= CLOCAL | CREAD;
    settings.c_cflag &= ~static_cast<tcflag_t>(CSTOPB | CRTSCTS);
    settings.c_cc[VMIN] = 1; // so that a read of nothing means the end of the line
    settings.c_cc[VTIME] = 0;
    if (::cfsetspeed(&settings, *speed) != 0 || ::tcsetattr(line.get(), TCSANOW, &settings) != 0 ||
        ::tcflush(line.get(), TCIOFLUSH) != 0) {
        return notOpened(name, errno);
    }
    return std::make_unique<SerialChannel>(std::move(line), name);
}

} // namespace guichet::transport
