// SPDX-License-Identifier: Apache-2.0
#include "queue/api/calendar.h"

#include <chrono>
#include <string_view>
#include <vector>

#include <fmt/format.h>

namespace guichet::queue::api {
namespace {

using std::chrono::seconds;

constexpr std::size_t kLongestLine = 75; ///< octets, RFC 5545 section 3.1

bool continues(char octet)
{
    return (static_cast<unsigned char>(octet) & 0xC0U) == 0x80U;
}

/// One content line, folded between characters.
std::string folded(std::string_view line)
{
    std::string text;
    std::size_t room = kLongestLine;
    while (line.size() > room) {
        auto cut = room;
        while (continues(line[cut])) {
            --cut;
        }
        text.append(line.substr(0, cut)).append("\r\n ");
        line.remove_prefix(cut);
        room = kLongestLine - 1; // the space counts
    }
    return text.append(line).append("\r\n");
}

/// TEXT of RFC 5545 section 3.3.11.
std::string escaped(std::string_view text)
{
    std::string result;
    for (const char letter : text) {
        if (letter == '\\' || letter == ';' || letter == ',') {
            result += '\\';
        }
        result += letter == '\n' ? std::string("\\n") : std::string(1, letter);
    }
    return result;
}

std::string basicTime(Instant instant)
{
    auto text = toRfc3339(instant).substr(0, 19);
    std::erase(text, '-');
    std::erase(text, ':');
    return text;
}

std::string offsetText(seconds offset)
{
    const auto minutes = std::chrono::duration_cast<std::chrono::minutes>(offset).count();
    return fmt::format("{}{:02}{:02}", minutes < 0 ? '-' : '+', std::abs(minutes) / 60,
                       std::abs(minutes) % 60);
}

seconds offsetAt(const std::string& zone, Instant instant)
{
    return zoneOffset(zone, instant).value_or(seconds(0));
}

struct Jump {
    Instant at{}; ///< first instant of the new offset
    seconds from{};
    seconds to{};
};

/// The changes of offset in the year before an instant and the one after it.
std::vector<Jump> jumpsAround(const std::string& zone, Instant instant)
{
    constexpr std::chrono::days step{7};
    constexpr std::chrono::days span{366};
    std::vector<Jump> jumps;
    auto from = std::chrono::floor<std::chrono::days>(instant) - span;
    for (Instant at = from; at < instant + span; at += step) {
        const auto before = offsetAt(zone, at);
        const auto after = offsetAt(zone, at + step);
        if (before == after) {
            continue;
        }
        Instant low = at, high = at + step;
        while (high - low > seconds(1)) {
            const auto middle = std::chrono::floor<seconds>(low + (high - low) / 2);
            (offsetAt(zone, middle) == before ? low : high) = middle;
        }
        jumps.push_back({high, before, after});
    }
    return jumps;
}

std::string observance(std::string_view kind, std::string_view start, seconds from, seconds to)
{
    return fmt::format(
        "BEGIN:{0}\r\nDTSTART:{1}\r\nTZOFFSETFROM:{2}\r\nTZOFFSETTO:{3}\r\nEND:{0}\r\n", kind,
        start, offsetText(from), offsetText(to));
}

std::string zoneText(const std::string& zone, Instant instant)
{
    std::string text = "BEGIN:VTIMEZONE\r\n" + folded("TZID:" + zone);
    const auto jumps = jumpsAround(zone, instant);
    if (jumps.empty()) {
        const auto offset = offsetAt(zone, instant);
        text += observance("STANDARD", "19700101T000000", offset, offset);
    }
    for (const auto& jump : jumps) { // the local time of a jump is told in the old offset
        text += observance(jump.to > jump.from ? "DAYLIGHT" : "STANDARD",
                           basicTime(jump.at + jump.from), jump.from, jump.to);
    }
    return text + "END:VTIMEZONE\r\n";
}

/// By the wall clock of the zone; in UTC where that would name two instants.
std::string timeLine(std::string_view property, const std::string& zone, Instant at)
{
    const auto local = at + offsetAt(zone, at);
    const auto is = [&](seconds offset) { return offsetAt(zone, local - offset) == offset; };
    const auto before = offsetAt(zone, at - std::chrono::days(1));
    const auto after = offsetAt(zone, at + std::chrono::days(1));
    if (before != after && is(before) && is(after)) {
        return folded(fmt::format("{}:{}Z", property, basicTime(at)));
    }
    return folded(fmt::format("{};TZID={}:{}", property, zone, basicTime(local)));
}

std::string nameIn(const domain::Names& names, const std::string& language)
{
    const auto found = names.find(language);
    return found != names.end() ? found->second : names.empty() ? "" : names.begin()->second;
}

/// As it is read aloud: three, four and three digits.
std::string grouped(std::string code)
{
    if (code.size() == 10) {
        code.insert(7, 1, ' ').insert(3, 1, ' ');
    }
    return code;
}

struct Words {
    std::string_view bring;
    std::string_view code;
    std::string_view separator;
};

} // namespace

std::string calendarText(const domain::BranchSettings& branch,
                         const domain::Appointment& appointment, Instant now)
{
    const bool chinese = appointment.language.starts_with("zh");
    const std::string language = chinese ? "zh-CN" : "en";
    const auto words = chinese ? Words{"请携带：", "到店签到码：", "、"}
                               : Words{"Please bring: ", "Check-in number: ", ", "};
    const auto* service = branch.service(appointment.service);
    const auto outlet = nameIn(branch.names, language);
    const auto what = service == nullptr ? appointment.service : nameIn(service->names, language);
    const bool cancelled = appointment.state == domain::AppointmentState::Cancelled ||
                           appointment.state == domain::AppointmentState::NoShow;
    std::string bring;
    if (service != nullptr) {
        if (const auto list = service->bring.find(language); list != service->bring.end()) {
            bring = words.bring;
            for (const auto& thing : list->second) {
                bring +=
                    (bring.size() > words.bring.size() ? std::string(words.separator) : "") + thing;
            }
            bring += '\n';
        }
    }

    std::string text = "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Guichet//Hub//EN\r\n"
                       "CALSCALE:GREGORIAN\r\n";
    text += cancelled ? "METHOD:CANCEL\r\n" : "METHOD:PUBLISH\r\n";
    text += zoneText(branch.timeZone, appointment.start);
    text += "BEGIN:VEVENT\r\n";
    text += folded("UID:" + appointment.id + "@guichet");
    text += fmt::format("SEQUENCE:{}\r\n", appointment.moves + (cancelled ? 1 : 0));
    text += "DTSTAMP:" + basicTime(now) + "Z\r\n";
    text += timeLine("DTSTART", branch.timeZone, appointment.start);
    text += timeLine("DTEND", branch.timeZone, appointment.end);
    text += folded("SUMMARY:" + escaped(outlet + " " + what));
    if (!branch.address.empty()) {
        text += folded("LOCATION:" + escaped(nameIn(branch.address, language)));
    }
    text += folded("DESCRIPTION:" +
                   escaped(bring + std::string(words.code) + grouped(appointment.code)));
    text += cancelled ? "STATUS:CANCELLED\r\n" : "STATUS:CONFIRMED\r\n";
    if (!cancelled) {
        text += "BEGIN:VALARM\r\nACTION:DISPLAY\r\nTRIGGER:-PT30M\r\n" +
                folded("DESCRIPTION:" + escaped(outlet + " " + what)) + "END:VALARM\r\n";
    }
    return text + "END:VEVENT\r\nEND:VCALENDAR\r\n";
}

} // namespace guichet::queue::api
