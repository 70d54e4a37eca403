// SPDX-License-Identifier: Apache-2.0
#include "drivers/emv/application.h"

#include <algorithm>
#include <array>

namespace guichet::emv {
namespace {

constexpr std::uint32_t kLabel = 0x50, kPreferredName = 0x9f12, kCodeTable = 0x9f11;
constexpr std::byte kLatin1{0x01};
constexpr std::size_t kLongestChipLabel = 16;

struct Provider {
    std::string_view hex;
    Scheme scheme;
};

constexpr std::array<Provider, 7> kProviders{{
    {"A000000333", Scheme::UnionPay},
    {"A000000003", Scheme::Visa},
    {"A000000004", Scheme::Mastercard},
    {"A000000025", Scheme::AmericanExpress},
    {"A000000065", Scheme::Jcb},
    {"A000000152", Scheme::Discover},
    {"A000000324", Scheme::Discover},
}};

Bytes hex(std::string_view text)
{
    return *fromHex(text);
}

std::byte packed(unsigned value)
{
    return static_cast<std::byte>(value / 10 << 4 | value % 10);
}

std::string printable(ByteView latin1)
{
    std::string text;
    for (const auto byte : latin1.first(std::min(latin1.size(), kLongestChipLabel))) {
        const auto code = std::to_integer<unsigned>(byte);
        if (code >= 0x20 && code < 0x7f) {
            text.push_back(static_cast<char>(code));
        } else if (code >= 0xa0) {
            text.push_back(static_cast<char>(0xc0 | code >> 6));
            text.push_back(static_cast<char>(0x80 | (code & 0x3f)));
        }
    }
    const auto end = text.find_last_not_of(' ');
    return text.substr(0, end == std::string::npos ? 0 : end + 1);
}

} // namespace

std::string_view name(Scheme scheme)
{
    switch (scheme) {
    case Scheme::UnionPay:
        return "UnionPay";
    case Scheme::Visa:
        return "Visa";
    case Scheme::Mastercard:
        return "Mastercard";
    case Scheme::AmericanExpress:
        return "American Express";
    case Scheme::Jcb:
        return "JCB";
    case Scheme::Discover:
        return "Discover";
    case Scheme::Other:
        break;
    }
    return "card";
}

Scheme schemeOf(ByteView applicationName)
{
    const auto start =
        toHex(applicationName.first(std::min<std::size_t>(applicationName.size(), 5)));
    const auto known = std::find_if(kProviders.begin(), kProviders.end(),
                                    [&start](const Provider& one) { return one.hex == start; });
    return known == kProviders.end() ? Scheme::Other : known->scheme;
}

CardInterface interfaceOf(ByteView atr)
{
    const bool contactless = atr.size() >= 4 && atr[0] == std::byte{0x3b} &&
                             (atr[1] & std::byte{0xf0}) == std::byte{0x80} &&
                             atr[2] == std::byte{0x80} && atr[3] == std::byte{0x01};
    return contactless ? CardInterface::Contactless : CardInterface::Contact;
}

ByteView directoryName(CardInterface interface)
{
    return asBytes(interface == CardInterface::Contact ? "1PAY.SYS.DDF01" : "2PAY.SYS.DDF01");
}

std::vector<TerminalValue> terminalValues(std::chrono::year_month_day today, ByteView unpredictable)
{
    const auto year = static_cast<unsigned>(static_cast<int>(today.year())) % 100;
    const Bytes date{packed(year), packed(static_cast<unsigned>(today.month())),
                     packed(static_cast<unsigned>(today.day()))};
    const auto country = hex("0156"), currency = hex("0156");
    return {
        {0x9f66, Format::Binary, hex("26000000")}, // contactless reader, online capable
        {0x9f02, Format::Numeric, hex("000000000000")},
        {0x9f03, Format::Numeric, hex("000000000000")},
        {0x9f1a, Format::Numeric, country},
        {0x5f2a, Format::Numeric, currency},
        {0x9a, Format::Numeric, date},
        {0x9c, Format::Numeric, hex("00")},
        {0x95, Format::Binary, hex("0000000000")},
        {0x9f37, Format::Binary, Bytes(unpredictable.begin(), unpredictable.end())},
        {0x9f34, Format::Binary, hex("3F0000")}, // no cardholder verification was done
        {0x8a, Format::Binary, hex("5A33")},     // "Z3": could not ask the issuer, declined
        {0x9f7a, Format::Numeric, hex("00")},
        {0xdf60, Format::Binary, hex("00")},
        {0xdf69, Format::Binary, hex("00")},
        {0x9f35, Format::Numeric, hex("22")},
        {0x9f33, Format::Binary, hex("E0E1C8")},
        {0x9f40, Format::Binary, hex("6000F0A001")},
    };
}

std::string labelOf(const std::vector<Tlv>& objects, std::string_view otherwise)
{
    const auto* table = findTag(objects, kCodeTable);
    const auto* preferred = findTag(objects, kPreferredName);
    if (table != nullptr && preferred != nullptr && table->value.size() == 1 &&
        table->value[0] == kLatin1) {
        if (auto text = printable(preferred->value); !text.empty()) {
            return text;
        }
    }
    if (const auto* label = findTag(objects, kLabel)) {
        if (auto text = printable(label->value); !text.empty()) {
            return text;
        }
    }
    return std::string(otherwise);
}

} // namespace guichet::emv
