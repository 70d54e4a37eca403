// SPDX-License-Identifier: Apache-2.0
#include "drivers/residentid/resident_reader.h"

#include <algorithm>

#include <catch2/catch.hpp>

#include "tests/drivers/residentid/reader_on_table.h"

using namespace guichet;
using namespace guichet::residentid;
using namespace std::chrono_literals;
using guichet::virtualdevices::findResidentCard;
using guichet::virtualdevices::SdtReader;

namespace {

struct Desk : test::ReaderOnTable {
    ResidentReader reader{[this] { return plug(); }, clock};
    void place(const char* card) { device.place(*findResidentCard(card)); }
    Result<ResidentCard> read(std::chrono::milliseconds timeout = 10s)
    {
        return reader.read({}, timeout);
    }
};

} // namespace

TEST_CASE("resident reader: a card is read whole, however its bytes arrive")
{
    Desk desk;
    desk.piece = GENERATE(1, 64, 4096);
    desk.place("resident");
    const auto card = desk.read();
    REQUIRE(card);
    CHECK(card->identity.name.reveal() == "王小明");
    CHECK(card->identity.number.reveal() == "11010519491231002X");
    CHECK(card->identity.numberOk);
    CHECK(card->identity.address.reveal() == "北京市朝阳区测试路1号院2号楼3单元401室");
    CHECK(card->identity.longTerm);
    CHECK(card->photo.reveal().size() == 1024);
    CHECK(card->newAddress.reveal().empty());
}

TEST_CASE("resident reader: each kind of card says what it has")
{
    Desk desk;
    const auto read = [&desk](const char* name) {
        desk.place(name);
        auto card = desk.read();
        REQUIRE(card);
        return std::move(*card);
    };
    CHECK(read("resident-moved").newAddress.reveal() == "广东省广州市天河区示例街9号");
    const auto minority = read("resident-minority").identity;
    CHECK(minority.name.reveal() == "买买提·吐尔逊·阿卜杜热合曼江");
    CHECK(minority.nameMayBeCut);
    CHECK(minority.ethnicGroup == "05");
    CHECK(read("resident-rare").identity.name.reveal() == "王\U00020BB7");
    const auto permit = read("permit").identity;
    CHECK(permit.kind == CardKind::Permit);
    CHECK(permit.passNumber.reveal() == "H01234567");
    CHECK(permit.numberOk);
    const auto foreigner = read("foreigner").identity;
    CHECK(foreigner.kind == CardKind::Foreigner2023);
    CHECK(foreigner.englishName.reveal() == "SMITH, JOHN ALEXANDER");
    CHECK(foreigner.nationality == "GBR");
    const auto old = read("foreigner-2017").identity;
    CHECK(old.kind == CardKind::Foreigner2017);
    CHECK(old.number.reveal() == "DEU110000901130");
}

TEST_CASE("resident reader: waits for a card, and says once that one is there")
{
    Desk desk;
    desk.idle = [&desk] {
        if (!desk.device.card()) {
            desk.place("resident");
        }
    };
    int found = 0;
    REQUIRE(desk.reader.read({}, 10s, [&found] { ++found; }));
    CHECK(found == 1);

    SECTION("a card that was read is not read again until it was taken away")
    {
        desk.idle = {};
        const auto again = desk.read(2s);
        REQUIRE_FALSE(again);
        CHECK(again.error().code == Errc::Timeout);
        CHECK(again.error().remedy == Remedy::InsertCard);
        desk.device.remove();
        desk.place("permit");
        CHECK(desk.read());
    }
}

TEST_CASE("resident reader: a card that moves is read anew, and three times at most")
{
    Desk desk;
    desk.place("resident");
    SECTION("once")
    {
        desk.device.set(SdtReader::Fault::CardMovesOnce);
        CHECK(desk.read());
    }
    SECTION("each time")
    {
        desk.device.set(SdtReader::Fault::CardMoves);
        const auto card = desk.read();
        REQUIRE_FALSE(card);
        CHECK(card.error().code == Errc::Disconnected);
        CHECK(card.error().remedy == Remedy::ReinsertCard);
        CHECK(desk.device.readings() == 3);
    }
}

TEST_CASE("resident reader: a card of another kind is given back at the first look")
{
    Desk desk;
    desk.place("resident");
    desk.device.set(SdtReader::Fault::OtherCard);
    const auto other = desk.read();
    REQUIRE_FALSE(other);
    CHECK(other.error().code == Errc::Unsupported);
    CHECK(other.error().remedy == Remedy::RemoveCard);
}

TEST_CASE("resident reader: a damaged answer costs one more look")
{
    Desk desk;
    desk.place("resident");
    const auto card =
        desk.reader.read({}, 10s, [&desk] { desk.device.set(SdtReader::Fault::Damaged); });
    CHECK(card);
}

TEST_CASE("resident reader: a mute reader is a cable's matter, and is opened anew")
{
    Desk desk;
    desk.place("resident");
    desk.device.set(SdtReader::Fault::Mute);
    const auto mute = desk.read();
    REQUIRE_FALSE(mute);
    CHECK(mute.error().code == Errc::Timeout);
    CHECK(mute.error().remedy == Remedy::ReconnectCable);
    desk.device.set(SdtReader::Fault::None);
    CHECK(desk.read());
    CHECK(desk.opened == 2);
}

TEST_CASE("resident reader: a pulled cable is told, and the next card is read when it is back")
{
    Desk desk;
    desk.place("resident");
    const auto pulled = desk.reader.read({}, 10s, [&desk] { desk.plugged = false; });
    REQUIRE_FALSE(pulled);
    CHECK(pulled.error().code == Errc::Disconnected);
    CHECK(pulled.error().remedy == Remedy::ReconnectCable);
    CHECK(desk.read().error().remedy == Remedy::ReconnectCable);
    desk.plugged = true;
    CHECK(desk.read());
}

TEST_CASE(
    "resident reader: one that was plugged again while it was idle reads the next card at once")
{
    Desk desk;
    desk.place("resident");
    REQUIRE(desk.read());
    ++desk.pulled;
    desk.place("permit");
    CHECK(desk.read());
    CHECK(desk.opened == 2);
}

TEST_CASE("resident reader: an answer that came too late is not taken for the next one's")
{
    Desk desk;
    desk.place("resident");
    desk.delay = 1s; // longer than looking for a card may take
    CHECK(desk.read().error().code == Errc::Timeout);
    desk.delay = 0ms;
    const auto card = desk.read();
    REQUIRE(card);
    CHECK(card->identity.name.reveal() == "王小明");
}

TEST_CASE("resident reader: the security module names itself, or says that it is out of order")
{
    Desk desk;
    CHECK(*desk.reader.samNumber() == "05.03-20230412-0000123456-0987654321");
    desk.device.set(SdtReader::Fault::Expired);
    desk.place("resident");
    for (const auto& error : {desk.reader.samNumber().error(), desk.read().error()}) {
        CHECK(error.code == Errc::Denied);
        CHECK(error.remedy == Remedy::CallStaff);
    }
}

TEST_CASE("resident reader: cancelled while it waits, it says so and stays open")
{
    Desk desk;
    std::stop_source stop;
    desk.idle = [&stop] { stop.request_stop(); };
    CHECK(desk.reader.read(stop.get_token(), 10s).error().code == Errc::Cancelled);
    desk.idle = {};
    desk.place("resident");
    CHECK(desk.read());
    CHECK(desk.opened == 1);
}
