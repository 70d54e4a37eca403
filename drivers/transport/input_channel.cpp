// SPDX-License-Identifier: Apache-2.0
#include "drivers/transport/input_channel.h"

#include <cerrno>

#include <linux/input.h>
#include <sys/ioctl.h>

#include <fcntl.h>

#include "drivers/transport/open_error.h"
#include "drivers/transport/stream_channel.h"

namespace guichet::transport {

Result<std::unique_ptr<Channel>> openInput(const std::string& path)
{
    const auto name = "input " + path;
    UniqueFd device(::open(path.c_str(), O_RDONLY | O_NONBLOCK | O_CLOEXEC));
    constexpr unsigned long kTake = 1;
    if (!device || ::ioctl(device.get(), EVIOCGRAB, kTake) != 0) {
        return notOpened(name, errno);
    }
    return std::make_unique<StreamChannel>(std::move(device), name);
}

} // namespace guichet::transport
