// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/signalling/hub_message.h"

#include "cloudbranch/signalling/signal_reading.h"

namespace guichet::signalling {

using nlohmann::json;

namespace {

/// All that was said comes in one message, each wrapped in its entry.
constexpr Bounds kOfHub{.bytes = 2U << 20, .depth = 20};
constexpr int kMostAhead = 1'000'000;
constexpr std::chrono::seconds kLongestWait = std::chrono::hours(24);

std::string wordIn(const json& object, const char* member)
{
    const auto found = object.find(member);
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<std::int64_t> countIn(const json& object, const char* member, std::int64_t most)
{
    const auto found = object.find(member);
    const bool sound = found != object.end() && found->is_number_unsigned() &&
                       found->get<std::uint64_t>() <= static_cast<std::uint64_t>(most);
    return sound ? std::optional(found->get<std::int64_t>()) : std::nullopt;
}

tl::unexpected<Error> wrong(const char* type)
{
    return fail(Errc::Invalid, std::string("hub message ") + type + ": not as the contract has it");
}

Result<HubMessage> assistNews(const json& object)
{
    const auto state = assistStateFromName(wordIn(object, "state"));
    const auto mode = modeFromName(wordIn(object, "mode"));
    const auto version = countIn(object, "version", INT64_MAX);
    AssistNews news{.id = wordIn(object, "id"), .caseId = wordIn(object, "case")};
    if (!state || !mode || !version || news.id.empty()) {
        return wrong("assist");
    }
    news.state = *state;
    news.mode = *mode;
    news.version = *version;
    if (const auto ahead = countIn(object, "ahead", kMostAhead)) {
        news.ahead = static_cast<int>(*ahead);
    }
    if (const auto wait = countIn(object, "wait", kLongestWait.count())) {
        news.wait = std::chrono::seconds(*wait);
    }
    if (const auto seat = object.find("seat"); seat != object.end() && seat->is_object()) {
        news.seat = wordIn(*seat, "name");
    }
    if (const auto ice = object.find("ice"); ice != object.end() && ice->is_object()) {
        news.ice = *ice;
    }
    news.outcome = wordIn(object, "outcome");
    return news;
}

Result<HubMessage> caseLines(const json& object)
{
    const auto entries = object.find("entries");
    if (entries == object.end() || !entries->is_array()) {
        return wrong("entries");
    }
    std::vector<CaseLine> lines;
    for (const auto& entry : *entries) {
        const auto body = entry.is_object() ? entry.find("body") : entry.end();
        if (body == entry.end() || !body->is_object()) {
            return wrong("entries");
        }
        const bool own = wordIn(entry, "by") == "terminal";
        auto said = *body;
        said["type"] = wordIn(entry, "type");
        auto signal = readSignal(std::move(said), own ? Role::Terminal : Role::Seat, false);
        if (!signal) {
            return tl::unexpected(std::move(signal.error()));
        }
        signal->by = own ? std::string() : wordIn(entry, "by");
        lines.push_back({own, std::move(*signal)});
    }
    return lines;
}

Result<HubMessage> keptNews(const json& object)
{
    const auto body = object.find("body");
    if (body == object.end() || !body->is_object()) {
        return wrong("kept");
    }
    auto said = *body;
    said["type"] = wordIn(object, "of");
    auto signal = readSignal(std::move(said), Role::Terminal, false);
    if (!signal) {
        return tl::unexpected(std::move(signal.error()));
    }
    return KeptNews{signal->type, std::move(signal->body)};
}

} // namespace

Result<HubMessage> parseHubMessage(std::string_view text)
{
    auto object = readObject(text, kOfHub);
    if (!object) {
        return tl::unexpected(std::move(object.error()));
    }
    const auto type = wordIn(*object, "type");
    if (type == "assist") {
        return assistNews(*object);
    }
    if (type == "entries") {
        return caseLines(*object);
    }
    if (type == "kept") {
        return keptNews(*object);
    }
    if (type == "error") {
        return RefusedNews{errcFromName(wordIn(*object, "code")), wordIn(*object, "detail")};
    }
    auto signal = readObject(text); // within the bounds of one message
    if (!signal) {
        return tl::unexpected(std::move(signal.error()));
    }
    auto by = wordIn(*signal, "by");
    signal->erase("by");
    auto said = readSignal(std::move(*signal), Role::Seat, false);
    if (!said) {
        return tl::unexpected(std::move(said.error()));
    }
    said->by = std::move(by);
    return HubMessage(std::move(*said));
}

} // namespace guichet::signalling
