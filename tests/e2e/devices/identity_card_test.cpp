// SPDX-License-Identifier: Apache-2.0
// Identity cards and proofs of bank cards, through the real devices program.
#include <QTest>
#include <optional>

#include <catch2/catch.hpp>

#include "kiosk/app/own_service.h"
#include "tests/e2e/devices/patience.h"
#include "tests/e2e/devices/shown_page.h"
#include "tests/e2e/support/world.h"

using namespace guichet;
using namespace guichet::test;
using nlohmann::json;

namespace {

constexpr const char* kIdentity = "/guichet/v1/identity";

/// One connection to the identity service for each question.
class Identity {
public:
    Result<json> ask(const json& request)
    {
        begin(request);
        return answer();
    }
    void begin(const json& request)
    {
        m_answer.reset();
        m_events.clear();
        m_service.ask(
            request, [this](const Result<json>& answer) { m_answer = answer; },
            [this](const std::string& event) { m_events.push_back(event); });
    }
    Result<json> answer()
    {
        REQUIRE(QTest::qWaitFor([this] { return m_answer.has_value(); }, kPatienceMs));
        return *m_answer;
    }
    void waitFor(const std::string& event)
    {
        REQUIRE(QTest::qWaitFor(
            [&] { return std::find(m_events.begin(), m_events.end(), event) != m_events.end(); },
            kPatienceMs));
    }
    /// Until the device is so.
    void waitUntil(const std::string& device, const std::string& state)
    {
        const bool reached = QTest::qWaitFor(
            [&] {
                const auto told = ask({{"op", "devices"}});
                return told &&
                       std::ranges::any_of(told->at("result").at("devices"), [&](auto& one) {
                           return one.at("device") == device && one.at("state") == state;
                       });
            },
            kPatienceMs);
        INFO(device << " is not " << state);
        REQUIRE(reached);
    }

private:
    kiosk::OwnService m_service{"127.0.0.1", 5846, kIdentity};
    std::optional<Result<json>> m_answer;
    std::vector<std::string> m_events;
};

json result(const Result<json>& answer)
{
    INFO((answer ? std::string() : answer.error().detail));
    REQUIRE(answer);
    return answer->at("result");
}

const json kReadResident{{"op", "readResident"}, {"timeoutMs", 30'000}};

} // namespace

TEST_CASE("identity card: names and dates come, number and address stay sealed", "[e2e]")
{
    World world;
    Identity identity;
    identity.waitUntil("residentreader", "online");
    identity.begin(kReadResident);
    identity.waitFor("insertCard");
    world.play("/resident/place", {{"card", "resident"}});
    const auto card = result(identity.answer());
    CHECK(card.at("kind") == "resident");
    CHECK(card.at("numberOk") == true);
    CHECK(card.at("name").get<std::string>().size() >= 6);
    CHECK(card.at("maskedNumber").get<std::string>().find("***") != std::string::npos);
    CHECK(world.placesOf("11010519491231002X").isEmpty());
}

TEST_CASE("identity card: each of the cards is read in turn", "[e2e]")
{
    World world;
    Identity identity;
    identity.waitUntil("residentreader", "online");
    const auto cards = askJson("http://127.0.0.1:8499", "/resident/cards").at("cards");
    REQUIRE(cards.size() > 3);
    for (const auto& card : cards) {
        CAPTURE(card.dump());
        world.play("/resident/place", {{"card", card.at("card")}});
        CHECK_FALSE(result(identity.ask(kReadResident)).at("name").get<std::string>().empty());
        world.play("/resident/remove");
    }
}

TEST_CASE("identity card: a card that moved asks for the card again, and is read then", "[e2e]")
{
    World world;
    Identity identity;
    identity.waitUntil("residentreader", "online");
    world.play("/resident/fault", {{"fault", "cardMoves"}});
    world.play("/resident/place", {{"card", "resident"}});
    const auto moved = identity.ask(kReadResident);
    REQUIRE_FALSE(moved);
    CHECK(moved.error().remedy == Remedy::ReinsertCard);
    world.play("/resident/fault", {{"fault", "none"}});
    CHECK(result(identity.ask(kReadResident)).at("kind") == "resident");
}

TEST_CASE("identity card: a pulled cable shows, and the reader comes back by itself", "[e2e]")
{
    World world;
    Identity identity;
    identity.waitUntil("residentreader", "online");
    identity.begin(kReadResident);
    identity.waitFor("insertCard");
    world.play("/resident/plug", {{"in", false}});
    const auto cut = identity.answer();
    REQUIRE_FALSE(cut);
    CHECK(cut.error().remedy == Remedy::ReconnectCable);
    identity.waitUntil("residentreader", "offline");
    world.play("/resident/plug", {{"in", true}});
    identity.waitUntil("residentreader", "online");
    world.play("/resident/place", {{"card", "resident"}});
    CHECK(result(identity.ask(kReadResident)).at("kind") == "resident");
}

TEST_CASE("identity card: a bank card's proof is told with the card", "[e2e]")
{
    World world;
    Identity identity;
    identity.waitUntil("cardreader", "online");
    const auto proofOf = [&](const char* card) {
        world.play("/card/insert", {{"card", card}});
        const auto read = result(identity.ask({{"op", "readCard"}, {"timeoutMs", 30'000}}));
        world.play("/card/remove");
        return read.at("authentication");
    };
    CHECK(proofOf("unionpay") == json{{"method", "dda"}, {"verdict", "genuine"}, {"reason", ""}});
    CHECK(proofOf("visa") == json{{"method", "sda"}, {"verdict", "genuine"}, {"reason", ""}});
    CHECK(proofOf("copied").at("verdict") == "refused");
}

TEST_CASE("identity card: a passport opens with what is printed in it, and its checks are told",
          "[e2e]")
{
    World world;
    Identity identity;
    identity.waitUntil("cardreader", "online");
    const json key{
        {"documentNumber", "E98765432"}, {"birthDate", "850610"}, {"expiryDate", "330101"}};
    const auto read = [&](const char* passport, const json& with) {
        world.play("/card/insert", {{"card", passport}});
        auto answer = identity.ask({{"op", "readPassport"}, {"timeoutMs", 30'000}, {"key", with}});
        world.play("/card/remove");
        return answer;
    };
    const auto whole = result(read("passport", key));
    CHECK(whole.at("surname") == "LI");
    CHECK(whole.at("fullName") == "李明");
    CHECK(whole.at("access") == "pace");
    CHECK(whole.at("maskedNumber") == "E******32");
    for (const char* check :
         {"signature", "chain", "country", "accessOffer", "chipAuthentication"}) {
        CAPTURE(check, whole.at("checks").at(check).dump());
        CHECK(whole.at("checks").at(check).at("verdict") == "passed");
    }

    const auto forged = result(read("passport-forged", key));
    CHECK(forged.at("checks").at("hashes").at("DG1").at("verdict") == "failed");
    const auto clone = result(read("passport-clone", key));
    CHECK(clone.at("checks").at("chipAuthentication").at("verdict") == "failed");

    const auto misread =
        read("passport",
             {{"documentNumber", "E98765433"}, {"birthDate", "850610"}, {"expiryDate", "330101"}});
    REQUIRE_FALSE(misread);
    CHECK(misread.error().code == Errc::Denied);
    CHECK(misread.error().remedy == Remedy::Retry);
}

TEST_CASE("identity card: a page before the camera is read, and a lobby without one is not",
          "[e2e]")
{
    World world;
    Identity identity;
    identity.waitUntil("idreader", "online");
    const auto nothing = identity.ask({{"op", "readMrz"}, {"timeoutMs", 1000}});
    REQUIRE_FALSE(nothing);
    CHECK(nothing.error().code == Errc::Timeout);
    CHECK(nothing.error().remedy == Remedy::Retry);

    const ShownPage page("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
                         "L898902C36UTO7408122F1204159ZE184226B<<<<<10\n");
    identity.begin({{"op", "readMrz"}, {"timeoutMs", 30'000}});
    identity.waitFor("showDocument");
    world.play("/camera/picture", {{"file", page.file()}});
    const auto zone = result(identity.answer());
    CHECK(zone.at("surname") == "ERIKSSON");
    CHECK(zone.at("maskedNumber") == "L******C3");
    CHECK(zone.at("expired") == true);
}
