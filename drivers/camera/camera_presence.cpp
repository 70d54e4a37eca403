// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/camera_presence.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <filesystem>
#include <memory>
#include <utility>
#include <vector>

#include <sys/socket.h>

#include <fcntl.h>
#include <netdb.h>

#include "drivers/camera/pipeline_plan.h"
#include "drivers/transport/open_error.h"
#include "drivers/transport/tcp_channel.h"
#include "peripherals/base/unique_handle.h"

namespace guichet::camera {

namespace {

using namespace std::chrono_literals;

constexpr auto kAnswer = 1s;
constexpr std::string_view kDevice = "v4l2:";

tl::unexpected<Error> gone(std::string detail)
{
    return fail(Errc::Disconnected, std::move(detail), Remedy::ReconnectCable);
}

/// Its addresses, in digits.
std::vector<std::string> addressesOf(const std::string& host)
{
    addrinfo hints{};
    hints.ai_socktype = SOCK_STREAM;
    addrinfo* found = nullptr;
    if (::getaddrinfo(host.c_str(), nullptr, &hints, &found) != 0) {
        return {};
    }
    const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> list(found, ::freeaddrinfo);
    std::vector<std::string> addresses;
    for (const auto* each = list.get(); each != nullptr; each = each->ai_next) {
        std::array<char, NI_MAXHOST> digits{};
        if (::getnameinfo(each->ai_addr, each->ai_addrlen, digits.data(), digits.size(), nullptr, 0,
                          NI_NUMERICHOST) == 0) {
            addresses.emplace_back(digits.data());
        }
    }
    return addresses;
}

Result<void> knockAt(const HostAndPort& place)
{
    std::uint16_t port = 0;
    std::from_chars(place.port.data(), place.port.data() + place.port.size(), port);
    const auto addresses = addressesOf(place.host);
    const bool answers =
        std::any_of(addresses.begin(), addresses.end(), [port](const std::string& address) {
            return transport::openTcp(address, port, kAnswer).has_value();
        });
    return answers ? Result<void>() : gone("camera: its host takes no connection");
}

Result<void> openNode(const std::string& path)
{
    const UniqueFd node(::open(path.c_str(), O_RDWR | O_NONBLOCK | O_CLOEXEC)); // NOLINT: varargs
    return node ? Result<void>() : transport::notOpened("camera", errno);
}

bool isPort(std::string_view text)
{
    unsigned value = 0;
    const auto* const end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, value);
    return parsed.ec == std::errc() && parsed.ptr == end && value >= 1 && value <= 65535;
}

} // namespace

Result<HostAndPort> hostOf(std::string_view uri)
{
    const auto invalid = [] {
        return fail(Errc::Invalid, "camera source: want SCHEME://HOST/...");
    };
    const auto colon = uri.find("://");
    if (colon == std::string_view::npos) {
        return invalid();
    }
    const bool rtsp = uri.substr(0, colon) == "rtsp";
    auto place = uri.substr(colon + 3);
    place = place.substr(0, place.find_first_of("/?#"));
    if (const auto user = place.rfind('@'); user != std::string_view::npos) {
        place.remove_prefix(user + 1);
    }
    const bool bracketed = place.starts_with('[');
    const auto end = bracketed ? place.find(']') : place.find(':');
    if (bracketed && end == std::string_view::npos) {
        return invalid();
    }
    const auto host = bracketed ? place.substr(1, end - 1) : place.substr(0, end);
    auto rest = end == std::string_view::npos ? std::string_view()
                                              : place.substr(bracketed ? end + 1 : end);
    if (rest.starts_with(':')) {
        rest.remove_prefix(1);
        if (!isPort(rest)) {
            return invalid();
        }
    } else if (rest.empty()) {
        rest = rtsp ? "554" : "80";
    } else {
        return invalid();
    }
    if (host.empty()) {
        return invalid();
    }
    return HostAndPort{std::string(host), std::string(rest)};
}

Result<void> lookForCamera(const std::string& uri)
{
    const auto source = planSource(uri, {});
    if (!source) {
        return tl::unexpected(source.error());
    }
    if (source->pipelines.empty()) {
        std::error_code failed;
        return std::filesystem::exists(source->path, failed)
                   ? Result<void>()
                   : gone("camera source: its path is gone");
    }
    if (uri.starts_with(kDevice)) {
        return openNode(uri.substr(kDevice.size()));
    }
    return hostOf(uri).and_then(knockAt);
}

} // namespace guichet::camera
