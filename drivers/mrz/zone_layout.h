// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>

#include "drivers/mrz/mrz_text.h"

/// Internal to the family.
namespace guichet::mrz {

/// Where a format has what: offsets and lengths in the lines laid end to end.
struct Span {
    std::size_t at = 0, size = 0;
};
struct Layout {
    Format format = Format::Td1;
    std::size_t lines = 0, width = 0;
    Span name;
    Span number; ///< its check digit follows, as for birth and expiry
    Span nationality;
    Span birth;
    std::size_t sex = 0;
    Span expiry;
    Span optional, optional2;
    std::size_t optionalCheck = 0, compositeCheck = 0; ///< 0: there is none
    std::array<Span, 4> composite = {};
};

inline constexpr std::array<Layout, 5> kLayouts{{
    {.format = Format::Td1,
     .lines = 3,
     .width = 30,
     .name = {60, 30},
     .number = {5, 9},
     .nationality = {45, 3},
     .birth = {30, 6},
     .sex = 37,
     .expiry = {38, 6},
     .optional = {15, 15},
     .optional2 = {48, 11},
     .compositeCheck = 59,
     .composite = {{{5, 25}, {30, 7}, {38, 7}, {48, 11}}}},
    {.format = Format::Td2,
     .lines = 2,
     .width = 36,
     .name = {5, 31},
     .number = {36, 9},
     .nationality = {46, 3},
     .birth = {49, 6},
     .sex = 56,
     .expiry = {57, 6},
     .optional = {64, 7},
     .compositeCheck = 71,
     .composite = {{{36, 10}, {49, 7}, {57, 14}, {}}}},
    {.format = Format::Td3,
     .lines = 2,
     .width = 44,
     .name = {5, 39},
     .number = {44, 9},
     .nationality = {54, 3},
     .birth = {57, 6},
     .sex = 64,
     .expiry = {65, 6},
     .optional = {72, 14},
     .optionalCheck = 86,
     .compositeCheck = 87,
     .composite = {{{44, 10}, {57, 7}, {65, 22}, {}}}},
    {.format = Format::MrvA,
     .lines = 2,
     .width = 44,
     .name = {5, 39},
     .number = {44, 9},
     .nationality = {54, 3},
     .birth = {57, 6},
     .sex = 64,
     .expiry = {65, 6},
     .optional = {72, 16}},
    {.format = Format::MrvB,
     .lines = 2,
     .width = 36,
     .name = {5, 31},
     .number = {36, 9},
     .nationality = {46, 3},
     .birth = {49, 6},
     .sex = 56,
     .expiry = {57, 6},
     .optional = {64, 8}},
}};

/// By Format, in its order.
[[nodiscard]] inline const Layout& layoutOf(Format format)
{
    return *std::ranges::find(kLayouts, format, &Layout::format);
}

} // namespace guichet::mrz
