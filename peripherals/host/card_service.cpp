// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/card_service.h"

#include <algorithm>
#include <array>
#include <optional>
#include <string>
#include <utility>

#include <strings.h>

#include "peripherals/base/bytes.h"
#include "peripherals/host/common_members.h"
#include "peripherals/host/helper_job.h"

namespace guichet::host {

using nlohmann::json;
using xfs::Completion;
using xfs::CompletionCode;

namespace {

/// Shorter is no command (virtual readers take it for a control byte and never answer), longer is
/// more than an extended command with its data and lengths.
constexpr std::size_t kShortestApdu = 4, kLongestApdu = 65544;

Completion invalid(std::string detail)
{
    return xfs::failure(CompletionCode::InvalidData, std::move(detail));
}

/// The member as text; empty if absent or null; nothing if it is something else.
std::optional<std::string> textMember(const json& payload, const char* key)
{
    const auto found = payload.find(key);
    if (found == payload.end() || found->is_null()) {
        return std::string();
    }
    return found->is_string() ? std::optional(found->get<std::string>()) : std::nullopt;
}

Completion cardFailure(const Error& error)
{
    switch (error.code) {
    case Errc::NotFound:
        return xfs::commandError("noMedia", error);
    case Errc::Disconnected:
        return error.remedy == Remedy::ReinsertCard ? xfs::commandError("noMedia", error)
                                                    : xfs::failure(error);
    case Errc::Conflict:
        return xfs::failure(CompletionCode::SequenceError, xfs::describe(error));
    case Errc::Protocol:
        return xfs::failure(CompletionCode::HardwareError, xfs::describe(error));
    default:
        return xfs::failure(error);
    }
}

/// Copies one member of the helper's result into the completion's payload under its standard name.
auto completeWith(const char* from, std::function<json(const std::string&)> payload)
{
    return [from, payload = std::move(payload)](const Result<json>& result) {
        return result ? xfs::success(payload(result->value(from, std::string())))
                      : cardFailure(result.error());
    };
}

Completion completeEmpty(const Result<json>& result)
{
    return result ? xfs::success() : cardFailure(result.error());
}

void readRawData(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job)
{
    static constexpr std::array kSources{"track1",       "track2",    "track3",     "security",
                                         "fluxInactive", "watermark", "memoryChip", "track1Front",
                                         "frontImage",   "backImage", "track1JIS",  "track3JIS",
                                         "ddi"};
    const auto& payload = job->command().payload;
    const auto wanted = [&payload](const char* key) { return payload.value(key, json(false)); };
    for (const char* source : kSources) {
        const auto value = wanted(source);
        if (!value.is_boolean() && !value.is_null()) {
            return job->complete(invalid(std::string(source) + " is not true or false"));
        }
        if (value == true) {
            return job->complete(
                xfs::failure(CompletionCode::UnsupportedData, "this reader reads chips only"));
        }
    }
    const auto chip = wanted("chip");
    if (!chip.is_boolean() && !chip.is_null()) {
        return job->complete(invalid("chip is not true or false"));
    }
    performInHelper(
        helper, job, {"readRawData"},
        completeWith("atr", [withChip = chip == true](const std::string& atr) {
            return withChip ? json{{"chip", json::array({json{{"data", atr}}})}} : json::object();
        }));
}

bool isApdu(const std::string& base64)
{
    auto bytes = fromBase64(base64);
    if (!bytes || bytes->empty()) {
        return false;
    }
    const auto size = bytes->size();
    explicit_bzero(bytes->data(), size);
    return size >= kShortestApdu && size <= kLongestApdu;
}

void chipIo(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job)
{
    static constexpr std::array kServed{"chipT0", "chipT1", "chipProtocolNotRequired"};
    static constexpr std::array kKnown{"chipTypeAPart3", "chipTypeAPart4", "chipTypeB",
                                       "chipTypeNFC"};
    const auto& payload = job->command().payload;
    const auto protocol = textMember(payload, "chipProtocol");
    const auto data = textMember(payload, "chipData");
    if (!protocol || protocol->empty()) {
        return job->complete(invalid("chipProtocol is missing or not a string"));
    }
    if (!data || !isApdu(*data)) {
        return job->complete(invalid("chipData is not base64 of 4 to 65544 bytes"));
    }
    const auto among = [&protocol](const auto& list) {
        return std::find(list.begin(), list.end(), *protocol) != list.end();
    };
    if (!among(kServed)) {
        return job->complete(among(kKnown) ? xfs::commandError("protocolNotSupported",
                                                               {Errc::Unsupported, Remedy::None,
                                                                "this reader has contacts only"})
                                           : invalid("chipProtocol is not a protocol"));
    }
    performInHelper(helper, job, {"chipIo", {{"data", *data}}},
                    completeWith("data", [protocol = *protocol](const std::string& answer) {
                        return json{{"chipProtocol", protocol}, {"chipData", answer}};
                    }));
}

void chipPower(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job)
{
    const auto power = textMember(job->command().payload, "chipPower");
    if (!power || (*power != "cold" && *power != "warm" && *power != "off")) {
        return job->complete(invalid("chipPower is not cold, warm or off"));
    }
    performInHelper(helper, job, {"chipPower", {{"power", *power}}},
                    completeWith("atr", [](const std::string& atr) {
                        return atr.empty() ? json::object() : json{{"chipData", atr}};
                    }));
}

/// Without a motor a card moves out by the customer's hand: we let it go.
void move(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job)
{
    const auto& payload = job->command().payload;
    const auto from = textMember(payload, "from");
    const auto to = textMember(payload, "to");
    if (!from) {
        return job->complete(invalid("from is not a string"));
    }
    if (!to) {
        return job->complete(invalid("to is not a string"));
    }
    const bool out = (from->empty() || *from == "transport") && (to->empty() || *to == "exit");
    if (!out) {
        return job->complete(xfs::failure(CompletionCode::UnsupportedData,
                                          "this reader moves a card from transport to exit only"));
    }
    performInHelper(helper, job, {"release"}, completeEmpty);
}

void reset(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job)
{
    const auto to = textMember(job->command().payload, "to");
    if (!to || (!to->empty() && *to != "exit" && *to != "currentPosition" && *to != "auto" &&
                *to != "retain")) {
        return job->complete(invalid("to is not exit, retain, currentPosition or auto"));
    }
    if (*to == "retain") {
        return job->complete(
            xfs::failure(CompletionCode::UnsupportedData, "this reader cannot keep a card"));
    }
    resetInHelper(helper, job, cardFailure);
}

} // namespace

xfs::ServiceDescription cardReaderDescription()
{
    xfs::ServiceDescription description;
    description.name = "cardreader";
    description.commands = {
        {"CardReader.ReadRawData", "2.0", "3.0"},
        {"CardReader.ChipIO", "3.0", "3.0"},
        {"CardReader.ChipPower", "2.0", "3.0"},
        {"CardReader.Move", "2.0", "2.0"},
        {"CardReader.Reset", "2.0", "2.0"},
        {"CardReader.QueryIFMIdentifier", "2.0", "2.0",
         [](const json&) {
             return xfs::success({{"ifmIdentifiers", json::object()}});
         }},
    };
    for (const char* event : {"CardReader.InsertCardEvent", "CardReader.MediaInsertedEvent",
                              "CardReader.InvalidMediaEvent", "CardReader.MediaRemovedEvent"}) {
        description.events.push_back({event, "2.0"});
    }
    description.capabilities = {
        {"common", commonCapabilities("PC/SC", "Chip card reader over PC/SC")},
        {"cardReader",
         {{"type", "dip"},
          {"chipProtocols",
           {{"chipT0", true}, {"chipT1", true}, {"chipProtocolNotRequired", true}}},
          {"chipPower", {{"cold", true}, {"warm", true}, {"off", true}}},
          {"positions", {{"exit", true}, {"transport", true}}},
          {"powerOffOption", "exit"},
          {"fluxSensorProgrammable", false},
          {"readWriteAccessFromExit", false},
          {"cardTakenSensor", true}}},
    };
    description.status = {
        {"common", commonStatusAtStart()},
        {"cardReader", {{"media", "unknown"}, {"chipPower", "unknown"}, {"chipModule", "ok"}}},
    };
    return description;
}

void performCardCommand(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job)
{
    const auto& name = job->command().name;
    if (name == "CardReader.ReadRawData") {
        return readRawData(helper, job);
    }
    if (name == "CardReader.ChipIO") {
        return chipIo(helper, job);
    }
    if (name == "CardReader.ChipPower") {
        return chipPower(helper, job);
    }
    if (name == "CardReader.Move") {
        return move(helper, job);
    }
    if (name == "CardReader.Reset") {
        return reset(helper, job);
    }
    job->complete(xfs::failure(CompletionCode::UnsupportedCommand, "not a card reader command"));
}

} // namespace guichet::host
