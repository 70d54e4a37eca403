// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <cstdio>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include <fmt/format.h>

#include "drivers/face/face_library.h"
#include "peripherals/base/clock.h"
#include "peripherals/host/diag/device_survey.h"
#include "peripherals/host/diag/identity_question.h"
#include "peripherals/host/diag/picture_reports.h"
#include "peripherals/host/program.h"
#include "peripherals/host/symbologies.h"

namespace {

using namespace guichet;
using namespace guichet::host::diag;
using nlohmann::json;
using namespace std::chrono_literals;

constexpr const char* kUsage =
    "usage: guichet-diag [--json] [--publisher HOST:PORT] COMMAND\n"
    "  devices           each device of this terminal and what it says of itself\n"
    "  card              reads the bank card that is put in: its mask, never its number\n"
    "  read-mrz FILE...  the machine readable zone in pictures; always a line of JSON a file\n"
    "  read-code FILE... QR, Aztec, Data Matrix, PDF417 or Code 128 in pictures\n"
    "  face FILE...      whether a customer stands well in pictures; always a line of JSON a file\n"
    "  --json            a line of JSON for each device, card or file\n"
    "  --publisher       where guichet-devices listens (127.0.0.1:5846)\n";
constexpr host::Program kProgram{"guichet-diag", "diag", kUsage};
constexpr auto kCardTime = 30s;

struct Options {
    bool json = false;
    bool help = false;
    host::PublisherAddress publisher;
    std::string command;
    std::vector<std::string> files;
};

int complain(int status, std::string_view line)
{
    return kProgram.complain(status, line);
}

void print(const json& line)
{
    // What a code or a file's name holds need not be UTF-8.
    fmt::print("{}\n", line.dump(-1, ' ', false, json::error_handler_t::replace));
    std::fflush(stdout);
}

Result<Options> parse(const std::vector<std::string>& words)
{
    Options options;
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto& word = words[i];
        if (word == "--help") {
            options.help = true;
            return options;
        }
        if (word == "--json") {
            options.json = true;
        } else if (word == "--publisher") {
            auto address =
                host::parsePublisherAddress(i + 1 < words.size() ? words[++i] : std::string());
            if (!address) {
                return tl::unexpected(std::move(address.error()));
            }
            options.publisher = std::move(*address);
        } else if (word.size() > 1 && word.starts_with("-") && word != "--") {
            return fail(Errc::Invalid, "unknown argument " + word);
        } else if (options.command.empty()) {
            options.command = word;
        } else if (word != "--") {
            options.files.push_back(word);
        }
    }
    const bool ofFiles = options.command == "read-mrz" || options.command == "read-code" ||
                         options.command == "face";
    if (!ofFiles && options.command != "devices" && options.command != "card") {
        return fail(Errc::Invalid, options.command.empty()
                                       ? "no command"
                                       : "unknown command \"" + options.command + '"');
    }
    if (ofFiles == options.files.empty()) {
        return fail(Errc::Invalid,
                    options.command + (ofFiles ? " wants picture files" : " takes no files"));
    }
    return options;
}

int devices(const Options& options)
{
    const auto reports = surveyDevices(options.publisher);
    if (!reports) {
        return complain(1, reports.error().detail);
    }
    for (const auto& report : *reports) {
        if (options.json) {
            print({{"device", report.name},
                   {"state", report.state},
                   {"model", report.model},
                   {"status", report.status}});
        } else {
            const auto summary = summaryOf(report.status);
            fmt::print("{:<18} {:<14} {}{}{}\n", report.name, report.state, report.model,
                       report.model.empty() || summary.empty() ? "" : ": ", summary);
        }
    }
    return 0;
}

const char* sayingOf(std::string_view event)
{
    return event == "insertCard"       ? "insert a card"
           : event == "cardInserted"   ? "reading"
           : event == "cardUnreadable" ? "this card cannot be read; try again or another one"
                                       : nullptr;
}

int card(const Options& options)
{
    const auto tell = [](std::string_view event) {
        if (const auto* saying = sayingOf(event)) {
            fmt::print(stderr, "{}\n", saying);
        }
    };
    auto answer = askIdentity(
        options.publisher,
        {{"op", "readCard"},
         {"timeoutMs", std::chrono::duration_cast<std::chrono::milliseconds>(kCardTime).count()}},
        kCardTime + 10s, tell);
    if (!answer) {
        return complain(1, "card: " + answer.error().detail);
    }
    answer->erase("sealed");
    answer->erase("handle");
    if (options.json) {
        print(*answer);
        return 0;
    }
    const auto proof = answer->value("authentication", json::object());
    fmt::print("{} {}, {}, valid to {}\noffline data authentication: {} {} {}\n",
               answer->value("scheme", ""), answer->value("label", ""),
               answer->value("maskedPan", ""), answer->value("expiry", ""),
               proof.value("method", ""), proof.value("verdict", ""), proof.value("reason", ""));
    return 0;
}

int readZones(const Options& options)
{
    const mrz::MrzFrameReader reader;
    const auto today = localDay(SystemClock().now());
    bool failed = false;
    for (const auto& file : options.files) {
        const auto report = reportZone(file, readGrayPicture(file), reader, today);
        failed = failed || report.contains("error");
        print(report);
    }
    return failed ? complain(1, "some files could not be read as pictures") : 0;
}

void printCode(const json& report)
{
    const auto file = report.at("file").get<std::string>();
    if (report.contains("error")) {
        fmt::print("{}: {}\n", file, report["error"].get<std::string>());
    } else if (report["symbology"].is_null()) {
        fmt::print("{}: no code\n", file);
    } else {
        const bool text = report.contains("text");
        fmt::print("{}: {} {}{}\n", file, host::titleOf(report["symbology"].get<std::string>()),
                   text ? "" : "base64:", report[text ? "text" : "base64"].get<std::string>());
    }
    std::fflush(stdout);
}

int readCodes(const Options& options)
{
    bool failed = false;
    for (const auto& file : options.files) {
        const auto report = reportCode(file, readGrayPicture(file));
        failed = failed || report.contains("error");
        if (options.json) {
            print(report);
        } else {
            printCode(report);
        }
    }
    return failed ? complain(1, "some files could not be read as pictures") : 0;
}

int lookForFaces(const Options& options)
{
    const auto tools = face::loadFaceTools(
        face::faceLibraryOf(std::filesystem::read_symlink("/proc/self/exe")), {});
    if (!tools) {
        return complain(1, tools.error().detail);
    }
    bool failed = false;
    for (const auto& file : options.files) {
        const auto report = reportFace(file, readGrayPicture(file), *tools->finder);
        failed = failed || report.contains("error");
        print(report);
    }
    return failed ? complain(1, "some files could not be read as pictures") : 0;
}

int perform(const Options& options)
{
    try {
        return options.command == "devices"    ? devices(options)
               : options.command == "card"     ? card(options)
               : options.command == "read-mrz" ? readZones(options)
               : options.command == "face"     ? lookForFaces(options)
                                               : readCodes(options);
    } catch (const std::exception& error) { // an answer of another shape than our schemas'
        return complain(1, error.what());
    }
}

} // namespace

int main(int argc, char** argv)
{
    return host::run(kProgram, parse({argv + 1, argv + argc}), perform);
}
