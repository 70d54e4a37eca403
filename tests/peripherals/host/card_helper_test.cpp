// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/card_helper.h"

#include <algorithm>
#include <deque>
#include <filesystem>
#include <string>
#include <utility>
#include <vector>

#include <catch2/catch.hpp>

#include "peripherals/base/random.h"
#include "peripherals/host/demo_devices.h"
#include "peripherals/host/demo_key.h"
#include "peripherals/virtual/bank_card.h"
#include "tests/drivers/support/scripted_card_channel.h"
#include "tests/peripherals/host/recording_line.h"

using namespace guichet;
using namespace guichet::host;
using namespace std::chrono_literals;
using nlohmann::json;
using test::RecordingLine;
using test::ScriptedCardChannel;

namespace {

constexpr std::size_t kExchanges = 5;
constexpr std::size_t kNever = static_cast<std::size_t>(-1);

/// A UnionPay card without a directory, with one record.
void script(ScriptedCardChannel& card)
{
    card.on("00A404000E315041592E5359532E444446303100", "6A82")
        .on("00A404000E325041592E5359532E444446303100", "6A82")
        .on("00A4040008A00000033301010100",
            "6F1B 8408A000000333010101 A50F 500A50424F43204445424954 870101 9000")
        .on("80A8000002830000", "80 06 7C00 08010100 9000")
        .on("00B2010C00", "7010 5A086250947000000014 5F2403491231 9000");
}

/// Whatever may hang in PC/SC; each call is held against the step announced for it.
struct Slot {
    explicit Slot(RecordingLine& announced)
        : line(announced)
    {
    }
    void enter(const std::string& call)
    {
        steps.push_back(call + " in " + line.current);
        if (line.budget <= 0ms || line.budget > 8s) {
            unwatched.push_back(call);
        }
    }

    RecordingLine& line;
    CardState state{CardPresence::Present, 1};
    std::deque<CardState> next;      ///< what waiting brings; then the time is up
    std::deque<Error> refusals;      ///< of connecting
    std::size_t tearBefore = kNever; ///< exchange of the next card
    std::size_t muteAt = kNever;     ///< likewise
    int connects = 0;
    std::vector<std::string> steps;
    std::vector<std::string> unwatched;
};

class SlotChannel final : public CardChannel {
public:
    explicit SlotChannel(Slot& slot)
        : m_slot(slot)
    {
        script(m_card);
        m_card.tearBefore(std::exchange(slot.tearBefore, kNever));
    }
    ~SlotChannel() override { m_slot.enter("disconnect"); }
    Result<Bytes> transmit(ByteView command, std::chrono::milliseconds timeout) override
    {
        m_slot.enter("transmit");
        if (m_card.exchanges() == m_slot.muteAt) {
            return fail(Errc::Timeout, "mute");
        }
        return m_card.transmit(command, timeout);
    }
    ByteView atr() const override { return m_card.atr(); }
    Result<void> reset() override
    {
        m_slot.enter("reset");
        return {};
    }
    void powerOff() override { m_slot.enter("powerOff"); }

private:
    Slot& m_slot;
    ScriptedCardChannel m_card;
};

class SlotReader final : public CardReader {
public:
    explicit SlotReader(Slot& slot)
        : m_slot(slot)
    {
    }
    std::string_view name() const override { return "slot"; }
    Result<CardState> state() override
    {
        m_slot.enter("state");
        return m_slot.state;
    }
    Result<CardState> waitForChange(CardState known, std::stop_token,
                                    std::chrono::milliseconds) override
    {
        m_slot.enter("wait");
        if (m_slot.state == known) {
            if (m_slot.next.empty()) {
                return fail(Errc::Timeout, "nothing more happens");
            }
            m_slot.state = m_slot.next.front();
            m_slot.next.pop_front();
        }
        return m_slot.state;
    }
    Result<std::unique_ptr<CardChannel>> connect() override
    {
        m_slot.enter("connect");
        ++m_slot.connects;
        if (!m_slot.refusals.empty()) {
            auto refusal = std::move(m_slot.refusals.front());
            m_slot.refusals.pop_front();
            return tl::unexpected(std::move(refusal));
        }
        return std::make_unique<SlotChannel>(m_slot);
    }

private:
    Slot& m_slot;
};

SealingKey cardSealingKey()
{
    const auto folder = std::filesystem::temp_directory_path() / ("guichet-" + randomUuid());
    std::filesystem::create_directories(folder);
    const auto file = demoSealingKey(folder);
    REQUIRE(file);
    auto key = SealingKey::fromFile(*file);
    std::filesystem::remove_all(folder);
    REQUIRE(key);
    return std::move(*key);
}

struct CardBench {
    Result<json> perform(const std::string& operation, const json& arguments = json::object())
    {
        return helper.perform(operation, arguments, line, {});
    }
    Result<json> readCard() { return perform("readCard", {{"timeoutMs", 60'000}}); }

    RecordingLine line;
    Slot slot{line};
    CardHelper helper{std::make_unique<SlotReader>(slot), cardSealingKey()};
};

} // namespace

TEST_CASE("card helper: a card is read, sealed and let go", "[host]")
{
    CardBench bench;
    const auto card = bench.readCard();
    if (!card) {
        FAIL(card.error().detail);
    }
    CHECK((*card)["maskedPan"] == "625094******0014");
    CHECK((*card)["sealed"].get<std::string>().find("6250947000000014") == std::string::npos);
    CHECK(bench.slot.steps.back() == "disconnect in chip power off");
}

TEST_CASE("card helper: a card torn at any command asks for itself, and the next read is good",
          "[host]")
{
    for (std::size_t exchange = 0; exchange < kExchanges; ++exchange) {
        INFO(exchange);
        CardBench bench;
        bench.slot.tearBefore = exchange;
        const auto torn = bench.readCard();
        REQUIRE_FALSE(torn);
        CHECK(torn.error().remedy == Remedy::ReinsertCard);
        bench.slot.state.changes += 2;
        CHECK(bench.readCard());
        CHECK(bench.slot.unwatched.empty());
    }
}

TEST_CASE("card helper: a card mute at any command is within a step that can be killed", "[host]")
{
    for (std::size_t exchange = 0; exchange < kExchanges; ++exchange) {
        INFO(exchange);
        CardBench bench;
        bench.slot.muteAt = exchange;
        CHECK_FALSE(bench.readCard());
        CHECK(std::count(bench.slot.steps.begin(), bench.slot.steps.end(), "transmit in apdu") ==
              static_cast<std::ptrdiff_t>(exchange + 1));
        CHECK(bench.slot.unwatched.empty());
    }
}

TEST_CASE("card helper: no call into the reader is without a step", "[host]")
{
    CardBench bench;
    bench.helper.watch(bench.line);
    REQUIRE(bench.perform("readRawData"));
    REQUIRE(bench.perform("chipIo", {{"data", "AKQEAA4xUEFZLlNZUy5EREYwMQA="}}));
    REQUIRE(bench.perform("chipPower", {{"power", "warm"}}));
    REQUIRE(bench.perform("chipPower", {{"power", "cold"}}));
    bench.slot.state.changes += 2; // another card
    bench.helper.watch(bench.line);
    REQUIRE(bench.perform("readRawData"));
    REQUIRE(bench.readCard());
    bench.slot.state = {CardPresence::Absent, 4};
    bench.slot.next = {{CardPresence::Present, 5}};
    REQUIRE(bench.perform("readRawData"));
    REQUIRE(bench.perform("release"));
    CHECK(bench.slot.unwatched.empty());
    CHECK(bench.line.current.empty());
}

TEST_CASE("card helper: a card that cannot be connected is tried once, until it is changed",
          "[host]")
{
    CardBench bench;
    bench.slot.refusals = {{Errc::Protocol, Remedy::ReinsertCard, "mute"}};
    bench.slot.next = {{CardPresence::Absent, 2}, {CardPresence::Present, 3}};
    REQUIRE(bench.readCard());
    CHECK(bench.slot.connects == 2);
    CHECK(bench.line.said == std::vector<std::string>{"CardReader.InvalidMediaEvent", "cardRemoved",
                                                      "CardReader.MediaInsertedEvent", "reading"});
}

TEST_CASE("card helper: a card that is gone when it is connected makes no events", "[host]")
{
    CardBench bench;
    bench.slot.refusals = {{Errc::NotFound, Remedy::InsertCard, "no card"}};
    CHECK_FALSE(bench.readCard());
    CHECK(bench.slot.connects == 1);
    CHECK(bench.line.said.empty());
}

TEST_CASE("card helper: without a key no card is read", "[host]")
{
    RecordingLine line;
    Slot slot(line);
    CardHelper helper(std::make_unique<SlotReader>(slot), std::nullopt);
    const auto refused = helper.perform("readCard", json::object(), line, {});
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::Unsupported);
    CHECK(slot.connects == 0);
}

TEST_CASE("card helper: a zone that was sealed to its key is opened, another asks for the zone",
          "[host]")
{
    CardBench bench;
    bench.helper.watch(bench.line);
    const auto sealedTo = [](const std::string& key) {
        return *SealingKey::fromPem(key)->seal(
            Secret(std::string("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\n"
                               "L898902C36UTO7408122F3204153ZE184226B<<<<<16\n")));
    };
    const auto read = [&bench](const std::string& sealedZone) {
        return bench.perform("readPassport", {{"timeoutMs", 60'000}, {"sealedZone", sealedZone}});
    };
    const auto bankCard = read(sealedTo(bench.line.zoneKey));
    REQUIRE_FALSE(bankCard); // by the card, which is no passport: the zone was understood
    CHECK(std::ranges::any_of(
        bench.slot.steps, [](const std::string& step) { return step.starts_with("transmit"); }));
    CHECK(bench.slot.connects == 1);

    const auto other = read(sealedTo(*OpeningKey::generate()->publicPem()));
    REQUIRE_FALSE(other);
    CHECK(other.error().code == Errc::NotFound);
    CHECK(other.error().remedy == Remedy::Retry);
    CHECK(bench.slot.connects == 1);
}

namespace {

/// A virtual card's chip, always in.
class ChipReader final : public CardReader {
public:
    explicit ChipReader(std::string card)
        : m_card(std::move(card))
    {
    }
    std::string_view name() const override { return "chip"; }
    Result<CardState> state() override { return CardState{CardPresence::Present, 1}; }
    Result<CardState> waitForChange(CardState known, std::stop_token,
                                    std::chrono::milliseconds) override
    {
        return known;
    }
    Result<std::unique_ptr<CardChannel>> connect() override
    {
        return std::make_unique<Channel>(*virtualdevices::findCard(m_card));
    }

private:
    class Channel final : public CardChannel {
    public:
        explicit Channel(const virtualdevices::CardProfile& profile)
            : m_chip(profile)
        {
        }
        Result<Bytes> transmit(ByteView command, std::chrono::milliseconds) override
        {
            return m_chip.answer(command);
        }
        ByteView atr() const override { return m_chip.atr(); }
        Result<void> reset() override { return {}; }
        void powerOff() override {}

    private:
        virtualdevices::BankCard m_chip;
    };
    std::string m_card;
};

json proofOfCombinedCard(bool allowed)
{
    CardKnowledge knowledge;
    knowledge.schemes = *emv::SchemeKeys::read(*ConfigFile::parse(demoSchemeKeys(), "demo"));
    knowledge.combinedAuthentication = allowed;
    CardHelper helper(std::make_unique<ChipReader>("combined"), cardSealingKey(),
                      std::move(knowledge));
    RecordingLine line;
    const auto card = helper.perform("readCard", {{"timeoutMs", 60'000}}, line, {});
    REQUIRE(card);
    return card->at("authentication");
}

} // namespace

TEST_CASE("card helper: a card proves itself by a cryptogram where the bank allows it", "[host]")
{
    CHECK(proofOfCombinedCard(true) ==
          json{{"method", "cda"}, {"verdict", "genuine"}, {"reason", ""}});
    CHECK(proofOfCombinedCard(false).at("verdict") == "notChecked");
}
