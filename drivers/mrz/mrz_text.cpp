// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrz/mrz_text.h"

#include <algorithm>
#include <vector>

#include <fmt/format.h>

#include "drivers/mrz/zone_layout.h"
#include "peripherals/base/zone_check_digit.h"

namespace guichet::mrz {
namespace {

constexpr char kFiller = '<';
constexpr int kYearsAhead = 50;

bool isDigit(char letter)
{
    return letter >= '0' && letter <= '9';
}

bool isOfZone(char letter)
{
    return isDigit(letter) || (letter >= 'A' && letter <= 'Z') || letter == kFiller;
}

std::string_view part(std::string_view zone, Span span)
{
    return zone.substr(span.at, span.size);
}

std::string_view withoutFillersBehind(std::string_view text)
{
    const auto last = text.find_last_not_of(kFiller);
    return text.substr(0, last == std::string_view::npos ? 0 : last + 1);
}

Secret<std::string> words(std::string_view text)
{
    std::string result(withoutFillersBehind(text));
    std::ranges::replace(result, kFiller, ' ');
    return Secret<std::string>(std::move(result));
}

Check judge(std::string_view text, char digit)
{
    return zoneCheckDigit(text) == digit ? Check::Right : Check::Wrong;
}

/// The lines laid end to end, without what stands around them, in capitals.
struct Zone {
    Secret<std::string> text;
    std::vector<std::size_t> widths;
};

Zone zoneOf(std::string_view text)
{
    Zone zone;
    std::string all;
    all.reserve(text.size());
    while (!text.empty()) {
        const auto end = std::min(text.find('\n'), text.size());
        auto line = text.substr(0, end);
        text.remove_prefix(std::min(end + 1, text.size()));
        constexpr std::string_view kBlank = " \t\r";
        const auto first = line.find_first_not_of(kBlank);
        if (first == std::string_view::npos) {
            continue;
        }
        line = line.substr(first, line.find_last_not_of(kBlank) - first + 1);
        for (const char letter : line) {
            all += letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 'a' + 'A') : letter;
        }
        zone.widths.push_back(line.size());
    }
    zone.text = Secret<std::string>(std::move(all));
    return zone;
}

const Layout* layoutOf(const Zone& zone)
{
    const bool visa = zone.text.reveal().starts_with('V');
    const auto found = std::ranges::find_if(kLayouts, [&](const Layout& layout) {
        const bool forVisa = layout.format == Format::MrvA || layout.format == Format::MrvB;
        return forVisa == visa && zone.widths == std::vector(layout.lines, layout.width);
    });
    return found == kLayouts.end() ? nullptr : &*found;
}

std::optional<unsigned> twoDigits(std::string_view text)
{
    if (!isDigit(text[0]) || !isDigit(text[1])) {
        return std::nullopt;
    }
    return static_cast<unsigned>((text[0] - '0') * 10 + (text[1] - '0'));
}

/// Nothing unless the year is known, and what is known could be a day.
std::optional<PartialDate> dateIn(std::string_view text, int latestYear)
{
    const auto year = twoDigits(text);
    if (!year) {
        return std::nullopt;
    }
    PartialDate date;
    date.year = latestYear - (latestYear % 100 - static_cast<int>(*year) + 100) % 100;
    const bool monthUnknown = text.substr(2, 2) == "<<";
    const bool dayUnknown = text.substr(4, 2) == "<<";
    date.month = monthUnknown ? std::nullopt : twoDigits(text.substr(2, 2));
    date.day = dayUnknown ? std::nullopt : twoDigits(text.substr(4, 2));
    if ((!monthUnknown && !date.month) || (!dayUnknown && !date.day)) {
        return std::nullopt;
    }
    const std::chrono::year_month_day most(std::chrono::year(date.year),
                                           std::chrono::month(date.month.value_or(1)),
                                           std::chrono::day(date.day.value_or(1)));
    return most.ok() ? std::optional(date) : std::nullopt;
}

std::optional<PartialDate> birthIn(std::string_view text, std::chrono::year_month_day today)
{
    auto date = dateIn(text, static_cast<int>(today.year()));
    if (date && date->year == static_cast<int>(today.year()) &&
        std::chrono::year_month_day(today.year(), std::chrono::month(date->month.value_or(1)),
                                    std::chrono::day(date->day.value_or(1))) > today) {
        date->year -= 100;
        date = dateIn(text, date->year); // 29 February is not in every century's year
    }
    return date;
}

void readNames(Mrz& mrz, std::string_view field)
{
    mrz.nameMayBeCut = field.back() != kFiller;
    const auto split = field.find("<<");
    mrz.surname = words(field.substr(0, split));
    if (split != std::string_view::npos) {
        mrz.givenName = words(field.substr(split + 2));
    }
}

/// A filler in place of the check digit of TD1 and TD2 says that the number goes on, up to the next
/// filler and with the check digit at its end, in the optional data (ICAO 9303-5 and -6, 4.2.4).
void readNumber(Mrz& mrz, std::string_view zone, const Layout& layout)
{
    const auto field = part(zone, layout.number);
    const char digit = zone[layout.number.at + layout.number.size];
    auto extra = part(zone, layout.optional);
    std::string number(field);
    auto& check = mrz.checks[static_cast<std::size_t>(Field::Number)];
    const auto end = extra.find(kFiller);
    const bool goesOn = digit == kFiller && field.back() != kFiller &&
                        (layout.format == Format::Td1 || layout.format == Format::Td2) &&
                        end != std::string_view::npos && end >= 2;
    if (goesOn) {
        number += extra.substr(0, end - 1);
        check = judge(number, extra[end - 1]);
        extra.remove_prefix(end + 1);
    } else {
        check = judge(field, digit);
    }
    number.resize(withoutFillersBehind(number).size());
    mrz.number = Secret<std::string>(std::move(number));
    mrz.optional = words(extra);
}

void readChecks(Mrz& mrz, std::string_view zone, const Layout& layout)
{
    const auto set = [&mrz](Field field, Check check) {
        mrz.checks[static_cast<std::size_t>(field)] = check;
    };
    const auto own = [&](Span span) { return judge(part(zone, span), zone[span.at + span.size]); };
    set(Field::Birth, own(layout.birth));
    set(Field::Expiry, own(layout.expiry));
    if (layout.optionalCheck != 0) {
        const auto field = part(zone, layout.optional);
        const char digit = zone[layout.optionalCheck];
        const bool empty = withoutFillersBehind(field).empty() && digit == kFiller;
        set(Field::Optional, empty ? Check::None : judge(field, digit));
    }
    if (layout.compositeCheck != 0) {
        std::string all;
        for (const auto& span : layout.composite) {
            all += part(zone, span);
        }
        const Secret<std::string> covered(std::move(all));
        set(Field::Composite, judge(covered.reveal(), zone[layout.compositeCheck]));
    }
}

} // namespace

std::string_view name(Format format)
{
    switch (format) {
    case Format::Td1:
        return "TD1";
    case Format::Td2:
        return "TD2";
    case Format::Td3:
        return "TD3";
    case Format::MrvA:
        return "MRV-A";
    case Format::MrvB:
        return "MRV-B";
    }
    return {};
}

bool Mrz::sound() const
{
    return std::ranges::none_of(checks, [](Check check) { return check == Check::Wrong; });
}

Result<Mrz> parseMrz(std::string_view text, std::chrono::year_month_day today)
{
    const auto lines = zoneOf(text);
    const auto* layout = layoutOf(lines);
    if (layout == nullptr) {
        return fail(Errc::Protocol,
                    fmt::format("mrz: {} lines, the first of {} characters; want 3 of 30, 2 of 36 "
                                "or 2 of 44",
                                lines.widths.size(),
                                lines.widths.empty() ? 0 : lines.widths.front()));
    }
    const std::string_view zone = lines.text.reveal();
    if (!std::ranges::all_of(zone, isOfZone)) {
        return fail(Errc::Protocol, "mrz: holds other characters than A to Z, 0 to 9 and <");
    }
    if (zone.front() < 'A') {
        return fail(Errc::Protocol, "mrz: begins with no letter of a document");
    }
    Mrz mrz;
    mrz.format = layout->format;
    mrz.documentCode = withoutFillersBehind(part(zone, {0, 2}));
    mrz.issuer = withoutFillersBehind(part(zone, {2, 3}));
    mrz.nationality = withoutFillersBehind(part(zone, layout->nationality));
    mrz.birth = birthIn(part(zone, layout->birth), today);
    mrz.expiry = dateIn(part(zone, layout->expiry), static_cast<int>(today.year()) + kYearsAhead);
    mrz.birthText = Secret(std::string(part(zone, layout->birth)));
    mrz.expiryText = Secret(std::string(part(zone, layout->expiry)));
    const char sex = zone[layout->sex];
    mrz.sex = sex == 'M' ? Sex::Male : sex == 'F' ? Sex::Female : Sex::Unspecified;
    readNames(mrz, part(zone, layout->name));
    readNumber(mrz, zone, *layout);
    mrz.optional2 = words(part(zone, layout->optional2));
    readChecks(mrz, zone, *layout);
    return mrz;
}

} // namespace guichet::mrz
