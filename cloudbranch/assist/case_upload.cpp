// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/assist/case_upload.h"

#include <algorithm>
#include <chrono>
#include <fstream>
#include <optional>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>

#include "cloudbranch/evidence/case_check.h"
#include "cloudbranch/evidence/case_folder.h"
#include "cloudbranch/evidence/upload.h"
#include "peripherals/base/bytes.h"

namespace guichet::assist {

namespace {

using nlohmann::json;

constexpr std::uint64_t kPart = 512 * 1024; ///< what a poor line sends in twenty seconds
constexpr std::chrono::seconds kPatience{30};

/// As many as the disk gives.
std::vector<std::string> casesIn(const std::filesystem::path& root)
{
    std::vector<std::string> names;
    std::error_code error;
    std::filesystem::directory_iterator entry(root, error);
    for (; !error && entry != std::filesystem::directory_iterator(); entry.increment(error)) {
        if (const auto name = entry->path().filename().string(); !name.starts_with('.')) {
            names.push_back(name);
        }
    }
    if (error && error != std::errc::no_such_file_or_directory) {
        spdlog::warn("evidence: {}: {}", root.string(), error.message());
    }
    std::ranges::sort(names);
    return names;
}

/// The line is cut, or the program ends: the other cases would fare no better.
bool endsPass(Errc code)
{
    return code == Errc::Disconnected || code == Errc::Timeout || code == Errc::Cancelled;
}

/// How far the hub has a track: {"track","bytes","link"}.
Result<void> acknowledge(evidence::Upload& upload, const json& stored)
{
    try {
        const auto bytes = stored.at("bytes").get<std::uint64_t>();
        const auto chain = fromHex(stored.at("link").get<std::string>());
        evidence::Link link{};
        if (bytes > 0 && (!chain || chain->size() != link.size())) {
            return fail(Errc::Protocol, "the hub's link of a track is no link");
        }
        if (bytes > 0) {
            std::ranges::copy(*chain, link.begin());
        }
        return upload.acknowledge(stored.at("track").get<std::string>(), bytes, link);
    } catch (const json::exception& error) {
        return fail(Errc::Protocol, fmt::format("the hub's answer: {}", error.what()));
    }
}

Result<json> documentOf(const Result<std::string>& body)
{
    if (!body) {
        return tl::unexpected(body.error());
    }
    auto document = json::parse(*body, nullptr, false);
    if (!document.is_object()) {
        return fail(Errc::Protocol, "the hub's answer is no JSON object");
    }
    return document;
}

Result<std::string> bytesOf(const std::filesystem::path& file, const evidence::UploadPart& part)
{
    std::ifstream stream(file, std::ios::binary);
    std::string bytes(part.to - part.from, '\0');
    stream.seekg(static_cast<std::streamoff>(part.from));
    stream.read(bytes.data(), static_cast<std::streamsize>(bytes.size()));
    if (!stream) {
        return fail(Errc::Busy, file.string() + " cannot be read");
    }
    return bytes;
}

Result<evidence::Upload> positionsIn(const std::filesystem::path& folder,
                                     const std::map<std::string, std::uintmax_t>& tracks)
{
    evidence::Upload upload;
    for (const auto& [track, size] : tracks) {
        auto source = evidence::openSource(evidence::trackFile(folder, track));
        if (!source) {
            return tl::unexpected(source.error());
        }
        const auto walked = evidence::checkTrack(
            *source, {.onPosition = [&](const auto& position) { upload.extend(position); }});
        if (!walked) {
            return tl::unexpected(walked.error());
        }
    }
    upload.end();
    return upload;
}

std::map<std::string, std::uintmax_t> sizesIn(const std::filesystem::path& folder)
{
    std::map<std::string, std::uintmax_t> sizes;
    for (const auto& track : evidence::tracksIn(folder)) {
        std::error_code unreadable; // as large as no file is
        sizes[track] = std::filesystem::file_size(evidence::trackFile(folder, track), unreadable);
    }
    return sizes;
}

} // namespace

CaseUpload::CaseUpload(std::filesystem::path root, net::Client& hub, IsOpen isOpen)
    : m_root(std::move(root))
    , m_hub(&hub)
    , m_isOpen(std::move(isOpen))
{
}

Result<std::size_t> CaseUpload::pass(const std::stop_token& stop)
{
    std::size_t removed = 0;
    std::optional<Error> first;
    for (const auto& caseId : casesIn(m_root)) {
        if (m_refused.contains(caseId)) {
            continue;
        }
        const auto gone = give(caseId, stop);
        if (gone) {
            removed += *gone ? 1 : 0;
            m_told.erase(caseId);
            continue;
        }
        if (endsPass(gone.error().code)) {
            return tl::unexpected(gone.error());
        }
        if (std::exchange(m_told[caseId], gone.error().detail) != gone.error().detail) {
            spdlog::warn("evidence: case {}: {}", caseId, gone.error().detail);
        }
        if (gone.error().code == Errc::Denied) {
            m_refused.insert(caseId);
        }
        first = first.value_or(gone.error());
    }
    if (first) {
        return tl::unexpected(*first);
    }
    return removed;
}

/// Whether the case is gone from here.
Result<bool> CaseUpload::give(const std::string& caseId, const std::stop_token& stop)
{
    const bool open = m_isOpen(caseId); // asked first: what it writes afterwards is heads again
    if (auto done = giveHeads(caseId, stop); !done) {
        return tl::unexpected(done.error());
    }
    if (open) {
        return false;
    }
    if (auto done = giveTracks(caseId, stop); !done) {
        return tl::unexpected(done.error());
    }
    if (m_isOpen(caseId)) {
        return false; // taken up again meanwhile
    }
    const auto checked = documentOf(
        ask({.method = "POST", .path = "/v1/cases/" + caseId + "/complete", .body = "{}"}, stop));
    if (!checked) {
        return tl::unexpected(checked.error());
    }
    if (checked->value("complete", json()) != true) {
        return fail(Errc::Denied, "the hub does not find it whole; it stays here: " +
                                      checked->value("report", json()).dump());
    }
    if (auto removed = evidence::removeCase(m_root, caseId); !removed) {
        return tl::unexpected(removed.error());
    }
    m_heads.erase(caseId);
    m_walked.erase(caseId);
    return true;
}

Result<void> CaseUpload::giveHeads(const std::string& caseId, const std::stop_token& stop)
{
    const auto manifest = evidence::readManifest(m_root / caseId);
    if (!manifest) {
        return tl::unexpected(manifest.error());
    }
    auto text = evidence::manifestText(*manifest);
    if (m_heads[caseId] == text) {
        return {};
    }
    const auto answer =
        ask({.method = "PUT", .path = "/v1/cases/" + caseId + "/heads", .body = text}, stop);
    if (!answer) {
        return tl::unexpected(answer.error());
    }
    m_heads[caseId] = std::move(text);
    return {};
}

/// Reads the files again only if one has grown, or there are others.
Result<evidence::Upload*> CaseUpload::positions(const std::string& caseId)
{
    auto sizes = sizesIn(m_root / caseId);
    if (const auto known = m_walked.find(caseId);
        known != m_walked.end() && known->second.sizes == sizes) {
        return &known->second.upload;
    }
    auto upload = positionsIn(m_root / caseId, sizes);
    if (!upload) {
        return tl::unexpected(upload.error());
    }
    return &(m_walked[caseId] = {std::move(sizes), std::move(*upload)}).upload;
}

Result<void> CaseUpload::giveTracks(const std::string& caseId, const std::stop_token& stop)
{
    const auto known = positions(caseId);
    if (!known) {
        return tl::unexpected(known.error());
    }
    auto& upload = **known;
    const auto has =
        documentOf(ask({.method = "GET", .path = "/v1/cases/" + caseId + "/tracks"}, stop));
    if (!has) {
        return tl::unexpected(has.error());
    }
    const auto tracks = has->value("tracks", json::array());
    for (const auto& stored : tracks) {
        // What the hub has of another file than ours is told by its answer to "complete".
        if (auto taken = acknowledge(upload, stored); !taken) {
            spdlog::warn("evidence: case {}: {}", caseId, taken.error().detail);
        }
    }
    while (const auto part = upload.next(kPart)) {
        auto bytes = bytesOf(evidence::trackFile(m_root / caseId, part->track), *part);
        if (!bytes) {
            return tl::unexpected(bytes.error());
        }
        net::Request request{.method = "PUT",
                             .path = "/v1/cases/" + caseId + "/tracks/" + part->track,
                             .query = {{"from", std::to_string(part->from)}},
                             .body = std::move(*bytes)};
        request.headers.set("Content-Type", "application/octet-stream");
        const auto stored = documentOf(ask(std::move(request), stop));
        if (!stored) {
            return tl::unexpected(stored.error());
        }
        if (auto taken = acknowledge(upload, *stored); !taken) {
            return tl::unexpected(taken.error());
        }
    }
    return {};
}

/// The body of a success. Denied: the hub will never have it. Who we are may be mended meanwhile.
Result<std::string> CaseUpload::ask(net::Request request, const std::stop_token& stop)
{
    constexpr int kSuccess = 200, kConflict = 409, kUnprocessable = 422;
    const auto path = request.path;
    const auto answer = m_hub->send(request, kPatience, stop);
    if (!answer) {
        return tl::unexpected(answer.error());
    }
    if (answer->status >= kSuccess && answer->status < kSuccess + 100) {
        return answer->body;
    }
    const bool refuses = answer->status == kConflict || answer->status == kUnprocessable;
    return fail(refuses ? Errc::Denied : Errc::Busy,
                fmt::format("{}: the hub answers {}: {}", path, answer->status, answer->body));
}

} // namespace guichet::assist
