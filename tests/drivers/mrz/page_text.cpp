// SPDX-License-Identifier: Apache-2.0
#include "tests/drivers/mrz/page_text.h"

#include <array>

#include <fmt/format.h>

namespace guichet::test {

namespace {

using mrz::Format;

constexpr std::string_view kDigits = "0123456789";
constexpr std::string_view kLetters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ";
constexpr std::string_view kAll = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<";
constexpr std::array<std::string_view, 14> kStates{"UTO", "D<<", "CHN", "GBR", "FRA", "POL", "UNO",
                                                   "XXA", "QAT", "MEX", "JPN", "KOR", "VNM", "ZWE"};

int among(std::mt19937& random, int count)
{
    return static_cast<int>(random() % static_cast<unsigned>(count));
}

std::string drawn(std::mt19937& random, std::string_view letters, int count)
{
    std::string text;
    for (int i = 0; i < count; ++i) {
        text += letters[random() % letters.size()];
    }
    return text;
}

std::string filled(std::string text, std::size_t width)
{
    text.resize(width, '<');
    return text;
}

std::string nameField(std::mt19937& random, std::size_t width)
{
    auto name = drawn(random, kLetters, 2 + among(random, 11));
    if (among(random, 4) == 0) {
        name += '<' + drawn(random, kLetters, 3 + among(random, 9));
    }
    const int given = among(random, 8) == 0 ? 0 : 1 + among(random, 3);
    for (int i = 0; i < given; ++i) {
        name += (i == 0 ? "<<" : "<") + drawn(random, kLetters, 2 + among(random, 8));
    }
    return filled(name, width);
}

/// The generator judges by its own arithmetic, not by what it tests.
char digitFor(std::string_view text)
{
    std::size_t sum = 0;
    for (std::size_t at = 0; at < text.size(); ++at) {
        const auto value = text[at] == '<' ? 0 : kAll.find(text[at]);
        sum += value * (at % 3 == 0 ? 7U : at % 3 == 1 ? 3U : 1U);
    }
    return kDigits[sum % 10];
}

std::string checked(const std::string& text)
{
    return text + digitFor(text);
}

std::string numberOf(std::mt19937& random)
{
    switch (among(random, 3)) {
    case 0:
        return drawn(random, kDigits, 9);
    case 1:
        return drawn(random, kLetters, 1) + drawn(random, kDigits, 8);
    default:
        return filled(drawn(random, kAll.substr(0, 36), 7 + among(random, 3)), 9);
    }
}

std::string dayOf(std::mt19937& random)
{
    return fmt::format("{:02}{:02}{:02}", among(random, 100), 1 + among(random, 12),
                       1 + among(random, 28));
}

std::string optionalOf(std::mt19937& random, std::size_t width)
{
    switch (among(random, 3)) {
    case 0:
        return filled("", width);
    case 1:
        return drawn(random, kAll.substr(0, 36), static_cast<int>(width));
    default:
        return filled(drawn(random, kDigits, 1 + among(random, static_cast<int>(width) - 1)),
                      width);
    }
}

std::string sexOf(std::mt19937& random)
{
    return std::string(1, std::string_view("MF<")[random() % 3]);
}

std::string twoLines(std::mt19937& random, std::string code, std::size_t width, bool visa)
{
    const std::string state(kStates.at(random() % kStates.size()));
    const auto first = code + state + nameField(random, width - 5);
    auto second = checked(numberOf(random)) + std::string(kStates.at(random() % kStates.size())) +
                  checked(dayOf(random)) + sexOf(random) + checked(dayOf(random));
    const auto left = width - second.size();
    if (visa) {
        return first + '\n' + second + optionalOf(random, left) + '\n';
    }
    second += width == 44 ? checked(optionalOf(random, left - 2)) : optionalOf(random, left - 1);
    const auto covered = second.substr(0, 10) + second.substr(13, 7) + second.substr(21);
    return first + '\n' + second + digitFor(covered) + '\n';
}

std::string threeLines(std::mt19937& random)
{
    constexpr std::size_t kWidth = 30;
    const std::string state(kStates.at(random() % kStates.size()));
    const std::string code = among(random, 2) == 0 ? "I<" : "ID";
    const auto first = code + state + checked(numberOf(random)) + optionalOf(random, 15);
    const auto birth = checked(dayOf(random));
    const auto sex = sexOf(random);
    const auto expiry = checked(dayOf(random));
    const auto more = optionalOf(random, 11);
    const auto second =
        birth + sex + expiry + state + more + digitFor(first.substr(5) + birth + expiry + more);
    return first + '\n' + second + '\n' + nameField(random, kWidth) + '\n';
}

} // namespace

std::string pageText(std::mt19937& random, Format format)
{
    switch (format) {
    case Format::Td1:
        return threeLines(random);
    case Format::Td2:
        return twoLines(random, "I<", 36, false);
    case Format::Td3:
        return twoLines(random, among(random, 5) == 0 ? "PD" : "P<", 44, false);
    case Format::MrvA:
        return twoLines(random, "V<", 44, true);
    case Format::MrvB:
        return twoLines(random, "V<", 36, true);
    }
    return {};
}

std::string evenText(std::mt19937& random, Format format)
{
    const bool card = format == Format::Td1;
    const bool wide = format == Format::Td3 || format == Format::MrvA;
    std::string text;
    for (int line = 0; line < (card ? 3 : 2); ++line) {
        text += drawn(random, kAll, card ? 30 : wide ? 44 : 36) + '\n';
    }
    return text;
}

} // namespace guichet::test
