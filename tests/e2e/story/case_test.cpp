// SPDX-License-Identifier: Apache-2.0
// What the record of a call has beside picture and sound: a customer changes the phone number while
// remote staff are there, and an auditor opens the record.
#include <QImage>
#include <vector>

#include <catch2/catch.hpp>

#include "tests/e2e/story/phone_steps.h"
#include "tests/e2e/story/steps.h"
#include "tests/e2e/support/bank_keys.h"
#include "tests/e2e/support/opened_case.h"
#include "tests/e2e/support/seat.h"

using namespace guichet::test;
using nlohmann::json;

TEST_CASE("case: pages, form, signature, identity, approvals and requests are in the record",
          "[e2e]")
{
    PhoneOutlet outlet;
    const auto data = outlet.world.dataFolder();
    const BankKeys bank(data);
    Kiosk kiosk(data, {.calls = true, .recordKey = bank.publicKey()});
    Seat seat;
    Seat expert("expert");
    toIdentity(kiosk);
    askForHelp(kiosk);
    seat.takeCall();
    REQUIRE(kiosk.reaches(QStringLiteral("consent")));
    kiosk.touch(QStringLiteral("primary"));
    REQUIRE(kiosk.reaches(QStringLiteral("identify")));
    REQUIRE(kiosk.saysRecording());
    kiosk.touch(QStringLiteral("choice/document/"));
    REQUIRE(kiosk.reaches(QStringLiteral("document")));
    outlet.world.play("/resident/place", {{"card", "resident"}});
    toPhoneReview(kiosk);
    seat.say("approve", {{"step", "review"}, {"ok", false}, {"reason", "Ask again"}});
    seat.say("approve", {{"step", "review"}, {"ok", true}});
    const auto waiting =
        expert.until("seat", [](const json& each) { return !each.at("approvals").empty(); })
            .at("approvals")
            .at(0);
    expert.say("approve", {{"assist", waiting.at("assist")},
                           {"step", "review"},
                           {"ok", true},
                           {"of", waiting.at("proposal")}});
    REQUIRE_FALSE(expert.until("kept").is_null());
    seat.say("request", {{"request", "r1"},
                         {"kind", "confirm"},
                         {"arguments", {{"text", "Is this your number?"}}}});
    REQUIRE(kiosk.reaches(QStringLiteral("request")));
    kiosk.touch(QStringLiteral("primary"));
    REQUIRE(kiosk.reaches(QStringLiteral("review")));
    kiosk.touch(QStringLiteral("primary"));
    REQUIRE(kiosk.reaches(QStringLiteral("result")));
    seat.say("hangUp");
    REQUIRE(kiosk.reaches(QStringLiteral("helped")));
    REQUIRE(OpenedCase::isGiven(data));

    CHECK(outlet.world.placesOf("13911112222").isEmpty());
    const OpenedCase record(data, bank);
    const auto consent = record.only("consent");
    CHECK(consent.at("title").get<std::string>().size() > 5);
    const auto screen = QImage::fromData(record.attached(consent, ".png"));
    CHECK(screen.height() > screen.width()); // the whole page, upright

    CHECK(record.only("formShown").at("form").at("id") == "phone-change");
    const auto form = record.only("formConfirmed");
    CHECK(form.at("form").at("version") == "1");
    REQUIRE(form.at("fields").size() == 1);
    CHECK(form.at("fields")[0].at("masked") == "139****2222");

    const auto signature = QImage::fromData(record.attached(record.only("signature"), ".png"));
    CHECK_FALSE(signature.isNull());
    CHECK_FALSE(record.attached(record.only("document"), ".bin").isEmpty());
    CHECK(json::parse(record.attached(record.only("face"), ".json").toStdString()).at("verdict") ==
          "good");

    CHECK(record.only("rejected").at("by") == "agent");
    CHECK(record.only("rejected").at("reason") == "Ask again");
    CHECK(record.only("approved").at("by") == "expert"); // four eyes
    CHECK(record.only("request").at("by") == "agent");
    CHECK(record.only("result").at("outcome") == "agreed");

    std::vector<std::string> confirmed;
    for (const auto& entry : record.entries("confirmed")) {
        confirmed.push_back(entry.at("page"));
        CHECK_FALSE(QImage::fromData(record.attached(entry, ".png")).isNull());
        if (const auto folder = qEnvironmentVariable("GUICHET_PICTURES"); !folder.isEmpty()) {
            QImage::fromData(record.attached(entry, ".png"))
                .save(
                    folder +
                    QStringLiteral("/record-%1.png").arg(QString::fromStdString(confirmed.back())));
        }
    }
    CHECK(confirmed == std::vector<std::string>{"sign", "request", "review"});
    CHECK(record.entries("page").size() >= 5);
    CHECK(record.only("devices").at("cardReader") == true);

    CHECK(record.retention.at("class") == "account-change");
    CHECK(record.retention.at("months") == 60);
    CHECK(record.retention.at("from").is_string());
}
