// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/print_journal.h"

#include <filesystem>
#include <fstream>
#include <iterator>

#include <catch2/catch.hpp>

#include "peripherals/base/random.h"

using namespace guichet;
using namespace guichet::host;

namespace {

struct Folder {
    Folder()
        : path(std::filesystem::temp_directory_path() / ("guichet-" + randomUuid()))
    {
        std::filesystem::create_directories(path);
    }
    ~Folder() { std::filesystem::remove_all(path); }
    std::filesystem::path path;
};

std::unique_ptr<PrintJournal> open(const Folder& folder, const Clock& clock)
{
    auto journal = PrintJournal::open(folder.path / "journal", clock);
    REQUIRE(journal);
    return std::move(*journal);
}

void record(PrintJournal& journal, PrintState state, std::int64_t index = 1)
{
    PrintAttempt attempt;
    attempt.ticketId = "t";
    attempt.printIndex = index;
    attempt.state = state;
    REQUIRE(journal.record(attempt));
}

constexpr PrintState kWay[] = {PrintState::Created, PrintState::Rendered, PrintState::Sending,
                               PrintState::Sent, PrintState::Printed};

} // namespace

TEST_CASE("journal: a crash after each step leaves what the step allows to know", "[host]")
{
    const Folder folder;
    const SystemClock clock;
    const std::size_t steps = GENERATE(range(1, 6));
    {
        auto journal = open(folder, clock);
        for (std::size_t i = 0; i < steps; ++i) {
            record(*journal, kWay[i]);
        }
    }
    const PrintState expected[] = {PrintState::Refused, PrintState::Refused, PrintState::Unknown,
                                   PrintState::Unknown, PrintState::Printed};
    const auto found = open(folder, clock)->find("t", 1);
    REQUIRE(found);
    CHECK(found->state == expected[steps - 1]);
}

TEST_CASE("journal: a torn last record is dropped at every byte", "[host]")
{
    const Folder folder;
    const SystemClock clock;
    {
        auto journal = open(folder, clock);
        record(*journal, PrintState::Created);
        record(*journal, PrintState::Sending);
    }
    std::ifstream stream(folder.path / "journal", std::ios::binary);
    const std::string whole{std::istreambuf_iterator<char>(stream), {}};
    const auto first = whole.find('\n') + 1;
    for (std::size_t length = first; length < whole.size(); ++length) {
        std::ofstream(folder.path / "journal", std::ios::binary) << whole.substr(0, length);
        const auto found = open(folder, clock)->find("t", 1);
        REQUIRE(found);
        CHECK(found->state == PrintState::Refused);
    }
}

TEST_CASE("journal: damage in the middle is not guessed over", "[host]")
{
    const Folder folder;
    const SystemClock clock;
    std::ofstream(folder.path / "journal") << "{\"half\n{}\n";
    const auto journal = PrintJournal::open(folder.path / "journal", clock);
    REQUIRE_FALSE(journal);
    CHECK(journal.error().code == Errc::Protocol);
}

TEST_CASE("journal: what is printed stays printed", "[host]")
{
    const Folder folder;
    const SystemClock clock;
    auto journal = open(folder, clock);
    for (const auto state : kWay) {
        record(*journal, state);
    }
    PrintAttempt again;
    again.ticketId = "t";
    again.state = PrintState::Created;
    const auto refused = journal->record(again);
    REQUIRE_FALSE(refused);
    CHECK(refused.error().code == Errc::Conflict);
}

TEST_CASE("journal: a higher index makes the unknown ones void", "[host]")
{
    const Folder folder;
    const SystemClock clock;
    auto journal = open(folder, clock);
    record(*journal, PrintState::Created);
    record(*journal, PrintState::Sending);
    record(*journal, PrintState::Unknown);
    REQUIRE(journal->voidBelow("t", 2));
    CHECK(journal->find("t", 1)->state == PrintState::Voided);
}

TEST_CASE("journal: attempts are forgotten after a week", "[host]")
{
    const Folder folder;
    ManualClock clock(Instant(std::chrono::hours(24 * 365)));
    {
        auto journal = open(folder, clock);
        record(*journal, PrintState::Created);
    }
    clock.advance(std::chrono::hours(8 * 24));
    CHECK_FALSE(open(folder, clock)->find("t", 1));
}
