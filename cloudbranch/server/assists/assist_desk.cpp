// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/server/assists/assist_desk.h"

#include <algorithm>
#include <array>
#include <set>

#include <spdlog/spdlog.h>

#include "cloudbranch/server/assists/assist_documents.h"
#include "cloudbranch/server/assists/assist_rows.h"

namespace guichet::hub {

using namespace signalling;
using nlohmann::json;
using queue::storage::Database;

namespace {

constexpr std::uint16_t kReplaced = 4001, kLoggedOut = 4003, kOver = 4004;
constexpr std::string_view kTerminal = "terminal";
constexpr std::chrono::hours kMemory{1};      ///< of closed assists, for whoever asks again
constexpr std::chrono::hours kCaseMemory{24}; ///< of a case after its assist is closed

/// What is part of the case; the member that tells two of a kind apart, if there is one.
struct Kept {
    SignalType type;
    const char* key;
};
constexpr std::array kKept{Kept{SignalType::Chat, "id"}, Kept{SignalType::Note, "id"},
                           Kept{SignalType::Request, "request"},
                           Kept{SignalType::Result, "request"}, Kept{SignalType::Approve, nullptr}};

const Kept* keptKind(SignalType type)
{
    const auto* found = std::ranges::find(kKept, type, &Kept::type);
    return found == kKept.end() ? nullptr : found;
}

bool keptName(std::string_view type)
{
    return std::ranges::any_of(kKept, [type](const Kept& kept) { return name(kept.type) == type; });
}

json entryDocument(const CaseEntry& entry)
{
    return {{"number", entry.number},
            {"at", toRfc3339(entry.at)},
            {"by", entry.by},
            {"type", entry.type},
            {"body", entry.body}};
}

/// Notes are staff's own, and what is proposed is not approved.
bool isForTerminal(const CaseEntry& entry)
{
    return entry.type != name(SignalType::Note) && keptName(entry.type);
}

json errorDocument(const Error& error)
{
    return {{"type", "error"}, {"code", name(error.code)}, {"detail", error.detail}};
}

std::string shortText(const json& object, const char* member)
{
    constexpr std::size_t kLongest = 64;
    const auto found = object.find(member);
    return found != object.end() && found->is_string()
               ? found->get<std::string>().substr(0, kLongest)
               : std::string();
}

/// Where the terminal stands, as the rules of approvals see it.
ApprovalSubject subjectOf(const json& page)
{
    ApprovalSubject subject{.shown = shortText(page, "id"), .task = shortText(page, "task")};
    if (const auto amount = page.find("amount");
        amount != page.end() && amount->is_number_integer()) {
        subject.amount = amount->get<std::int64_t>();
    }
    return subject;
}

tl::unexpected<Error> notNow(SignalType type, const Assist& assist)
{
    return fail(Errc::Conflict, "signal " + std::string(name(type)) + ": the assist is " +
                                    std::string(name(assist.state)));
}

} // namespace

namespace {

GuidedSales salesOf(const AssistDesk::Parts& parts)
{
    GuidedSales::Qualifications qualifications;
    for (const auto& [seat, profile] : parts.seats) {
        qualifications[seat] = profile.qualifications;
    }
    return {parts.scripts, std::move(qualifications)};
}

} // namespace

AssistDesk::AssistDesk(Parts parts, cipher::Key key)
    : m_parts(std::move(parts))
    , m_book(m_parts.branch, std::move(key))
    , m_sales(salesOf(m_parts))
    , m_ice(m_parts.turn)
{
}

AssistDesk::~AssistDesk() = default;

Result<std::unique_ptr<AssistDesk>> AssistDesk::open(Parts parts, cipher::Key key)
{
    std::unique_ptr<AssistDesk> desk(new AssistDesk(std::move(parts), std::move(key)));
    desk->m_anchor = desk->m_parts.clock.now();
    desk->m_anchorTicks = desk->m_parts.clock.ticks();
    if (auto loaded = desk->reload(); !loaded) {
        return tl::unexpected(std::move(loaded.error()).during("open the assists"));
    }
    desk->tick();
    return desk;
}

/// Order and limits follow the monotonic clock: a jump of the wall clock ends nobody's call.
Instant AssistDesk::now() const
{
    const auto run = m_parts.clock.ticks() - m_anchorTicks;
    return m_anchor + std::chrono::duration_cast<std::chrono::milliseconds>(run);
}

/// Reads the working copy from the rows, at the start and after a failed write.
Result<void> AssistDesk::reload()
{
    SwitchState state;
    std::map<std::string, CaseBook::Case> cases;
    auto read = m_parts.store.rewrite([&](Database& database) -> Result<void> {
        auto loaded = loadSwitch(database, m_parts.branch);
        if (!loaded) {
            return tl::unexpected(loaded.error());
        }
        state = std::move(*loaded);
        for (const auto& assist : state.assists) {
            auto known = m_book.load(database, assist.caseId);
            if (!known) {
                return tl::unexpected(known.error());
            }
            cases[assist.caseId] = std::move(*known).value_or(CaseBook::Case());
        }
        return {};
    });
    if (!read) {
        return read;
    }
    if (!m_board) { // time goes on from what is stored, also if the clock was set back meanwhile
        for (const auto& assist : state.assists) {
            m_anchor = std::max(m_anchor, assist.since);
        }
    }
    m_cases = std::move(cases);
    m_board = std::make_unique<Switchboard>(m_parts.rules, std::move(state), now());
    return {};
}

Result<void> AssistDesk::store(const SwitchOutcome& outcome, const Before& before)
{
    if (outcome.entries.empty() && outcome.assists.empty() && outcome.seats.empty()) {
        return {};
    }
    auto written = m_parts.store.rewrite([&](Database& database) {
        return (before ? before(database) : Result<void>()).and_then([&] {
            return writeSwitch(database, m_parts.branch, *m_board, outcome);
        });
    });
    if (!written) {
        if (const auto loaded = reload(); !loaded) {
            spdlog::error("assists: cannot be read again: {}", loaded.error().detail);
        }
        for (const auto& [id, line] : m_terminals) {
            static_cast<void>(m_board->execute(TerminalConnection{id, true}, now()));
        }
        for (const auto& [id, line] : m_seats) {
            static_cast<void>(m_board->execute(SeatConnection{id, true}, now()));
        }
    }
    return written;
}

Result<void> AssistDesk::run(const SwitchCommand& command, const Before& before)
{
    auto outcome = m_board->execute(command, now());
    if (!outcome) {
        return tl::unexpected(std::move(outcome.error()));
    }
    if (auto written = store(*outcome, before); !written) {
        return written;
    }
    for (const auto& entry : outcome->entries) {
        const auto* assist = m_board->assist(entry.assist);
        if (assist != nullptr && entry.type == eventName(Step::Accept)) {
            m_ice.renew(assist->id, CallEnd::Terminal);
            m_ice.renew(assist->id, CallEnd::Seat);
            showCase(*assist, assist->seat);
        }
    }
    showAll();
    return {};
}

Result<json> AssistDesk::ask(const Ask& ask, const json& content)
{
    const std::lock_guard lock(m_mutex);
    // The case is on disk with the assist, before anybody is rung for it.
    const auto done = run(ask, [&](Database& database) -> Result<void> {
        if (const auto over = isKnown(database, m_parts.branch, ask.assist); !over || *over) {
            return over ? fail(Errc::Conflict, "this assist is over")
                        : tl::unexpected(over.error());
        }
        auto known = m_book.load(database, ask.caseId);
        if (!known) {
            return tl::unexpected(known.error());
        }
        auto& kept = m_cases[ask.caseId];
        kept = std::move(*known).value_or(CaseBook::Case());
        kept.content = content;
        return m_book.write(database, ask.caseId, content, m_parts.clock.now());
    });
    if (!done) {
        return tl::unexpected(done.error());
    }
    return terminalDocument(*m_board->assist(ask.assist));
}

Result<json> AssistDesk::document(const std::string& id, const std::string& terminal)
{
    const std::lock_guard lock(m_mutex);
    const auto* assist = m_board->assist(id);
    if (assist == nullptr || assist->terminal != terminal) {
        return fail(Errc::NotFound, "no such assist of this terminal");
    }
    return terminalDocument(*assist);
}

json AssistDesk::terminalDocument(const Assist& assist)
{
    auto document = assistDocument(*m_board, assist, seatName(assist.seat));
    if (isAnswered(assist.state)) {
        document["ice"] = m_ice.document(assist.id, CallEnd::Terminal, m_parts.clock.now());
    }
    return document;
}

std::string AssistDesk::seatName(const std::string& seat) const
{
    const auto found = m_parts.seats.find(seat);
    return found == m_parts.seats.end() ? std::string() : found->second.name;
}

Result<net::SocketCallbacks> AssistDesk::openTerminal(const std::string& id,
                                                      const std::string& terminal,
                                                      std::shared_ptr<net::Socket> socket)
{
    const std::lock_guard lock(m_mutex);
    const auto* assist = m_board->assist(id);
    if (assist == nullptr || assist->terminal != terminal) {
        return fail(Errc::NotFound, "no such assist of this terminal");
    }
    auto& line = m_terminals[id];
    if (line.socket) {
        line.socket->close(kReplaced, "another line");
    }
    line = {socket, {}, ++m_lastLine};
    m_ice.renew(id, CallEnd::Terminal);
    json entries = json::array();
    for (const auto& entry : m_cases[assist->caseId].entries) {
        if (isForTerminal(entry)) {
            entries.push_back(entryDocument(entry));
        }
    }
    line.socket->send(json{{"type", "entries"}, {"entries", entries}}.dump());
    if (auto done = run(TerminalConnection{id, true}); !done) {
        return tl::unexpected(done.error());
    }
    const auto number = line.number;
    return net::SocketCallbacks{[this, id, socket](std::string_view text) {
                                    const std::lock_guard held(m_mutex);
                                    if (const auto heard = hear(id, text); !heard) {
                                        socket->send(errorDocument(heard.error()).dump());
                                    }
                                },
                                [this, id, number] {
                                    lost(m_terminals, id, number, TerminalConnection{id, false});
                                }};
}

Result<net::SocketCallbacks> AssistDesk::openSeat(const std::string& id,
                                                  std::shared_ptr<net::Socket> socket,
                                                  std::function<bool()> stillIn)
{
    const std::lock_guard lock(m_mutex);
    const auto profile = m_parts.seats.find(id);
    if (profile == m_parts.seats.end()) {
        return fail(Errc::Denied, "this member of staff has no seat here");
    }
    auto& line = m_seats[id];
    if (line.socket) {
        line.socket->close(kReplaced, "another line");
    }
    line = {socket, {}, ++m_lastLine};
    if (auto done = run(SignIn{id, profile->second.pool, profile->second.skills}); !done) {
        m_seats.erase(id);
        return tl::unexpected(done.error());
    }
    if (const auto* assist = m_board->assist(m_board->seat(id)->assist);
        assist != nullptr && assist->state != AssistState::Ringing) {
        m_ice.renew(assist->id, CallEnd::Seat);
        showCase(*assist, id);
    }
    const auto number = line.number;
    return net::SocketCallbacks{
        [this, id, socket, stillIn = std::move(stillIn)](std::string_view text) {
            if (!stillIn()) {
                audit("login-over", id, {});
                socket->close(kLoggedOut, "log in again");
                return;
            }
            const std::lock_guard held(m_mutex);
            if (const auto heard = hearSeat(id, text); !heard) {
                socket->send(errorDocument(heard.error()).dump());
            }
        },
        [this, id, number] {
            lost(m_seats, id, number, SeatConnection{id, false});
        }};
}

void AssistDesk::lost(Lines& lines, const std::string& id, std::uint64_t number,
                      const SwitchCommand& command)
{
    const std::lock_guard lock(m_mutex);
    const auto line = lines.find(id);
    if (line == lines.end() || line->second.number != number) {
        return; // another one has taken its place
    }
    lines.erase(line);
    if (const auto done = run(command); !done && done.error().code != Errc::NotFound) {
        spdlog::warn("assists: a lost line is not stored: {}", done.error().detail);
    }
}

void AssistDesk::audit(std::string_view what, const std::string& who, const std::string& assist)
{
    const std::lock_guard lock(m_mutex);
    refuse(what, who, assist);
}

void AssistDesk::refuse(std::string_view what, const std::string& who, const std::string& assist)
{
    if (auto done = store(m_board->audit("refused." + std::string(what), who, assist, now()));
        !done) {
        spdlog::error("assists: a refusal is not stored: {}", done.error().detail);
    }
}

void AssistDesk::tick()
{
    const std::lock_guard lock(m_mutex);
    if (const auto next = m_board->nextTick(); next && *next <= now()) {
        if (const auto done = run(Tick()); !done) {
            spdlog::error("assists: {}", done.error().detail);
        }
    }
    m_board->forget(now() - kMemory);
    renewIce();
    if (now() < m_nextWipe) {
        return;
    }
    m_nextWipe = now() + kMemory;
    const auto wiped = m_parts.store.rewrite(
        [this](Database& database) { return m_book.wipe(database, now() - kCaseMemory); });
    if (!wiped) {
        spdlog::error("assists: old cases are not wiped: {}", wiped.error().detail);
    }
}

/// So that a call of any length can be put together anew.
void AssistDesk::renewIce()
{
    const auto old = m_ice.takeOld(m_parts.clock.now());
    if (old.empty()) {
        return;
    }
    for (const auto& id : old) {
        if (const auto* assist = m_board->assist(id)) {
            showCase(*assist, assist->seat);
        }
    }
    showAll();
}

void AssistDesk::show(Line& line, std::string_view type, json document)
{
    document["type"] = type;
    if (auto text = document.dump(); text != line.shown) {
        line.socket->send(text);
        line.shown = std::move(text);
    }
}

/// Each line hears of its document only if it has changed.
void AssistDesk::showAll()
{
    for (auto line = m_terminals.begin(); line != m_terminals.end();) {
        const auto* assist = m_board->assist(line->first);
        if (assist != nullptr) {
            show(line->second, "assist", terminalDocument(*assist));
        }
        if (assist == nullptr || assist->state == AssistState::Closed) {
            line->second.socket->close(kOver, "the assist is over");
            line = m_terminals.erase(line);
        } else {
            ++line;
        }
    }
    const auto proposals = openProposals();
    for (auto& [id, line] : m_seats) {
        if (const auto* seat = m_board->seat(id)) {
            auto document = seatDocument(*m_board, *seat);
            document["scripts"] = m_sales.offered(id);
            document["approvals"] = approvalsFor(id, proposals);
            show(line, "seat", std::move(document));
        }
    }
    std::set<std::string> open;
    std::set<std::string> answered;
    for (const auto& [id, assist] : m_board->assists()) {
        if (assist.state != AssistState::Closed) {
            open.insert(assist.caseId);
        }
        if (isAnswered(assist.state)) {
            answered.insert(id);
        }
    }
    std::erase_if(m_cases, [&open](const auto& entry) { return !open.contains(entry.first); });
    m_ice.keepOnly(answered);
    std::erase_if(m_shown, [this](const auto& shown) {
        const auto* assist = m_board->assist(shown.first);
        return assist == nullptr || assist->state == AssistState::Closed;
    });
}

void AssistDesk::showCase(const Assist& assist, const std::string& seat)
{
    const auto line = m_seats.find(seat);
    if (line == m_seats.end()) {
        return;
    }
    auto document = caseDocument(assist);
    if (isAnswered(assist.state) && assist.seat == seat) {
        document["ice"] = m_ice.document(assist.id, CallEnd::Seat, m_parts.clock.now());
    }
    line->second.socket->send(document.dump());
}

json AssistDesk::caseDocument(const Assist& assist)
{
    const auto& known = m_cases[assist.caseId];
    json entries = json::array();
    for (const auto& entry : known.entries) {
        entries.push_back(entryDocument(entry));
    }
    return {{"type", "case"},
            {"assist", assist.id},
            {"case", assist.caseId},
            {"content", known.content},
            {"entries", std::move(entries)}};
}

/// Once for each id: whoever has lost the answer says it again.
Result<void> AssistDesk::keep(const Assist& assist, const std::string& by, const Signal& signal)
{
    const auto* kind = keptKind(signal.type);
    auto& known = m_cases[assist.caseId];
    for (const auto& entry : known.entries) {
        if (kind->key != nullptr && entry.by == by && entry.type == name(signal.type) &&
            entry.body.at(kind->key) == signal.body.at(kind->key)) {
            return entry.body == signal.body
                       ? Result<void>(fail(Errc::Busy, "said before"))
                       : fail(Errc::Conflict, "signal " + std::string(name(signal.type)) +
                                                  ": this id was used for another one");
        }
    }
    return append(assist, by, name(signal.type), signal.body);
}

Result<void> AssistDesk::append(const Assist& assist, const std::string& by, std::string_view type,
                                json body)
{
    auto& known = m_cases[assist.caseId];
    CaseEntry entry{known.entries.size() + 1, m_parts.clock.now(), by, std::string(type),
                    std::move(body)};
    auto written = m_parts.store.rewrite(
        [&](Database& database) { return m_book.write(database, assist.caseId, entry); });
    if (written) {
        known.entries.push_back(std::move(entry));
    }
    return written;
}

/// A seat hears which assist it is about; the consultant hears what is kept.
void AssistDesk::relay(const Assist& assist, const Signal& signal, bool toTerminal)
{
    json message = signal.body;
    message["type"] = name(signal.type);
    if (toTerminal) {
        if (keptKind(signal.type) != nullptr || signal.type == SignalType::Guide) {
            message["by"] = signal.by; // what was said counts only with who said it
        }
        if (const auto line = m_terminals.find(assist.id); line != m_terminals.end()) {
            line->second.socket->send(message.dump());
        }
        return;
    }
    message["assist"] = assist.id;
    const auto text = message.dump();
    for (const auto& seat : {assist.seat, assist.consultant}) {
        const bool concerned = seat == assist.seat || keptKind(signal.type) != nullptr ||
                               signal.type == SignalType::Page;
        if (const auto line = m_seats.find(seat); concerned && line != m_seats.end()) {
            line->second.socket->send(text);
        }
    }
}

Result<void> AssistDesk::hear(const std::string& id, std::string_view text)
{
    const auto signal = parseSignal(text, Role::Terminal);
    if (!signal) {
        return tl::unexpected(signal.error());
    }
    const auto* assist = m_board->assist(id);
    if (assist == nullptr) {
        return fail(Errc::NotFound, "no such assist");
    }
    if (!mayBeSaid(signal->type, assist->state)) {
        return notNow(signal->type, *assist);
    }
    const auto& body = signal->body;
    switch (signal->type) {
    case SignalType::Withdraw:
        return run(Withdraw{id, body.value("outcome", "withdrawn")});
    case SignalType::CallBack:
        return run(LeaveCallBack{id, body.at("contact")});
    case SignalType::HangUp:
        return run(HangUp{id});
    case SignalType::Media: {
        const auto mode = modeFromName(body.at("mode").get<std::string>());
        const auto& state = body.at("state").get_ref<const std::string&>();
        if (!mode || (state != "up" && state != "lost")) {
            return fail(Errc::Invalid, "signal media: want up or lost; video, voice or text");
        }
        return state == "up"                           ? run(Join{id, *mode})
               : assist->state == AssistState::Talking ? run(Interrupt{id})
                                                       : Result<void>();
    }
    default:
        break;
    }
    if (keptKind(signal->type) != nullptr) {
        auto kept = keep(*assist, std::string(kTerminal), *signal);
        if (!kept && kept.error().code != Errc::Busy) {
            return kept;
        }
        m_terminals.at(id).socket->send(
            json{{"type", "kept"}, {"of", name(signal->type)}, {"body", body}}.dump());
        if (!kept) {
            return {};
        }
    }
    if (signal->type == SignalType::Page) {
        m_shown[id] = subjectOf(body.at("page"));
    }
    relay(*assist, *signal, false);
    return {};
}

Result<void> AssistDesk::hearSeat(const std::string& seat, std::string_view text)
{
    auto signal = parseSignal(text, Role::Seat);
    if (!signal) {
        return tl::unexpected(signal.error());
    }
    if (signal->type == SignalType::Ready) {
        return run(SetReady{seat});
    }
    if (signal->type == SignalType::Away) {
        return run(SetAway{seat, signal->body.at("reason")});
    }
    return saidBySeat(seat, *signal);
}

Result<void> AssistDesk::saidBySeat(const std::string& seat, const Signal& signal)
{
    const auto& id = signal.assist;
    const auto& body = signal.body;
    const auto* assist = m_board->assist(id);
    if (assist == nullptr) {
        return fail(Errc::NotFound, "no such assist");
    }
    switch (signal.type) { // the switchboard knows who may, and answers again what was done
    case SignalType::Accept:
        return run(Accept{id, seat});
    case SignalType::Decline:
        return run(Decline{id, seat, body.at("reason")});
    case SignalType::HangUp:
        return run(HangUp{id, seat});
    case SignalType::Finish:
        return run(Finish{id, seat, body.at("outcome")});
    case SignalType::TakeCallBack:
        return run(TakeCallBack{id, seat}).map([&] { showCase(*m_board->assist(id), seat); });
    case SignalType::Consult: {
        const auto with = body.value("seat", "");
        return run(Consult{id, seat, with}).map([&] { showCase(*m_board->assist(id), with); });
    }
    case SignalType::Transfer: {
        std::optional<Needs> needs;
        if (const auto wanted = body.find("needs"); wanted != body.end()) {
            auto read = needsFrom(*wanted);
            if (!read) {
                return tl::unexpected(read.error());
            }
            needs = std::move(*read);
        }
        return run(Transfer{id, seat, body.value("seat", ""), std::move(needs)});
    }
    case SignalType::Look:
        return look(seat, *assist);
    default:
        break;
    }
    if (signal.type == SignalType::Approve && body.contains("of")) {
        return assist->state < AssistState::WrapUp ? decide(seat, *assist, signal)
                                                   : notNow(signal.type, *assist);
    }
    const bool advises = assist->consultant == seat &&
                         (signal.type == SignalType::Note || signal.type == SignalType::Approve);
    if (assist->seat != seat && !advises) {
        return fail(Errc::Denied, "this seat does not hold the assist");
    }
    if (!mayBeSaid(signal.type, assist->state)) {
        return notNow(signal.type, *assist);
    }
    return signal.type == SignalType::Approve ? approve(seat, *assist, signal)
                                              : saidInCase(seat, *assist, signal);
}

void AssistDesk::acknowledge(const std::string& seat, const Signal& signal, const json& more)
{
    json kept{{"type", "kept"},
              {"of", name(signal.type)},
              {"assist", signal.assist},
              {"body", signal.body}};
    kept.update(more);
    m_seats.at(seat).socket->send(kept.dump());
}

/// By a seat that may say it.
Result<void> AssistDesk::saidInCase(const std::string& seat, const Assist& assist,
                                    const Signal& signal)
{
    if (keptKind(signal.type) != nullptr) {
        auto kept = keep(assist, seat, signal);
        if (!kept && kept.error().code != Errc::Busy) {
            return kept;
        }
        acknowledge(seat, signal);
        if (!kept) {
            return {};
        }
    }
    if (signal.type == SignalType::Note) {
        return {}; // staff's own
    }
    if (signal.type == SignalType::Guide) {
        const auto order = m_sales.order(seat, signal);
        if (!order) {
            refuse(name(signal.type), seat, assist.id);
            return tl::unexpected(order.error());
        }
        relay(assist, *order, true);
        return {};
    }
    relay(assist, {signal.type, assist.id, signal.body, seat}, true);
    if (signal.type == SignalType::Approve) {
        tellStaff(assist, seat, name(signal.type), signal.body);
        showAll(); // a refusal takes what was proposed back
    }
    return {};
}

} // namespace guichet::hub
