// SPDX-License-Identifier: Apache-2.0
#include "queue/domain/enrol_code.h"

#include <algorithm>

namespace guichet::queue {
namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr std::size_t kGroup = 4;
constexpr unsigned kBits = 5;
constexpr std::size_t kBytes = EnrolCode::kSecretBytes + EnrolCode::kAuthorityBytes;
constexpr std::size_t kLetters = kBytes * 8 / kBits;
constexpr std::size_t kLongestText = 64;
constexpr std::size_t kLongestName = 48;

char meant(char typed)
{
    const auto letter = typed >= 'a' && typed <= 'z' ? static_cast<char>(typed - 'a' + 'A') : typed;
    switch (letter) {
    case 'I':
    case 'L':
        return '1';
    case 'O':
        return '0';
    default:
        return letter;
    }
}

bool isPlain(char letter)
{
    return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
           (letter >= '0' && letter <= '9');
}

} // namespace

std::string enrolCodeText(const EnrolCode& code)
{
    Bytes bytes = code.secret;
    bytes.insert(bytes.end(), code.authority.begin(), code.authority.end());
    std::string text;
    unsigned held = 0;
    unsigned count = 0;
    std::size_t letters = 0;
    for (const auto byte : bytes) {
        held = (held << 8U) | std::to_integer<unsigned>(byte);
        for (count += 8; count >= kBits; count -= kBits) {
            if (letters > 0 && letters % kGroup == 0) {
                text += '-';
            }
            text += kAlphabet[(held >> (count - kBits)) & 31U];
            ++letters;
        }
        held &= (1U << count) - 1U;
    }
    return text;
}

Result<EnrolCode> parseEnrolCode(std::string_view text)
{
    Bytes bytes;
    unsigned held = 0;
    unsigned count = 0;
    std::size_t letters = 0;
    for (const auto typed : text.substr(0, kLongestText + 1)) {
        if (typed == '-' || typed == ' ') {
            continue;
        }
        const auto value = kAlphabet.find(meant(typed));
        if (value == std::string_view::npos || ++letters > kLetters) {
            return fail(Errc::Invalid,
                        "the code has a character too many, or one that no code has");
        }
        held = (held << kBits) | static_cast<unsigned>(value);
        count += kBits;
        if (count >= 8) {
            count -= 8;
            bytes.push_back(static_cast<std::byte>(held >> count));
            held &= (1U << count) - 1U;
        }
    }
    if (letters != kLetters || text.size() > kLongestText) {
        return fail(Errc::Invalid, "a code has 24 letters and digits");
    }
    const auto middle = bytes.begin() + EnrolCode::kSecretBytes;
    return EnrolCode{{bytes.begin(), middle}, {middle, bytes.end()}};
}

bool isTerminalName(std::string_view text)
{
    return !text.empty() && text.size() <= kLongestName && isPlain(text.front()) &&
           std::ranges::all_of(text, [](char letter) {
               return isPlain(letter) || letter == '.' || letter == '-' || letter == '_';
           });
}

std::string terminalUri(std::string_view name)
{
    return "urn:guichet:terminal:" + std::string(name);
}

} // namespace guichet::queue
