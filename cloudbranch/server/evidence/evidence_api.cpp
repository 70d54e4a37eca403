// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/evidence/evidence_api.h"

#include <algorithm>
#include <charconv>
#include <string>

#include <fmt/format.h>

#include "cloudbranch/evidence/case_folder.h"
#include "cloudbranch/server/evidence/case_tar.h"
#include "cloudbranch/server/evidence/evidence_documents.h"
#include "queue/api/answers.h"
#include "queue/api/body.h"
#include "queue/api/requests.h"
#include "queue/api/tokens.h"

namespace guichet::hub {

using nlohmann::json;
using queue::api::Caller;
using queue::api::Role;

namespace {

constexpr std::size_t kMostHeads = 64 * 1024, kMostPart = 4 * 1024 * 1024, kMostReason = 200;
constexpr std::size_t kPage = 100;

net::Response answerFor(const Error& error)
{
    switch (error.code) {
    case Errc::NotFound:
        return net::problem(404, "unknown-case", error.detail);
    case Errc::Conflict:
        return net::problem(409, "case-conflict", error.detail);
    case Errc::Invalid:
        return net::problem(422, "evidence-invalid", error.detail);
    default:
        return error.code == Errc::Busy && error.remedy == Remedy::CallStaff
                   ? net::problem(507, "disk-full", "the hub's disk is full; nothing was changed")
                   : queue::api::unavailable();
    }
}

net::Response privately(int status, const json& document)
{
    auto response = net::json(status, document.dump());
    response.headers.set("Cache-Control", "no-store");
    return response;
}

/// The answer to what went well, as `encode` makes its document.
template <typename Value, typename Encode>
net::Response answer(const Result<Value>& result, Encode encode, int status = 200)
{
    return result ? privately(status, encode(*result)) : answerFor(result.error());
}

std::optional<std::uint64_t> number(std::string_view text)
{
    std::uint64_t value = 0;
    const auto* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data(), end, value);
    return parsed.ec == std::errc() && parsed.ptr == end ? std::optional(value) : std::nullopt;
}

std::string caseIn(const net::Request& request)
{
    return std::string(request.param("case"));
}

std::string who(const Caller& caller)
{
    return (caller.role == Role::Terminal ? "terminal:" : "") + caller.name;
}

} // namespace

std::optional<std::pair<std::uint64_t, std::uint64_t>> rangeIn(std::string_view header,
                                                               std::uint64_t size)
{
    constexpr std::string_view kUnit = "bytes=";
    const auto dash = header.find('-');
    if (!header.starts_with(kUnit) || dash == std::string_view::npos || size == 0) {
        return std::nullopt;
    }
    const auto first = number(header.substr(kUnit.size(), dash - kUnit.size()));
    const auto end = header.substr(dash + 1);
    const auto last = end.empty() ? size - 1 : number(end).value_or(0);
    if (!first || *first >= size || last < *first || (!end.empty() && !number(end))) {
        return std::nullopt;
    }
    return std::pair(*first, std::min(last, size - 1));
}

EvidenceApi::EvidenceApi(EvidenceStore& store, const Clock& clock,
                         queue::api::Operations::Parts operations)
    : m_store(store)
    , m_clock(clock)
    , m_operations([&] {
        operations.refused = [&store](const net::Request& request, const Caller& caller) {
            store.audit("role", who(caller), caseIn(request));
        };
        return std::move(operations);
    }())
{
}

void EvidenceApi::addTo(net::Router& router)
{
    addUpload(router);
    const std::vector<Role> eyes{Role::Supervisor, Role::Auditor};
    m_operations.add(router, "GET", "/v1/cases", eyes,
                     [this](const auto& request, const auto& by) { return list(request, by); });
    m_operations.add(
        router, "GET", "/v1/cases/{case}", eyes,
        [this](const net::Request& request, const Caller& caller) {
            return answer(m_store.look(caseIn(request), who(caller)),
                          [this](const auto& look) { return lookDocument(look, m_clock.now()); });
        });
    m_operations.add(router, "POST", "/v1/cases/{case}/check", eyes,
                     [this](const net::Request& request, const Caller& caller) {
                         return answer(m_store.check(caseIn(request), who(caller)), checkDocument);
                     });
    m_operations.add(
        router, "GET", "/v1/cases/{case}/folder.tar", eyes,
        [this](const auto& request, const auto& caller) { return folder(request, caller); });
    m_operations.add(
        router, "POST", "/v1/cases/{case}/holds", {Role::Supervisor},
        [this](const auto& request, const auto& caller) { return placeHold(request, caller); });
    m_operations.add(router, "DELETE", "/v1/cases/{case}/holds/{hold}", {Role::Supervisor},
                     [this](const net::Request& request, const Caller& caller) {
                         return answer(m_store.releaseHold(caseIn(request),
                                                           std::string(request.param("hold")),
                                                           who(caller)),
                                       holdsDocument);
                     });
}

void EvidenceApi::addUpload(net::Router& router)
{
    m_operations.add(
        router, "PUT", "/v1/cases/{case}/heads", {Role::Terminal},
        [this](const net::Request& request, const Caller& caller) {
            const auto done = m_store.putHeads(caseIn(request), caller.name, request.body);
            return done ? net::Response{.status = 204} : answerFor(done.error());
        },
        kMostHeads);
    m_operations.add(router, "GET", "/v1/cases/{case}/tracks", {Role::Terminal},
                     [this](const net::Request& request, const Caller& caller) {
                         return answer(m_store.tracks(caseIn(request), caller.name),
                                       [](const auto& tracks) {
                                           json all = json::array();
                                           for (const auto& track : tracks) {
                                               all.push_back(trackDocument(track));
                                           }
                                           return json{{"tracks", std::move(all)}};
                                       });
                     });
    m_operations.addBytes(
        router, "PUT", "/v1/cases/{case}/tracks/{track}", {Role::Terminal},
        [this](const auto& request, const auto& caller) { return putTrack(request, caller); },
        kMostPart);
    m_operations.add(router, "POST", "/v1/cases/{case}/complete", {Role::Terminal},
                     [this](const net::Request& request, const Caller& caller) {
                         return answer(m_store.complete(caseIn(request), caller.name),
                                       checkDocument);
                     });
}

net::Response EvidenceApi::putTrack(const net::Request& request, const Caller& caller)
{
    const auto from = number(request.queryValue("from"));
    if (!from) {
        return net::problem(422, "invalid-fields", "from is missing or wrong",
                            {{"from", "must be the number of bytes before these"}});
    }
    const std::string track(request.param("track"));
    const auto stored =
        m_store.putTrack(caseIn(request), track, caller.name, *from, asBytes(request.body));
    if (stored || stored.error().code != Errc::Conflict) {
        return answer(stored, trackDocument);
    }
    // What the hub has, so that the terminal goes on there without asking.
    auto response = answerFor(stored.error());
    if (const auto tracks = m_store.tracks(caseIn(request), caller.name)) {
        const auto known = std::ranges::find(*tracks, track, &StoredTrack::track);
        auto document = json::parse(response.body);
        document["has"] =
            trackDocument(known == tracks->end() ? StoredTrack{.track = track} : *known);
        response.body = document.dump();
    }
    return response;
}

net::Response EvidenceApi::list(const net::Request& request, const Caller& caller)
{
    auto before = m_clock.now() + std::chrono::hours(24);
    if (const std::string text(request.queryValue("before")); !text.empty()) {
        const auto given = fromRfc3339(text);
        if (!given) {
            return net::problem(422, "invalid-fields", "before is wrong",
                                {{"before", "must be a time of RFC 3339"}});
        }
        before = *given;
    }
    return answer(m_store.list(before, kPage, who(caller)), [this](const auto& records) {
        json all = json::array();
        for (const auto& record : records) {
            all.push_back(caseDocument(record, m_clock.now()));
        }
        json document{{"cases", std::move(all)}, {"next", nullptr}};
        if (records.size() == kPage) {
            document["next"] = toRfc3339(records.back().begun);
        }
        return document;
    });
}

/// The case's folder for guichet-evidence, and the heads beside it. In parts: a part is what fits
/// into memory, a case is not.
net::Response EvidenceApi::folder(const net::Request& request, const Caller& caller)
{
    const auto header = request.header("Range");
    const auto begins = header.empty() || header.starts_with("bytes=0-");
    const auto id = caseIn(request);
    const auto record = m_store.fetch(id, who(caller), begins);
    if (!record) {
        return answerFor(record.error());
    }
    const auto& files = m_store.files();
    const auto manifest = evidence::manifestText(record->manifest);
    std::vector<CaseTar::Entry> entries{
        {id + "/manifest.json", files.folder(id) / evidence::kManifestFile, manifest.size()}};
    for (const auto& track : record->tracks) {
        entries.push_back({id + "/" + track.track + std::string(evidence::kTrackSuffix),
                           evidence::trackFile(files.folder(id), track.track), track.bytes});
    }
    entries.push_back({id + ".heads.ndjson", files.headsFile(id), record->headsBytes});
    const CaseTar tar(std::move(entries), record->manifest.heads.at);
    // A case that grew between two parts is another tar.
    const auto tag =
        fmt::format("\"{}-{}-{}\"", record->headsCount, record->tracks.size(), record->bytes());
    if (const auto wanted = request.header("If-Match"); !wanted.empty() && wanted != tag) {
        return net::problem(412, "case-changed", "the case has changed since the first part");
    }
    const auto range = rangeIn(header.empty() ? "bytes=0-" : header, tar.size());
    if (!range || (header.empty() && tar.size() > kMostPart)) {
        auto refused = net::problem(416, "range-needed",
                                    "ask for it in parts, with a header like Range: bytes=0-");
        refused.headers.set("Content-Range", fmt::format("bytes */{}", tar.size()));
        return refused;
    }
    const auto count = std::min<std::uint64_t>(range->second - range->first + 1, kMostPart);
    auto bytes = tar.read(range->first, count);
    if (!bytes) {
        return answerFor(bytes.error());
    }
    net::Response response{.status = header.empty() ? 200 : 206,
                           .contentType = "application/x-tar",
                           .body = std::move(*bytes)};
    response.headers.set("ETag", tag);
    response.headers.set("Cache-Control", "no-store");
    response.headers.set("Accept-Ranges", "bytes");
    response.headers.set("Content-Disposition", "attachment; filename=\"" + id + ".tar\"");
    if (!header.empty()) {
        response.headers.set("Content-Range", fmt::format("bytes {}-{}/{}", range->first,
                                                          range->first + count - 1, tar.size()));
    }
    return response;
}

net::Response EvidenceApi::placeHold(const net::Request& request, const Caller& caller)
{
    constexpr std::size_t kDigits = 32;
    if (auto refused = queue::api::refuseKey(request, caller)) {
        return *refused;
    }
    queue::api::Body body(request.body);
    const auto reason = body.text("reason", kMostReason);
    if (auto refused = body.refused()) {
        return *refused;
    }
    // One request, one hold.
    const auto key = caller.name + "\n" + std::string(request.header("Idempotency-Key"));
    const auto id = "hold-" + queue::api::tokenHash(key).substr(0, kDigits);
    return answer(m_store.placeHold(caseIn(request), id, reason, who(caller)), holdsDocument, 201);
}

} // namespace guichet::hub
