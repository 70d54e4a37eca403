// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/resident_helper.h"

#include <algorithm>
#include <filesystem>

#include <catch2/catch.hpp>

#include "peripherals/base/random.h"
#include "peripherals/host/demo_key.h"
#include "tests/drivers/residentid/reader_on_table.h"
#include "tests/peripherals/host/bank.h"
#include "tests/peripherals/host/recording_line.h"

using namespace guichet;
using namespace guichet::host;
using namespace std::chrono_literals;
using guichet::virtualdevices::findResidentCard;
using guichet::virtualdevices::SdtReader;
using nlohmann::json;

namespace {

struct ResidentDesk : test::ReaderOnTable {
    std::filesystem::path folder =
        std::filesystem::temp_directory_path() / ("guichet-" + randomUuid());

    ResidentDesk()
    {
        std::filesystem::create_directories(folder);
        clock.jumpWall(fromRfc3339("2026-11-26T10:00:00+08:00")->time_since_epoch());
    }
    ~ResidentDesk() { std::filesystem::remove_all(folder); }

    ResidentHelper helper(bool withKey = true, const char* decoder = nullptr)
    {
        std::optional<SealingKey> key;
        if (withKey) {
            key = std::move(*SealingKey::fromFile(*demoSealingKey(folder)));
        }
        std::optional<residentid::PhotoDecoder> photos;
        if (decoder != nullptr) {
            photos = std::move(*residentid::PhotoDecoder::load(decoder));
        }
        return {[this] { return plug(); }, clock, std::move(key), std::move(photos)};
    }
};

const json kSoon{{"timeoutMs", 30'000}};

} // namespace

TEST_CASE("resident helper: with the bank's decoder the photo is sealed, and none goes out",
          "[host]")
{
    ResidentDesk desk;
    test::RecordingLine line;
    auto helper = desk.helper(true, GUICHET_PHOTO_PLUGIN);
    desk.device.place(*findResidentCard("resident"));
    const auto read = helper.perform("readResident", kSoon, line, {});
    REQUIRE(read);
    CHECK((*read)["photo"] == "sealed");
    const auto content = json::parse(
        test::openAsBank(desk.folder / "bank-demo.pem", (*read)["sealed"].get<std::string>()));
    const auto photo = fromBase64(content["photo"].get<std::string>());
    REQUIRE(photo);
    CHECK(residentid::isPhotoBmp(*photo));
}

TEST_CASE("resident helper: names, dates and verdicts go out, the rest is the bank's", "[host]")
{
    ResidentDesk desk;
    test::RecordingLine line;
    auto helper = desk.helper();
    const auto& profile = *findResidentCard("resident");
    desk.device.place(profile);
    const auto read = helper.perform("readResident", kSoon, line, {});
    REQUIRE(read);
    CHECK(line.said == std::vector<std::string>{"insertCard", "reading"});
    CHECK(line.current.empty());

    auto shown = *read;
    CHECK(shown["kind"] == "resident");
    CHECK(shown["name"] == profile.holder);
    CHECK(shown["birth"] == "1949-12-31");
    CHECK(shown["numberOk"] == true);
    CHECK(shown["expired"] == false);
    CHECK(shown["photo"] == "notDecoded");
    const auto sealed = shown["sealed"].get<std::string>();
    shown.erase("sealed");
    const auto open = shown.dump();
    CHECK(open.find(profile.number) == std::string::npos);
    CHECK(open.find(profile.address) == std::string::npos);
    CHECK(shown["maskedNumber"] ==
          profile.number.substr(0, 3) + std::string(11, '*') + profile.number.substr(14));

    const auto content = json::parse(test::openAsBank(desk.folder / "bank-demo.pem", sealed));
    CHECK(content["number"] == profile.number);
    CHECK(content["name"] == profile.holder);
    CHECK(content["address"] == profile.address);
    CHECK(content["birth"] == "1949-12-31");
}

TEST_CASE("resident helper: a card is over once its last day is", "[host]")
{
    ResidentDesk desk;
    test::RecordingLine line;
    auto helper = desk.helper();
    auto profile = *findResidentCard("resident");
    const auto expired = [&](const char* validTo) {
        profile.validTo = validTo;
        desk.device.remove();
        desk.device.place(profile);
        const auto read = helper.perform("readResident", kSoon, line, {});
        REQUIRE(read);
        return read->at("expired").get<bool>();
    };
    CHECK(expired("20261125"));
    CHECK_FALSE(expired("20261126"));
    CHECK_FALSE(expired("长期"));
}

TEST_CASE("resident helper: without a card the time runs out and asks for one", "[host]")
{
    ResidentDesk desk;
    test::RecordingLine line;
    auto helper = desk.helper();
    const auto before = desk.clock.ticks();
    const auto read = helper.perform("readResident", kSoon, line, {});
    REQUIRE_FALSE(read);
    CHECK(read.error().code == Errc::Timeout);
    CHECK(read.error().remedy == Remedy::InsertCard);
    CHECK(desk.clock.ticks() - before >= 30s);
    CHECK(desk.clock.ticks() - before < 40s);
}

TEST_CASE("resident helper: without the bank's key nothing is read", "[host]")
{
    ResidentDesk desk;
    test::RecordingLine line;
    auto helper = desk.helper(false);
    desk.device.place(*findResidentCard("resident"));
    const auto read = helper.perform("readResident", kSoon, line, {});
    REQUIRE_FALSE(read);
    CHECK(read.error().remedy == Remedy::CallStaff);
    CHECK(desk.device.readings() == 0);
}

TEST_CASE("resident helper: the state tells the truth about cable and security module", "[host]")
{
    ResidentDesk desk;
    test::RecordingLine line;
    auto helper = desk.helper();
    const auto state = [&] {
        helper.watch(line);
        return line.lastStatus["common"]["device"].get<std::string>();
    };
    CHECK(state() == "online");
    desk.device.set(SdtReader::Fault::Expired);
    CHECK(state() == "hardwareError");
    desk.device.set(SdtReader::Fault::Mute);
    CHECK(state() == "offline");
    desk.device.set(SdtReader::Fault::None);
    CHECK(state() == "online");
    desk.plugged = false;
    CHECK(state() == "offline");
    CHECK(state() == "offline");
    desk.plugged = true;
    CHECK(state() == "online");
}
