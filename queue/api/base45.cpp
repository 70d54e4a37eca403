// SPDX-License-Identifier: Apache-2.0
#include "queue/api/base45.h"

namespace guichet::queue::api {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
constexpr unsigned kBase = 45;

} // namespace

std::string toBase45(ByteView bytes)
{
    std::string text;
    for (std::size_t at = 0; at < bytes.size(); at += 2) {
        const bool pair = at + 1 < bytes.size();
        auto value = std::to_integer<unsigned>(bytes[at]);
        if (pair) {
            value = value * 256 + std::to_integer<unsigned>(bytes[at + 1]);
        }
        for (int digits = pair ? 3 : 2; digits > 0; --digits, value /= kBase) {
            text += kAlphabet[value % kBase];
        }
    }
    return text;
}

Result<Bytes> fromBase45(std::string_view text)
{
    if (text.size() % 3 == 1) {
        return fail(Errc::Invalid, "base45: cut short");
    }
    Bytes bytes;
    for (std::size_t at = 0; at < text.size(); at += 3) {
        const auto group = text.substr(at, 3);
        unsigned value = 0;
        for (auto digit = group.rbegin(); digit != group.rend(); ++digit) {
            const auto index = kAlphabet.find(*digit);
            if (index == std::string_view::npos) {
                return fail(Errc::Invalid, "base45: a character that it does not have");
            }
            value = value * kBase + static_cast<unsigned>(index);
        }
        const unsigned most = group.size() == 3 ? 0xFFFFU : 0xFFU;
        if (value > most) {
            return fail(Errc::Invalid, "base45: a group beyond its bytes");
        }
        if (group.size() == 3) {
            bytes.push_back(static_cast<std::byte>(value >> 8U));
        }
        bytes.push_back(static_cast<std::byte>(value & 0xFFU));
    }
    return bytes;
}

} // namespace guichet::queue::api
