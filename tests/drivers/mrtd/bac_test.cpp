// SPDX-License-Identifier: Apache-2.0
#include "drivers/mrtd/bac.h"

#include <catch2/catch.hpp>

#include "drivers/mrtd/file_reading.h"
#include "drivers/mrtd/key_derivation.h"
#include "drivers/mrtd/tlv.h"
#include "peripherals/base/random.h"
#include "tests/drivers/support/scripted_card_channel.h"

using namespace guichet;
using namespace guichet::mrtd;
using namespace std::chrono_literals;
using test::bytes;
using test::ScriptedCardChannel;

namespace {

constexpr auto kChallenge = "4608F919887022129000";
constexpr auto kAuthenticate =
    "0082000028 72C29C2371CC9BDB65B779B8E8D37B29ECC154AA56A8799FAE2F498F76ED92F2 "
    "5F1448EEA8AD90A7 28";
constexpr auto kAuthenticated =
    "46B9342A41396CD7386BF5803104D7CEDC122B9132139BAF2EEDC94EE178534F 2F2D235D074D7449 9000";

SecretBytes printedKeySeed()
{
    return SecretBytes(bytes("239AB9CB282DAF66231DC5A4DF6BFBAEDF477565"));
}

/// The terminal's numbers of Doc 9303-11 appendix D, in the order in which they are drawn.
RandomSource printedNumbers()
{
    return [drawn = 0](std::size_t count) mutable {
        auto number =
            drawn++ == 0 ? bytes("781723860C06C226") : bytes("0B795240CB7049B01C19B33E32804F0B");
        REQUIRE(number.size() == count);
        return number;
    };
}

} // namespace

TEST_CASE("mrtd: basic access control runs byte for byte as in Doc 9303-11 appendix D")
{
    ScriptedCardChannel channel;
    channel.on("0084000008", kChallenge).on(kAuthenticate, kAuthenticated);
    channel.on("0CA4020C158709016375432908C044F68E08BF8B92D635FF24F800",
               "990290008E08FA855A5D4C50A8ED9000");
    CardLink link(channel, 1s);
    auto session = openWithBac(link, printedKeySeed(), printedNumbers());
    if (!session) {
        FAIL(session.error().detail);
    }
    CHECK(toHex(session->counter()) == "887022120C06C226");
    link.secure(std::move(*session));
    const auto selected = link.exchange({0x00, 0xA4, 0x02, 0x0C, bytes("011E")});
    REQUIRE(selected);
    CHECK(selected->ok());
    CHECK(channel.finished());
}

TEST_CASE("mrtd: a chip that refuses the key asks to read the zone again")
{
    const auto* status = GENERATE("6300", "6982", "6988");
    ScriptedCardChannel channel;
    channel.on("0084000008", kChallenge).on(kAuthenticate, status);
    CardLink link(channel, 1s);
    const auto session = openWithBac(link, printedKeySeed(), printedNumbers());
    REQUIRE_FALSE(session);
    CHECK(session.error().code == Errc::Denied);
    CHECK(session.error().remedy == Remedy::Retry);
}

TEST_CASE("mrtd: a chip that cannot prove the key is not believed")
{
    const auto turned = GENERATE(0U, 31U, 32U, 39U);
    auto answer = bytes(kAuthenticated);
    answer[turned] ^= std::byte{1};
    ScriptedCardChannel channel;
    channel.on("0084000008", kChallenge).on(bytes(kAuthenticate), answer);
    CardLink link(channel, 1s);
    const auto session = openWithBac(link, printedKeySeed(), printedNumbers());
    REQUIRE_FALSE(session);
    CHECK(session.error().code == Errc::Denied);
}

TEST_CASE("mrtd: an answer recorded in another session is not believed")
{
    ScriptedCardChannel channel;
    channel.on("0084000008", "00112233445566779000").on("0082*", kAuthenticated);
    CardLink link(channel, 1s);
    const auto session = openWithBac(link, printedKeySeed(), randomBytes);
    REQUIRE_FALSE(session);
    CHECK(session.error().code == Errc::Denied);
}

TEST_CASE("mrtd: a chip without basic access control says so")
{
    const auto* answer = GENERATE("6D00", "6985", "9000", "01029000");
    ScriptedCardChannel channel;
    channel.on("0084000008", answer);
    CardLink link(channel, 1s);
    const auto session = openWithBac(link, printedKeySeed(), randomBytes);
    REQUIRE_FALSE(session);
    CHECK(session.error().code == Errc::Unsupported);
}

TEST_CASE("mrtd: a broken session sends nothing more")
{
    ScriptedCardChannel channel;
    channel.on("0084000008", kChallenge).on(kAuthenticate, kAuthenticated);
    channel.on("0CB0*", "6988");
    CardLink link(channel, 1s);
    link.secure(*openWithBac(link, printedKeySeed(), printedNumbers()));
    CHECK_FALSE(link.exchange({0x00, 0xB0, 0x00, 0x00, {}, 6}));
    const auto next = link.exchange({0x00, 0xB0, 0x00, 0x00, {}, 6});
    REQUIRE_FALSE(next);
    CHECK(next.error().code == Errc::Denied);
    CHECK(channel.exchanges() == 3);
}

TEST_CASE("mrtd: a link follows what waits and other lengths")
{
    ScriptedCardChannel channel;
    channel.on("00B0000006", "6C04").on("00B0000004", "01026102").on("00C0000002", "03049000");
    CardLink link(channel, 1s);
    const auto answer = link.exchange({0x00, 0xB0, 0x00, 0x00, {}, 6});
    REQUIRE(answer);
    CHECK(toHex(answer->data.reveal()) == "01020304");
}

TEST_CASE("mrtd: a chip that always has more to say is given up")
{
    ScriptedCardChannel channel;
    const auto* piece = GENERATE("6110", "00112233445566778899AABBCCDDEEFF6110", "6C10");
    for (int i = 0; i < 100; ++i) {
        channel.on("00*", piece);
    }
    CardLink link(channel, 1s);
    const auto answer = link.exchange({0x00, 0xB0, 0x00, 0x00, {}, 6});
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Errc::Protocol);
    CHECK(answer.error().remedy == Remedy::ReinsertCard);
    CHECK(channel.exchanges() < 20);
}

TEST_CASE("mrtd: a file is as long as it says")
{
    ScriptedCardChannel channel;
    channel.on("00A4020C02011E", "9000").on("00B0000006", "60 08 5F01 04 30 9000");
    channel.on("00B0000604", "3130375C9000");
    CardLink link(channel, 1s);
    const auto file = readFile(link, kCommon, {});
    if (!file) {
        FAIL(file.error().detail);
    }
    CHECK(toHex(file->reveal()) == "60085F0104303130375C");
}

TEST_CASE("mrtd: a chip without file selection is read by short identifiers")
{
    ScriptedCardChannel channel;
    channel.on("00A4020C02011E", "6A86").on("00B09E0006", "60 06 5F01 04 30 9000");
    channel.on("00B0000602", "31306282");
    CardLink link(channel, 1s);
    const auto file = readFile(link, kCommon, {});
    REQUIRE(file);
    CHECK(file->reveal().size() == 8);
}

TEST_CASE("mrtd: a file that claims too much, or is another, is not read")
{
    struct Sample {
        const char* start;
        Errc code;
    };
    const auto sample = GENERATE(Sample{"75 83 FFFFFF 7F 9000", Errc::Unsupported},
                                 Sample{"75 84 05F5E100 9000", Errc::Protocol}, // 100 MB
                                 Sample{"75 83 010000 7F 9000", Errc::Unsupported},
                                 Sample{"61 04 5F1F 0131 9000", Errc::Protocol},
                                 Sample{"75 9000", Errc::Protocol}, Sample{"9000", Errc::Protocol});
    INFO(sample.start);
    ScriptedCardChannel channel;
    channel.on("00A4020C020102", "9000").on("00B0000006", sample.start);
    CardLink link(channel, 1s);
    const auto file = readFile(link, dataGroup(2), {.mostBytes = 60'000});
    REQUIRE_FALSE(file);
    CHECK(file.error().code == sample.code);
    CHECK(channel.finished());
}

TEST_CASE("mrtd: a chip that gives a file out byte by byte is given up")
{
    ScriptedCardChannel channel;
    channel.on("00A4020C020102", "9000").on("00B0000006", "75 82 1000 7F61 9000");
    for (int i = 0; i < 4'096; ++i) {
        channel.on("00B0*", "009000");
    }
    CardLink link(channel, 1s);
    const auto file = readFile(link, dataGroup(2), {});
    REQUIRE_FALSE(file);
    CHECK(file.error().code == Errc::Protocol);
    CHECK(channel.exchanges() < 300);
}

TEST_CASE("mrtd: a missing file, a kept one and a missing application are told apart")
{
    struct Sample {
        const char* status;
        Errc code;
    };
    const auto sample = GENERATE(Sample{"6A82", Errc::NotFound}, Sample{"6982", Errc::Denied});
    ScriptedCardChannel channel;
    channel.on("00A4020C020103", sample.status).on("00A4040C07A0000002471001", "6A82");
    CardLink link(channel, 1s);
    const auto file = readFile(link, dataGroup(3), {});
    REQUIRE_FALSE(file);
    CHECK(file.error().code == sample.code);
    const auto selected = selectDocument(link);
    REQUIRE_FALSE(selected);
    CHECK(selected.error().code == Errc::Unsupported);
    CHECK(selected.error().remedy == Remedy::RemoveCard);
}

TEST_CASE("mrtd: beyond 32 KiB a file is read by offset objects")
{
    constexpr std::size_t kTotal = 0x8000 + 40;
    ScriptedCardChannel channel;
    channel.on("00A4020C020102", "9000").on("00B0000006", "75 82 8024 1111 9000");
    const Bytes most(0x8000 - 6, std::byte{0x22});
    const auto extended = bytes("00B0000600 7FFA");
    channel.on(extended, joined({most, bytes("9000")}));
    const Bytes end(0x28, std::byte{0x33});
    channel.on(bytes("00B1000004 54028000 2C"), joined({makeObject(0x53, end), bytes("9000")}));
    CardLink link(channel, 1s);
    const auto file = readFile(link, dataGroup(2), {.piece = 0x7FFA});
    if (!file) {
        FAIL(file.error().detail);
    }
    CHECK(file->reveal().size() == kTotal);
    CHECK(file->reveal().back() == std::byte{0x33});
}
