// SPDX-License-Identifier: Apache-2.0
#include <catch2/catch.hpp>
#include <rapidcheck.h>

#include "tests/cloudbranch/guided/sale.h"

using namespace guichet;
using namespace guichet::guided;
using namespace guichet::test;
using nlohmann::json;

namespace {

Findings anyFindings()
{
    return {.recording = *rc::gen::weightedElement<bool>({{9, true}, {1, false}}),
            .faces = *rc::gen::weightedElement<int>({{9, 1}, {1, -1}, {1, 0}, {1, 2}}),
            .sound = *rc::gen::weightedElement<bool>({{9, true}, {1, false}})};
}

/// Mostly the step that is shown, sometimes another.
std::string anyStep(const Recording& sale)
{
    return *rc::gen::inRange(0, 5) > 0
               ? sale.step().id
               : *rc::gen::element<std::string>("who", "risk", "clear", "more", "none");
}

/// Anything that anybody may do; whether it was the customer, and whether it was done.
struct Deed {
    bool customers = false;
    Result<void> done;
};
Deed anyDeed(Recording& sale)
{
    const auto step = anyStep(sale);
    switch (*rc::gen::inRange(0, 9)) {
    case 0:
    case 1:
        return {false, sale.read(step, anyFindings())};
    case 2:
    case 3:
        return {false, sale.spoken(step, anyFindings())};
    case 4:
        return {false, sale.repeat(step)};
    case 5:
        return {false, *rc::gen::inRange(0, 10) == 0 ? sale.stop("staff") : Result<void>()};
    default:
        return {true, sale.answer(step, *rc::gen::element(Answer::Yes, Answer::No, Answer::Again),
                                  anyFindings())};
    }
}

/// Whoever the step belongs to does it, and all is well.
void leadOn(Recording& sale)
{
    const auto step = sale.step().id;
    const auto done = sale.step().kind == StepKind::Staff ? sale.read(step, kAllWell)
                      : sale.step().kind == StepKind::Kiosk
                          ? sale.spoken(step, kAllWell)
                          : sale.answer(step, Answer::Yes, kAllWell);
    RC_ASSERT(done.has_value());
}

} // namespace

TEST_CASE(
    "guided recording: whatever is done, what is refused changes nothing, and is not recorded")
{
    CHECK(rc::check([] {
        auto sale = saleBegun();
        for (int deeds = *rc::gen::inRange(1, 40); deeds > 0; --deeds) {
            (void)sale.entries();
            const auto before = picture(sale);
            if (!anyDeed(sale).done) {
                RC_ASSERT(picture(sale) == before);
                RC_ASSERT(sale.entries().empty());
            }
        }
    }));
}

TEST_CASE("guided recording: an answer in the record is the customer's own, whatever staff do")
{
    CHECK(rc::check([] {
        auto sale = saleBegun();
        for (int deeds = *rc::gen::inRange(1, 60); deeds > 0; --deeds) {
            (void)sale.entries();
            const auto deed = anyDeed(sale);
            for (const auto& entry : sale.entries()) {
                RC_ASSERT(!entry.contains("answer") || deed.customers);
            }
        }
    }));
}

TEST_CASE("guided recording: it is done only if each step was, in order, with every check")
{
    CHECK(rc::check([] {
        auto sale = saleBegun();
        std::vector<json> passed;
        const int free = *rc::gen::inRange(0, 20);
        for (int deeds = 0; sale.stage() == Stage::Step; ++deeds) {
            deeds < free ? (void)anyDeed(sale) : leadOn(sale);
            for (const auto& entry : sale.entries()) {
                if (entry.at("event") == "guidedStep" && entry.at("flaws").empty()) {
                    passed.push_back(entry);
                }
            }
        }
        RC_PRE(sale.stage() == Stage::Done);
        const auto& steps = sale.script().steps;
        RC_ASSERT(passed.size() == steps.size());
        for (std::size_t i = 0; i < steps.size(); ++i) {
            RC_ASSERT(passed[i].at("step") == steps[i].id);
            RC_ASSERT(passed[i].at("recording") == true);
            RC_ASSERT(passed[i].contains("answer") == (steps[i].kind == StepKind::Question));
        }
        RC_ASSERT(passed[2].at("answer") == "yes");
        RC_ASSERT(passed[2].at("faces") == 1);
        RC_ASSERT(passed[2].at("sound") == true);
    }));
}

TEST_CASE("guided recording: once it is over it stays as it ended, and its end is recorded once")
{
    CHECK(rc::check([] {
        auto sale = saleBegun();
        int ends = 0;
        Stage ended = Stage::Step;
        for (int deeds = 0; deeds < 120; ++deeds) {
            (void)anyDeed(sale);
            for (const auto& entry : sale.entries()) {
                ends += entry.at("event") == "guidedEnded" ? 1 : 0;
            }
            if (ended != Stage::Step) {
                RC_ASSERT(sale.stage() == ended);
            }
            ended = sale.stage();
        }
        RC_ASSERT(ends == (ended == Stage::Step ? 0 : 1));
    }));
}
