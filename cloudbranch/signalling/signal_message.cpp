// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/signalling/signal_message.h"

#include <algorithm>
#include <array>
#include <span>

#include "cloudbranch/signalling/signal_reading.h"
#include "peripherals/base/strict_json.h"

namespace guichet::signalling {

using nlohmann::json;

namespace {

enum class Kind { Word, Text, Number, Flag, Object };
enum class Speaker { Terminal, Seat, Either };
/// Open: until the customer is through. Any: not about an assist.
enum class While { Open, Answered, WrapUp, CallBack, Any };

struct Field {
    std::string_view name;
    Kind kind;
    std::size_t most = 0; ///< bytes of a text or an object, largest number
    bool needed = true;
};

struct Rule {
    SignalType type;
    std::string_view name;
    Speaker speaker;
    While when;
    std::array<Field, 4> fields;
};

constexpr std::size_t kSdp = 64U << 10, kCandidate = 1000, kWord = 64, kLine = 2000,
                      kObject = 128U << 10;

constexpr std::array kRules{
    Rule{SignalType::Offer,
         "offer",
         Speaker::Terminal,
         While::Answered,
         {{{"sdp", Kind::Text, kSdp}, {"fresh", Kind::Flag}}}},
    Rule{SignalType::Media,
         "media",
         Speaker::Terminal,
         While::Answered,
         {{{"state", Kind::Word, kWord}, {"mode", Kind::Word, kWord}}}},
    Rule{SignalType::Result,
         "result",
         Speaker::Terminal,
         While::Answered,
         {{{"request", Kind::Word, kWord},
           {"outcome", Kind::Word, kWord},
           {"detail", Kind::Object, kObject, false}}}},
    Rule{SignalType::Page,
         "page",
         Speaker::Terminal,
         While::Answered,
         {{{"page", Kind::Object, kObject}}}},
    Rule{SignalType::Guided,
         "guided",
         Speaker::Terminal,
         While::Answered,
         {{{"guided", Kind::Object, kLine * 4}}}},
    Rule{SignalType::Withdraw,
         "withdraw",
         Speaker::Terminal,
         While::Open,
         {{{"outcome", Kind::Word, kWord, false}}}},
    Rule{SignalType::CallBack,
         "callBack",
         Speaker::Terminal,
         While::Open,
         {{{"contact", Kind::Text, kLine}}}},
    Rule{SignalType::Candidate,
         "candidate",
         Speaker::Either,
         While::Answered,
         {{{"candidate", Kind::Text, kCandidate}, {"line", Kind::Number, 32}}}},
    Rule{SignalType::Quality,
         "quality",
         Speaker::Either,
         While::Answered,
         {{{"figures", Kind::Object, kLine}}}},
    Rule{SignalType::Chat,
         "chat",
         Speaker::Either,
         While::Answered,
         {{{"id", Kind::Word, kWord},
           {"text", Kind::Text, kLine, false},
           {"picture", Kind::Object, kObject, false}}}},
    Rule{SignalType::HangUp, "hangUp", Speaker::Either, While::Answered, {}},
    Rule{SignalType::Answer,
         "answer",
         Speaker::Seat,
         While::Answered,
         {{{"sdp", Kind::Text, kSdp}}}},
    Rule{SignalType::NeedOffer,
         "needOffer",
         Speaker::Seat,
         While::Answered,
         {{{"why", Kind::Word, kWord}}}},
    Rule{SignalType::Accept, "accept", Speaker::Seat, While::Open, {}},
    Rule{SignalType::Decline,
         "decline",
         Speaker::Seat,
         While::Open,
         {{{"reason", Kind::Word, kWord}}}},
    Rule{SignalType::Request,
         "request",
         Speaker::Seat,
         While::Answered,
         {{{"request", Kind::Word, kWord},
           {"kind", Kind::Word, kWord},
           {"arguments", Kind::Object, kObject, false}}}},
    Rule{SignalType::Approve,
         "approve",
         Speaker::Seat,
         While::Answered,
         {{{"step", Kind::Word, kWord},
           {"ok", Kind::Flag},
           {"reason", Kind::Text, kLine, false},
           {"of", Kind::Word, kWord, false}}}},
    Rule{SignalType::Guide,
         "guide",
         Speaker::Seat,
         While::Answered,
         {{{"do", Kind::Word, kWord},
           {"script", Kind::Word, kWord, false},
           {"step", Kind::Word, kWord, false},
           {"document", Kind::Object, kObject, false}}}},
    Rule{SignalType::Note,
         "note",
         Speaker::Seat,
         While::WrapUp,
         {{{"id", Kind::Word, kWord}, {"text", Kind::Text, kLine}}}},
    Rule{SignalType::Transfer,
         "transfer",
         Speaker::Seat,
         While::Answered,
         {{{"seat", Kind::Word, kWord, false}, {"needs", Kind::Object, kLine, false}}}},
    Rule{SignalType::Consult,
         "consult",
         Speaker::Seat,
         While::Answered,
         {{{"seat", Kind::Word, kWord, false}}}},
    Rule{SignalType::Finish,
         "finish",
         Speaker::Seat,
         While::WrapUp,
         {{{"outcome", Kind::Word, kWord}}}},
    Rule{SignalType::TakeCallBack, "takeCallBack", Speaker::Seat, While::CallBack, {}},
    Rule{SignalType::Look, "look", Speaker::Seat, While::Open, {}},
    Rule{SignalType::Ready, "ready", Speaker::Seat, While::Any, {}},
    Rule{SignalType::Away, "away", Speaker::Seat, While::Any, {{{"reason", Kind::Word, kWord}}}},
};

const Rule& ruleOf(SignalType type)
{
    return *std::ranges::find(kRules, type, &Rule::type);
}

tl::unexpected<Error> wrong(std::string_view where, std::string_view what)
{
    return fail(Errc::Invalid, "signal " + std::string(where) + ": " + std::string(what));
}

bool isWord(const std::string& text)
{
    return std::ranges::all_of(text, [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= '0' && letter <= '9') ||
               std::string_view("._-").find(letter) != std::string_view::npos;
    });
}

bool fits(const json& value, const Field& field)
{
    switch (field.kind) {
    case Kind::Word:
    case Kind::Text: {
        if (!value.is_string()) {
            return false;
        }
        const auto& text = value.get_ref<const std::string&>();
        return !text.empty() && text.size() <= field.most &&
               (field.kind == Kind::Text || isWord(text));
    }
    case Kind::Number:
        return value.is_number_unsigned() && value.get<std::size_t>() <= field.most;
    case Kind::Flag:
        return value.is_boolean();
    case Kind::Object:
        return value.is_object() && value.dump().size() <= field.most;
    }
    return false;
}

std::string wanted(const Field& field)
{
    const auto most = std::to_string(field.most);
    switch (field.kind) {
    case Kind::Word:
        return "1 to " + most + " of A-Z a-z 0-9 . _ -";
    case Kind::Text:
        return "1 to " + most + " bytes of text";
    case Kind::Number:
        return "a number from 0 to " + most;
    case Kind::Flag:
        return "true or false";
    case Kind::Object:
        break;
    }
    return "an object of at most " + most + " bytes";
}

/// A seat says of which assist it speaks, lest a word meant for the last customer reach the next.
Result<std::string> takeAssist(json& object, const Rule& rule)
{
    constexpr Field kAssist{"assist", Kind::Word, kWord};
    const auto member = object.find(kAssist.name);
    if (member == object.end() || !fits(*member, kAssist)) {
        return wrong(rule.name, "assist: want " + wanted(kAssist));
    }
    auto assist = member->get<std::string>();
    object.erase(member);
    return assist;
}

/// A form or a paper is asked for by its name.
std::string missingName(const json& request)
{
    const auto& kind = request.at("kind").get_ref<const std::string&>();
    const char* const member = kind == "form" ? "form" : kind == "print" ? "document" : nullptr;
    if (member == nullptr) {
        return {};
    }
    const auto arguments = request.value("arguments", json::object());
    const auto named = arguments.find(member);
    const Field word{member, Kind::Word, kWord};
    return named != arguments.end() && fits(*named, word)
               ? std::string()
               : "arguments." + std::string(member) + ": want " + wanted(word);
}

/// A customer says it in letters or by hand, staff in letters.
std::string missingWords(const json& chat, Role role)
{
    const bool text = chat.contains("text");
    const bool picture = chat.contains("picture");
    if (role == Role::Seat) {
        return text && !picture ? "" : "want text, and no picture";
    }
    return text != picture ? "" : "want text or picture";
}

/// What no field says by itself.
std::string missing(SignalType type, Role role, const json& object)
{
    return type == SignalType::Request ? missingName(object)
           : type == SignalType::Chat  ? missingWords(object, role)
                                       : std::string();
}

} // namespace

std::string_view name(SignalType type)
{
    return ruleOf(type).name;
}

Result<json> readObject(std::string_view text, const Bounds& bounds)
{
    if (text.size() > bounds.bytes) {
        return wrong("message", std::to_string(text.size()) + " bytes, at most " +
                                    std::to_string(bounds.bytes));
    }
    auto parsed = strictObject(text, bounds.depth);
    if (!parsed.is_object()) {
        return wrong("message", "want one JSON object, no member twice, at most " +
                                    std::to_string(bounds.depth) + " levels deep");
    }
    return parsed;
}

Result<Signal> parseSignal(std::string_view text, Role role)
{
    auto object = readObject(text);
    return object ? readSignal(std::move(*object), role, role == Role::Seat)
                  : tl::unexpected(std::move(object.error()));
}

Result<Signal> readSignal(json object, Role role, bool namesAssist)
{
    const auto type = object.find("type");
    const auto* rule =
        type != object.end() && type->is_string()
            ? std::ranges::find(kRules, type->get_ref<const std::string&>(), &Rule::name)
            : kRules.end();
    if (rule == kRules.end()) {
        return wrong("message", "its type is missing or unknown");
    }
    object.erase("type");
    const auto own = role == Role::Terminal ? Speaker::Terminal : Speaker::Seat;
    if (rule->speaker != own && rule->speaker != Speaker::Either) {
        return fail(Errc::Denied, "signal " + std::string(rule->name) + ": not yours to say");
    }
    const auto assist =
        namesAssist && rule->when != While::Any ? takeAssist(object, *rule) : Result<std::string>();
    if (!assist) {
        return tl::unexpected(assist.error());
    }
    std::size_t known = 0;
    for (const auto& field : rule->fields) {
        const auto member = object.find(field.name);
        if (field.name.empty() || (member == object.end() && !field.needed)) {
            continue;
        }
        if (member == object.end() || !fits(*member, field)) {
            return wrong(rule->name, std::string(field.name) + ": want " + wanted(field));
        }
        ++known;
    }
    if (known != object.size()) {
        return wrong(rule->name, "has a member that is none of its fields");
    }
    if (const auto wanting = missing(rule->type, role, object); !wanting.empty()) {
        return wrong(rule->name, wanting);
    }
    return Signal{rule->type, *assist, std::move(object)};
}

bool mayBeSaid(SignalType type, AssistState state)
{
    switch (ruleOf(type).when) {
    case While::Open:
        return state < AssistState::WrapUp;
    case While::Answered:
        return isAnswered(state);
    case While::WrapUp:
        return isAnswered(state) || state == AssistState::WrapUp;
    case While::CallBack:
        return state == AssistState::CallBack;
    case While::Any:
        return true;
    }
    return false;
}

} // namespace guichet::signalling
