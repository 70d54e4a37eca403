// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/resident_card.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace guichet::virtualdevices {
namespace {

constexpr std::size_t kTextSize = 256, kAddressSize = 70;

/// UTF-16 code units of well-formed UTF-8.
std::vector<std::uint16_t> unitsOf(std::string_view text)
{
    std::vector<std::uint16_t> units;
    for (std::size_t at = 0; at < text.size();) {
        const auto lead = static_cast<unsigned char>(text[at]);
        const std::size_t more = lead < 0x80 ? 0 : lead < 0xE0 ? 1 : lead < 0xF0 ? 2 : 3;
        std::uint32_t point = more == 0 ? lead : lead & (0x3FU >> more);
        for (std::size_t next = 1; next <= more; ++next) {
            point = point << 6U | (static_cast<unsigned char>(text.at(at + next)) & 0x3FU);
        }
        at += more + 1;
        if (point >= 0x10000) {
            units.push_back(static_cast<std::uint16_t>(0xD7C0 + (point >> 10U)));
            point = 0xDC00 | (point & 0x3FFU);
        }
        units.push_back(static_cast<std::uint16_t>(point));
    }
    return units;
}

/// Low byte first, filled up with spaces.
void put(Bytes& text, std::size_t offset, std::size_t length, std::string_view content)
{
    auto units = unitsOf(content);
    units.resize(length / 2, ' ');
    for (const auto unit : units) {
        text[offset++] = static_cast<std::byte>(unit & 0xFFU);
        text[offset++] = static_cast<std::byte>(unit >> 8U);
    }
}

/// Up to so many characters of ASCII, and what is behind them.
std::pair<std::string, std::string> split(const std::string& text, std::size_t count)
{
    return text.size() <= count ? std::pair(text, std::string())
                                : std::pair(text.substr(0, count), text.substr(count));
}

void putForeigner2017(Bytes& text, const ResidentCardProfile& card)
{
    put(text, 0, 120, card.englishHolder);
    put(text, 120, 2, {&card.sex, 1});
    put(text, 122, 30, card.number);
    put(text, 152, 6, card.nationality);
    put(text, 158, 30, card.holder);
    put(text, 188, 16, card.validFrom);
    put(text, 204, 16, card.validTo);
    put(text, 220, 16, card.birth);
    put(text, 236, 4, "01");
    put(text, 240, 8, card.issuedBy);
}

std::vector<ResidentCardProfile> makeCards()
{
    std::vector<ResidentCardProfile> cards;
    ResidentCardProfile resident{.name = "resident",
                                 .titleEn = "Resident card",
                                 .titleZh = "居民身份证",
                                 .holder = "王小明",
                                 .sex = '2',
                                 .birth = "19491231",
                                 .address = "北京市朝阳区测试路1号院2号楼3单元401室",
                                 .number = "11010519491231002X",
                                 .issuedBy = "北京市公安局朝阳分局",
                                 .validTo = "长期"};
    cards.push_back(resident);
    auto moved = resident;
    moved.name = "resident-moved";
    moved.titleEn = "New address";
    moved.titleZh = "已迁新住址";
    moved.holder = "李四光";
    moved.sex = '1';
    moved.birth = "18800101";
    moved.number = "440524188001010014";
    moved.newAddress = "广东省广州市天河区示例街9号";
    cards.push_back(moved);
    auto minority = resident;
    minority.name = "resident-minority";
    minority.titleEn = "Long name";
    minority.titleZh = "少数民族姓名";
    minority.holder = "买买提·吐尔逊·阿卜杜热合曼江·阿布"; // longer than its field
    minority.ethnicGroup = "05";
    cards.push_back(minority);
    auto rare = resident;
    rare.name = "resident-rare";
    rare.titleEn = "Rare character";
    rare.titleZh = "姓名生僻字";
    rare.holder = "王\U00020BB7"; // outside the basic plane
    cards.push_back(rare);
    cards.push_back({.name = "permit",
                     .titleEn = "Residence permit",
                     .titleZh = "港澳台居民居住证",
                     .type = 'J',
                     .holder = "陈大文",
                     .ethnicGroup = "  ",
                     .birth = "19880215",
                     .address = "广东省深圳市南山区样例道8号",
                     .number = "810000198802150017",
                     .issuedBy = "深圳市公安局南山分局",
                     .validFrom = "20230101",
                     .validTo = "20280101",
                     .passNumber = "H01234567"});
    cards.push_back({.name = "foreigner",
                     .titleEn = "Foreigner, 2023",
                     .titleZh = "外国人永居证 2023",
                     .type = 'Y',
                     .holder = "史密斯",
                     .englishHolder = "SMITH, JOHN ALEXANDER",
                     .birth = "19790806",
                     .number = "911826197908060017",
                     .validFrom = "20231201",
                     .validTo = "20331201",
                     .nationality = "GBR"});
    cards.push_back({.name = "foreigner-2017",
                     .titleEn = "Foreigner, 2017",
                     .titleZh = "外国人永居证 2017",
                     .type = 'I',
                     .holder = "安娜",
                     .englishHolder = "MUELLER, ANNA MARIA",
                     .sex = '2',
                     .birth = "19901130",
                     .number = "DEU110000901130",
                     .issuedBy = "1500",
                     .validFrom = "20190301",
                     .validTo = "20290301",
                     .nationality = "DEU"});
    return cards;
}

} // namespace

Bytes textOf(const ResidentCardProfile& card)
{
    Bytes text(kTextSize);
    put(text, 0, kTextSize, {});
    put(text, 248, 2, {&card.type, 1});
    if (card.type == 'I') {
        putForeigner2017(text, card);
        return text;
    }
    put(text, 0, 30, card.holder);
    put(text, 30, 2, {&card.sex, 1});
    put(text, 36, 16, card.birth);
    put(text, 122, 36, card.number);
    put(text, 188, 16, card.validFrom);
    put(text, 204, 16, card.validTo);
    if (card.type == 'Y') {
        const auto [first, rest] = split(card.englishHolder, 35);
        put(text, 32, 4, "00"); // never renewed
        put(text, 52, 70, first);
        put(text, 220, 22, rest);
        put(text, 242, 6, card.nationality);
        return text;
    }
    put(text, 32, 4, card.ethnicGroup);
    put(text, 52, kAddressSize, card.address);
    put(text, 158, 30, card.issuedBy);
    if (card.type == 'J') {
        put(text, 220, 18, card.passNumber);
        put(text, 238, 4, "01");
    }
    return text;
}

Bytes newAddressOf(const ResidentCardProfile& card)
{
    if (card.newAddress.empty()) {
        return {};
    }
    Bytes address(kAddressSize);
    put(address, 0, kAddressSize, card.newAddress);
    return address;
}

const std::vector<ResidentCardProfile>& knownResidentCards()
{
    static const auto cards = makeCards();
    return cards;
}

const ResidentCardProfile* findResidentCard(std::string_view name)
{
    const auto& cards = knownResidentCards();
    const auto found = std::ranges::find(cards, name, &ResidentCardProfile::name);
    return found == cards.end() ? nullptr : &*found;
}

} // namespace guichet::virtualdevices
