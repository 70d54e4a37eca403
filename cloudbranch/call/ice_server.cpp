// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/call/ice_server.h"

#include <algorithm>

namespace guichet::call {

namespace {

bool isUnreserved(char letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9') ||
           std::string_view("-._~").find(letter) != std::string_view::npos;
}

std::string percentEncoded(std::string_view text)
{
    constexpr std::string_view kDigits = "0123456789ABCDEF";
    std::string result;
    for (const char letter : text) {
        if (isUnreserved(letter)) {
            result += letter;
        } else {
            const auto byte = static_cast<unsigned char>(letter);
            result += {'%', kDigits[byte >> 4U], kDigits[byte & 15U]};
        }
    }
    return result;
}

} // namespace

Result<IceUri> iceUri(std::string_view url, std::string_view username, std::string_view credential)
{
    const auto colon = url.find(':');
    const auto scheme = url.substr(0, colon);
    const bool turn = scheme == "turn" || scheme == "turns";
    if (colon == std::string_view::npos || (!turn && scheme != "stun")) {
        return fail(Errc::Invalid, "ice server: want stun:HOST, turn:HOST or turns:HOST");
    }
    const auto rest = url.substr(colon + 1);
    const auto question = rest.find('?');
    auto host = std::string(rest.substr(0, question));
    const auto query = question == std::string_view::npos ? "" : rest.substr(question);
    const bool sound = !host.empty() && std::ranges::all_of(host, [](char letter) {
        return isUnreserved(letter) || letter == ':' || letter == '[' || letter == ']';
    });
    if (!sound ||
        !(query.empty() || (turn && (query == "?transport=udp" || query == "?transport=tcp")))) {
        return fail(Errc::Invalid,
                    "ice server: want HOST[:PORT], for turn also ?transport=udp or tcp");
    }
    if (turn && (username.empty() || credential.empty())) {
        return fail(Errc::Invalid, "ice server: turn wants a username and a credential");
    }
    const auto bracket = host.rfind(']');
    const auto port = host.rfind(':');
    if (port == std::string::npos || (bracket != std::string::npos && port < bracket)) {
        host += scheme == "turns" ? ":5349" : ":3478";
    }
    if (!turn) {
        return IceUri{false, "stun://" + host};
    }
    return IceUri{true, std::string(scheme) + "://" + percentEncoded(username) + ":" +
                            percentEncoded(credential) + "@" + host + std::string(query)};
}

} // namespace guichet::call
