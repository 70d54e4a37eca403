// SPDX-License-Identifier: Apache-2.0
// A foreign service is played by our own service side, with a scripted card behind it.
#include "peripherals/host/xfs_card_reader.h"

#include <filesystem>
#include <mutex>

#include <catch2/catch.hpp>

#include "peripherals/base/random.h"
#include "peripherals/host/card_helper.h"
#include "peripherals/host/demo_key.h"
#include "peripherals/xfs/publisher.h"
#include "peripherals/xfs/service.h"
#include "tests/drivers/support/scripted_card_channel.h"
#include "tests/peripherals/host/recording_line.h"
#include "tests/peripherals/host/waiting.h"

using namespace guichet;
using namespace guichet::host;
using namespace std::chrono_literals;
using nlohmann::json;
using xfs::CompletionCode;

namespace {

constexpr const char* kAtr = "3B6500002063CB6600";

std::string atrText()
{
    return toBase64(*fromHex(kAtr));
}

/// A motorised reader of another vendor.
class ForeignReader {
public:
    ForeignReader()
    {
        auto started = xfs::Publisher::start({.ports = {0}}, {&m_service});
        REQUIRE(started);
        m_publisher = std::move(*started);
    }
    ~ForeignReader()
    {
        m_service.stop();
        m_publisher.reset();
    }

    std::string uri() const
    {
        return "ws://127.0.0.1:" + std::to_string(m_publisher->port()) + "/xfs4iot/v1.0/cardreader";
    }
    void insert()
    {
        const std::scoped_lock lock(m_mutex);
        m_inside = true;
        acceptWaiting();
    }
    void tear()
    {
        {
            const std::scoped_lock lock(m_mutex);
            m_inside = false;
        }
        m_service.updateStatus({{"cardReader", {{"media", "notPresent"}}}});
        m_service.broadcast("CardReader.MediaRemovedEvent", json::object());
    }

    test::ScriptedCardChannel card;
    test::Inbox<std::string> commands;

private:
    static xfs::ServiceDescription description()
    {
        xfs::ServiceDescription description;
        description.name = "cardreader";
        for (const char* command : {"CardReader.ReadRawData", "CardReader.ChipIO",
                                    "CardReader.ChipPower", "CardReader.Move"}) {
            description.commands.push_back({command, "2.0", "3.0"});
        }
        description.events.push_back({"CardReader.MediaRemovedEvent", "2.0"});
        description.capabilities = {{"cardReader",
                                     {{"type", "motor"},
                                      {"chipProtocols", {{"chipT0", true}, {"chipT1", true}}},
                                      {"chipPower", {{"off", true}}}}}};
        description.status = {{"common", {{"device", "online"}}},
                              {"cardReader", {{"media", "notPresent"}}}};
        return description;
    }

    void perform(const std::shared_ptr<xfs::Job>& job)
    {
        const auto& name = job->command().name;
        commands.put(name);
        if (name == "CardReader.ReadRawData") {
            {
                const std::scoped_lock lock(m_mutex);
                m_waiting = job;
                acceptWaiting();
            }
            job->onStop([weak = std::weak_ptr(job)](xfs::StopReason) {
                if (const auto stopped = weak.lock()) {
                    stopped->complete(xfs::failure(CompletionCode::Canceled, "stopped"));
                }
            });
            return;
        }
        if (name == "CardReader.ChipIO") {
            return job->complete(chipIo(job->command().payload));
        }
        job->complete(xfs::success());
    }

    xfs::Completion chipIo(const json& payload)
    {
        const std::scoped_lock lock(m_mutex);
        const auto command = fromBase64(payload.at("chipData").get<std::string>());
        const auto answer = m_inside && command ? card.transmit(*command, 1s)
                                                : Result<Bytes>(fail(Errc::NotFound, "empty"));
        if (!answer || payload.at("chipProtocol") != "chipT0") {
            return xfs::commandError("noMedia", {Errc::NotFound, Remedy::None, "no card"});
        }
        return xfs::success({{"chipProtocol", "chipT0"}, {"chipData", toBase64(*answer)}});
    }

    void acceptWaiting()
    {
        if (m_inside && m_waiting) {
            std::exchange(m_waiting, nullptr)
                ->complete(xfs::success(
                    {{"chip", json::array({{{"status", nullptr}, {"data", atrText()}}})}}));
        }
    }

    std::mutex m_mutex;
    bool m_inside = false;
    std::shared_ptr<xfs::Job> m_waiting;
    xfs::Service m_service{description(),
                           [this](const std::shared_ptr<xfs::Job>& job) { perform(job); }};
    std::unique_ptr<xfs::Publisher> m_publisher;
};

std::unique_ptr<XfsCardReader> readerOf(const ForeignReader& foreign)
{
    auto reader = XfsCardReader::open(foreign.uri());
    REQUIRE(reader);
    while (!(*reader)->state()) { // until the connection is up
    }
    return std::move(*reader);
}

const CardState kEmpty{};

void scriptUnionPay(test::ScriptedCardChannel& card)
{
    card.on("00A404000E315041592E5359532E444446303100", "6A82")
        .on("00A404000E325041592E5359532E444446303100", "6A82")
        .on("00A4040008A00000033301010100",
            "6F1B 8408A000000333010101 A50F 500A50424F43204445424954 870101 9000")
        .on("80A8000002830000", "80 06 7C00 08010100 9000")
        .on("00B2010C00", "7010 5A086250947000000014 5F2403491231 9000");
}

SealingKey sealingKey()
{
    const auto folder = std::filesystem::temp_directory_path() / ("guichet-" + randomUuid());
    std::filesystem::create_directories(folder);
    auto key = SealingKey::fromFile(*demoSealingKey(folder));
    std::filesystem::remove_all(folder);
    REQUIRE(key);
    return std::move(*key);
}

} // namespace

TEST_CASE("foreign reader: a bank card is read through ChipIO and given back", "[host]")
{
    ForeignReader foreign;
    scriptUnionPay(foreign.card);
    foreign.insert();
    CardHelper helper(readerOf(foreign), sealingKey());
    test::RecordingLine line;
    const auto card = helper.perform("readCard", {{"timeoutMs", 20'000}}, line, {});
    if (!card) {
        FAIL(card.error().detail);
    }
    CHECK((*card)["maskedPan"] == "625094******0014");
    std::string last;
    while (last != "CardReader.Move") {
        last = foreign.commands.take();
    }
}

TEST_CASE("foreign reader: a card is accepted when it comes", "[host]")
{
    ForeignReader foreign;
    const auto reader = readerOf(foreign);
    CHECK(reader->waitForChange(kEmpty, {}, 10ms) == kEmpty);
    CHECK(foreign.commands.take() == "CardReader.ReadRawData");
    foreign.insert();
    const auto state = reader->waitForChange(kEmpty, {}, 20s);
    REQUIRE(state);
    CHECK(state->presence == CardPresence::Present);
    const auto channel = reader->connect();
    REQUIRE(channel);
    CHECK(toHex((*channel)->atr()) == kAtr);
}

TEST_CASE("foreign reader: a stop withdraws the command that accepts", "[host]")
{
    ForeignReader foreign;
    const auto reader = readerOf(foreign);
    CHECK(reader->waitForChange(kEmpty, {}, 10ms) == kEmpty);
    CHECK(foreign.commands.take() == "CardReader.ReadRawData");
    std::stop_source stop;
    stop.request_stop();
    const auto waited = reader->waitForChange(kEmpty, stop.get_token(), 20s);
    REQUIRE_FALSE(waited);
    CHECK(waited.error().code == Errc::Cancelled);
    CHECK(reader->state() == kEmpty);
    CHECK(reader->waitForChange(kEmpty, {}, 10ms) == kEmpty);
    CHECK(foreign.commands.take() == "CardReader.ReadRawData"); // the first one was let go
}

TEST_CASE("foreign reader: a card that was torn out is gone for good", "[host]")
{
    ForeignReader foreign;
    foreign.insert();
    const auto reader = readerOf(foreign);
    const auto inside = reader->waitForChange(kEmpty, {}, 20s);
    REQUIRE(inside);
    const auto channel = reader->connect();
    REQUIRE(channel);
    foreign.tear();
    const auto answer = (*channel)->transmit(*fromHex("00B0000000"), 5s);
    REQUIRE_FALSE(answer);
    CHECK(answer.error().code == Errc::Disconnected);
    CHECK(answer.error().remedy == Remedy::ReinsertCard);
    const auto after = reader->waitForChange(*inside, {}, 20s);
    REQUIRE(after);
    CHECK(after->presence == CardPresence::Absent);
}

TEST_CASE("foreign reader: without its service it is away", "[host]")
{
    const auto reader = XfsCardReader::open("ws://127.0.0.1:1/xfs4iot/v1.0/cardreader");
    REQUIRE(reader);
    const auto state = (*reader)->state();
    REQUIRE_FALSE(state);
    CHECK(state.error().code == Errc::Disconnected);
    CHECK(state.error().remedy == Remedy::ReconnectCable);
    CHECK_FALSE(XfsCardReader::open("http://127.0.0.1:1/cardreader"));
}

TEST_CASE("foreign reader: the protocol is one that the service offers", "[host]")
{
    const auto offering = [](const char* type, std::initializer_list<const char*> words) {
        json protocols;
        for (const char* word : words) {
            protocols[word] = true;
        }
        return json{{"type", type}, {"chipProtocols", protocols}};
    };
    const auto t0 = *fromHex(kAtr);
    const auto t1 = *fromHex("3B8080");
    const auto both = *fromHex("3B80800101");
    CHECK(chipProtocol(offering("motor", {"chipT0", "chipT1"}), t0) == "chipT0");
    CHECK(chipProtocol(offering("motor", {"chipT0", "chipT1"}), *fromHex("3B8101")) == "chipT1");
    CHECK(chipProtocol(offering("motor", {"chipT0", "chipT1"}), both) == "chipT0");
    CHECK(chipProtocol(offering("dip", {"chipT1", "chipProtocolNotRequired"}), t0) ==
          "chipProtocolNotRequired");
    CHECK(chipProtocol(offering("contactless", {"chipTypeB", "chipTypeAPart4"}), t1) ==
          "chipTypeAPart4");
    CHECK(chipProtocol({{"type", "motor"}, {"chipProtocols", nullptr}}, t0) == "chipT0");
    CHECK(chipProtocol(json::object(), {}) == "chipT0");
}

TEST_CASE("foreign reader: an answer to reset is found in each version of the standard", "[host]")
{
    const auto atr = *fromHex(kAtr);
    const auto chip = [](const json& status) {
        return json{{"chip", json::array({{{"status", status}, {"data", atrText()}}})}};
    };
    CHECK(answerToReset({{"chipData", atrText()}}) == atr);
    CHECK(answerToReset(chip(nullptr)) == atr);
    CHECK(answerToReset(chip("ok")) == atr);
    CHECK(answerToReset({{"chip", json::array({{{"data", atrText()}}})}}) == atr);
    CHECK(answerToReset(chip("dataMissing")).empty());
    for (const auto& odd : {json(nullptr), json::object(), json{{"chip", "?"}},
                            json{{"chip", json::array({7})}}, json{{"chipData", "%"}}}) {
        CHECK(answerToReset(odd).empty());
    }
}
