// SPDX-License-Identifier: Apache-2.0
#include "drivers/residentid/resident_number.h"

#include <array>
#include <charconv>
#include <utility>

namespace guichet::residentid {
namespace {

constexpr std::size_t kPlaces = 18, kBirth = 6, kSequenceEnd = 16;
constexpr std::array<unsigned, kPlaces - 1> kWeights{7, 9, 10, 5,  8, 4, 2, 1, 6,
                                                     3, 7, 9,  10, 5, 8, 4, 2};
constexpr std::string_view kChecks = "10X98765432"; ///< by the sum modulo 11

/// Full-width forms U+FF01 to U+FF5E are EF BC 81 to EF BD 9E in UTF-8.
std::string narrowed(std::string_view utf8)
{
    std::string text;
    text.reserve(utf8.size());
    for (std::size_t i = 0; i < utf8.size(); ++i) {
        const auto byte = [&](std::size_t at) {
            return at < utf8.size() ? static_cast<unsigned char>(utf8[at]) : 0U;
        };
        if (byte(i) == 0xEF && (byte(i + 1) == 0xBC || byte(i + 1) == 0xBD)) {
            const unsigned code = (byte(i + 1) - 0xBCU) * 0x40U + (byte(i + 2) - 0x80U) + 0x20U;
            text.push_back(static_cast<char>(code & 0x7FU));
            i += 2;
        } else {
            text.push_back(utf8[i]);
        }
    }
    if (!text.empty() && text.back() == 'x') {
        text.back() = 'X';
    }
    return text;
}

int numberAt(std::string_view digits, std::size_t at, std::size_t count)
{
    int value = 0;
    std::from_chars(digits.data() + at, digits.data() + at + count, value);
    return value;
}

} // namespace

Result<ResidentNumber> parseResidentNumber(std::string_view utf8)
{
    ResidentNumber number;
    number.text = Secret<std::string>(narrowed(utf8));
    const std::string_view text = number.text.reveal();
    if (text.size() != kPlaces) {
        return fail(Errc::Invalid, "resident number: not eighteen places");
    }
    unsigned sum = 0;
    for (std::size_t i = 0; i < kWeights.size(); ++i) {
        if (text[i] < '0' || text[i] > '9') {
            return fail(Errc::Invalid, "resident number: something that is no digit");
        }
        sum += kWeights[i] * static_cast<unsigned>(text[i] - '0');
    }
    if (text.back() != kChecks[sum % kChecks.size()]) {
        return fail(Errc::Invalid, "resident number: the check digit does not fit");
    }
    number.birth = std::chrono::year(numberAt(text, kBirth, 4)) /
                   std::chrono::month(static_cast<unsigned>(numberAt(text, kBirth + 4, 2))) /
                   std::chrono::day(static_cast<unsigned>(numberAt(text, kBirth + 6, 2)));
    if (!number.birth.ok()) {
        return fail(Errc::Invalid, "resident number: the birth is no day");
    }
    number.sex = (text[kSequenceEnd] - '0') % 2 == 1 ? Sex::Male : Sex::Female;
    return number;
}

std::string maskResidentNumber(std::string_view number)
{
    constexpr std::size_t kHead = 3, kTail = 4;
    if (number.size() != kPlaces) {
        return std::string(kPlaces, '*');
    }
    return std::string(number.substr(0, kHead)) + std::string(kPlaces - kHead - kTail, '*') +
           std::string(number.substr(kPlaces - kTail));
}

} // namespace guichet::residentid
