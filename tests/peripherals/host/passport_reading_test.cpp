// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/passport_reading.h"

#include <filesystem>

#include <catch2/catch.hpp>

#include "peripherals/base/random.h"
#include "peripherals/host/demo_devices.h"
#include "peripherals/host/demo_key.h"
#include "tests/drivers/mrtd/passport_channel.h"
#include "tests/peripherals/host/bank.h"

using namespace guichet;
using namespace guichet::host;
using namespace std::chrono_literals;
using nlohmann::json;
using virtualdevices::findPassport;
using virtualdevices::Passport;
using virtualdevices::PassportIssuer;

namespace {

mrtd::CountrySigners demoSigners()
{
    mrtd::CountrySigners trusted;
    REQUIRE(trusted.addCertificate(demoCountrySigner()));
    return trusted;
}

struct PassportDesk {
    PassportDesk() { std::filesystem::create_directories(folder); }
    ~PassportDesk() { std::filesystem::remove_all(folder); }

    Result<json> read(const char* name, const json& shown,
                      std::chrono::year_month_day today = 2026y / 11 / 26)
    {
        return documentOfKey(shown).and_then(
            [&](const ShownDocument& document) { return read(name, document, today); });
    }
    Result<json> readByZone(const char* name, std::string zone)
    {
        constexpr auto kToday = 2026y / 11 / 26;
        return documentOfZone(Secret(std::move(zone)), kToday)
            .and_then([&](const ShownDocument& document) { return read(name, document, kToday); });
    }
    Result<json> read(const char* name, const ShownDocument& shown,
                      std::chrono::year_month_day today)
    {
        const auto& known = *findPassport(name);
        Passport passport(known.profile, PassportIssuer::demo(), known.fault);
        test::PassportChannel channel(passport);
        return readPassport(channel, shown, {key, signers, today}, {});
    }

    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("guichet-" + randomUuid());
    SealingKey key = [this] {
        std::filesystem::create_directories(folder);
        return std::move(*SealingKey::fromFile(*demoSealingKey(folder)));
    }();
    mrtd::CountrySigners signers = demoSigners();
};

const json kMing{
    {"documentNumber", "E98765432"}, {"birthDate", "850610"}, {"expiryDate", "330101"}};
const json kAnna{
    {"documentNumber", "L898902C3"}, {"birthDate", "740812"}, {"expiryDate", "320415"}};

} // namespace

TEST_CASE("passport reading: names, dates and verdicts go out, the rest is the bank's", "[host]")
{
    PassportDesk desk;
    const auto read = desk.read("passport", kMing);
    REQUIRE(read);
    auto shown = *read;
    CHECK(shown["surname"] == "LI");
    CHECK(shown["givenName"] == "MING");
    CHECK(shown["fullName"] == "李明");
    CHECK(shown["birth"] == "1985-06-10");
    CHECK(shown["validTo"] == "2033-01-01");
    CHECK(shown["sex"] == "male");
    CHECK(shown["expired"] == false);
    CHECK(shown["maskedNumber"] == "E******32");
    CHECK(shown["checks"]["chain"]["verdict"] == "passed");
    const auto sealed = shown["sealed"].get<std::string>();
    shown.erase("sealed");
    CHECK(shown.dump().find("98765") == std::string::npos);
}

TEST_CASE("passport reading: an old chip opens with basic access control", "[host]")
{
    PassportDesk desk;
    const auto read = desk.read("passport-bac", kAnna);
    REQUIRE(read);
    CHECK((*read)["access"] == "bac");
    CHECK((*read)["checks"]["activeAuthentication"]["verdict"] == "passed");
    CHECK((*read)["checks"]["chipAuthentication"]["verdict"] == "notChecked");
}

TEST_CASE("passport reading: the last day of a passport counts whole", "[host]")
{
    PassportDesk desk;
    CHECK((*desk.read("passport", kMing, 2033y / 1 / 1))["expired"] == false);
    CHECK((*desk.read("passport", kMing, 2033y / 1 / 2))["expired"] == true);
}

TEST_CASE("passport reading: a state that nobody vouches for is not checked", "[host]")
{
    PassportDesk desk;
    desk.signers = mrtd::CountrySigners();
    const auto read = desk.read("passport", kMing);
    REQUIRE(read);
    CHECK((*read)["checks"]["chain"]["verdict"] == "notChecked");
    CHECK((*read)["checks"]["signature"]["verdict"] == "passed");
}

TEST_CASE("passport reading: a key that none can be is refused before the chip is asked", "[host]")
{
    PassportDesk desk;
    for (const auto& key : {json::object(), json{{"documentNumber", 7}}, json("E98765432"),
                            json{{"documentNumber", "E98765432"},
                                 {"birthDate", "1985-06-10"},
                                 {"expiryDate", "330101"}}}) {
        CAPTURE(key.dump());
        const auto read = desk.read("passport", key);
        REQUIRE_FALSE(read);
        CHECK(read.error().code == Errc::Invalid);
    }
}

namespace {

/// As it is printed: in lines.
std::string printedZone(const char* name)
{
    auto zone = findPassport(name)->profile.mrz;
    return zone.insert(zone.size() / 2, "\n");
}

} // namespace

TEST_CASE("passport reading: the zone that was read opens the chip and is compared with it",
          "[host]")
{
    PassportDesk desk;
    const auto read = desk.readByZone("passport", printedZone("passport"));
    REQUIRE(read);
    CHECK((*read)["surname"] == "LI");
    CHECK((*read)["checks"]["printedZone"]["verdict"] == "passed");
    const auto byKey = desk.read("passport", kMing);
    REQUIRE(byKey);
    CHECK((*byKey)["checks"]["printedZone"]["verdict"] == "notChecked");
}

TEST_CASE("passport reading: a page with another name than the chip's is told, without the name",
          "[host]")
{
    PassportDesk desk;
    auto zone = printedZone("passport");
    zone.replace(zone.find("MING"), 4, "LING");
    const auto read = desk.readByZone("passport", std::move(zone));
    REQUIRE(read);
    const auto& check = (*read)["checks"]["printedZone"];
    CHECK(check["verdict"] == "failed");
    CHECK(check["reason"] == "the printed zone differs from the chip's in: name");
}

TEST_CASE("passport reading: what is no zone opens nothing", "[host]")
{
    PassportDesk desk;
    const auto read = desk.readByZone("passport", "E98765432");
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Errc::Protocol);
}
