// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/evidence/manifest.h"

#include <algorithm>
#include <limits>
#include <set>

#include <nlohmann/json.hpp>

namespace guichet::evidence {
namespace {

using nlohmann::json;

constexpr int kVersion = 1;
constexpr std::size_t kLongest = 64 * 1024;
constexpr std::size_t kMostHolds = 32;
constexpr int kMostMonths = 1200;

json toJson(const TrackHead& head)
{
    return {{"track", head.track}, {"mediaType", head.mediaType}, {"chunks", head.chunks},
            {"bytes", head.bytes}, {"head", toHex(head.link)},    {"closed", head.closed}};
}

json toJson(const Heads& heads)
{
    auto tracks = json::array();
    for (const auto& track : heads.tracks) {
        tracks.push_back(toJson(track));
    }
    return {{"version", kVersion},
            {"suite", kSuite},
            {"case", heads.caseId},
            {"terminal", heads.terminal},
            {"opened", toRfc3339(heads.opened)},
            {"at", toRfc3339(heads.at)},
            {"closed", heads.closed},
            {"tracks", std::move(tracks)}};
}

json toJson(const Retention& retention)
{
    auto holds = json::array();
    for (const auto& hold : retention.holds) {
        json one{{"id", hold.id}, {"placed", toRfc3339(hold.placed)}};
        if (hold.released) {
            one["released"] = toRfc3339(*hold.released);
        }
        holds.push_back(std::move(one));
    }
    json object{
        {"class", retention.name}, {"months", retention.months}, {"holds", std::move(holds)}};
    if (retention.from) {
        object["from"] = toRfc3339(*retention.from);
    }
    return object;
}

/// Takes members out of a JSON object one by one. The first that is missing or not legal is kept
/// as the error, and all that follow are default values.
class Members {
public:
    Members(const json& object, std::string name)
        : m_object(object)
        , m_name(std::move(name))
    {
        if (!object.is_object()) {
            m_wrong = m_name + " is no JSON object";
        }
    }

    std::string text(const char* member, bool (*legal)(std::string_view))
    {
        const auto* found = find(member);
        if (found != nullptr && found->is_string()) {
            auto value = found->get<std::string>();
            if (legal(value)) {
                return value;
            }
        }
        refuse(member);
        return {};
    }
    bool flag(const char* member)
    {
        const auto* found = find(member);
        if (found == nullptr || !found->is_boolean()) {
            refuse(member);
            return false;
        }
        return found->get<bool>();
    }
    std::uint64_t number(const char* member, std::uint64_t most)
    {
        const auto* found = find(member);
        if (found == nullptr || !found->is_number_unsigned() ||
            found->get<std::uint64_t>() > most) {
            refuse(member);
            return 0;
        }
        return found->get<std::uint64_t>();
    }
    Instant instant(const char* member)
    {
        const auto* found = find(member);
        const auto value = found != nullptr && found->is_string()
                               ? fromRfc3339(found->get<std::string>())
                               : Result<Instant>(fail(Errc::Protocol, ""));
        if (!value) {
            refuse(member);
        }
        return value.value_or(Instant());
    }
    std::optional<Instant> optionalInstant(const char* member)
    {
        return has(member) ? std::optional(instant(member)) : std::nullopt;
    }
    const json& array(const char* member, std::size_t most)
    {
        static const json none = json::array();
        const auto* found = find(member);
        if (found == nullptr || !found->is_array() || found->size() > most) {
            refuse(member);
            return none;
        }
        return *found;
    }
    const json& at(const char* member)
    {
        static const json none;
        const auto* found = find(member);
        return found == nullptr ? none : *found;
    }
    [[nodiscard]] bool has(const char* member) const { return find(member) != nullptr; }
    void refuse(const char* member)
    {
        if (m_wrong.empty()) {
            m_wrong = m_name + "." + member + " is missing or not legal";
        }
    }
    [[nodiscard]] const std::string& wrong() const { return m_wrong; }

private:
    [[nodiscard]] const json* find(const char* member) const
    {
        const auto found = m_object.is_object() ? m_object.find(member) : m_object.end();
        return m_object.is_object() && found != m_object.end() ? &*found : nullptr;
    }

    const json& m_object;
    std::string m_name;
    std::string m_wrong;
};

bool isWord(std::string_view text)
{
    return isMediaType(text);
}

bool isSignature(std::string_view text)
{
    return text.size() <= 200 && fromBase64Url(text).has_value();
}

tl::unexpected<Error> bad(const std::string& seen)
{
    return fail(Errc::Protocol, "manifest: " + seen);
}

Result<TrackHead> readTrack(const json& object)
{
    Members in(object, "track");
    TrackHead head{.track = in.text("track", isTrackName),
                   .mediaType = in.text("mediaType", isMediaType),
                   .chunks = static_cast<std::uint32_t>(
                       in.number("chunks", std::numeric_limits<std::uint32_t>::max())),
                   .bytes = in.number("bytes", std::numeric_limits<std::int64_t>::max()),
                   .closed = in.flag("closed")};
    const auto link =
        fromHex(in.text("head", [](std::string_view text) { return text.size() == 2 * kLink; }));
    if (!link || link->size() != kLink) {
        in.refuse("head");
    }
    if (!in.wrong().empty()) {
        return bad(in.wrong());
    }
    std::copy(link->begin(), link->end(), head.link.begin());
    return head;
}

Result<Heads> readHeads(const json& object)
{
    Members in(object, "heads");
    if (in.number("version", std::numeric_limits<std::uint64_t>::max()) != kVersion &&
        in.wrong().empty()) {
        return fail(Errc::Unsupported, "manifest: another version than 1");
    }
    if (in.text("suite", isWord) != kSuite && in.wrong().empty()) {
        return fail(Errc::Unsupported, "manifest: another suite than " + std::string(kSuite));
    }
    Heads heads{.caseId = in.text("case", isCaseId),
                .terminal = in.text("terminal", isWord),
                .opened = in.instant("opened"),
                .at = in.instant("at"),
                .closed = in.flag("closed"),
                .tracks = {}};
    std::set<std::string> names;
    for (const auto& one : in.array("tracks", kMostTracks)) {
        auto track = readTrack(one);
        if (!track) {
            return tl::unexpected(track.error());
        }
        if (!names.insert(track->track).second) {
            return bad("track " + track->track + " is there twice");
        }
        heads.tracks.push_back(std::move(*track));
    }
    if (!in.wrong().empty()) {
        return bad(in.wrong());
    }
    return heads;
}

Result<Retention> readRetention(const json& object)
{
    Members in(object, "retention");
    Retention retention{.name = in.text("class", isWord),
                        .months = static_cast<int>(in.number("months", kMostMonths)),
                        .from = in.optionalInstant("from")};
    for (const auto& one : in.array("holds", kMostHolds)) {
        Members hold(one, "hold");
        retention.holds.push_back({.id = hold.text("id", isWord),
                                   .placed = hold.instant("placed"),
                                   .released = hold.optionalInstant("released")});
        if (!hold.wrong().empty()) {
            return bad(hold.wrong());
        }
    }
    if (!in.wrong().empty()) {
        return bad(in.wrong());
    }
    return retention;
}

} // namespace

std::string headsText(const Heads& heads)
{
    return toJson(heads).dump();
}

std::string manifestText(const Manifest& manifest)
{
    json document{{"heads", toJson(manifest.heads)}, {"signature", manifest.signature}};
    if (manifest.retention) {
        document["retention"] = toJson(*manifest.retention);
    }
    return document.dump() + "\n";
}

Result<Manifest> parseManifest(std::string_view text)
{
    if (text.size() > kLongest) {
        return bad(std::to_string(text.size()) + " bytes, want at most " +
                   std::to_string(kLongest));
    }
    const auto document = json::parse(text, nullptr, false);
    Members in(document, "document");
    auto heads = readHeads(in.at("heads"));
    if (!heads) {
        return tl::unexpected(heads.error());
    }
    Manifest manifest{std::move(*heads), in.text("signature", isSignature), std::nullopt};
    if (!in.wrong().empty()) {
        return bad(in.wrong());
    }
    if (in.has("retention")) {
        auto retention = readRetention(in.at("retention"));
        if (!retention) {
            return tl::unexpected(retention.error());
        }
        manifest.retention = std::move(*retention);
    }
    return manifest;
}

} // namespace guichet::evidence
