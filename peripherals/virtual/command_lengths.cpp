// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/command_lengths.h"

#include <algorithm>
#include <array>
#include <utility>

namespace guichet::virtualdevices {

namespace {

constexpr CommandLength need(std::size_t count)
{
    return {CommandLength::Kind::NeedHead, count};
}

constexpr CommandLength whole(std::size_t data = 0)
{
    return {CommandLength::Kind::Whole, data};
}

constexpr std::size_t kTallestCharacter = 3; ///< bytes: 24 dots

struct Fixed {
    char code;
    std::size_t parameters;
};

// Codes that are not in their table take no parameters.
constexpr std::array kEsc{
    Fixed{' ', 1}, Fixed{'!', 1}, Fixed{'$', 2}, Fixed{'%', 1},  Fixed{'-', 1}, Fixed{'3', 1},
    Fixed{'=', 1}, Fixed{'?', 1}, Fixed{'A', 1}, Fixed{'B', 2},  Fixed{'E', 1}, Fixed{'G', 1},
    Fixed{'J', 1}, Fixed{'K', 1}, Fixed{'M', 1}, Fixed{'Q', 1},  Fixed{'R', 1}, Fixed{'T', 1},
    Fixed{'U', 1}, Fixed{'V', 1}, Fixed{'W', 8}, Fixed{'\\', 2}, Fixed{'a', 1}, Fixed{'c', 2},
    Fixed{'d', 1}, Fixed{'e', 1}, Fixed{'f', 2}, Fixed{'p', 3},  Fixed{'r', 1}, Fixed{'t', 1},
    Fixed{'u', 1}, Fixed{'{', 1}};
constexpr std::array kFs{Fixed{'!', 1}, Fixed{'-', 1}, Fixed{'2', 74}, Fixed{'?', 2},
                         Fixed{'C', 1}, Fixed{'S', 2}, Fixed{'W', 1},  Fixed{'p', 2}};
constexpr std::array kGs{
    Fixed{'!', 1}, Fixed{'"', 1}, Fixed{'#', 1}, Fixed{'$', 2}, Fixed{'/', 1},
    Fixed{'A', 2}, Fixed{'B', 1}, Fixed{'E', 1}, Fixed{'H', 1}, Fixed{'I', 1},
    Fixed{'L', 2}, Fixed{'P', 2}, Fixed{'T', 1}, Fixed{'W', 2}, Fixed{'\\', 2},
    Fixed{'^', 3}, Fixed{'a', 1}, Fixed{'b', 1}, Fixed{'f', 1}, Fixed{'h', 1},
    Fixed{'j', 1}, Fixed{'r', 1}, Fixed{'w', 1}, Fixed{'z', 3}, Fixed{static_cast<char>(0xE0), 1}};

template <typename Table> std::size_t parametersOf(const Table& table, std::size_t code)
{
    const auto found = std::find_if(table.begin(), table.end(), [code](const Fixed& entry) {
        return static_cast<unsigned char>(entry.code) == code;
    });
    return found == table.end() ? 0 : found->parameters;
}

std::size_t at(ByteView head, std::size_t index)
{
    return std::to_integer<std::size_t>(head[index]);
}

std::size_t little16(ByteView head, std::size_t index)
{
    return at(head, index) | at(head, index + 1) << 8;
}

CommandLength fixed(ByteView head, std::size_t total)
{
    return head.size() < total ? need(total) : whole();
}

/// The command with a 16-bit length at `index`.
CommandLength sized(ByteView head, std::size_t index)
{
    return head.size() < index + 2 ? need(index + 2) : whole(little16(head, index));
}

CommandLength userCharacters(ByteView head)
{
    if (head.size() < 5) {
        return need(5);
    }
    const auto height = at(head, 2), first = at(head, 3), last = at(head, 4);
    if (height > kTallestCharacter) {
        return whole();
    }
    std::size_t position = 5;
    for (auto code = first; code <= last; ++code) {
        if (head.size() <= position) {
            return need(position + 1);
        }
        position += 1 + height * at(head, position);
    }
    return fixed(head, position);
}

CommandLength esc(ByteView head)
{
    switch (at(head, 1)) {
    case '&':
        return userCharacters(head);
    case '(':
        return sized(head, 3);
    case '*':
        if (head.size() < 5) {
            return need(5);
        }
        return whole(little16(head, 3) * (at(head, 2) >= 32 ? 3 : 1));
    case 'D':
        return {CommandLength::Kind::UntilNul, 0};
    default:
        return fixed(head, 2 + parametersOf(kEsc, at(head, 1)));
    }
}

CommandLength fs(ByteView head)
{
    switch (at(head, 1)) {
    case '(':
        return sized(head, 3);
    case 'g':
        if (head.size() < 10) {
            return need(10);
        }
        return whole(at(head, 2) == '1' ? little16(head, 8) : 0);
    case 'q':
        if (head.size() < 3) {
            return need(3);
        }
        return {CommandLength::Kind::Images, at(head, 2)};
    default:
        return fixed(head, 2 + parametersOf(kFs, at(head, 1)));
    }
}

CommandLength barcode(ByteView head)
{
    if (head.size() < 3) {
        return need(3);
    }
    if (at(head, 2) <= 6) {
        return {CommandLength::Kind::UntilNul, 0};
    }
    return head.size() < 4 ? need(4) : whole(at(head, 3));
}

CommandLength cut(ByteView head)
{
    if (head.size() < 3) {
        return need(3);
    }
    const auto mode = at(head, 2);
    const bool feeds = mode == 65 || mode == 66 || (mode >= 97 && mode <= 104);
    return fixed(head, feeds ? 4 : 3);
}

CommandLength gs(ByteView head)
{
    switch (at(head, 1)) {
    case '(':
        return sized(head, 3);
    case '8':
        if (head.size() < 7) {
            return need(7);
        }
        return whole(little16(head, 3) | little16(head, 5) << 16);
    case '*':
        return head.size() < 4 ? need(4) : whole(at(head, 2) * at(head, 3) * 8);
    case 'v':
    case 'Q':
        if (head.size() < 8) {
            return need(8);
        }
        return whole(little16(head, 4) * little16(head, 6));
    case 'k':
        return barcode(head);
    case 'V':
        return cut(head);
    case 'g':
        return fixed(head, 6);
    case 'C':
        if (head.size() < 3) {
            return need(3);
        }
        return fixed(head, at(head, 2) == '1' ? 9 : 5);
    case 'e':
        if (head.size() < 3) {
            return need(3);
        }
        return fixed(head, at(head, 2) == 3 ? 4 : 3);
    default:
        return fixed(head, 2 + parametersOf(kGs, at(head, 1)));
    }
}

CommandLength dle(ByteView head)
{
    switch (at(head, 1)) {
    case 0x04: {
        if (head.size() < 3) {
            return need(3);
        }
        const auto page = at(head, 2);
        return fixed(head, page == 7 || page == 8 || page == 18 ? 4 : 3);
    }
    case 0x05:
        return fixed(head, 3);
    case 0x14:
        if (head.size() < 3) {
            return need(3);
        }
        switch (at(head, 2)) {
        case 1:
        case 2:
            return fixed(head, 5);
        case 3:
            return fixed(head, 8);
        case 7:
            return fixed(head, 4);
        case 8:
            return fixed(head, 10);
        default:
            return whole();
        }
    default:
        return whole();
    }
}

} // namespace

CommandLength lengthOf(ByteView head)
{
    if (head.size() < 2) {
        return need(2);
    }
    switch (at(head, 0)) {
    case 0x1B:
        return esc(head);
    case 0x1C:
        return fs(head);
    case 0x1D:
        return gs(head);
    default:
        return dle(head);
    }
}

} // namespace guichet::virtualdevices
