// SPDX-License-Identifier: Apache-2.0
#include "drivers/emv/scheme_keys.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <string>
#include <utility>

#include "drivers/emv/sha1.h"

namespace guichet::emv {
namespace {

constexpr std::size_t kProvider = 5, kNameSize = 2 * kProvider + 3;
constexpr std::size_t kShortest = 64, kLongest = 248; ///< bytes of a modulus (Book 2, annex B2)

struct KeyName {
    Bytes provider;
    unsigned index = 0;
};

/// "A000000333-8A"
std::optional<KeyName> parseName(std::string_view text)
{
    if (text.size() != kNameSize || text[2 * kProvider] != '-') {
        return std::nullopt;
    }
    auto provider = fromHex(text.substr(0, 2 * kProvider));
    const auto index = fromHex(text.substr(2 * kProvider + 1));
    if (!provider || !index) {
        return std::nullopt;
    }
    return KeyName{std::move(*provider), std::to_integer<unsigned>(index->front())};
}

/// "2031-12-31"
std::optional<std::chrono::year_month_day> parseDay(std::string_view text)
{
    const auto number = [text](std::size_t at, std::size_t count) {
        unsigned value = 0;
        const auto* const end = text.data() + at + count;
        const auto parsed = std::from_chars(text.data() + at, end, value);
        return parsed.ec == std::errc() && parsed.ptr == end ? value : 0;
    };
    if (text.size() != 10 || text[4] != '-' || text[7] != '-') {
        return std::nullopt;
    }
    const std::chrono::year_month_day day{std::chrono::year(static_cast<int>(number(0, 4))),
                                          std::chrono::month(number(5, 2)),
                                          std::chrono::day(number(8, 2))};
    return day.ok() ? std::optional(day) : std::nullopt;
}

Bytes readHex(ConfigFile& file, const std::string& key)
{
    std::string text;
    file.read(key, text);
    std::erase(text, ' ');
    auto bytes = fromHex(text);
    if (!bytes) {
        file.refuse(key, "pairs of hexadecimal digits");
        return {};
    }
    return std::move(*bytes);
}

bool matches(ByteView checksum, const KeyName& name, const RsaKey& key)
{
    Bytes covered = name.provider;
    covered.push_back(static_cast<std::byte>(name.index));
    covered.insert(covered.end(), key.modulus.begin(), key.modulus.end());
    covered.insert(covered.end(), key.exponent.begin(), key.exponent.end());
    const auto hash = sha1(covered);
    return hash && std::equal(hash->begin(), hash->end(), checksum.begin(), checksum.end());
}

} // namespace

Result<SchemeKeys> SchemeKeys::read(ConfigFile file)
{
    SchemeKeys keys;
    for (const auto& table : file.tables()) {
        auto name = parseName(table);
        if (!name) {
            file.refuse(table, "a name such as A000000333-8A: provider and key index");
            continue;
        }
        RsaKey key{readHex(file, table + ".modulus"), readHex(file, table + ".exponent")};
        const auto checksum = readHex(file, table + ".checksum");
        std::string validTo;
        file.read(table + ".valid_to", validTo);
        const auto day = parseDay(validTo);
        if (key.modulus.size() < kShortest || key.modulus.size() > kLongest) {
            file.refuse(table + ".modulus", "64 to 248 bytes");
        } else if (key.exponent != Bytes{std::byte{3}} &&
                   key.exponent != Bytes{std::byte{1}, std::byte{0}, std::byte{1}}) {
            file.refuse(table + ".exponent", "03 or 010001");
        } else if (!matches(checksum, *name, key)) {
            file.refuse(table + ".checksum",
                        "the SHA-1 of provider, index, modulus and exponent: one of them is wrong");
        }
        if (!day) {
            file.refuse(table + ".valid_to", "a day such as 2031-12-31");
            continue;
        }
        keys.m_keys[{std::move(name->provider), name->index}] = {std::move(key), *day};
    }
    return file.finish().map([&keys] { return std::move(keys); });
}

const RsaKey* SchemeKeys::find(ByteView provider, unsigned index,
                               std::chrono::year_month_day today) const
{
    const auto found = m_keys.find({Bytes(provider.begin(), provider.end()), index});
    return found != m_keys.end() && today <= found->second.validTo ? &found->second.key : nullptr;
}

} // namespace guichet::emv
