// SPDX-License-Identifier: Apache-2.0
// A fund is sold by remote staff: what must be said is said, the customer answers, all is recorded.
#include <catch2/catch.hpp>

#include "tests/e2e/story/phone_steps.h"
#include "tests/e2e/story/steps.h"
#include "tests/e2e/support/bank_keys.h"
#include "tests/e2e/support/opened_case.h"
#include "tests/e2e/support/seat.h"

using namespace guichet::test;
using nlohmann::json;

namespace {

/// A recorded call of a customer whose face is before the camera.
struct Sale {
    Sale()
    {
        chooseLanguage(kiosk);
        askForHelp(kiosk);
        seat.takeCall();
        REQUIRE(kiosk.reaches(QStringLiteral("consent")));
        kiosk.touch(QStringLiteral("primary"));
        REQUIRE(kiosk.saysRecording());
    }

    void guide(const char* what, const std::string& step)
    {
        seat.say("guide", {{"do", what}, {"step", step}});
    }
    /// How the recording stands once it is at that step, or over.
    json reaches(std::size_t index, int attempt)
    {
        const auto told = seat.until("guided", [&](const json& message) {
            const auto& now = message.at("guided");
            return now.at("stage") != "checking" &&
                   (now.at("stage") != "step" || now.at("index").get<std::size_t>() > index ||
                    (now.at("index") == index && now.at("attempt") >= attempt));
        });
        REQUIRE_FALSE(told.is_null());
        return told.at("guided");
    }
    /// Whoever the step belongs to does it; again as long as nothing was heard yet.
    json passes(const json& step)
    {
        constexpr int kMost = 30;
        auto now = step;
        while (now.at("stage") == "step" && now.at("index") == step.at("index") &&
               now.at("attempt") < kMost) {
            if (now.at("kind") == "staff") {
                REQUIRE(kiosk.reaches(QStringLiteral("guidedListen")));
                CHECK_FALSE(kiosk.offers(QStringLiteral("primary")));
                guide("goOn", now.at("step"));
            } else {
                const bool asks = now.at("kind") == "question";
                REQUIRE(kiosk.reaches(asks ? QStringLiteral("guidedQuestion")
                                           : QStringLiteral("guidedRead")));
                kiosk.picture(asks ? "guided-question.png" : "guided-read.png");
                kiosk.touch(asks ? QStringLiteral("choice/guidedYes/") : QStringLiteral("primary"));
            }
            now = reaches(now.at("index"), now.at("attempt").get<int>() + 1);
        }
        return now;
    }

    PhoneOutlet outlet;
    QString data = outlet.world.dataFolder();
    BankKeys bank{data};
    Kiosk kiosk{data, {.calls = true, .recordKey = bank.publicKey()}};
    Seat seat;
};

} // namespace

TEST_CASE("guided sale: read, answered by the customer, checked and recorded to its end", "[e2e]")
{
    Sale sale;
    sale.seat.say("guide", {{"do", "begin"}, {"script", "fund-risk"}});
    auto now = sale.reaches(0, 1);
    CHECK(now.at("step") == "seller");
    sale.guide("answer", "seller"); // nobody answers for the customer
    CHECK(sale.seat.until("error").at("code") == "denied");
    for (std::size_t step = 0; step < 7 && now.at("stage") == "step"; ++step) {
        now = sale.passes(now);
    }
    CHECK(now.at("stage") == "done");
    REQUIRE(sale.kiosk.reaches(QStringLiteral("guidedOver")));
    sale.kiosk.picture("guided-over.png");
    sale.kiosk.touch(QStringLiteral("primary"));
    REQUIRE(sale.kiosk.reaches(QStringLiteral("service")));
    sale.seat.say("hangUp");
    REQUIRE(sale.kiosk.reaches(QStringLiteral("helped")));
    REQUIRE(OpenedCase::isGiven(sale.data));

    const OpenedCase record(sale.data, sale.bank);
    const auto begun = record.only("guidedBegun");
    CHECK(begun.at("script") == "fund-risk");
    CHECK(begun.at("version") == "2026-11");
    CHECK(begun.at("seller") == "agent");
    CHECK(begun.at("qualifications") == json{"fund-sales"});
    CHECK(record.only("guidedEnded").at("outcome") == "done");
    std::vector<std::string> passed;
    for (const auto& entry : record.entries("guidedStep")) {
        CHECK(entry.at("at").is_string());
        CHECK(entry.at("recording") == true);
        if (entry.at("flaws").empty()) {
            CHECK(entry.at("faces") == 1);
            passed.push_back(entry.at("step"));
        }
    }
    CHECK(passed == std::vector<std::string>{"seller", "own-will", "not-deposit", "understood-loss",
                                             "fees", "risk-class", "documents"});
    CHECK(record.retention.at("class") == "wealth-sale");
}

TEST_CASE("guided sale: an end of the call in the middle stops it, and the record says so", "[e2e]")
{
    Sale sale;
    sale.seat.say("guide", {{"do", "begin"}, {"script", "fund-risk"}});
    CHECK(sale.reaches(0, 1).at("step") == "seller");
    REQUIRE(sale.kiosk.reaches(QStringLiteral("guidedListen")));
    sale.seat.say("hangUp");
    REQUIRE(sale.kiosk.reaches(QStringLiteral("helped")));
    REQUIRE(OpenedCase::isGiven(sale.data));
    const OpenedCase record(sale.data, sale.bank);
    CHECK(record.only("guidedEnded").at("why") == "callEnded");
}
