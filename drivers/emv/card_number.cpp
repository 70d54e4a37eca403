// SPDX-License-Identifier: Apache-2.0
#include "drivers/emv/card_number.h"

#include <algorithm>

#include <fmt/format.h>

namespace guichet::emv {
namespace {

constexpr std::size_t kFewestDigits = 13, kMostDigits = 19;
constexpr unsigned kSeparator = 0xd, kPad = 0xf;

bool isNumber(std::string_view digits)
{
    return digits.size() >= kFewestDigits && digits.size() <= kMostDigits &&
           std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; });
}

unsigned nibble(ByteView packed, std::size_t index)
{
    const auto byte = std::to_integer<unsigned>(packed[index / 2]);
    return index % 2 == 0 ? byte >> 4 : byte & 0xf;
}

/// Digits from `packed` up to the first nibble that is none, at most kMostDigits + 1 of them; the
/// buffer never grows, so no copy is left behind.
std::string leadingDigits(ByteView packed)
{
    std::string digits;
    digits.reserve(2 * kMostDigits);
    for (std::size_t i = 0; i < 2 * packed.size() && digits.size() <= kMostDigits; ++i) {
        const auto value = nibble(packed, i);
        if (value > 9) {
            break;
        }
        digits.push_back(static_cast<char>('0' + value));
    }
    return digits;
}

Result<Expiry> expiryFrom(unsigned year, unsigned month, unsigned day)
{
    using namespace std::chrono;
    const year_month wanted(std::chrono::year(static_cast<int>(2000 + year)),
                            std::chrono::month(month));
    if (!wanted.ok()) {
        return fail(Errc::Protocol, fmt::format("expiry in month {}", month));
    }
    const Expiry exact = wanted / std::chrono::day(day);
    return exact.ok() ? exact : Expiry(wanted / last);
}

} // namespace

std::string maskCardNumber(std::string_view digits)
{
    if (!isNumber(digits)) {
        return std::string(16, '*');
    }
    return fmt::format("{}******{}", digits.substr(0, 6), digits.substr(digits.size() - 4));
}

bool passesLuhn(std::string_view digits)
{
    int sum = 0;
    bool twice = false;
    for (auto at = digits.rbegin(); at != digits.rend(); ++at) {
        if (*at < '0' || *at > '9') {
            return false;
        }
        const int value = (*at - '0') * (twice ? 2 : 1);
        sum += value > 9 ? value - 9 : value;
        twice = !twice;
    }
    return !digits.empty() && sum % 10 == 0;
}

Result<CardNumber> parseCardNumber(ByteView packed)
{
    CardNumber number(leadingDigits(packed));
    const auto count = number.reveal().size();
    if (!isNumber(number.reveal())) {
        return fail(Errc::Protocol, fmt::format("card number of {} digits", count));
    }
    for (std::size_t i = count; i < 2 * packed.size(); ++i) {
        if (nibble(packed, i) != kPad) {
            return fail(Errc::Protocol, "card number with something behind its digits");
        }
    }
    return number;
}

Result<Track2> parseTrack2(ByteView packed)
{
    CardNumber number(leadingDigits(packed));
    const auto count = number.reveal().size();
    if (!isNumber(number.reveal())) {
        return fail(Errc::Protocol, fmt::format("track 2 with a number of {} digits", count));
    }
    if (2 * packed.size() < count + 5 || nibble(packed, count) != kSeparator) {
        return fail(Errc::Protocol, "track 2 without separator or expiry");
    }
    unsigned date[4] = {};
    for (std::size_t i = 0; i < 4; ++i) {
        date[i] = nibble(packed, count + 1 + i);
        if (date[i] > 9) {
            return fail(Errc::Protocol, "track 2 with an expiry that is no number");
        }
    }
    auto expiry = expiryFrom(date[0] * 10 + date[1], date[2] * 10 + date[3], 0);
    if (!expiry) {
        return tl::unexpected(expiry.error());
    }
    return Track2{std::move(number), *expiry};
}

Result<Expiry> parseExpiry(ByteView packed)
{
    if (packed.size() != 3) {
        return fail(Errc::Protocol, fmt::format("expiry of {} bytes, want 3", packed.size()));
    }
    for (std::size_t i = 0; i < 6; ++i) {
        if (nibble(packed, i) > 9) {
            return fail(Errc::Protocol, "expiry that is no number");
        }
    }
    const auto pair = [&packed](std::size_t at) {
        return nibble(packed, 2 * at) * 10 + nibble(packed, 2 * at + 1);
    };
    return expiryFrom(pair(0), pair(1), pair(2));
}

} // namespace guichet::emv
