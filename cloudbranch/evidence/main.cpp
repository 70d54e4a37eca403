// SPDX-License-Identifier: Apache-2.0
#include <cerrno>
#include <cstdio>
#include <fstream>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>
#include <signal.h>
#include <unistd.h>

#include "cloudbranch/evidence/case_export.h"
#include "peripherals/base/private_file.h"

namespace {

using namespace guichet;
using namespace guichet::evidence;

constexpr const char* kUsage =
    "usage: guichet-evidence [--json] COMMAND FOLDER ...\n"
    "  verify FOLDER [--key PEM]            what of this case is whole, not closed or changed\n"
    "  play FOLDER --track NAME --key PEM   the track's bytes, to standard output\n"
    "  export FOLDER --key PEM --out DIR    every track, the log and a report, into a new folder\n"
    "  --key PEM     the bank's private key: opens the tracks and checks every chunk\n"
    "  --signer PEM  the terminal's public key or certificate: checks who signed the heads\n"
    "  --heads FILE  manifests that the server kept, one a line: finds what was cut off since\n"
    "  --json        the report as one line of JSON\n"
    "Exit: 0 nothing is changed, 1 something is changed or failed, 2 usage.\n";

struct Options {
    bool json = false;
    bool help = false;
    std::string command;
    std::string folder;
    std::string track;
    std::string key;
    std::string signer;
    std::string heads;
    std::string out;
};

int complain(int status, std::string_view line)
{
    fmt::print(stderr, "guichet-evidence: {}\n", line);
    return status;
}

Result<void> checkNeeds(const Options& options)
{
    const auto& command = options.command;
    const auto wrong = [](const std::string& why) { return fail(Errc::Invalid, why); };
    if (command != "verify" && command != "play" && command != "export") {
        return wrong(command.empty()
                         ? "a command is missing: verify, play or export"
                         : "unknown command " + command + ", want verify, play or export");
    }
    if (options.folder.empty()) {
        return wrong(command + " wants the FOLDER of a case");
    }
    if (command != "verify" && options.key.empty()) {
        return wrong(command + " wants --key PEM, the bank's private key");
    }
    if ((command == "play") != !options.track.empty()) {
        return wrong("play wants --track NAME, and nothing else does");
    }
    if ((command == "export") != !options.out.empty()) {
        return wrong("export wants --out DIR, and nothing else does");
    }
    if (command == "play" && options.json) {
        return wrong("play writes the track itself, not JSON");
    }
    return {};
}

Result<Options> parse(const std::vector<std::string>& words)
{
    Options options;
    const std::pair<std::string_view, std::string*> valued[] = {{"--track", &options.track},
                                                                {"--key", &options.key},
                                                                {"--signer", &options.signer},
                                                                {"--heads", &options.heads},
                                                                {"--out", &options.out}};
    for (std::size_t i = 0; i < words.size(); ++i) {
        const auto& word = words[i];
        std::string* value = nullptr;
        for (const auto& [option, target] : valued) {
            value = word == option ? target : value;
        }
        if (value != nullptr) {
            if (i + 1 == words.size() || words[i + 1].empty()) {
                return fail(Errc::Invalid, word + " wants a value");
            }
            *value = words[++i];
        } else if (word == "--json") {
            options.json = true;
        } else if (word == "--help") {
            options.help = true;
        } else if (word.starts_with("-")) {
            return fail(Errc::Invalid, "unknown option " + word);
        } else if (options.command.empty()) {
            options.command = word;
        } else if (options.folder.empty()) {
            options.folder = word;
        } else {
            return fail(Errc::Invalid, "one FOLDER at a time, not also " + word);
        }
    }
    if (!options.help) {
        if (auto complete = checkNeeds(options); !complete) {
            return tl::unexpected(complete.error());
        }
    }
    return options;
}

/// What the options name, read and kept for as long as the question is asked.
struct Evidence {
    std::optional<OpeningKey> key;
    std::optional<VerifyingKey> signer;
    std::vector<Manifest> kept;

    [[nodiscard]] CaseQuestion question() const
    {
        return {.key = key ? &*key : nullptr, .signer = signer ? &*signer : nullptr, .kept = kept};
    }
    [[nodiscard]] Checked checked() const
    {
        return {
            .key = key.has_value(), .signature = signer.has_value(), .serverHeads = kept.size()};
    }
};

Result<std::vector<Manifest>> readHeads(const std::string& file)
{
    std::ifstream in(file);
    if (!in) {
        return fail(Errc::NotFound, file + ": " + systemMessage(errno));
    }
    std::vector<Manifest> kept;
    std::string line;
    for (std::size_t number = 1; std::getline(in, line); ++number) {
        auto manifest = parseManifest(line);
        if (!manifest) {
            return fail(manifest.error(), file + ":" + std::to_string(number));
        }
        kept.push_back(std::move(*manifest));
    }
    if (kept.empty()) {
        return fail(Errc::Invalid, file + ": empty, want manifests of this case, one a line");
    }
    return kept;
}

Result<Evidence> gather(const Options& options)
{
    Evidence evidence;
    if (!options.key.empty()) {
        auto key = readPrivateFile(options.key).and_then([](std::string pem) {
            return OpeningKey::fromPem(Secret<std::string>(std::move(pem)));
        });
        if (!key) {
            return fail(key.error(), "--key " + options.key);
        }
        evidence.key = std::move(*key);
    }
    if (!options.signer.empty()) {
        auto signer = readPrivateFile(options.signer).and_then([](const std::string& pem) {
            return VerifyingKey::fromPem(pem);
        });
        if (!signer) {
            return fail(signer.error(), "--signer " + options.signer);
        }
        evidence.signer = std::move(*signer);
    }
    if (!options.heads.empty()) {
        auto kept = readHeads(options.heads);
        if (!kept) {
            return fail(kept.error(), "--heads");
        }
        evidence.kept = std::move(*kept);
    }
    return evidence;
}

/// 0, or 1 with the line that says why.
int conclude(const CaseReport& report)
{
    if (report.verdict() != Verdict::Changed) {
        return 0;
    }
    std::string first;
    if (!report.faults.empty()) {
        first = report.faults.front().detail;
    }
    for (const auto& track : report.tracks) {
        if (first.empty() && !track.faults.empty()) {
            first = "track " + track.track + ": " + track.faults.front().detail;
        }
    }
    return complain(1, report.folder.string() + " is changed; first: " + first);
}

Result<int> verify(const Options& options, const Evidence& evidence)
{
    return checkCase(options.folder, evidence.question()).map([&](const CaseReport& report) {
        const auto write = options.json ? reportJson : reportText;
        fmt::print("{}", write(report, evidence.checked()));
        std::fflush(stdout);
        return conclude(report);
    });
}

Result<int> exportTo(const Options& options, const Evidence& evidence)
{
    return exportCase(options.folder, evidence.question(), options.out)
        .map([&](const CaseReport& report) {
            const auto write = options.json ? reportJson : reportText;
            fmt::print("{}", write(report, evidence.checked()));
            std::fflush(stdout);
            return conclude(report);
        });
}

Result<int> play(const Options& options, const Evidence& evidence)
{
    if (::isatty(STDOUT_FILENO) == 1) {
        return fail(Errc::Invalid,
                    "standard output is a terminal; send the track to a file or a player");
    }
    auto question = evidence.question();
    question.only = options.track;
    question.onContent = [](const std::string&, ByteView content) -> Result<void> {
        if (std::fwrite(content.data(), 1, content.size(), stdout) != content.size()) {
            return fail(Errc::Busy, "standard output: " + systemMessage(errno));
        }
        return {};
    };
    const auto report = checkCase(options.folder, question);
    if (!report) {
        return tl::unexpected(report.error());
    }
    if (report->tracks.empty()) {
        return fail(Errc::NotFound, "there is no track " + options.track +
                                        "; verify lists the tracks of this case");
    }
    if (std::fflush(stdout) != 0) {
        return fail(Errc::Busy, "standard output: " + systemMessage(errno));
    }
    return conclude(*report);
}

} // namespace

int main(int argc, char* argv[])
{
    const auto options = parse({argv + 1, argv + argc});
    if (!options) {
        complain(2, options.error().detail);
        fmt::print(stderr, "{}", kUsage);
        return 2;
    }
    if (options->help) {
        fmt::print("{}", kUsage);
        return 0;
    }
    ::signal(SIGPIPE, SIG_IGN);
    const auto run = options->command == "verify" ? verify
                     : options->command == "play" ? play
                                                  : exportTo;
    const auto status = gather(*options).and_then(
        [&](const Evidence& evidence) { return run(*options, evidence); });
    return status ? *status : complain(1, status.error().detail);
}
