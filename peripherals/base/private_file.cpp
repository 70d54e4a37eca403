// SPDX-License-Identifier: Apache-2.0
#include "peripherals/base/private_file.h"

#include <array>
#include <cerrno>

#include <sys/stat.h>

#include <fcntl.h>
#include <unistd.h>

#include "peripherals/base/unique_handle.h"

namespace guichet {
namespace {

constexpr std::size_t kLargest = 64 * 1024;

bool writeAll(int fd, std::string_view text)
{
    while (!text.empty()) {
        const auto written = ::write(fd, text.data(), text.size());
        if (written < 0 && errno == EINTR) {
            continue;
        }
        if (written <= 0) {
            return false;
        }
        text.remove_prefix(static_cast<std::size_t>(written));
    }
    return true;
}

} // namespace

Result<void> writePrivateFile(const std::filesystem::path& file, std::string_view text)
{
    const auto refused = [&file] {
        return fail(Errc::Busy, file.string() + ": cannot be written: " + systemMessage(errno));
    };
    const auto fresh = file.string() + ".new";
    {
        const UniqueFd created(
            ::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600));
        if (!created || ::fchmod(created.get(), 0600) != 0 || !writeAll(created.get(), text) ||
            ::fsync(created.get()) != 0) {
            return refused();
        }
    }
    const auto parent = file.has_parent_path() ? file.parent_path() : std::filesystem::path(".");
    const UniqueFd folder(::open(parent.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (::rename(fresh.c_str(), file.c_str()) != 0 || !folder || ::fsync(folder.get()) != 0) {
        return refused();
    }
    return {};
}

Result<std::string> readPrivateFile(const std::filesystem::path& file)
{
    const UniqueFd opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!opened) {
        return fail(errno == ENOENT ? Errc::NotFound : Errc::Busy,
                    file.string() + ": " + systemMessage(errno));
    }
    std::string text;
    std::array<char, 4096> part{};
    for (;;) {
        const auto count = ::read(opened.get(), part.data(), part.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count < 0) {
            return fail(Errc::Busy, file.string() + ": " + systemMessage(errno));
        }
        if (count == 0) {
            return text;
        }
        text.append(part.data(), static_cast<std::size_t>(count));
        if (text.size() > kLargest) {
            return fail(Errc::Invalid, file.string() + ": too large");
        }
    }
}

} // namespace guichet
