// SPDX-License-Identifier: Apache-2.0
#include "queue/domain/bookings.h"

#include <set>

#include <catch2/catch.hpp>

#include "queue/domain/branch.h"
#include "queue/domain/check_in_number.h"

using namespace guichet;
using namespace guichet::queue::domain;
using std::chrono::hours;
using std::chrono::minutes;
using std::chrono::seconds;

namespace {

Instant at(const std::string& text)
{
    return fromRfc3339(text).value();
}

/// A branch that books, at nine in the morning of a Tuesday.
struct Office {
    Branch branch{demoBranch()};
    Instant now = at("2026-11-24T09:00:00+08:00");
    Instant half = at("2026-11-24T10:30:00+08:00");
    int made = 0;

    Office() { REQUIRE(run(OpenDay{"2026-11-24"})); }
    Answer run(const Command& command) { return branch.execute(command, {"customer"}, {now, now}); }
    RefusalCode refusal(const Command& command)
    {
        const auto position = branch.position();
        const auto answer = run(command);
        REQUIRE_FALSE(answer);
        CHECK(branch.position() == position);
        return answer.error().code;
    }
    std::string hold(Instant start)
    {
        const auto id = "h" + std::to_string(++made);
        REQUIRE(run(HoldSeat{id, "account", start}));
        return id;
    }
    std::string book(Instant start, const std::string& phone = "")
    {
        const auto id = hold(start);
        REQUIRE(run(confirm(id, phone.empty() ? "1380000" + std::to_string(made) : phone)));
        return id;
    }
    static ConfirmHold confirm(const std::string& id, const std::string& phone = "13800000000")
    {
        return {id, "王小明", phone, "zh-CN", {}, 7};
    }
    [[nodiscard]] std::size_t free(Instant start) const
    {
        const auto& settings = branch.settings();
        for (const auto& slot :
             branch.bookings().slots(settings, *settings.service("account"),
                                     localDate(settings.timeZone, start), {now, now})) {
            if (slot.start == start) {
                return slot.free;
            }
        }
        return 0;
    }
    [[nodiscard]] const Appointment& appointment(const std::string& id) const
    {
        return *branch.bookings().appointment(id);
    }
};

} // namespace

TEST_CASE("bookings: a time is sold as often as it has seats, holds included")
{
    Office office;
    CHECK(office.free(office.half) == 2);
    office.book(office.half);
    office.hold(office.half);
    CHECK(office.free(office.half) == 0);
    CHECK(office.refusal(HoldSeat{"late", "account", office.half}) == RefusalCode::SlotTaken);
}

TEST_CASE("bookings: only times of the calendar can be held, from now to a week ahead")
{
    Office office;
    CHECK(office.refusal(HoldSeat{"x", "account", office.half + minutes(7)}) ==
          RefusalCode::SlotUnknown);
    CHECK(office.refusal(HoldSeat{"x", "account", office.now}) == RefusalCode::SlotUnknown);
    CHECK(office.refusal(HoldSeat{"x", "account", office.half + hours(24 * 8)}) ==
          RefusalCode::SlotUnknown);
    CHECK(office.run(HoldSeat{"x", "account", office.half + hours(24 * 7)}));
    CHECK(office.refusal(HoldSeat{"y", "loans", office.half}) == RefusalCode::ServiceUnknown);
}

TEST_CASE("bookings: a hold lapses at its instant, for the holder and for the next one alike")
{
    Office office;
    office.book(office.half);
    const auto held = office.hold(office.half);
    office.now += office.branch.settings().booking.holdFor - seconds(1);
    CHECK(office.refusal(HoldSeat{"next", "account", office.half}) == RefusalCode::SlotTaken);
    office.now += seconds(1);
    CHECK(office.refusal(Office::confirm(held)) == RefusalCode::HoldLapsed);
    CHECK(office.run(HoldSeat{"next", "account", office.half}));
    CHECK(office.appointment(held).state == AppointmentState::Released);
    CHECK(office.free(office.half) == 0);
}

TEST_CASE("bookings: ten thousand holds whose holders went away give every seat back")
{
    auto settings = demoBranch();
    for (auto& service : settings.services) {
        service.seats = 40;
    }
    Office office;
    office.branch = Branch(settings);
    REQUIRE(office.run(OpenDay{"2026-11-24"}));
    const auto slots = office.branch.bookings().slots(
        settings, settings.services.at(1), *dateFromText("2026-11-25"), {office.now, office.now});
    for (int i = 0; i < 1'900; ++i) {
        office.hold(slots.at(static_cast<std::size_t>(i) % slots.size()).start);
    }
    office.now += settings.booking.holdFor;
    REQUIRE(office.run(Lapse{}));
    CHECK(office.branch.bookings().seats().empty());
    CHECK(office.run(Lapse{})->entries.empty());
}

TEST_CASE("bookings: a hold is confirmed once")
{
    Office office;
    const auto id = office.hold(office.half);
    REQUIRE(office.run(Office::confirm(id)));
    CHECK(office.appointment(id).state == AppointmentState::Booked);
    CHECK(isCheckInNumber(office.appointment(id).code));
    CHECK(office.refusal(Office::confirm(id)) == RefusalCode::HoldUnknown);
    CHECK(office.refusal(Office::confirm("nobody")) == RefusalCode::HoldUnknown);
}

TEST_CASE("bookings: two appointments never share a check-in number")
{
    Office office; // each is confirmed with the same chance
    std::set<std::string> codes;
    for (int i = 0; i < 4; ++i) {
        codes.insert(office.appointment(office.book(office.half + minutes(30) * i)).code);
    }
    CHECK(codes.size() == 4);
}

TEST_CASE("bookings: one phone has so many open times and no more")
{
    Office office;
    for (int i = 0; i < office.branch.settings().booking.mostPerPhone; ++i) {
        office.book(office.half + minutes(30) * i, "+8613800000000");
    }
    const auto more = office.hold(office.half + hours(5));
    CHECK(office.refusal(Office::confirm(more, "+8613800000000")) == RefusalCode::TooManyBookings);
    CHECK(office.run(Office::confirm(more, "+8613900000000")));
}

TEST_CASE("bookings: a move takes the new seat before it lets go of the old one")
{
    Office office;
    const auto id = office.book(office.half);
    const auto code = office.appointment(id).code;
    const auto hold = office.hold(office.half + hours(1));
    REQUIRE(office.run(MoveAppointment{id, hold, 2, 0}));
    CHECK(office.appointment(id).start == office.half + hours(1));
    CHECK(office.appointment(id).code == code);
    CHECK(office.appointment(id).moves == 1);
    CHECK(office.free(office.half + hours(1)) == 1);
    CHECK(office.free(office.half) == 1); // the old seat rests
}

TEST_CASE("bookings: a move to a time that is gone leaves the old one")
{
    Office office;
    const auto id = office.book(office.half);
    const auto hold = office.hold(office.half + hours(1));
    office.now += office.branch.settings().booking.holdFor;
    CHECK(office.refusal(MoveAppointment{id, hold, 2, 0}) == RefusalCode::HoldLapsed);
    CHECK(office.refusal(MoveAppointment{id, "nothing", 2, 0}) == RefusalCode::HoldUnknown);
    CHECK(office.refusal(MoveAppointment{id, hold, 1, 0}) == RefusalCode::StaleVersion);
    CHECK(office.appointment(id).start == office.half);
    CHECK(office.appointment(id).state == AppointmentState::Booked);
}

TEST_CASE("bookings: a seat given back is offered again after a rest that nobody can foresee")
{
    Office office;
    const auto& rules = office.branch.settings().booking;
    const auto id = office.book(office.half);
    REQUIRE(office.run(CancelAppointment{id, 2, 100}));
    CHECK(office.free(office.half) == 1);
    office.now += rules.leastRest + seconds(99);
    CHECK(office.free(office.half) == 1);
    office.now += seconds(1);
    CHECK(office.free(office.half) == 2);
    CHECK(office.refusal(CancelAppointment{id, {}, 0}) == RefusalCode::AppointmentOver);
}

TEST_CASE("bookings: fewer seats than are sold sell nothing more and take nothing away")
{
    auto settings = demoBranch();
    Office office;
    const auto first = office.book(office.half);
    const auto second = office.book(office.half);
    settings.services.at(1).seats = 1;
    office.branch = Branch(settings, {office.branch.day(),
                                      office.branch.position(),
                                      office.now,
                                      {},
                                      {},
                                      {},
                                      {office.appointment(first), office.appointment(second)},
                                      {},
                                      office.branch.bookings().seats()});
    CHECK(office.free(office.half) == 0);
    CHECK(office.refusal(HoldSeat{"x", "account", office.half}) == RefusalCode::SlotTaken);
    CHECK(office.appointment(second).state == AppointmentState::Booked);
}

TEST_CASE(
    "check-in: a booked customer stands in one line with the walk-ins, from the booked time on")
{
    Office office;
    const auto id = office.book(office.half);
    office.now = office.half - minutes(20);
    REQUIRE(office.run(TakeNumber{"walk-in", "account", "en", "kiosk"}));
    const auto answer = office.run(CheckIn{office.appointment(id).code, {}, "kiosk"});
    REQUIRE(answer);
    CHECK(answer->visit == id);
    const auto* visit = office.branch.visit(id);
    REQUIRE(visit != nullptr);
    CHECK(visit->customerClass == CustomerClass::Booked);
    CHECK(visit->place.ready == office.half); // not earlier than promised
    CHECK(office.appointment(id).state == AppointmentState::Arrived);
    CHECK(office.branch.outlook(*visit)->ahead == 1);
}

TEST_CASE("check-in: the same code again finds the same visit and changes nothing")
{
    Office office;
    const auto id = office.book(office.half);
    office.now = office.half;
    REQUIRE(office.run(CheckIn{office.appointment(id).code}));
    const auto again = office.run(CheckIn{office.appointment(id).code});
    REQUIRE(again);
    CHECK(again->visit == id);
    CHECK(again->entries.empty());
    CHECK(office.branch.visits().size() == 1);
}

TEST_CASE("check-in: too early is told, late loses the credit, another day is over")
{
    Office office;
    const auto& rules = office.branch.settings().booking;
    const auto id = office.book(office.half);
    const CheckIn here{office.appointment(id).code};
    office.now = office.half - rules.early - seconds(1);
    CHECK(office.refusal(here) == RefusalCode::TooEarly);
    SECTION("at the end of the window as booked")
    {
        office.now = office.half + rules.late;
        REQUIRE(office.run(Lapse{}));
        REQUIRE(office.run(here));
        CHECK(office.branch.visit(id)->customerClass == CustomerClass::Booked);
    }
    SECTION("later that day as a walk-in, though it was given up")
    {
        office.now = office.half + rules.late + seconds(1);
        REQUIRE(office.run(Lapse{}));
        CHECK(office.appointment(id).state == AppointmentState::NoShow);
        REQUIRE(office.run(here));
        CHECK(office.branch.visit(id)->customerClass == CustomerClass::WalkIn);
        CHECK(office.branch.visit(id)->place.ready == office.now);
    }
    SECTION("the next day")
    {
        office.now = office.half + hours(24);
        CHECK(office.refusal(here) == RefusalCode::AppointmentOver);
    }
}

TEST_CASE("check-in: an unknown or cancelled code lets nobody in")
{
    Office office;
    const auto id = office.book(office.half);
    const auto code = office.appointment(id).code;
    REQUIRE(office.run(CancelAppointment{id}));
    office.now = office.half;
    CHECK(office.refusal(CheckIn{code}) == RefusalCode::AppointmentCancelled);
    CHECK(office.refusal(CheckIn{checkInNumber(99)}) == RefusalCode::CodeUnknown);
    CHECK(office.refusal(CheckIn{{}, "nobody"}) == RefusalCode::CodeUnknown);
}

TEST_CASE("check-in: an appointment is fulfilled when its visit is done")
{
    Office office;
    const auto id = office.book(office.half);
    office.now = office.half;
    REQUIRE(office.run(CheckIn{{}, id}));
    REQUIRE(office.run(OpenSession{"s1", "1"}));
    REQUIRE(office.run(CallNext{"s1"}));
    REQUIRE(office.run(ChangeVisit{id, Trigger::Start}));
    REQUIRE(office.run(ChangeVisit{id, Trigger::Finish, {}, {}, "done"}));
    CHECK(office.appointment(id).state == AppointmentState::Fulfilled);
}

TEST_CASE("remote: a number from afar costs nobody a place until its holder is here")
{
    Office office;
    TakeNumber far{"far", "account", "en", "remote", CustomerClass::WalkIn, true, 3};
    REQUIRE(office.run(far));
    office.now += minutes(1);
    REQUIRE(office.run(TakeNumber{"near", "account", "en", "kiosk"}));
    CHECK(office.branch.outlook(*office.branch.visit("near"))->ahead == 0);
    REQUIRE(office.run(CheckIn{office.branch.visit("far")->code}));
    CHECK(office.branch.outlook(*office.branch.visit("far"))->ahead == 0); // keeps its ready time
    CHECK(office.branch.outlook(*office.branch.visit("near"))->ahead == 1);
}

TEST_CASE("remote: who does not arrive in time has no number any more")
{
    Office office;
    REQUIRE(office.run(TakeNumber{"far", "account", "en", "remote", {}, true, 3}));
    const auto limit = *office.branch.visit("far")->arriveBy;
    const auto code = office.branch.visit("far")->code;
    office.now = limit;
    REQUIRE(office.run(Lapse{}));
    CHECK(office.branch.visit("far")->state == VisitState::Remote);
    office.now = limit + std::chrono::milliseconds(1);
    CHECK(office.refusal(CheckIn{code}) == RefusalCode::NumberLapsed);
    REQUIRE(office.run(Lapse{}));
    CHECK(office.branch.visit("far")->state == VisitState::Expired);
    CHECK(office.refusal(CheckIn{code}) == RefusalCode::NumberLapsed);
}

TEST_CASE("remote: \"I am late\" gives one more while, at the price of as much of the place")
{
    Office office;
    REQUIRE(office.run(TakeNumber{"far", "account", "en", "remote", {}, true, 3}));
    const auto before = *office.branch.visit("far");
    REQUIRE(office.run(ChangeVisit{"far", Trigger::Delay, 1}));
    const auto& rules = office.branch.settings().remote;
    CHECK(*office.branch.visit("far")->arriveBy == *before.arriveBy + rules.delay);
    CHECK(office.branch.visit("far")->place.ready == before.place.ready + rules.delay);
    CHECK(office.refusal(ChangeVisit{"far", Trigger::Delay, 2}) == RefusalCode::AlreadyDelayed);
}

TEST_CASE("remote: a branch has only so many on their way")
{
    auto settings = demoBranch();
    settings.remote.mostUnarrived = 1;
    settings.services.at(0).remote = false;
    Office office;
    office.branch = Branch(settings);
    REQUIRE(office.run(OpenDay{"2026-11-24"}));
    const auto far = [](const char* id, const char* service) {
        return TakeNumber{id, service, "en", "remote", {}, true, 3};
    };
    CHECK(office.refusal(far("a", "cash")) == RefusalCode::NotOffered);
    REQUIRE(office.run(far("b", "account")));
    CHECK(office.refusal(far("c", "account")) == RefusalCode::RemoteFull);
    REQUIRE(office.run(ChangeVisit{"b", Trigger::Cancel}));
    CHECK(office.run(far("c", "account")));
}

TEST_CASE("late return: who was not there when called comes back once, behind those who wait")
{
    Office office;
    REQUIRE(office.run(OpenSession{"s1", "1"}));
    REQUIRE(office.run(TakeNumber{"a", "account", "en", "kiosk"}));
    REQUIRE(office.run(CallNext{"s1"}));
    REQUIRE(office.run(ChangeVisit{"a", Trigger::GiveUp}));
    office.now += minutes(1);
    REQUIRE(office.run(TakeNumber{"b", "account", "en", "kiosk"}));
    office.now += minutes(1);
    REQUIRE(office.run(CheckIn{{}, "a"}));
    CHECK(office.branch.outlook(*office.branch.visit("a"))->ahead == 1);
    REQUIRE(office.run(CallVisit{"s1", "a"}));
    REQUIRE(office.run(ChangeVisit{"a", Trigger::GiveUp}));
    CHECK(office.refusal(CheckIn{{}, "a"}) == RefusalCode::VisitEnded);
}

TEST_CASE("forms: what was filled in online is opened by its code until it lapses")
{
    Office office;
    REQUIRE(office.run(PrepareForm{"f", {"take-ticket", R"({"service":"cash"})"}, 5}));
    const auto code = office.branch.bookings().form("f")->code;
    const auto opened = office.run(CheckIn{code});
    REQUIRE(opened);
    CHECK(opened->form == "f");
    CHECK(opened->entries.empty());
    office.now += hours(24);
    REQUIRE(office.run(Lapse{}));
    CHECK(office.refusal(CheckIn{code}) == RefusalCode::CodeUnknown);
}

TEST_CASE("check-in number: a wrong digit is found, wherever it is")
{
    for (std::uint64_t chance = 0; chance < 2'000; chance += 7) {
        const auto number = checkInNumber(chance * 1'234'567);
        REQUIRE(isCheckInNumber(number));
        auto wrong = number;
        auto& digit = wrong.at(chance % wrong.size());
        digit = digit == '9' ? '0' : static_cast<char>(digit + 1);
        REQUIRE_FALSE(isCheckInNumber(wrong));
    }
    CHECK_FALSE(isCheckInNumber("12345"));
    CHECK_FALSE(isCheckInNumber("12345678x0"));
}

TEST_CASE("appointment: strangers see the first letter of each name")
{
    CHECK(maskedName("王小明") == "王**");
    CHECK(maskedName("John Smith") == "J*** S****");
    CHECK(maskedName("阿依古丽·买买提") == "阿***·买**");
    CHECK(maskedName("") == "");
}
