// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/call/control_message.h"

#include <algorithm>
#include <array>
#include <cstdint>

#include <nlohmann/json.hpp>

#include "peripherals/base/strict_json.h"

namespace guichet::call {

using nlohmann::json;

namespace {

constexpr int kDeepest = 16;
constexpr std::size_t kSdp = 64U << 10, kCandidateText = 1000, kWord = 64, kPath = 4096, kUrl = 512,
                      kEntry = 32U << 10, kMedia = 100, kMessage = 16U << 10, kServers = 8,
                      kUrls = 8;
constexpr unsigned kLastLine = 32, kMostMonths = 1200;

/// Takes the members of an object one by one. The first that is wrong is kept and told at the end,
/// as is any that nobody took.
class Members {
public:
    Members(const json& object, std::string where)
        : m_object(object)
        , m_where(std::move(where))
    {
    }

    [[nodiscard]] bool has(const char* name) const { return m_object.contains(name); }

    const json* take(const char* name)
    {
        const auto found = m_object.find(name);
        if (found == m_object.end()) {
            wrong(name, "is missing");
            return nullptr;
        }
        ++m_taken;
        return &*found;
    }

    std::string text(const char* name, std::size_t most, std::size_t least = 1)
    {
        const auto* value = take(name);
        if (value == nullptr) {
            return {};
        }
        if (!value->is_string() || value->get_ref<const std::string&>().size() > most ||
            value->get_ref<const std::string&>().size() < least ||
            value->get_ref<const std::string&>().find('\0') != std::string::npos) {
            wrong(name, "want " + std::to_string(least) + " to " + std::to_string(most) +
                            " bytes of text");
            return {};
        }
        return value->get<std::string>();
    }

    std::string textIfThere(const char* name, std::size_t most)
    {
        return has(name) ? text(name, most) : std::string();
    }

    bool flag(const char* name)
    {
        const auto* value = take(name);
        if (value != nullptr && !value->is_boolean()) {
            wrong(name, "want true or false");
        }
        return value != nullptr && value->is_boolean() && value->get<bool>();
    }

    unsigned number(const char* name, unsigned most)
    {
        const auto* value = take(name);
        if (value == nullptr) {
            return 0;
        }
        if (!value->is_number_unsigned() || value->get<std::uint64_t>() > most) {
            wrong(name, "want a number from 0 to " + std::to_string(most));
            return 0;
        }
        return value->get<unsigned>();
    }

    /// An object that belongs to others, as text of one line.
    std::string object(const char* name, std::size_t most)
    {
        const auto* value = take(name);
        if (value == nullptr) {
            return {};
        }
        auto text = value->is_object() ? value->dump() : std::string();
        if (text.empty() || text.size() > most) {
            wrong(name, "want an object of at most " + std::to_string(most) + " bytes");
        }
        return text;
    }

    void wrong(const std::string& name, const std::string& what)
    {
        if (m_wrong.empty()) {
            m_wrong = m_where + name + ": " + what;
        }
    }

    /// What was wrong first; empty: nothing, and every member was taken.
    [[nodiscard]] std::string finish() const
    {
        if (m_wrong.empty() && m_taken != m_object.size()) {
            return m_where + "there is a member that nobody knows";
        }
        return m_wrong;
    }

private:
    const json& m_object;
    const std::string m_where;
    std::size_t m_taken = 0;
    std::string m_wrong;
};

bool isUuid(const std::string& text)
{
    constexpr std::string_view kForm = "xxxxxxxx-xxxx-xxxx-xxxx-xxxxxxxxxxxx";
    return std::ranges::equal(text, kForm, [](char letter, char form) {
        const bool hex = (letter >= '0' && letter <= '9') || (letter >= 'a' && letter <= 'f') ||
                         (letter >= 'A' && letter <= 'F');
        return form == '-' ? letter == '-' : hex;
    });
}

/// An object inside the command; what is wrong in it is wrong in the command.
template <typename Read> void inside(Members& outer, const char* name, Read read)
{
    const auto* value = outer.take(name);
    if (value == nullptr) {
        return;
    }
    if (!value->is_object()) {
        outer.wrong(name, "want an object");
        return;
    }
    Members members(*value, "");
    read(members);
    if (auto wrong = members.finish(); !wrong.empty()) {
        outer.wrong(name, wrong);
    }
}

Command readOpen(Members& members)
{
    Open open;
    open.caseId = members.text("case", kWord);
    if (!open.caseId.empty() && !isUuid(open.caseId)) {
        members.wrong("case", "want a UUID");
    }
    const auto mode = members.text("mode", kWord);
    if (!mode.empty() && mode != "video" && mode != "voice") {
        members.wrong("mode", "want video or voice");
    }
    open.mode = mode == "voice" ? Mode::Voice : Mode::Video;
    open.camera = members.textIfThere("camera", kPath);
    open.remotePicture = members.text("remotePicture", kPath);
    if (members.has("record")) {
        RecordPlan plan;
        inside(members, "record", [&](Members& record) {
            plan.root = record.text("root", kPath);
            plan.terminal = record.text("terminal", kWord);
            plan.recipient = record.text("recipient", kPath);
            plan.signer = record.textIfThere("signer", kPath);
        });
        open.record = std::move(plan);
    }
    return open;
}

IceServer readServer(Members& members)
{
    IceServer server;
    const auto* urls = members.take("urls");
    const bool sound =
        urls != nullptr && urls->is_array() && !urls->empty() && urls->size() <= kUrls &&
        std::all_of(urls->begin(), urls->end(), [](const json& url) {
            return url.is_string() && url.get_ref<const std::string&>().size() <= kUrl;
        });
    if (!sound) {
        members.wrong("urls", "want 1 to 8 URLs of at most 512 bytes");
    } else {
        server.urls = urls->get<std::vector<std::string>>();
    }
    server.username = members.textIfThere("username", kUrl);
    server.credential = members.textIfThere("credential", kUrl);
    return server;
}

Connect readIce(Members& members)
{
    Connect connect;
    inside(members, "ice", [&](Members& ice) {
        connect.relayOnly = ice.flag("relayOnly");
        const auto* servers = ice.take("servers");
        if (servers == nullptr) {
            return;
        }
        const bool sound = servers->is_array() && servers->size() <= kServers &&
                           std::all_of(servers->begin(), servers->end(),
                                       [](const json& each) { return each.is_object(); });
        if (!sound) {
            ice.wrong("servers", "want at most 8 objects");
            return;
        }
        for (const auto& each : *servers) {
            Members server(each, "");
            connect.servers.push_back(readServer(server));
            if (auto wrong = server.finish(); !wrong.empty()) {
                ice.wrong("servers", wrong);
            }
        }
    });
    return connect;
}

Command readLog(Members& members)
{
    Log log{members.object("entry", kEntry), members.textIfThere("id", kWord)};
    if (!members.has("attachment")) {
        return log;
    }
    Attachment attachment;
    inside(members, "attachment", [&](Members& part) {
        attachment.mediaType = part.text("mediaType", kMedia);
        const auto text = part.text("data", (kLargestAttachment + 2) / 3 * 4);
        auto content = fromBase64(text);
        if (!text.empty() && (!content || content->size() > kLargestAttachment)) {
            part.wrong("data",
                       "want base64 of at most " + std::to_string(kLargestAttachment) + " bytes");
            return;
        }
        attachment.content = content ? std::move(*content) : Bytes();
    });
    log.attachment = std::move(attachment);
    return log;
}

Command readRetain(Members& members)
{
    Retain retain{.name = members.text("class", kWord)};
    retain.months = static_cast<int>(members.number("months", kMostMonths));
    retain.running = members.flag("running");
    retain.id = members.textIfThere("id", kWord);
    return retain;
}

struct Rule {
    std::string_view name;
    Command (*read)(Members&);
};

constexpr std::array kRules{
    Rule{"open", readOpen},
    Rule{"connect", [](Members& m) -> Command { return readIce(m); }},
    Rule{"servers", [](Members& m) -> Command { return Servers{readIce(m)}; }},
    Rule{"answer", [](Members& m) -> Command { return Answer{m.text("sdp", kSdp)}; }},
    Rule{"candidate",
         [](Members& m) -> Command {
             auto text = m.text("candidate", kCandidateText, 0);
             return Candidate{std::move(text), m.number("line", kLastLine)};
         }},
    Rule{"needOffer", [](Members& m) -> Command { return NeedOffer{m.text("why", kWord)}; }},
    Rule{"camera", [](Members& m) -> Command { return Camera{m.flag("on")}; }},
    Rule{"microphone", [](Members& m) -> Command { return Microphone{m.flag("on")}; }},
    Rule{"log", readLog},
    Rule{"retain", readRetain},
    Rule{"tell", [](Members& m) -> Command { return Tell{m.object("message", kMessage)}; }},
    Rule{"disconnect", [](Members&) -> Command { return Disconnect{}; }},
    Rule{"close", [](Members&) -> Command { return Close{}; }},
};

} // namespace

ControlLine parseControlLine(std::string_view line)
{
    if (line.size() > kLongestLine) {
        return {"",
                fail(Errc::Invalid, "a line of " + std::to_string(line.size()) +
                                        " bytes, want at most " + std::to_string(kLongestLine))};
    }
    auto object = strictObject(line, kDeepest);
    if (!object.is_object()) {
        return {"", fail(Errc::Invalid,
                         "want one JSON object, no member twice, at most 16 levels deep")};
    }
    const auto said = object.find("do");
    const auto* rule =
        said != object.end() && said->is_string()
            ? std::ranges::find(kRules, said->get_ref<const std::string&>(), &Rule::name)
            : kRules.end();
    if (rule == kRules.end()) {
        return {"", fail(Errc::Invalid, "\"do\" is missing or no command")};
    }
    object.erase("do");
    const std::string name(rule->name);
    Members members(object, name + ": ");
    auto command = rule->read(members);
    if (auto wrong = members.finish(); !wrong.empty()) {
        return {name, fail(Errc::Invalid, std::move(wrong))};
    }
    return {name, std::move(command)};
}

} // namespace guichet::call
