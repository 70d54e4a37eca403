// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/print_journal.h"

#include <csignal>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <sys/resource.h>

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

/// No file of this process grows beyond `bytes`, as on a full disk.
class FullDisk {
public:
    explicit FullDisk(std::uintmax_t bytes)
        : m_handler(std::signal(SIGXFSZ, SIG_IGN))
    {
        REQUIRE(::getrlimit(RLIMIT_FSIZE, &m_before) == 0);
        const rlimit limit{bytes, m_before.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &limit) == 0);
    }
    ~FullDisk()
    {
        ::setrlimit(RLIMIT_FSIZE, &m_before);
        std::signal(SIGXFSZ, m_handler);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

private:
    void (*m_handler)(int);
    rlimit m_before{};
};

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

TEST_CASE("journal: a record that a full disk refused leaves no trace", "[host]")
{
    const Folder folder;
    const SystemClock clock;
    {
        auto journal = open(folder, clock);
        record(*journal, PrintState::Created);
        const auto whole = std::filesystem::file_size(folder.path / "journal");
        {
            const FullDisk full(whole + 10);
            PrintAttempt sending;
            sending.ticketId = "t";
            sending.state = PrintState::Sending;
            const auto refused = journal->record(sending);
            REQUIRE_FALSE(refused);
            CHECK(refused.error().code == Errc::Internal);
        }
        CHECK(std::filesystem::file_size(folder.path / "journal") == whole);
        CHECK(journal->find("t", 1)->state == PrintState::Created);
        record(*journal, PrintState::Sending);
    }
    CHECK(open(folder, clock)->find("t", 1)->state == PrintState::Unknown);
}

TEST_CASE("journal: what is there and cannot be read is not taken for empty", "[host]")
{
    const Folder folder;
    const SystemClock clock;
    std::filesystem::create_symlink("journal", folder.path / "journal"); // leads nowhere but back
    const auto journal = PrintJournal::open(folder.path / "journal", clock);
    REQUIRE_FALSE(journal);
    CHECK(journal.error().code == Errc::Denied);
    CHECK(std::filesystem::is_symlink(folder.path / "journal"));
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

TEST_CASE("journal: a ticket's history tells the next index and whether a paper may exist",
          "[host]")
{
    const Folder folder;
    const SystemClock clock;
    const auto journal = open(folder, clock);
    CHECK(journal->history("t") == PrintHistory{1, false});
    record(*journal, PrintState::Created);
    record(*journal, PrintState::Refused);
    CHECK(journal->history("t") == PrintHistory{1, false}); // nothing left for the printer
    record(*journal, PrintState::Created);
    record(*journal, PrintState::Rendered);
    record(*journal, PrintState::Sending);
    CHECK(journal->history("t") == PrintHistory{2, true});
    record(*journal, PrintState::Voided);
    CHECK(journal->history("t") == PrintHistory{2, false}); // thrown away, and the index is spent
    CHECK(journal->history("another") == PrintHistory{1, false});
}

TEST_CASE("journal: an unknown one is void once a paper of higher index may exist", "[host]")
{
    const Folder folder;
    const SystemClock clock;
    auto journal = open(folder, clock);
    for (const auto state : {PrintState::Created, PrintState::Sending, PrintState::Unknown}) {
        record(*journal, state);
    }
    for (const auto state : {PrintState::Created, PrintState::Sending}) {
        record(*journal, state, 2);
    }
    SECTION("refused or thrown away, it leaves the first as it was")
    {
        record(*journal, GENERATE(PrintState::Refused, PrintState::Voided), 2);
        CHECK(journal->find("t", 1)->state == PrintState::Unknown);
        CHECK(journal->history("t").paper);
    }
    SECTION("printed or unknown, it takes the place of the first, over a restart too")
    {
        record(*journal, GENERATE(PrintState::Printed, PrintState::Unknown), 2);
        CHECK(journal->find("t", 1)->state == PrintState::Voided);
        journal.reset();
        journal = open(folder, clock);
        CHECK(journal->find("t", 1)->state == PrintState::Voided);
        CHECK(journal->history("t") == PrintHistory{3, true});
    }
}

TEST_CASE("journal: what last reached the printer tells whether part of it may be left there",
          "[host]")
{
    const Folder folder;
    ManualClock clock(Instant(std::chrono::hours(24 * 365)));
    auto journal = open(folder, clock);
    const auto step = [&](PrintState state, std::int64_t index) {
        clock.jumpWall(std::chrono::seconds(-1)); // set back, and back again
        record(*journal, state, index);
    };
    CHECK_FALSE(journal->mayHaveRemains());
    for (const auto state : {PrintState::Created, PrintState::Rendered, PrintState::Sending}) {
        step(state, 1);
    }
    journal.reset();
    journal = open(folder, clock);
    CHECK(journal->mayHaveRemains());
    step(PrintState::Created, 2);
    step(PrintState::Refused, 2);
    CHECK(journal->mayHaveRemains());
    step(PrintState::Created, 2);
    step(PrintState::Sending, 2);
    CHECK(journal->mayHaveRemains());
    step(PrintState::Printed, 2);
    CHECK_FALSE(journal->mayHaveRemains());
    journal.reset();
    CHECK_FALSE(open(folder, clock)->mayHaveRemains());
}

TEST_CASE("journal: months of printing do not make it long, and lose nothing of the week", "[host]")
{
    const Folder folder;
    ManualClock clock(Instant(std::chrono::hours(24 * 365)));
    auto journal = open(folder, clock);
    std::uintmax_t longest = 0;
    std::uintmax_t last = 0;
    for (int ticket = 0; ticket < 4000; ++ticket) {
        clock.advance(std::chrono::minutes(20));
        PrintAttempt attempt;
        attempt.ticketId = std::to_string(ticket);
        for (const auto state : {PrintState::Created, PrintState::Sending, PrintState::Printed}) {
            attempt.state = state;
            REQUIRE(journal->record(attempt));
        }
        last = std::filesystem::file_size(folder.path / "journal");
        longest = std::max(longest, last);
    }
    CHECK(longest < 1024 * 1024);
    CHECK(last < longest);
    journal.reset();
    journal = open(folder, clock);
    CHECK(journal->find("3999", 1)->state == PrintState::Printed);
    CHECK(journal->find("3600", 1)->state == PrintState::Printed);
    CHECK_FALSE(journal->find("1", 1));
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
