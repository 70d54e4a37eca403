// SPDX-License-Identifier: Apache-2.0
// Cards of peripherals/virtual, which shares no code with the driver, are read whole.
#include "drivers/emv/card_authentication.h"

#include <algorithm>
#include <functional>

#include <catch2/catch.hpp>

#include "drivers/emv/emv_reader.h"
#include "peripherals/virtual/bank_card.h"
#include "tests/drivers/emv/scheme_key_text.h"
#include "tests/drivers/support/hex_text.h"

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
        sent.emplace_back(command.begin(), command.end());
        auto answer = m_chip.answer(command);
        return change ? change(command, std::move(answer)) : std::move(answer);
    }
    /// How many of its commands had this instruction.
    [[nodiscard]] auto count(unsigned instruction) const
    {
        return std::ranges::count(sent, std::byte(instruction),
                                  [](const Bytes& command) { return command[1]; });
    }
    [[nodiscard]] ByteView atr() const override { return m_chip.profile().atr; }
    Result<void> reset() override { return {}; }
    void powerOff() override {}

    int commands = 0;
    int tearAt = -1;
    std::vector<Bytes> sent;
    std::function<Bytes(ByteView command, Bytes answer)> change; ///< of a card that is not ours
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

constexpr unsigned kGenerateCryptogram = 0xAE;

/// A card whose chip signs cryptograms, as our scheme's issuer made it.
virtualdevices::CardProfile
combinedCard(virtualdevices::Proof proof = virtualdevices::Proof::Combined)
{
    auto profile = *virtualdevices::findCard("combined");
    profile.proof = proof;
    return profile;
}

Result<CardData> readCombined(ChipChannel& channel)
{
    return readCard(
        channel,
        {.today = 2026y / 11 / 26, .schemeKeys = &schemeKeys(), .combinedAuthentication = true});
}

/// The fact about a card whose answer to the first GENERATE AC is another one.
Authentication proofWith(const std::function<void(Bytes&)>& change)
{
    ChipChannel channel(combinedCard());
    bool changed = false;
    channel.change = [&](ByteView command, Bytes answer) {
        if (std::to_integer<unsigned>(command[1]) == kGenerateCryptogram && !changed) {
            change(answer);
            changed = true;
        }
        return answer;
    };
    const auto data = readCombined(channel);
    REQUIRE(data);
    CHECK(changed);
    CHECK(data->authentication.method == AuthenticationMethod::Combined);
    CHECK(data->authentication.reason.find(data->number.reveal()) == std::string::npos);
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

TEST_CASE("card authentication: a card that signs its cryptogram is genuine, and is let go")
{
    ChipChannel channel(combinedCard());
    const auto data = readCombined(channel);
    REQUIRE(data);
    INFO(data->authentication.reason);
    CHECK(data->authentication.method == AuthenticationMethod::Combined);
    CHECK(data->authentication.verdict == AuthenticationVerdict::Genuine);
    CHECK(channel.count(kGenerateCryptogram) == 2);
    CHECK(toHex(ByteView(channel.sent.end()[-2]).first(4)) == "80AE9000"); // ARQC, to be signed
    CHECK(toHex(channel.sent.end()[-2]).substr(10, 24) == std::string(24, '0')); // of no amount
    CHECK(toHex(ByteView(channel.sent.back()).first(7)) == "80AE00000B5A33");    // AAC: declined
}

TEST_CASE("card authentication: no cryptogram is asked for unless that was allowed")
{
    ChipChannel channel(combinedCard());
    const auto data = read(channel);
    REQUIRE(data);
    CHECK(data->authentication.method == AuthenticationMethod::Combined);
    CHECK(data->authentication.verdict == AuthenticationVerdict::NotChecked);
    CHECK(data->authentication.reason ==
          "the card offers nothing but combined data authentication");
    CHECK(channel.count(kGenerateCryptogram) == 0);
}

TEST_CASE("card authentication: of a card that can do both, the allowed and better one is taken")
{
    ChipChannel shy(combinedCard(virtualdevices::Proof::Either));
    CHECK(read(shy)->authentication.method == AuthenticationMethod::Dynamic);
    CHECK(shy.count(kGenerateCryptogram) == 0);
    ChipChannel bold(combinedCard(virtualdevices::Proof::Either));
    const auto data = readCombined(bold);
    REQUIRE(data);
    CHECK(data->authentication.method == AuthenticationMethod::Combined);
    CHECK(data->authentication.verdict == AuthenticationVerdict::Genuine);
    ChipChannel challenged(*virtualdevices::findCard("unionpay"));
    CHECK(readCombined(challenged)->authentication.method == AuthenticationMethod::Dynamic);
    CHECK(challenged.count(kGenerateCryptogram) == 0);
}

TEST_CASE("card authentication: a card that does not list what it signs is challenged instead")
{
    const auto withoutList = [](virtualdevices::Proof proof) {
        ChipChannel channel(combinedCard(proof));
        channel.change = [](ByteView, Bytes answer) {
            const auto list = test::bytes("8C159F02");
            const auto found = std::ranges::search(answer, list);
            if (!found.empty()) {
                found.front() = std::byte{0xC1}; // of the issuer's own
            }
            return answer;
        };
        const auto data = readCombined(channel);
        REQUIRE(data);
        CHECK(channel.count(kGenerateCryptogram) == 0);
        return data->authentication;
    };
    CHECK(withoutList(virtualdevices::Proof::Either).method == AuthenticationMethod::Dynamic);
    const auto nothing = withoutList(virtualdevices::Proof::Combined);
    CHECK(nothing.verdict == AuthenticationVerdict::NotChecked);
    CHECK(nothing.reason.find("CDOL1") != std::string::npos);
}

TEST_CASE("card authentication: a list without our whole random number is refused, and not asked")
{
    ChipChannel channel(combinedCard());
    channel.change = [](ByteView, Bytes answer) {
        const auto found = std::ranges::search(answer, test::bytes("9F37048D")); // of CDOL1
        if (!found.empty()) {
            found[2] = std::byte{1};
        }
        return answer;
    };
    const auto data = readCombined(channel);
    REQUIRE(data);
    CHECK(data->authentication.verdict == AuthenticationVerdict::Refused);
    CHECK(data->authentication.reason == "the card does not ask for a random number");
    CHECK(channel.count(kGenerateCryptogram) == 0);
}

TEST_CASE("card authentication: a cryptogram that was changed on its way refuses the card")
{
    const auto changedAt = [](std::size_t at) {
        const auto proof = proofWith([at](Bytes& answer) { answer.at(at) ^= std::byte{0x01}; });
        CHECK(proof.verdict == AuthenticationVerdict::Refused);
        return proof.reason;
    };
    CHECK(changedAt(6).find("another kind of cryptogram") != std::string::npos); // 9F27
    CHECK(changedAt(11) == "the card signed another transaction");               // 9F36
    CHECK(changedAt(40).find("dynamic signature") != std::string::npos);         // 9F4B
    CHECK(changedAt(153) == "the card signed another transaction");              // 9F10
}

TEST_CASE("card authentication: a cryptogram without signature refuses the card")
{
    const auto proof = proofWith([](Bytes& answer) {
        answer = test::bytes("80 12 80 0008 A1A2A3A4A5A6A7A8 07010103A00000 9000");
    });
    CHECK(proof.verdict == AuthenticationVerdict::Refused);
    CHECK(proof.reason == "the card did not sign its cryptogram");
}

TEST_CASE("card authentication: a card that approves unasked is refused")
{
    const auto proof = proofWith([](Bytes& answer) { answer.at(6) = std::byte{0x40}; });
    CHECK(proof.verdict == AuthenticationVerdict::Refused);
    CHECK(proof.reason == "the card made a cryptogram that it was not asked for");
}

TEST_CASE("card authentication: a card that declines or makes no cryptogram was not checked")
{
    const char* const answer =
        GENERATE("80 12 00 0008 A1A2A3A4A5A6A7A8 07010103A00000 9000",
                 "77 14 9F2701 00 9F3602 0008 9F2608 A1A2A3A4A5A6A7A8 9000", "6985", "6D00");
    const auto proof = proofWith([answer](Bytes& given) { given = test::bytes(answer); });
    CAPTURE(answer, proof.reason);
    CHECK(proof.verdict == AuthenticationVerdict::NotChecked);
    CHECK((proof.reason.find("AAC") != std::string::npos ||
           proof.reason.find("makes no cryptogram") != std::string::npos));
}

TEST_CASE("card authentication: nonsense instead of a cryptogram refuses the card")
{
    const char* const answer = GENERATE("9000", "77 7F 9000", "77 00 9000", "80 01 80 9000",
                                        "6F 00 9000", "77 04 9F270180 9000", "77 82 FF 9000");
    const auto proof = proofWith([answer](Bytes& given) { given = test::bytes(answer); });
    CAPTURE(answer);
    CHECK(proof.verdict == AuthenticationVerdict::Refused);
    CHECK_FALSE(proof.reason.empty());
}

TEST_CASE("card authentication: what a card says when its transaction is ended changes nothing")
{
    ChipChannel channel(combinedCard());
    channel.change = [](ByteView command, Bytes answer) {
        const bool ends = toHex(command.first(3)) == "80AE00";
        return ends ? test::bytes("6985") : answer;
    };
    const auto data = readCombined(channel);
    REQUIRE(data);
    CHECK(data->authentication.verdict == AuthenticationVerdict::Genuine);
}

TEST_CASE("card authentication: torn out at any command, its cryptograms too, a card is not read")
{
    ChipChannel whole(combinedCard());
    REQUIRE(readCombined(whole));
    for (int at = 0; at < whole.commands; ++at) {
        CAPTURE(at);
        ChipChannel channel(combinedCard());
        channel.tearAt = at;
        const auto data = readCombined(channel);
        REQUIRE_FALSE(data);
        CHECK(data.error().code == Errc::Disconnected);
        CHECK(data.error().remedy == Remedy::ReinsertCard);
    }
}
