// SPDX-License-Identifier: Apache-2.0
#include "peripherals/xfs/messages.h"

#include <string>

#include <catch2/catch.hpp>

#include "peripherals/xfs/ticket_form.h"

using namespace guichet;
using namespace guichet::xfs;
using nlohmann::json;

namespace {

std::string command(const json& header, const json& payload = json::object())
{
    return json{{"header", header}, {"payload", payload}}.dump();
}

json goodHeader()
{
    return {{"type", "command"},
            {"name", "CardReader.ReadRawData"},
            {"version", "2.0"},
            {"requestId", 7},
            {"timeout", 30000}};
}

} // namespace

TEST_CASE("xfs: a command is read with its time-out and payload", "[xfs]")
{
    const auto decoded = decodeCommand(command(goodHeader(), {{"chip", true}}));
    REQUIRE(decoded);
    CHECK(decoded->name == "CardReader.ReadRawData");
    CHECK(decoded->requestId == 7);
    CHECK(decoded->timeout == std::chrono::seconds(30));
    CHECK(decoded->payload == json{{"chip", true}});
}

TEST_CASE("xfs: unknown members are ignored", "[xfs]")
{
    auto header = goodHeader();
    header["future"] = {1, 2};
    CHECK(decodeCommand(command(header, {{"chip", true}, {"x", 1}})));
}

TEST_CASE("xfs: what is no message is refused as invalidMessage", "[xfs]")
{
    const std::string text =
        GENERATE(std::string(), std::string("{"), std::string("[]"), std::string("{\"header\":3}"),
                 std::string("{\"header\":{}}"), std::string(100'000, '['), std::string("\xff\xfe"),
                 std::string(R"({"header":{"type":"command","name":"A.B","version":"2.0",)"
                             R"("requestId":1},"payload":[]})"));
    const auto decoded = decodeCommand(text);
    REQUIRE_FALSE(decoded);
    CHECK(decoded.error().status == Refusal::InvalidMessage);
    CHECK(json::parse(encodeRefusal(decoded.error()))["header"]["status"] == "invalidMessage");
}

TEST_CASE("xfs: a request id that is no whole number above 0 is refused", "[xfs]")
{
    auto header = goodHeader();
    header["requestId"] = GENERATE(json(0), json(-1), json("7"), json(1.5), json(nullptr),
                                   json(18446744073709551615ULL));
    const auto decoded = decodeCommand(command(header));
    REQUIRE_FALSE(decoded);
    CHECK(decoded.error().status == Refusal::InvalidRequestId);
    CHECK(decoded.error().name == "CardReader.ReadRawData");
}

TEST_CASE("xfs: a completion written is a completion read", "[xfs]")
{
    const auto sent = decodeCommand(command(goodHeader()));
    REQUIRE(sent);
    const Error error{Errc::NotFound, Remedy::InsertCard, "no card in the reader"};
    const auto read =
        decodeServiceMessage(encodeCompletion(*sent, "3.0", commandError("noMedia", error)));
    REQUIRE(read);
    CHECK(read->type == MessageType::Completion);
    CHECK(read->requestId == 7);
    CHECK(read->version == "3.0");
    const Completion completion{read->code, read->errorDescription, read->payload};
    CHECK(completion.code == CompletionCode::CommandErrorCode);
    CHECK(completion.errorCode() == "noMedia");
    CHECK(completion.error().remedy == Remedy::InsertCard);
}

TEST_CASE("xfs: the header of 2021-1 is understood", "[xfs]")
{
    const auto completion = decodeServiceMessage(
        R"({"header":{"type":"completion","name":"A.B","requestId":3},)"
        R"("payload":{"completionCode":"authorizationRequired","errorDescription":"x"}})");
    REQUIRE(completion);
    CHECK(completion->code == CompletionCode::AuthorisationRequired);
    const auto acknowledge = decodeServiceMessage(
        R"({"header":{"type":"acknowledge","name":"A.B","requestId":3},"payload":{"status":"ok"}})");
    REQUIRE(acknowledge);
    CHECK_FALSE(acknowledge->refusal);
}

TEST_CASE("xfs: an event without request id is unsolicited", "[xfs]")
{
    const auto event = decodeServiceMessage(
        R"({"header":{"type":"event","name":"CardReader.MediaRemovedEvent","version":"2.0"}})");
    REQUIRE(event);
    CHECK(event->type == MessageType::Unsolicited);
}

TEST_CASE("xfs: a service message that makes no sense is an error", "[xfs]")
{
    const std::string text = GENERATE(
        std::string("x"), std::string("{}"), std::string(R"({"header":{"type":"shout"}})"),
        std::string(R"({"header":{"type":"completion","name":"A.B","completionCode":"maybe"}})"));
    const auto message = decodeServiceMessage(text);
    REQUIRE_FALSE(message);
    CHECK(message.error().code == Errc::Protocol);
}

TEST_CASE("xfs: every completion code has a name that is read back", "[xfs]")
{
    for (int i = 0; i <= static_cast<int>(CompletionCode::NotEnoughSpace); ++i) {
        const auto code = static_cast<CompletionCode>(i);
        CHECK(completionCodeFromWire(wireName(code)) == code);
    }
}

TEST_CASE("xfs: a ticket form survives its fields", "[xfs]")
{
    TicketForm form;
    form.ticketId = "0b0c";
    form.printIndex = 2;
    form.number = "A012";
    form.rows = {{"前面人数", "3"}, {"no value", ""}};
    form.footer = {"谢谢"};
    form.large = true;
    form.language = "zh-CN";
    const auto read = ticketFromFields(ticketFields(form));
    REQUIRE(read);
    CHECK(*read == form);
}

TEST_CASE("xfs: a wrong ticket field is named", "[xfs]")
{
    auto fields = ticketFields({"id", 1, "", "", "A1", {}, "", {}, false, ""});
    const auto wrong =
        GENERATE(std::pair<std::string, json>("number", nullptr), std::pair("ticketId", json(3)),
                 std::pair("printIndex", json("0")), std::pair("printIndex", json("x1")),
                 std::pair("rows", json::array({1})), std::pair("letters", json("huge")),
                 std::pair("code", json(std::string(401, 'x'))));
    fields[wrong.first] = wrong.second;
    const auto form = ticketFromFields(fields);
    REQUIRE_FALSE(form);
    CHECK(form.error().detail.find(wrong.first) != std::string::npos);
}

TEST_CASE("xfs: a secret payload leaves no text behind at any depth", "[xfs]")
{
    json payload{{"images", {{"front", {{"data", "YQ=="}}}}}, {"list", {"b", 3}}};
    wipeTexts(payload);
    CHECK(payload == json{{"images", {{"front", {{"data", ""}}}}}, {"list", {"", 3}}});
}
