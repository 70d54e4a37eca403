// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdio>

#include <sys/wait.h>

#include <catch2/catch.hpp>
#include <nlohmann/json.hpp>

#include "tests/cloudbranch/evidence/case_world.h"

using namespace guichet;
using namespace guichet::evidence;
using namespace guichet::test;
using nlohmann::json;

namespace {

struct Ran {
    int status = -1;
    std::string output;
    std::string complaint;
};

/// A recorded case, with the keys and the server's heads as files beside it.
struct Desk : CaseWorld {
    Desk()
    {
        record();
        writeFile(root / "bank.pem", asBytes(bank.privatePem));
        writeFile(root / "terminal.pem", asBytes(terminal.publicPem));
        std::string lines;
        for (const auto& manifest : kept) {
            lines += manifestText(manifest);
        }
        writeFile(root / "heads.jsonl", asBytes(lines));
    }

    [[nodiscard]] std::string path(const std::string& name) const { return root / name; }

    [[nodiscard]] Ran run(const std::string& arguments) const
    {
        Ran result;
        const auto command = std::string(GUICHET_BIN_DIR "/guichet-evidence ") + arguments + " 2>" +
                             path("complaint");
        std::FILE* pipe = ::popen(command.c_str(), "r");
        REQUIRE(pipe != nullptr);
        std::array<char, 65536> part{};
        for (std::size_t count = 0; (count = std::fread(part.data(), 1, part.size(), pipe)) > 0;) {
            result.output.append(part.data(), count);
        }
        const int ended = ::pclose(pipe);
        result.status = WIFEXITED(ended) ? WEXITSTATUS(ended) : -1;
        result.complaint = asText(readFile(path("complaint")));
        return result;
    }

    void damage(const std::string& track) const
    {
        auto pieces = piecesOf(file(track));
        pieces[2].at(100) ^= std::byte{1};
        writeFile(file(track), joined(pieces));
    }

    std::string everything = " --key " + path("bank.pem") + " --signer " + path("terminal.pem") +
                             " --heads " + path("heads.jsonl");
    std::string key = " --key " + path("bank.pem");
    std::string place = folder();
};

} // namespace

TEST_CASE("guichet-evidence: verify says of a whole case that it is, and what was checked")
{
    const Desk desk;
    const auto ran = desk.run("verify " + desk.place + desk.everything);
    CHECK(ran.status == 0);
    CHECK(ran.complaint.empty());
    CHECK_THAT(ran.output, Catch::Contains("Verdict: whole"));
    CHECK_THAT(ran.output, !Catch::Contains("not checked"));
    CHECK_THAT(ran.output, Catch::Contains("local-video"));
}

TEST_CASE("guichet-evidence: verify needs no key, and says what it could not check")
{
    const Desk desk;
    const auto ran = desk.run("verify " + desk.place);
    CHECK(ran.status == 0);
    CHECK_THAT(ran.output, Catch::Contains("not checked  every chunk with its key"));
}

TEST_CASE("guichet-evidence: verify names chunk, track and time of a change in one line and ends "
          "with 1")
{
    const Desk desk;
    desk.damage("local-video");
    const auto ran = desk.run("--json verify " + desk.place);
    CHECK(ran.status == 1);
    CHECK(ran.complaint == "guichet-evidence: " + desk.place +
                               " is changed; first: track local-video: chunk 2 is not what the "
                               "chain says was written\n");
    const auto report = json::parse(ran.output);
    CHECK(report["verdict"] == "changed");
    CHECK(report["case"] == CaseWorld::kCase);
    CHECK(report["checked"] == json({{"key", false}, {"signature", false}, {"serverHeads", 0}}));
    REQUIRE(report["tracks"].size() == 3);
    CHECK(report["tracks"][0]["verdict"] == "changed");
    CHECK(report["tracks"][0]["faults"][0]["chunk"] == 2);
    CHECK(report["tracks"][0]["faults"][0]["kind"] == "changed");
    CHECK(report["tracks"][0]["faults"][0]["at"] == "2026-11-27T00:00:03.000Z");
    CHECK(report["tracks"][1]["verdict"] == "whole");
}

TEST_CASE("guichet-evidence: a case that was not closed is a fact, not a failure")
{
    const Desk desk;
    CaseWorld open;
    const auto writer = open.open();
    const auto ran = desk.run("verify --json " + open.folder().string());
    CHECK(ran.status == 0);
    CHECK(json::parse(ran.output)["verdict"] == "notClosed");
}

TEST_CASE("guichet-evidence: play gives the bytes that were recorded")
{
    const Desk desk;
    const auto ran = desk.run("play " + desk.place + " --track local-video" + desk.key);
    CHECK(ran.status == 0);
    CHECK(ran.complaint.empty());
    CHECK(ran.output == contentOf(desk.file("local-video"), desk.auditor));
    CHECK(ran.output.size() == 6 * kLargestContent);
}

TEST_CASE("guichet-evidence: play gives what is whole of a damaged track and says what is not")
{
    const Desk desk;
    desk.damage("local-video");
    const auto ran = desk.run("play " + desk.place + " --track local-video" + desk.key);
    CHECK(ran.status == 1);
    CHECK(ran.output.size() == 5 * kLargestContent);
    CHECK_THAT(ran.complaint, Catch::Contains("chunk 2"));
}

TEST_CASE("guichet-evidence: play of one track does not judge the others")
{
    const Desk desk;
    desk.damage("local-video");
    CHECK(desk.run("play " + desk.place + " --track remote-audio" + desk.key).status == 0);
}

TEST_CASE("guichet-evidence: play of a track that is not there says where to look")
{
    const Desk desk;
    const auto ran = desk.run("play " + desk.place + " --track screen" + desk.key);
    CHECK(ran.status == 1);
    CHECK(ran.output.empty());
    CHECK(ran.complaint == "guichet-evidence: there is no track screen; verify lists the tracks of "
                           "this case\n");
}

TEST_CASE("guichet-evidence: another key plays nothing")
{
    const Desk desk;
    writeFile(desk.root / "other.pem", asBytes(KeyPair().privatePem));
    const auto ran =
        desk.run("play " + desk.place + " --track local-video --key " + desk.path("other.pem"));
    CHECK(ran.status == 1);
    CHECK(ran.output.empty());
    CHECK_THAT(ran.complaint, Catch::Contains("the key opens no track"));
}

TEST_CASE("guichet-evidence: export writes every track, the log and a report, for its owner alone")
{
    using std::filesystem::perms;
    const Desk desk;
    const auto out = desk.root / "export";
    const auto ran = desk.run("export " + desk.place + desk.everything + " --out " + out.string());
    CHECK(ran.status == 0);
    CHECK(asText(readFile(out / "local-video.mkv")) ==
          contentOf(desk.file("local-video"), desk.auditor));
    CHECK(asText(readFile(out / "remote-audio.mka")).size() == 3000);
    CHECK_THAT(std::string(asText(readFile(out / "log.jsonl"))),
               Catch::StartsWith("{\"event\":\"consent\",\"text\":\"wealth-3\"}\n"));
    CHECK(asText(readFile(out / "report.txt")) == ran.output);
    CHECK(json::parse(asText(readFile(out / "report.json")))["verdict"] == "whole");
    CHECK(std::filesystem::status(out).permissions() == perms::owner_all);
    for (const auto& entry : std::filesystem::directory_iterator(out)) {
        CHECK(entry.status().permissions() == (perms::owner_read | perms::owner_write));
    }
}

TEST_CASE("guichet-evidence: export writes over nothing")
{
    const Desk desk;
    const auto ran = desk.run("export " + desk.place + desk.key + " --out " + desk.root.string());
    CHECK(ran.status == 1);
    CHECK_THAT(ran.complaint, Catch::Contains("name a folder that does not exist yet"));
}

TEST_CASE("guichet-evidence: heads that the server kept find a tail that was cut off since")
{
    const Desk desk;
    auto manifest = readManifest(desk.folder()).value();
    auto pieces = piecesOf(desk.file("local-video"));
    pieces.resize(4);
    writeFile(desk.file("local-video"), joined(pieces));
    for (auto& head : manifest.heads.tracks) {
        if (head.track == "local-video") {
            head.chunks = 3;
            head.closed = false;
            std::copy_n(pieces.back().end() - kLink, kLink, head.link.begin());
        }
    }
    writeFile(desk.folder() / kManifestFile, asBytes(manifestText(manifest)));
    CHECK(desk.run("verify " + desk.place).status == 0);
    const auto ran = desk.run("verify " + desk.place + " --heads " + desk.path("heads.jsonl"));
    CHECK(ran.status == 1);
    CHECK_THAT(ran.complaint, Catch::Contains("the server's heads of"));
}

TEST_CASE("guichet-evidence: a file that is no key or no heads is named with what is wanted")
{
    const Desk desk;
    const auto key = desk.run("verify " + desk.place + " --key " + desk.path("terminal.pem"));
    CHECK(key.status == 1);
    CHECK(key.complaint ==
          "guichet-evidence: --key " + desk.path("terminal.pem") +
              ": opening key: want a PEM private key without a password on P-256\n");
    const auto heads = desk.run("verify " + desk.place + " --heads " + desk.path("bank.pem"));
    CHECK(heads.status == 1);
    CHECK_THAT(heads.complaint, Catch::Contains("bank.pem:1: manifest: "));
    CHECK(desk.run("verify " + desk.place + " --signer " + desk.path("none")).status == 1);
}

TEST_CASE("guichet-evidence: a folder that is no case's is refused with what is wanted")
{
    const Desk desk;
    const auto ran = desk.run("verify " + desk.path("none"));
    CHECK(ran.status == 1);
    CHECK_THAT(ran.complaint, Catch::Contains("no such folder; want the folder of a case"));
}

TEST_CASE("guichet-evidence: a wrong command line is answered with the usage and 2")
{
    const Desk desk;
    const auto [arguments, why] = GENERATE(table<std::string, std::string>({
        {"", "a command is missing"},
        {"look x", "unknown command look, want verify, play or export"},
        {"verify", "verify wants the FOLDER"},
        {"verify a b", "one FOLDER at a time"},
        {"verify a --fast", "unknown option --fast"},
        {"verify a --key", "--key wants a value"},
        {"verify a --track log", "play wants --track NAME, and nothing else does"},
        {"play a --key k", "play wants --track NAME"},
        {"play a --track log", "play wants --key PEM"},
        {"play a --track log --key k --json", "not JSON"},
        {"export a --key k", "export wants --out DIR"},
        {"export a --out b", "export wants --key PEM"},
    }));
    const auto ran = desk.run(arguments);
    CHECK(ran.status == 2);
    CHECK_THAT(ran.complaint, Catch::Contains(why));
    CHECK_THAT(ran.complaint, Catch::Contains("usage: guichet-evidence"));
}

TEST_CASE("guichet-evidence: --help is no error")
{
    const auto ran = Desk().run("--help");
    CHECK(ran.status == 0);
    CHECK_THAT(ran.output, Catch::StartsWith("usage: guichet-evidence"));
}
