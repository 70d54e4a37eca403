// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/document_words.h"

#include <optional>

#include <fmt/format.h>

namespace guichet::host {

using nlohmann::json;

namespace {

json day(const std::optional<mrz::PartialDate>& date)
{
    if (!date) {
        return nullptr;
    }
    auto text = fmt::format("{:04}", date->year);
    if (date->month) {
        text += fmt::format("-{:02}", *date->month);
    }
    if (date->month && date->day) {
        text += fmt::format("-{:02}", *date->day);
    }
    return text;
}

/// An unknown day or month counts to its end.
bool isOver(const std::optional<mrz::PartialDate>& expiry, std::chrono::year_month_day today)
{
    if (!expiry) {
        return false;
    }
    const std::chrono::year year(expiry->year);
    const std::chrono::month month(expiry->month.value_or(12));
    const auto last = (year / month / std::chrono::last).day();
    return year / month / (expiry->day ? std::chrono::day(*expiry->day) : last) < today;
}

const char* sexWord(mrz::Sex sex)
{
    return sex == mrz::Sex::Male ? "male" : sex == mrz::Sex::Female ? "female" : "unspecified";
}

} // namespace

std::string maskDocumentNumber(const std::string& number)
{
    constexpr std::size_t kFirst = 1, kLast = 2, kWidth = 9;
    if (number.size() <= kFirst + kLast + 2) {
        return std::string(kWidth, '*');
    }
    return number.substr(0, kFirst) + std::string(kWidth - kFirst - kLast, '*') +
           number.substr(number.size() - kLast);
}

json describeZone(const mrz::Mrz& zone, std::chrono::year_month_day today)
{
    return {{"documentCode", zone.documentCode},
            {"issuer", zone.issuer},
            {"nationality", zone.nationality},
            {"surname", zone.surname.reveal()},
            {"givenName", zone.givenName.reveal()},
            {"nameMayBeCut", zone.nameMayBeCut},
            {"sex", sexWord(zone.sex)},
            {"birth", day(zone.birth)},
            {"validTo", day(zone.expiry)},
            {"expired", isOver(zone.expiry, today)},
            {"maskedNumber", maskDocumentNumber(zone.number.reveal())}};
}

} // namespace guichet::host
