// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/evidence/report.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace guichet::evidence {
namespace {

using nlohmann::json;

std::string inWords(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Whole:
        return "whole: closed, nothing missing, nothing changed";
    case Verdict::NotClosed:
        return "not closed: nothing that is there was changed, but it ended without an end";
    case Verdict::Changed:
        break;
    }
    return "CHANGED";
}

std::string timeOf(const std::optional<Instant>& at)
{
    return at ? toRfc3339(*at) : "-";
}

std::string faultLine(const Fault& fault)
{
    return fmt::format("    {}{}: {}\n", name(fault.kind),
                       fault.at ? ", " + toRfc3339(*fault.at) : "", fault.detail);
}

std::string caseLines(const CaseReport& report)
{
    if (!report.manifest) {
        return fmt::format("Case in {}, whose manifest cannot be read\n", report.folder.string());
    }
    const auto& heads = report.manifest->heads;
    return fmt::format("Case {} of terminal {}\nBegun {}, {} {}\nFolder {}\n", heads.caseId,
                       heads.terminal, toRfc3339(heads.opened),
                       heads.closed ? "closed" : "not closed, last heads", toRfc3339(heads.at),
                       report.folder.string());
}

std::string checkedLines(const Checked& checked)
{
    const auto line = [](bool done, std::string_view what, std::string_view option) {
        return done ? fmt::format("  checked      {}\n", what)
                    : fmt::format("  not checked  {} (give {})\n", what, option);
    };
    return "  checked      each track's chain, against the manifest\n" +
           line(checked.key, "every chunk with its key, heads in the log", "--key") +
           line(checked.signature, "the terminal's signature of the heads", "--signer") +
           line(checked.serverHeads > 0,
                fmt::format("{} manifests that the server kept", checked.serverHeads), "--heads");
}

std::string trackLines(const TrackReport& track)
{
    auto text =
        fmt::format("\n{}  {}\n    {}{}\n    {} chunks, {} bytes, {} to {}\n", track.track,
                    track.mediaType, inWords(track.verdict), track.opened ? "" : "; not opened",
                    track.chunks, track.bytes, timeOf(track.from), timeOf(track.until));
    for (const auto& fault : track.faults) {
        text += faultLine(fault);
    }
    if (track.faultCount > track.faults.size()) {
        text += fmt::format("    and {} more\n", track.faultCount - track.faults.size());
    }
    return text;
}

json toJson(const std::vector<Fault>& faults)
{
    auto all = json::array();
    for (const auto& fault : faults) {
        json one{{"kind", name(fault.kind)}, {"chunk", fault.chunk}, {"detail", fault.detail}};
        if (fault.at) {
            one["at"] = toRfc3339(*fault.at);
        }
        all.push_back(std::move(one));
    }
    return all;
}

json toJson(const TrackReport& track)
{
    json one{{"track", track.track},           {"mediaType", track.mediaType},
             {"verdict", name(track.verdict)}, {"chunks", track.chunks},
             {"bytes", track.bytes},           {"opened", track.opened},
             {"faults", toJson(track.faults)}, {"faultCount", track.faultCount}};
    if (track.from) {
        one["from"] = toRfc3339(*track.from);
        one["until"] = timeOf(track.until);
    }
    return one;
}

} // namespace

std::string reportText(const CaseReport& report, const Checked& checked)
{
    auto text =
        caseLines(report) + "Verdict: " + inWords(report.verdict()) + "\n" + checkedLines(checked);
    if (checked.key) {
        text += fmt::format("  checked      {} attachments that the log mentions\n",
                            report.attachments);
    }
    for (const auto& fault : report.faults) {
        text += faultLine(fault);
    }
    for (const auto& note : report.notes) {
        text += "    note: " + note + "\n";
    }
    for (const auto& track : report.tracks) {
        text += trackLines(track);
    }
    return text;
}

std::string reportJson(const CaseReport& report, const Checked& checked)
{
    auto tracks = json::array();
    for (const auto& track : report.tracks) {
        tracks.push_back(toJson(track));
    }
    json document{{"folder", report.folder.string()},
                  {"verdict", name(report.verdict())},
                  {"checked",
                   {{"key", checked.key},
                    {"signature", checked.signature},
                    {"serverHeads", checked.serverHeads}}},
                  {"faults", toJson(report.faults)},
                  {"notes", report.notes},
                  {"attachments", report.attachments},
                  {"tracks", std::move(tracks)}};
    if (report.manifest) {
        const auto& heads = report.manifest->heads;
        document["case"] = heads.caseId;
        document["terminal"] = heads.terminal;
        document["opened"] = toRfc3339(heads.opened);
        document["at"] = toRfc3339(heads.at);
        document["closed"] = heads.closed;
    }
    // A folder's name need not be UTF-8.
    return document.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

} // namespace guichet::evidence
