// SPDX-License-Identifier: Apache-2.0
// Cards of peripherals/virtual, which shares no code with the driver, are read whole.
#include "drivers/emv/card_authentication.h"

#include <catch2/catch.hpp>

#include "drivers/emv/emv_reader.h"
#include "peripherals/virtual/bank_card.h"
#include "tests/drivers/emv/scheme_key_text.h"

using namespace guichet;
using namespace guichet::emv;
using namespace std::chrono_literals;
using test::demoSchemeTable;

namespace {

class ChipChannel final : public CardChannel {
public:
    explicit ChipChannel(virtualdevices::CardProfile profile)
        : m_chip(std::move(profile))
    {
    }
    Result<Bytes> transmit(ByteView command, std::chrono::milliseconds) override
    {
        if (commands == tearAt) {
            return torn;
        }
        ++commands;
        return m_chip.answer(command);
    }
    [[nodiscard]] ByteView atr() const override { return m_chip.profile().atr; }
    Result<void> reset() override { return {}; }
    void powerOff() override {}

    int commands = 0;
    int tearAt = -1;
    Result<Bytes> torn = fail(Errc::Disconnected, "torn out", Remedy::ReinsertCard);

private:
    virtualdevices::BankCard m_chip;
};

const SchemeKeys& schemeKeys()
{
    static const auto keys = *SchemeKeys::read(*ConfigFile::parse(
        demoSchemeTable("A000000333") + demoSchemeTable("A000000003"), "keys.toml"));
    return keys;
}

Result<CardData> read(ChipChannel& channel, const SchemeKeys* keys = &schemeKeys())
{
    return readCard(channel, {.today = 2026y / 11 / 26, .schemeKeys = keys});
}

Authentication proofOf(const char* card, const SchemeKeys* keys = &schemeKeys())
{
    ChipChannel channel(*virtualdevices::findCard(card));
    const auto data = read(channel, keys);
    REQUIRE(data);
    INFO(data->authentication.reason);
    CHECK((data->authentication.verdict == AuthenticationVerdict::Genuine) ==
          data->authentication.reason.empty());
    return data->authentication;
}

} // namespace

TEST_CASE("card authentication: a genuine card proves itself by what its chip can do")
{
    const auto dynamic = proofOf("unionpay");
    CHECK(dynamic.method == AuthenticationMethod::Dynamic);
    CHECK(dynamic.verdict == AuthenticationVerdict::Genuine);
    for (const char* card : {"visa", "t0"}) {
        const auto fixed = proofOf(card);
        CHECK(fixed.method == AuthenticationMethod::Static);
        CHECK(fixed.verdict == AuthenticationVerdict::Genuine);
    }
}

TEST_CASE("card authentication: a copy has the data and not the key")
{
    const auto copy = proofOf("copied");
    CHECK(copy.method == AuthenticationMethod::Dynamic);
    CHECK(copy.verdict == AuthenticationVerdict::Refused);
}

TEST_CASE("card authentication: what cannot be checked is said, and the card is read all the same")
{
    SECTION("a card without any method")
    {
        auto profile = *virtualdevices::findCard("unionpay");
        profile.proof = virtualdevices::Proof::None;
        ChipChannel channel(profile);
        const auto data = read(channel);
        REQUIRE(data);
        CHECK(data->authentication.method == AuthenticationMethod::None);
        CHECK(data->authentication.verdict == AuthenticationVerdict::NotChecked);
    }
    SECTION("a scheme whose key is not ours")
    {
        const auto others =
            *SchemeKeys::read(*ConfigFile::parse(demoSchemeTable("A000000003"), "keys.toml"));
        const auto proof = proofOf("unionpay", &others);
        CHECK(proof.verdict == AuthenticationVerdict::NotChecked);
        CHECK(proof.reason.find("key") != std::string::npos);
    }
    SECTION("a terminal without keys reads no more than it needs")
    {
        ChipChannel with(*virtualdevices::findCard("unionpay"));
        ChipChannel without(*virtualdevices::findCard("unionpay"));
        REQUIRE(read(with));
        const auto data = read(without, nullptr);
        REQUIRE(data);
        CHECK(data->authentication.verdict == AuthenticationVerdict::NotChecked);
        CHECK(data->authentication.reason == "not asked for");
        CHECK(without.commands < with.commands);
    }
}

TEST_CASE("card authentication: torn out at any command, a card is not read")
{
    ChipChannel whole(*virtualdevices::findCard("unionpay"));
    REQUIRE(read(whole));
    for (int at = 0; at < whole.commands; ++at) {
        CAPTURE(at);
        ChipChannel channel(*virtualdevices::findCard("unionpay"));
        channel.tearAt = at;
        const auto data = read(channel);
        REQUIRE_FALSE(data);
        CHECK(data.error().code == Errc::Disconnected);
        CHECK(data.error().remedy == Remedy::ReinsertCard);
    }
}

TEST_CASE("card authentication: half an answer says nothing about the card")
{
    ChipChannel whole(*virtualdevices::findCard("unionpay"));
    REQUIRE(read(whole));
    ChipChannel channel(*virtualdevices::findCard("unionpay"));
    channel.tearAt = whole.commands - 1; // the challenge
    channel.torn = Bytes{std::byte{0x77}};
    const auto data = read(channel);
    REQUIRE_FALSE(data);
    CHECK(data.error().remedy == Remedy::ReinsertCard);
}
