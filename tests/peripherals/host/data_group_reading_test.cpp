// SPDX-License-Identifier: Apache-2.0
// The files of virtual passports, as a bank may have them handed out.
#include "peripherals/host/data_group_reading.h"

#include <catch2/catch.hpp>

#include "peripherals/host/card_helper.h"
#include "tests/drivers/mrtd/passport_channel.h"
#include "tests/peripherals/host/recording_line.h"

using namespace guichet;
using namespace guichet::host;
using nlohmann::json;
using virtualdevices::findPassport;
using virtualdevices::Passport;
using virtualdevices::PassportFault;
using virtualdevices::PassportIssuer;

namespace {

struct ChipDesk {
    explicit ChipDesk(const char* name, std::optional<PassportFault> fault = {})
        : passport(findPassport(name)->profile, PassportIssuer::demo(),
                   fault.value_or(findPassport(name)->fault))
    {
    }
    Result<DataGroups> read(bool withFace)
    {
        auto zone = passport.profile().mrz;
        zone.insert(zone.size() / 2, "\n");
        constexpr auto kToday = std::chrono::year(2026) / 11 / 26;
        const auto recipient = SealingKey::fromPem(*key->publicPem());
        return documentOfZone(Secret(std::move(zone)), kToday)
            .and_then([&](const ShownDocument& shown) {
                return readDataGroups(channel, shown, withFace, *recipient, {});
            })
            .and_then([this](const json& read) {
                CHECK(read.size() == 1);
                return openDataGroups(*key, read.at("sealed").get<std::string>());
            });
    }

    Passport passport;
    test::PassportChannel channel{passport};
    Result<OpeningKey> key = OpeningKey::generate();
};

/// A slot with that document in it.
class PassportSlot final : public CardReader {
public:
    explicit PassportSlot(Passport& passport)
        : m_passport(passport)
    {
    }
    [[nodiscard]] std::string_view name() const override { return "slot"; }
    [[nodiscard]] Result<CardState> state() override { return CardState{CardPresence::Present, 1}; }
    [[nodiscard]] Result<CardState> waitForChange(CardState, std::stop_token,
                                                  std::chrono::milliseconds) override
    {
        return fail(Errc::Timeout, "nothing happens");
    }
    [[nodiscard]] Result<std::unique_ptr<CardChannel>> connect() override
    {
        return std::make_unique<test::PassportChannel>(m_passport);
    }

private:
    Passport& m_passport;
};

std::string printedLines(const Passport& passport)
{
    auto zone = passport.profile().mrz;
    return zone.insert(zone.size() / 2, "\n");
}

std::string fileOf(const Secret<std::string>& base64)
{
    const auto bytes = fromBase64(base64.reveal());
    REQUIRE(bytes);
    return std::string(asText(*bytes));
}

} // namespace

TEST_CASE("data groups: both files leave as the chip has them, sealed to who asked", "[host]")
{
    const auto name = GENERATE("passport", "passport-bac");
    ChipDesk desk(name);
    const auto groups = desk.read(true);
    REQUIRE(groups);
    const auto zone = fileOf(groups->zone), face = fileOf(groups->face);
    CHECK(zone.front() == '\x61'); // of DG1 and DG2 in Doc 9303-10
    CHECK(zone.ends_with(desk.passport.profile().mrz));
    CHECK(face.front() == '\x75');
    CHECK(face.size() > 10'000);
    const auto& picture = desk.passport.profile().picture;
    CHECK(face.find(asText(picture)) != std::string::npos);
}

TEST_CASE("data groups: a portrait that nobody asked for is not read", "[host]")
{
    ChipDesk desk("passport");
    const auto groups = desk.read(false);
    REQUIRE(groups);
    CHECK_FALSE(groups->zone.empty());
    CHECK(groups->face.empty());
    CHECK(desk.channel.commands() < 60);
}

TEST_CASE("data groups: a document torn out at any command gives nothing", "[host]")
{
    ChipDesk whole("passport-bac");
    REQUIRE(whole.read(true));
    for (std::size_t command = 0; command < whole.channel.commands(); ++command) {
        INFO(command);
        ChipDesk desk("passport-bac");
        desk.channel.tearBefore(command);
        const auto torn = desk.read(true);
        REQUIRE_FALSE(torn);
        CHECK(torn.error().code == Errc::Disconnected);
        CHECK(torn.error().remedy == Remedy::ReinsertCard);
    }
}

TEST_CASE("data groups: a file that claims to be too large is refused", "[host]")
{
    const auto read = ChipDesk("passport", PassportFault::HugePicture).read(true);
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Errc::Unsupported);
}

TEST_CASE("data groups: what was sealed to another key is not opened", "[host]")
{
    const auto own = OpeningKey::generate(), other = OpeningKey::generate();
    const auto sealed =
        SealingKey::fromPem(*other->publicPem())->seal(Secret(std::string(R"({"DG1":"YQ=="})")));
    CHECK(openDataGroups(*other, *sealed));
    const auto refused = openDataGroups(*own, *sealed);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::Protocol);
}

TEST_CASE("data groups: the card reader's helper needs the zone sealed to it, and no bank's key",
          "[host]")
{
    Passport passport(findPassport("passport")->profile, PassportIssuer::demo());
    CardHelper helper(std::make_unique<PassportSlot>(passport), std::nullopt);
    test::RecordingLine line;
    helper.watch(line);
    const auto key = OpeningKey::generate();
    const auto ask = [&](const std::string& zoneKey, std::string zone) {
        return helper.perform(
            "readDataGroups",
            {{"sealedZone", *SealingKey::fromPem(zoneKey)->seal(Secret(std::move(zone)))},
             {"face", true},
             {"recipient", *key->publicPem()},
             {"timeoutMs", 60'000}},
            line, {});
    };
    SECTION("the files come")
    {
        const auto read = ask(line.zoneKey, printedLines(passport));
        REQUIRE(read);
        const auto groups = openDataGroups(*key, read->at("sealed").get<std::string>());
        REQUIRE(groups);
        CHECK(fileOf(groups->zone).ends_with(passport.profile().mrz));
        CHECK_FALSE(groups->face.empty());
        CHECK(line.said.back() == "reading");
        CHECK(line.current.empty());
    }
    SECTION("the zone of another page opens nothing")
    {
        const auto read = ask(line.zoneKey, "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
                                            "L898902C36UTO7408122F3204153ZE184226B<<<<<16\n");
        REQUIRE_FALSE(read);
        CHECK(read.error().code == Errc::Denied);
    }
    SECTION("a zone for a helper that ended opens nothing")
    {
        const auto read = ask(*key->publicPem(), printedLines(passport));
        REQUIRE_FALSE(read);
        CHECK(read.error().code == Errc::NotFound);
        CHECK(read.error().remedy == Remedy::Retry);
    }
}
