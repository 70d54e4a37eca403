// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/print_journal.h"

#include <algorithm>
#include <array>
#include <cerrno>

#include <fcntl.h>
#include <nlohmann/json.hpp>
#include <spdlog/spdlog.h>
#include <unistd.h>

namespace guichet::host {

using nlohmann::json;

namespace {

constexpr auto kKeep = std::chrono::hours(7 * 24);
constexpr std::size_t kLongRecords = 4096;

constexpr std::array<std::pair<PrintState, std::string_view>, 8> kStates{{
    {PrintState::Created, "created"},
    {PrintState::Rendered, "rendered"},
    {PrintState::Sending, "sending"},
    {PrintState::Sent, "sent"},
    {PrintState::Printed, "printed"},
    {PrintState::Refused, "refused"},
    {PrintState::Voided, "voided"},
    {PrintState::Unknown, "unknown"},
}};

/// What a state means after guichet-devices was not there for a while.
PrintState afterCrash(PrintState state)
{
    switch (state) {
    case PrintState::Created:
    case PrintState::Rendered:
        return PrintState::Refused;
    case PrintState::Sending:
    case PrintState::Sent:
        return PrintState::Unknown;
    case PrintState::Printed:
    case PrintState::Refused:
    case PrintState::Voided:
    case PrintState::Unknown:
        break;
    }
    return state;
}

Result<void> writeAll(int descriptor, std::string_view text)
{
    while (!text.empty()) {
        const auto count = ::write(descriptor, text.data(), text.size());
        if (count < 0 && errno == EINTR) {
            continue;
        }
        if (count <= 0) {
            return fail(Errc::Internal, std::string("print journal: ") + systemMessage(errno),
                        Remedy::CallStaff);
        }
        text.remove_prefix(static_cast<std::size_t>(count));
    }
    return {};
}

Result<void> flush(int descriptor)
{
    if (::fdatasync(descriptor) != 0) {
        return fail(Errc::Internal, std::string("print journal: ") + systemMessage(errno),
                    Remedy::CallStaff);
    }
    return {};
}

/// Nothing is there: empty. Something is there and cannot be read: Errc::Denied.
Result<std::string> readAll(const std::filesystem::path& file)
{
    const auto denied = [&file] {
        return fail(Errc::Denied, file.string() + ": " + systemMessage(errno), Remedy::CallStaff);
    };
    const UniqueFd descriptor(::open(file.c_str(), O_RDONLY | O_CLOEXEC));
    if (!descriptor) {
        return errno == ENOENT ? Result<std::string>(std::string()) : denied();
    }
    std::string text;
    std::array<char, 64 * 1024> part{};
    for (;;) {
        const auto count = ::read(descriptor.get(), part.data(), part.size());
        if (count == 0) {
            return text;
        }
        if (count > 0) {
            text.append(part.data(), static_cast<std::size_t>(count));
        } else if (errno != EINTR) {
            return denied();
        }
    }
}

} // namespace

std::string_view name(PrintState state)
{
    for (const auto& [member, text] : kStates) {
        if (member == state) {
            return text;
        }
    }
    return {};
}

std::optional<PrintState> printStateFromName(std::string_view text)
{
    for (const auto& [member, word] : kStates) {
        if (word == text) {
            return member;
        }
    }
    return std::nullopt;
}

std::string encodeAttempt(const PrintAttempt& attempt)
{
    json line = {{"ticketId", attempt.ticketId}, {"printIndex", attempt.printIndex},
                 {"state", name(attempt.state)}, {"at", attempt.changed.time_since_epoch().count()},
                 {"bytes", attempt.bytes},       {"sha256", attempt.hash},
                 {"proof", attempt.proof}};
    if (attempt.printerJob != 0) {
        line["printerJob"] = attempt.printerJob;
    }
    return line.dump(-1, ' ', false, json::error_handler_t::replace) + "\n";
}

Result<PrintAttempt> decodeAttempt(std::string_view line)
{
    const auto parsed = json::parse(line, nullptr, false);
    const auto is = [&parsed](const char* key, auto predicate) {
        const auto found = parsed.find(key);
        return found != parsed.end() && predicate(*found);
    };
    const auto text = [](const json& value) { return value.is_string(); };
    const auto number = [](const json& value) { return value.is_number_integer(); };
    if (!parsed.is_object() || !is("ticketId", text) || !is("state", text) || !is("sha256", text) ||
        !is("proof", text) || !is("printIndex", number) || !is("at", number) ||
        !is("bytes", [](const json& value) { return value.is_number_unsigned(); })) {
        return fail(Errc::Protocol, "print journal: a record is damaged");
    }
    const auto state = printStateFromName(parsed["state"].get_ref<const std::string&>());
    if (!state) {
        return fail(Errc::Protocol, "print journal: a record has an unknown state");
    }
    const auto job = parsed.value("printerJob", json(0));
    if (!job.is_number_integer()) {
        return fail(Errc::Protocol, "print journal: a record has a damaged job number");
    }
    return PrintAttempt{parsed["ticketId"],
                        parsed["printIndex"].get<std::int64_t>(),
                        *state,
                        Instant(std::chrono::milliseconds(parsed["at"].get<std::int64_t>())),
                        parsed["bytes"].get<std::size_t>(),
                        parsed["sha256"],
                        parsed["proof"],
                        job.get<int>()};
}

namespace {

/// It came to an end at the printer; whether as paper is another question.
bool reached(PrintState state)
{
    return state == PrintState::Printed || state == PrintState::Unknown ||
           state == PrintState::Voided;
}

bool mayEndSent(PrintState to)
{
    return to == PrintState::Printed || to == PrintState::Unknown || to == PrintState::Voided;
}

} // namespace

bool allowed(std::optional<PrintState> from, PrintState to)
{
    if (!from) {
        return to == PrintState::Created;
    }
    switch (*from) {
    case PrintState::Created:
        return to == PrintState::Rendered || to == PrintState::Sending || to == PrintState::Refused;
    case PrintState::Rendered:
        return to == PrintState::Sending || to == PrintState::Refused;
    case PrintState::Sending:
        return to == PrintState::Sent || to == PrintState::Refused || mayEndSent(to);
    case PrintState::Sent:
        return mayEndSent(to);
    case PrintState::Unknown:
        return to == PrintState::Voided || to == PrintState::Printed;
    case PrintState::Refused:
        return to == PrintState::Created;
    case PrintState::Printed:
    case PrintState::Voided:
        break;
    }
    return false;
}

PrintJournal::PrintJournal(std::filesystem::path file, const Clock& clock)
    : m_file(std::move(file))
    , m_clock(clock)
{
}

Result<std::unique_ptr<PrintJournal>> PrintJournal::open(const std::filesystem::path& file,
                                                         const Clock& clock)
{
    std::unique_ptr<PrintJournal> journal(new PrintJournal(file, clock));
    auto opened = journal->load().and_then([&journal] { return journal->rewrite(); });
    if (!opened) {
        return tl::unexpected(std::move(opened).error());
    }
    return journal;
}

Result<void> PrintJournal::load()
{
    const auto text = readAll(m_file);
    if (!text) {
        return tl::unexpected(text.error());
    }
    std::string_view rest = *text;
    while (!rest.empty()) {
        const auto end = rest.find('\n');
        if (end == std::string_view::npos) {
            spdlog::warn("print journal: the last record was torn; dropped");
            break;
        }
        auto attempt = decodeAttempt(rest.substr(0, end));
        if (!attempt) {
            return fail(std::move(attempt).error(), m_file.string());
        }
        rest.remove_prefix(end + 1);
        const Key key{attempt->ticketId, attempt->printIndex};
        if (reached(attempt->state)) {
            m_lastReached = key;
        }
        m_attempts[key] = std::move(*attempt);
    }
    forgetOld();
    for (auto& [key, attempt] : m_attempts) {
        const auto state = afterCrash(attempt.state);
        if (state != attempt.state) {
            spdlog::warn("print journal: an attempt was left {}; now {}", name(attempt.state),
                         name(state));
            attempt.state = state;
            if (reached(state)) {
                m_lastReached = key;
            }
        }
    }
    return {};
}

void PrintJournal::forgetOld()
{
    const auto oldest = m_clock.now() - kKeep;
    std::erase_if(m_attempts, [oldest](const auto& each) { return each.second.changed < oldest; });
}

/// A kiosk that runs for months writes several records for each ticket. One that cannot be
/// rewritten now is the longer for it, no more.
void PrintJournal::rewriteIfLong()
{
    if (m_records < m_rewriteAt) {
        return;
    }
    forgetOld();
    if (auto rewritten = rewrite(); !rewritten) {
        spdlog::warn("print journal: {}", rewritten.error().detail);
        m_rewriteAt = 2 * m_records;
    }
}

/// Writes the attempts anew beside the old file, then takes its place.
Result<void> PrintJournal::rewrite()
{
    auto fresh = m_file;
    fresh += ".new";
    UniqueFd file(::open(fresh.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0600));
    if (!file) {
        return fail(Errc::Denied, fresh.string() + ": " + systemMessage(errno), Remedy::CallStaff);
    }
    std::string text;
    for (const auto& [key, attempt] : m_attempts) {
        if (key != m_lastReached) {
            text += encodeAttempt(attempt);
        }
    }
    if (const auto last = m_lastReached ? m_attempts.find(*m_lastReached) : m_attempts.end();
        last != m_attempts.end()) {
        text += encodeAttempt(last->second); // its place tells
    }
    auto written = writeAll(file.get(), text).and_then([&file] { return flush(file.get()); });
    if (!written) {
        return written;
    }
    if (::rename(fresh.c_str(), m_file.c_str()) != 0) {
        return fail(Errc::Denied, m_file.string() + ": " + systemMessage(errno), Remedy::CallStaff);
    }
    m_descriptor = std::move(file);
    m_size = static_cast<off_t>(text.size());
    m_records = m_attempts.size();
    m_rewriteAt = std::max(kLongRecords, 2 * m_records);
    m_torn = false;
    m_named = false;
    return settleName();
}

/// Until the folder is on the disk, the old file may be back after a power cut.
Result<void> PrintJournal::settleName()
{
    if (m_named) {
        return {};
    }
    const UniqueFd folder(::open(m_file.parent_path().c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
    if (!folder || ::fsync(folder.get()) != 0) {
        return fail(Errc::Denied, m_file.string() + ": " + systemMessage(errno), Remedy::CallStaff);
    }
    m_named = true;
    return {};
}

/// Leaves no half record behind when it fails: the next one would be appended to it.
Result<void> PrintJournal::append(const PrintAttempt& attempt)
{
    if (m_torn) {
        return fail(Errc::Internal, "print journal: ends in a torn record", Remedy::CallStaff);
    }
    if (auto named = settleName(); !named) {
        return named;
    }
    const auto line = encodeAttempt(attempt);
    auto written =
        writeAll(m_descriptor.get(), line).and_then([this] { return flush(m_descriptor.get()); });
    if (written) {
        m_size += static_cast<off_t>(line.size());
        ++m_records;
    } else {
        m_torn = ::ftruncate(m_descriptor.get(), m_size) != 0;
    }
    return written;
}

std::optional<PrintAttempt> PrintJournal::find(const std::string& ticketId,
                                               std::int64_t printIndex) const
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_attempts.find({ticketId, printIndex});
    return found == m_attempts.end() ? std::nullopt : std::optional(found->second);
}

std::int64_t PrintJournal::highest(const std::string& ticketId) const
{
    const std::scoped_lock lock(m_mutex);
    std::int64_t index = 0;
    for (auto each = m_attempts.lower_bound({ticketId, 0});
         each != m_attempts.end() && each->first.first == ticketId; ++each) {
        index = each->first.second;
    }
    return index;
}

PrintHistory PrintJournal::history(const std::string& ticketId) const
{
    const std::scoped_lock lock(m_mutex);
    PrintHistory known;
    for (auto each = m_attempts.lower_bound({ticketId, 0});
         each != m_attempts.end() && each->first.first == ticketId; ++each) {
        const auto index = each->first.second;
        const auto state = each->second.state;
        known.next = state == PrintState::Refused ? index : index + 1;
        known.paper = known.paper || state == PrintState::Sending || state == PrintState::Sent ||
                      state == PrintState::Printed || state == PrintState::Unknown;
    }
    return known;
}

std::vector<PrintAttempt> PrintJournal::unknown() const
{
    const std::scoped_lock lock(m_mutex);
    std::vector<PrintAttempt> found;
    for (const auto& [key, attempt] : m_attempts) {
        if (attempt.state == PrintState::Unknown) {
            found.push_back(attempt);
        }
    }
    return found;
}

Result<void> PrintJournal::record(PrintAttempt attempt)
{
    const std::scoped_lock lock(m_mutex);
    const auto found = m_attempts.find({attempt.ticketId, attempt.printIndex});
    const auto from = found == m_attempts.end() ? std::nullopt : std::optional(found->second.state);
    if (!allowed(from, attempt.state)) {
        return fail(Errc::Conflict,
                    "print journal: " + std::string(from ? name(*from) : "nothing") +
                        " cannot become " + std::string(name(attempt.state)));
    }
    attempt.changed = m_clock.now();
    const Key key{attempt.ticketId, attempt.printIndex};
    const bool paper = attempt.state == PrintState::Printed || attempt.state == PrintState::Unknown;
    auto written = paper ? voidBelow(key) : Result<void>();
    if (written) {
        written = append(attempt);
    }
    if (written) {
        if (reached(attempt.state)) {
            m_lastReached = key;
        }
        m_attempts[key] = std::move(attempt);
        rewriteIfLong();
    }
    return written;
}

Result<void> PrintJournal::advance(PrintAttempt& attempt, PrintState state)
{
    auto step = attempt;
    step.state = state;
    auto recorded = record(step);
    if (recorded) {
        attempt = std::move(step);
    } else {
        spdlog::error("{}", recorded.error().detail);
    }
    return recorded;
}

bool PrintJournal::mayHaveRemains() const
{
    const std::scoped_lock lock(m_mutex);
    const auto last = m_lastReached ? m_attempts.find(*m_lastReached) : m_attempts.end();
    return last != m_attempts.end() && last->second.state != PrintState::Printed;
}

Result<void> PrintJournal::voidBelow(const Key& which)
{
    for (auto each = m_attempts.lower_bound({which.first, 0});
         each != m_attempts.end() && each->first < which; ++each) {
        if (each->second.state != PrintState::Unknown) {
            continue;
        }
        auto voided = each->second;
        voided.state = PrintState::Voided;
        voided.changed = m_clock.now();
        if (auto written = append(voided); !written) {
            return written;
        }
        each->second = std::move(voided);
    }
    return {};
}

} // namespace guichet::host
