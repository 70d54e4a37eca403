// SPDX-License-Identifier: Apache-2.0
#include "queue/domain/check_in_number.h"

#include <algorithm>

#include <fmt/format.h>

namespace guichet::queue::domain {
namespace {

constexpr std::uint64_t kNumbers = 1'000'000'000;
constexpr std::size_t kLength = 10;

/// What the digits have come to by the hybrid system with moduli 11 and 10.
int carried(std::string_view digits)
{
    int product = 10;
    for (const char digit : digits) {
        const int sum = (product + (digit - '0')) % 10;
        product = (sum == 0 ? 10 : sum) * 2 % 11;
    }
    return product;
}

} // namespace

std::string checkInNumber(std::uint64_t chance)
{
    auto digits = fmt::format("{:09}", chance % kNumbers);
    const int check = (11 - carried(digits)) % 10;
    return digits + static_cast<char>('0' + check);
}

bool isCheckInNumber(std::string_view digits)
{
    const auto isDigit = [](char c) { return c >= '0' && c <= '9'; };
    if (digits.size() != kLength || !std::ranges::all_of(digits, isDigit)) {
        return false;
    }
    return (carried(digits.substr(0, kLength - 1)) + (digits.back() - '0')) % 10 == 1;
}

} // namespace guichet::queue::domain
