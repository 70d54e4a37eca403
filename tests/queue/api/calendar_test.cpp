// SPDX-License-Identifier: Apache-2.0
#include "queue/api/calendar.h"

#include <sstream>

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::queue;

namespace {

domain::BranchSettings berlin()
{
    auto branch = domain::demoBranch();
    branch.timeZone = "Europe/Berlin";
    return branch;
}

domain::Appointment at(const std::string& time)
{
    domain::Appointment appointment;
    appointment.id = "5f0c7f5e-0000-4000-8000-000000000001";
    appointment.state = domain::AppointmentState::Booked;
    appointment.service = "account";
    appointment.start = fromRfc3339(time).value();
    appointment.end = appointment.start + std::chrono::minutes(30);
    appointment.code = "1234567890";
    appointment.customer = "王小明";
    appointment.language = "en";
    return appointment;
}

std::string text(const domain::BranchSettings& branch, const domain::Appointment& appointment)
{
    return api::calendarText(branch, appointment, fromRfc3339("2026-11-25T01:00:00Z").value());
}

bool has(const std::string& text, const std::string& line)
{
    return text.find(line + "\r\n") != std::string::npos;
}

} // namespace

TEST_CASE("calendar: a time in Berlin carries the zone's rule, so that no phone is an hour off")
{
    const auto summer = text(berlin(), at("2027-07-01T10:30:00+02:00"));
    CHECK(has(summer, "DTSTART;TZID=Europe/Berlin:20270701T103000"));
    CHECK(has(summer, "DTEND;TZID=Europe/Berlin:20270701T110000"));
    CHECK(has(summer, "BEGIN:DAYLIGHT\r\nDTSTART:20270328T020000\r\nTZOFFSETFROM:+0100\r\n"
                      "TZOFFSETTO:+0200\r\nEND:DAYLIGHT"));
    CHECK(has(summer, "BEGIN:STANDARD\r\nDTSTART:20271031T030000\r\nTZOFFSETFROM:+0200\r\n"
                      "TZOFFSETTO:+0100\r\nEND:STANDARD"));
}

TEST_CASE("calendar: a time in the repeated hour is told in UTC, which names one instant")
{
    CHECK(has(text(berlin(), at("2026-10-25T02:30:00+01:00")), "DTSTART:20261025T013000Z"));
    CHECK(has(text(berlin(), at("2026-10-25T02:30:00+02:00")), "DTSTART:20261025T003000Z"));
}

TEST_CASE("calendar: a zone without summer time has one observance")
{
    const auto shanghai = text(domain::demoBranch(), at("2026-11-26T10:30:00+08:00"));
    CHECK(has(shanghai, "BEGIN:VTIMEZONE\r\nTZID:Asia/Shanghai\r\nBEGIN:STANDARD\r\n"
                        "DTSTART:19700101T000000\r\nTZOFFSETFROM:+0800\r\nTZOFFSETTO:+0800\r\n"
                        "END:STANDARD\r\nEND:VTIMEZONE"));
}

TEST_CASE("calendar: UID stays, SEQUENCE counts moves, a cancelled one says so")
{
    auto appointment = at("2026-11-26T10:30:00+08:00");
    const auto first = text(domain::demoBranch(), appointment);
    CHECK(has(first, "UID:5f0c7f5e-0000-4000-8000-000000000001@guichet"));
    CHECK(has(first, "SEQUENCE:0"));
    CHECK(has(first, "METHOD:PUBLISH"));
    appointment.moves = 1;
    CHECK(has(text(domain::demoBranch(), appointment), "SEQUENCE:1"));
    appointment.state = domain::AppointmentState::Cancelled;
    const auto cancelled = text(domain::demoBranch(), appointment);
    CHECK(has(cancelled, "SEQUENCE:2"));
    CHECK(has(cancelled, "METHOD:CANCEL"));
    CHECK(has(cancelled, "STATUS:CANCELLED"));
}

TEST_CASE("calendar: lines are folded between characters, at most 75 octets long, and end in CRLF")
{
    auto branch = domain::demoBranch();
    auto& bring = branch.services.at(1).bring["zh-CN"];
    for (int i = 0; i < 12; ++i) {
        bring.emplace_back("身份证、银行卡；户口本, 等");
    }
    auto appointment = at("2026-11-26T10:30:00+08:00");
    appointment.language = "zh-CN";
    const auto folded = text(branch, appointment);
    std::istringstream lines(folded);
    std::string whole;
    for (std::string line; std::getline(lines, line);) {
        REQUIRE(line.ends_with('\r'));
        line.pop_back();
        CHECK(line.size() <= 75);
        const auto first =
            static_cast<unsigned char>(line.front() == ' ' ? line.at(1) : line.front());
        CHECK((first & 0xC0U) != 0x80U); // never in the middle of a character
        whole += line.front() == ' ' ? line.substr(1) : "\n" + line;
    }
    CHECK(whole.find("户口本\\, 等") != std::string::npos);
    CHECK(whole.find("到店签到码：123 4567 890") != std::string::npos);
}
