// SPDX-License-Identifier: Apache-2.0
#include "drivers/residentid/identity_text.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <utility>

namespace guichet::residentid {
namespace {

constexpr std::size_t kSize = 256, kAddress = 70, kType = 248;
constexpr char16_t kReplacement = 0xFFFD;

struct Field {
    std::size_t offset;
    std::size_t bytes;
};

/// Where a card of one kind has its fields; a field of no bytes is not there.
struct Layout {
    Field name, englishName, englishRest, sex, ethnicGroup, birth, address, number, issuedBy,
        validFrom, validTo, passNumber, issueCount, nationality;
};

constexpr Layout kResident{.name = {0, 30},
                           .englishName = {},
                           .englishRest = {},
                           .sex = {30, 2},
                           .ethnicGroup = {32, 4},
                           .birth = {36, 16},
                           .address = {52, kAddress},
                           .number = {122, 36},
                           .issuedBy = {158, 30},
                           .validFrom = {188, 16},
                           .validTo = {204, 16},
                           .passNumber = {},
                           .issueCount = {},
                           .nationality = {}};
constexpr Layout kPermit{.name = {0, 30},
                         .englishName = {},
                         .englishRest = {},
                         .sex = {30, 2},
                         .ethnicGroup = {},
                         .birth = {36, 16},
                         .address = {52, kAddress},
                         .number = {122, 36},
                         .issuedBy = {158, 30},
                         .validFrom = {188, 16},
                         .validTo = {204, 16},
                         .passNumber = {220, 18},
                         .issueCount = {238, 4},
                         .nationality = {}};
constexpr Layout kForeigner2017{.name = {158, 30},
                                .englishName = {0, 120},
                                .englishRest = {},
                                .sex = {120, 2},
                                .ethnicGroup = {},
                                .birth = {220, 16},
                                .address = {},
                                .number = {122, 30},
                                .issuedBy = {},
                                .validFrom = {188, 16},
                                .validTo = {204, 16},
                                .passNumber = {},
                                .issueCount = {},
                                .nationality = {152, 6}};
constexpr Layout kForeigner2023{.name = {0, 30},
                                .englishName = {52, kAddress},
                                .englishRest = {220, 22},
                                .sex = {30, 2},
                                .ethnicGroup = {},
                                .birth = {36, 16},
                                .address = {},
                                .number = {122, 36},
                                .issuedBy = {},
                                .validFrom = {188, 16},
                                .validTo = {204, 16},
                                .passNumber = {},
                                .issueCount = {},
                                .nationality = {242, 6}};

constexpr std::array<std::string_view, 56> kEthnicGroups{
    "汉",     "蒙古",   "回",       "藏",     "维吾尔",   "苗",   "彝",     "壮",
    "布依",   "朝鲜",   "满",       "侗",     "瑶",       "白",   "土家",   "哈尼",
    "哈萨克", "傣",     "黎",       "傈僳",   "佤",       "畲",   "高山",   "拉祜",
    "水",     "东乡",   "纳西",     "景颇",   "柯尔克孜", "土",   "达斡尔", "仫佬",
    "羌",     "布朗",   "撒拉",     "毛南",   "仡佬",     "锡伯", "阿昌",   "普米",
    "塔吉克", "怒",     "乌孜别克", "俄罗斯", "鄂温克",   "德昂", "保安",   "裕固",
    "京",     "塔塔尔", "独龙",     "鄂伦春", "赫哲",     "门巴", "珞巴",   "基诺"};

void append(std::string& utf8, char32_t code)
{
    const auto byte = [&](char32_t value) { utf8.push_back(static_cast<char>(value)); };
    if (code < 0x80) {
        byte(code);
    } else if (code < 0x800) {
        byte(0xC0 | code >> 6);
        byte(0x80 | (code & 0x3F));
    } else if (code < 0x10000) {
        byte(0xE0 | code >> 12);
        byte(0x80 | (code >> 6 & 0x3F));
        byte(0x80 | (code & 0x3F));
    } else {
        byte(0xF0 | code >> 18);
        byte(0x80 | (code >> 12 & 0x3F));
        byte(0x80 | (code >> 6 & 0x3F));
        byte(0x80 | (code & 0x3F));
    }
}

class Block {
public:
    explicit Block(ByteView bytes)
        : m_bytes(bytes)
    {
    }

    [[nodiscard]] char16_t unit(std::size_t offset) const
    {
        return static_cast<char16_t>(std::to_integer<unsigned>(m_bytes[offset]) |
                                     std::to_integer<unsigned>(m_bytes[offset + 1]) << 8U);
    }
    /// How many code units a field holds in front of the spaces behind them.
    [[nodiscard]] std::size_t units(Field field) const
    {
        std::size_t count = field.bytes / 2;
        while (count > 0) {
            const auto last = unit(field.offset + 2 * (count - 1));
            if (last != u' ' && last != 0) {
                break;
            }
            --count;
        }
        return count;
    }
    /// In UTF-8; what is no character becomes U+FFFD and is remembered, but for a character that
    /// the end of the field cut in two: that one is left out.
    [[nodiscard]] std::string text(Field field, std::string utf8 = {})
    {
        const auto count = units(field);
        utf8.reserve(utf8.size() + 4 * count); // no copy is left behind
        for (std::size_t i = 0; i < count; ++i) {
            const char16_t first = unit(field.offset + 2 * i);
            const bool high = first >= 0xD800 && first < 0xDC00;
            const char16_t second =
                high && i + 1 < count ? unit(field.offset + 2 * (i + 1)) : u'\0';
            if (second >= 0xDC00 && second < 0xE000) {
                append(utf8, 0x10000 + ((char32_t{first} - 0xD800) << 10U) + second - 0xDC00);
                ++i;
            } else if (high && i + 1 == field.bytes / 2) {
                break;
            } else if ((first >= 0xD800 && first < 0xE000) || first < u' ') {
                m_unreadable = true;
                append(utf8, kReplacement);
            } else {
                append(utf8, first);
            }
        }
        return utf8;
    }
    [[nodiscard]] std::optional<std::chrono::year_month_day> date(Field field)
    {
        const auto digits = text(field);
        unsigned value = 0;
        const auto* const end = digits.data() + digits.size();
        const auto read = std::from_chars(digits.data(), end, value);
        const std::chrono::year_month_day day{std::chrono::year(static_cast<int>(value / 10'000)),
                                              std::chrono::month(value / 100 % 100),
                                              std::chrono::day(value % 100)};
        return digits.size() == 8 && read.ec == std::errc() && read.ptr == end && day.ok()
                   ? std::optional(day)
                   : std::nullopt;
    }
    [[nodiscard]] bool unreadable() const { return m_unreadable; }

private:
    ByteView m_bytes;
    bool m_unreadable = false;
};

Sex sexOf(char16_t code)
{
    switch (code) {
    case u'1':
        return Sex::Male;
    case u'2':
        return Sex::Female;
    case u'9':
        return Sex::NotStated;
    default:
        return Sex::Unknown;
    }
}

std::pair<CardKind, const Layout&> kindOf(const Block& block)
{
    switch (block.unit(kType)) {
    case u'J':
        return {CardKind::Permit, kPermit};
    case u'I':
        return {CardKind::Foreigner2017, kForeigner2017};
    case u'Y':
        return {CardKind::Foreigner2023, kForeigner2023};
    default:
        return {CardKind::Resident, kResident};
    }
}

} // namespace

std::string_view name(CardKind kind)
{
    switch (kind) {
    case CardKind::Resident:
        return "resident";
    case CardKind::Permit:
        return "permit";
    case CardKind::Foreigner2017:
        return "foreigner2017";
    case CardKind::Foreigner2023:
        return "foreigner2023";
    }
    return {};
}

std::string_view name(Sex sex)
{
    switch (sex) {
    case Sex::Unknown:
        return "unknown";
    case Sex::Male:
        return "male";
    case Sex::Female:
        return "female";
    case Sex::NotStated:
        return "notStated";
    }
    return {};
}

Result<ResidentIdentity> parseIdentityText(ByteView text)
{
    if (text.size() != kSize) {
        return fail(Errc::Protocol, "resident card: its text is not 256 bytes", Remedy::Retry);
    }
    Block block(text);
    const auto& [kind, layout] = kindOf(block);
    const auto secret = [&block](Field field) { return Secret<std::string>(block.text(field)); };
    ResidentIdentity identity;
    identity.kind = kind;
    identity.name = secret(layout.name);
    // Two fields of one name: spaces between them belong to it.
    auto english = block.text(layout.englishName);
    if (layout.englishRest.bytes > 0 && block.units(layout.englishRest) > 0) {
        english.append(layout.englishName.bytes / 2 - block.units(layout.englishName), ' ');
        english = block.text(layout.englishRest, std::move(english));
    }
    identity.englishName = Secret<std::string>(std::move(english));
    identity.sex = sexOf(block.unit(layout.sex.offset));
    identity.ethnicGroup = block.text(layout.ethnicGroup);
    identity.birth = block.date(layout.birth);
    identity.address = secret(layout.address);
    identity.number = secret(layout.number);
    identity.numberOk = parseResidentNumber(identity.number.reveal()).has_value();
    identity.issuedBy = block.text(layout.issuedBy);
    identity.validFrom = block.date(layout.validFrom);
    identity.validTo = block.date(layout.validTo);
    identity.longTerm = block.text(layout.validTo) == "长期";
    identity.passNumber = secret(layout.passNumber);
    const auto count = block.text(layout.issueCount);
    std::from_chars(count.data(), count.data() + count.size(), identity.issueCount);
    identity.nationality = block.text(layout.nationality);
    const auto fills = [&block](Field field) {
        return field.bytes > 0 && block.units(field) == field.bytes / 2;
    };
    identity.nameMayBeCut = fills(layout.name) || fills(layout.englishRest) ||
                            (layout.englishRest.bytes == 0 && fills(layout.englishName));
    identity.unreadable = block.unreadable();
    if (identity.number.empty() || (identity.name.empty() && identity.englishName.empty())) {
        return fail(Errc::Protocol, "resident card: no name or no number", Remedy::Retry);
    }
    return identity;
}

Result<Secret<std::string>> parseNewAddress(ByteView data)
{
    if (data.empty() || data.size() % kAddress != 0) {
        return fail(Errc::Protocol, "resident card: a new address is not 70 bytes", Remedy::Retry);
    }
    Block block(data);
    std::string all;
    all.reserve(2 * data.size());
    for (std::size_t at = 0; at < data.size(); at += kAddress) {
        all = block.text({at, kAddress}, std::move(all));
    }
    return Secret<std::string>(std::move(all));
}

std::string_view ethnicGroupName(std::string_view code)
{
    unsigned number = 0;
    const auto* const end = code.data() + code.size();
    const auto read = std::from_chars(code.data(), end, number);
    if (code.size() != 2 || read.ec != std::errc() || read.ptr != end) {
        return code;
    }
    if (number >= 1 && number <= kEthnicGroups.size()) {
        return kEthnicGroups[number - 1];
    }
    return number == 97 ? "其他" : number == 98 ? "外国血统中国籍人士" : code;
}

} // namespace guichet::residentid
