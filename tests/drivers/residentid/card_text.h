// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string_view>

#include "peripherals/base/bytes.h"

namespace guichet::test {

/// The text of a card as the police writes it: spaces, with texts put at their places.
class CardText {
public:
    CardText()
        : m_units(128, u' ')
    {
    }
    CardText& put(std::size_t byteOffset, std::u16string_view text)
    {
        m_units.replace(byteOffset / 2, text.size(), text);
        return *this;
    }
    [[nodiscard]] Bytes bytes() const
    {
        Bytes all;
        for (const char16_t unit : m_units) {
            all.push_back(static_cast<std::byte>(unit & 0xFFU));
            all.push_back(static_cast<std::byte>(unit >> 8U));
        }
        return all;
    }

private:
    std::u16string m_units;
};

inline CardText residentText()
{
    CardText text;
    text.put(0, u"王小明").put(30, u"1").put(32, u"01").put(36, u"19491231");
    text.put(52, u"北京市朝阳区松树街1号").put(122, u"11010519491231002X");
    text.put(158, u"北京市公安局朝阳分局").put(188, u"20120101").put(204, u"20320101");
    return text;
}

} // namespace guichet::test
