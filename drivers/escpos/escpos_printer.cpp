// SPDX-License-Identifier: Apache-2.0
#include "drivers/escpos/escpos_printer.h"

#include <algorithm>

#include <fmt/format.h>

#include "peripherals/base/random.h"

namespace guichet::escpos {
namespace {

using Milliseconds = std::chrono::milliseconds;

constexpr std::size_t kReadAtOnce = 1024;
constexpr std::size_t kWriteAtOnce = 4096;
constexpr Milliseconds kWriteSlice{250}, kReadSlice{200}, kPollEvery{1000};
constexpr Milliseconds kProofGrace{5000}, kMoveLimit{5000};

ProcessId freshProcessId()
{
    constexpr unsigned kFirst = 0x30, kKinds = 64; // '0' to 'o': printable on every model
    ProcessId id{};
    const auto random = randomBytes(id.size());
    std::transform(random.begin(), random.end(), id.begin(), [](std::byte byte) {
        return static_cast<char>(kFirst + std::to_integer<unsigned>(byte) % kKinds);
    });
    return id;
}

/// As many answers as the job's own bytes can draw come before one of our own questions does.
int inOrderWanted(const PrintJob& job)
{
    const auto* raw = std::get_if<Bytes>(&job.content);
    const auto others = raw != nullptr ? mostAnswers(*raw) : 0;
    return others ? *others + 1 : 0;
}

void append(Bytes& to, const Bytes& part)
{
    to.insert(to.end(), part.begin(), part.end());
}

Error notReady(const PrinterStatus& status)
{
    const auto code = status.paperOut || status.coverOpen ? Errc::Denied : Errc::Busy;
    return {code, status.remedy(), "printer: " + describe(status)};
}

} // namespace

EscposPrinter::EscposPrinter(ChannelOpener opener, const Clock& clock, PrinterProfile profile)
    : m_opener(std::move(opener))
    , m_clock(clock)
    , m_profile(std::move(profile))
    , m_traits(traitsOf(m_profile))
{
}

Result<void> EscposPrinter::open()
{
    if (m_channel) {
        return {};
    }
    auto channel = m_opener();
    if (!channel) {
        return fail(channel.error(), "printer: open");
    }
    m_channel = std::move(*channel);
    m_tokenizer = ReplyTokenizer(m_traits.takenSensor);
    m_resynchronised = false;
    m_returnsProcessId = false; // another printer may answer at the same address
    return {};
}

void EscposPrinter::close()
{
    m_channel.reset();
}

Result<void> EscposPrinter::sendWhole(ByteView bytes)
{
    const auto end = m_clock.ticks() + m_profile.answerTimeout;
    while (!bytes.empty()) {
        const auto left = std::chrono::duration_cast<Milliseconds>(end - m_clock.ticks());
        const auto count = m_channel->write(bytes, std::max(left, Milliseconds::zero()));
        if (!count) {
            return tl::unexpected(count.error());
        }
        bytes = bytes.subspan(*count);
    }
    return {};
}

Result<std::vector<Reply>> EscposPrinter::replies(Milliseconds timeout)
{
    const auto bytes = m_channel->read(kReadAtOnce, timeout);
    if (bytes) {
        return m_tokenizer.feed(*bytes);
    }
    if (bytes.error().code == Errc::Timeout) {
        return std::vector<Reply>{};
    }
    return tl::unexpected(bytes.error());
}

template <typename Answer>
Result<Answer> EscposPrinter::askOne(const Bytes& question, std::string_view what,
                                     const std::function<void(const Reply&)>& other)
{
    if (auto sent = sendWhole(question); !sent) {
        return tl::unexpected(sent.error());
    }
    const auto end = m_clock.ticks() + m_profile.answerTimeout;
    std::optional<Answer> answer;
    while (!answer) {
        const auto left = std::chrono::duration_cast<Milliseconds>(end - m_clock.ticks());
        if (left <= Milliseconds::zero()) {
            return fail(
                Errc::Timeout,
                fmt::format("{}: no answer in {} ms", what, m_profile.answerTimeout.count()),
                Remedy::ReconnectCable);
        }
        const auto got = replies(left);
        if (!got) {
            return tl::unexpected(got.error());
        }
        for (const auto& reply : *got) {
            if (const auto* found = std::get_if<Answer>(&reply); found && !answer) {
                answer = *found;
            } else if (std::holds_alternative<Noise>(reply)) {
                return fail(Errc::Protocol, "status: the answer is not ESC/POS", Remedy::CallStaff);
            } else if (other) {
                other(reply);
            }
        }
    }
    return *answer;
}

Result<PrinterStatus> EscposPrinter::ask(const std::function<void(const Reply&)>& other)
{
    PrinterStatus status;
    for (const auto page : m_profile.statusPages) {
        const auto answer =
            askOne<RealTimeStatus>(encodeStatusRequest(page),
                                   fmt::format("status page {}", static_cast<int>(page)), other);
        if (!answer) {
            return tl::unexpected(answer.error());
        }
        auto folded = decodeStatus(page, answer->bits, status);
        if (!folded) {
            return folded;
        }
        status = *folded;
    }
    if (m_traits.takenSensor) {
        const auto answer = askOne<TicketStatus>(encodeTicketRequest(), "ticket sensor", other);
        if (!answer) {
            return tl::unexpected(answer.error());
        }
        status.paperAtOutlet = paperAtOutlet(*answer);
    }
    return heeded(status);
}

/// A sensor that is not there says anything.
PrinterStatus EscposPrinter::heeded(PrinterStatus status) const
{
    status.paperNearEnd = status.paperNearEnd && m_profile.nearEndSensor;
    return status;
}

Result<PrinterStatus> EscposPrinter::status()
{
    const bool wasOpen = m_channel != nullptr;
    if (auto opened = open(); !opened) {
        return tl::unexpected(opened.error());
    }
    auto answer = ask();
    if (!answer) {
        close();
        // An idle connection that the printer closed says nothing about the printer.
        if (wasOpen && answer.error().code == Errc::Disconnected) {
            return status();
        }
        return fail(answer.error(), "printer");
    }
    return answer;
}

Result<void> EscposPrinter::resynchronise()
{
    if (m_resynchronised) {
        return {};
    }
    if (auto sent = sendWhole(encodeResynchronisation(m_profile.automaticStatus)); !sent) {
        return sent;
    }
    // The block that answers proves that the printer listens to commands again; a clone without
    // automatic status lets the time pass.
    const auto end = m_clock.ticks() + m_profile.answerTimeout;
    while (m_clock.ticks() < end) {
        const auto got = replies(std::chrono::duration_cast<Milliseconds>(end - m_clock.ticks()));
        if (!got) {
            return tl::unexpected(got.error());
        }
        if (std::any_of(got->begin(), got->end(), [](const Reply& reply) {
                return std::holds_alternative<AutomaticStatus>(reply);
            })) {
            break;
        }
    }
    m_resynchronised = true;
    return {};
}

/// What is still on the line belongs to nobody.
Result<void> EscposPrinter::dropStale()
{
    while (true) {
        const auto stale = replies(Milliseconds::zero());
        if (!stale) {
            return tl::unexpected(stale.error());
        }
        if (stale->empty()) {
            return {};
        }
    }
}

/// So that the next ticket does not come out below the first half of the last one.
Result<void> EscposPrinter::cutOffRemains()
{
    if (!m_halfPaper) {
        return {};
    }
    auto bytes = encodeJobCut(CutKind::Usual);
    if (m_traits.expel) {
        append(bytes, encodeMove(PaperMove::Expel));
    }
    auto sent = sendWhole(bytes);
    m_halfPaper = !sent;
    return sent;
}

Bytes EscposPrinter::encodeJobCut(CutKind wanted) const
{
    const auto& cuts = m_profile.cuts;
    const bool able = std::find(cuts.begin(), cuts.end(), wanted) != cuts.end();
    return encodeCut(able ? wanted : m_traits.usualCut);
}

Bytes EscposPrinter::encodeMove(PaperMove how, std::optional<int> presentMm) const
{
    if (!m_profile.presenter) {
        return {};
    }
    const auto& presenter = *m_profile.presenter;
    if (how != PaperMove::Present) {
        return how == PaperMove::Retract ? presenter.retract : presenter.expel;
    }
    const int steps = presentMm.value_or(presenter.presentMm) * 10 / presenter.stepTenthsMm;
    auto bytes = presenter.present;
    bytes.push_back(static_cast<std::byte>(std::clamp(steps, 1, 255)));
    return bytes;
}

Result<void> EscposPrinter::awaitInOrderReply(Milliseconds limit)
{
    const auto end = m_clock.ticks() + limit;
    while (m_clock.ticks() < end) {
        const auto got = replies(std::chrono::duration_cast<Milliseconds>(end - m_clock.ticks()));
        if (!got) {
            return tl::unexpected(got.error());
        }
        if (std::any_of(got->begin(), got->end(), [](const Reply& reply) {
                return std::holds_alternative<InOrderReply>(reply);
            })) {
            return {};
        }
    }
    return fail(Errc::Timeout, fmt::format("presenter: no answer in {} ms", limit.count()),
                Remedy::CallStaff);
}

Result<void> EscposPrinter::move(PaperMove how)
{
    auto bytes = encodeMove(how);
    if (bytes.empty()) {
        return fail(Errc::Unsupported, "printer: it does not move its paper so");
    }
    append(bytes, encodeInOrderQuestion());
    const auto now = status();
    if (!now) {
        return tl::unexpected(now.error());
    }
    if (!now->online) {
        return tl::unexpected(notReady(*now));
    }
    auto moved = resynchronise()
                     .and_then([this] { return dropStale(); })
                     .and_then([&] { return sendWhole(bytes); })
                     .and_then([this] { return awaitInOrderReply(kMoveLimit); });
    if (!moved) {
        close(); // its late answer would be taken for another
        return fail(moved.error(), "printer");
    }
    return moved;
}

bool EscposPrinter::discardRest()
{
    if (!m_channel || !sendWhole(encodeClear())) {
        return false;
    }
    const auto end = m_clock.ticks() + m_profile.answerTimeout;
    while (m_clock.ticks() < end) {
        const auto got = replies(std::chrono::duration_cast<Milliseconds>(end - m_clock.ticks()));
        if (!got) {
            return false;
        }
        if (std::any_of(got->begin(), got->end(), [](const Reply& reply) {
                return std::holds_alternative<Cleared>(reply);
            })) {
            return true;
        }
    }
    return false;
}

/// One job on its way to paper.
class EscposPrinter::Attempt {
public:
    Attempt(EscposPrinter& printer, const PrintJob& job, const PrintProgress& progress,
            std::stop_token stop)
        : m_printer(printer)
        , m_job(job)
        , m_progress(progress)
        , m_stop(std::move(stop))
        , m_id(freshProcessId())
        , m_inOrderWanted(inOrderWanted(job))
    {
    }

    PrintReport run();

private:
    [[nodiscard]] Result<void> checkWidth() const;
    [[nodiscard]] Bytes compose() const;
    [[nodiscard]] Result<void> stoppedEarly() const;
    Result<void> prepare();
    Result<void> begin();
    Result<void> send(ByteView bytes);
    Result<void> awaitProof();
    Result<void> take(Milliseconds timeout);
    void judge(const Reply& reply);
    void see(PrinterStatus status);
    Result<void> checkPatience();
    [[nodiscard]] bool stands(const Error& error) const;
    [[nodiscard]] Milliseconds paperTime() const;

    EscposPrinter& m_printer;
    const PrintJob& m_job;
    const PrintProgress& m_progress;
    std::stop_token m_stop;
    ProcessId m_id;
    /// Answers in order that prove the job; 0: none does, since its bytes may draw any number.
    int m_inOrderWanted;
    int m_inOrderSeen = 0;
    PrintReport m_report;
    PrinterStatus m_status;
    Ticks m_stoppedSince{};
    Ticks::duration m_earlierStops{};
    Ticks m_deadline{};
    Ticks m_lastGrant{}; ///< however healthy the printer is, the deadline ends here
    Ticks m_lastSeen{};
    bool m_stopped = false;
    bool m_answersQuestions = true;
};

Result<void> EscposPrinter::Attempt::checkWidth() const
{
    const auto* picture = std::get_if<Bitmap>(&m_job.content);
    if (picture != nullptr && picture->width() > m_printer.m_profile.widthDots) {
        return fail(Errc::Invalid, fmt::format("picture of {} dots, the head has {}",
                                               picture->width(), m_printer.m_profile.widthDots));
    }
    return {};
}

Bytes EscposPrinter::Attempt::compose() const
{
    auto bytes = encodeInitialise(m_printer.m_profile.automaticStatus);
    const auto& profile = m_printer.m_profile;
    if (const auto* picture = std::get_if<Bitmap>(&m_job.content)) {
        append(bytes, encodeRaster(*picture, profile.raster, profile.stripRows));
    } else {
        append(bytes, std::get<Bytes>(m_job.content));
    }
    if (m_job.cut != CutKind::None) {
        append(bytes, m_printer.encodeJobCut(m_job.cut));
        append(bytes, m_printer.encodeMove(PaperMove::Present, m_job.presentMm));
    }
    if (profile.askForProcessId) {
        append(bytes, encodeProcessId(m_id));
    }
    for (int i = 0; i < m_inOrderWanted && !m_printer.m_returnsProcessId; ++i) {
        append(bytes, encodeInOrderQuestion());
    }
    return bytes;
}

Milliseconds EscposPrinter::Attempt::paperTime() const
{
    const auto* picture = std::get_if<Bitmap>(&m_job.content);
    const auto rows =
        picture != nullptr
            ? picture->height()
            : static_cast<int>(std::min<std::size_t>(std::get<Bytes>(m_job.content).size(), 12000));
    return Milliseconds(std::int64_t{rows} * 1000 / m_printer.m_profile.rowsPerSecond) +
           kProofGrace;
}

Result<void> EscposPrinter::Attempt::stoppedEarly() const
{
    if (m_stop.stop_requested()) {
        return fail(Errc::Cancelled, "print: stopped before the first byte");
    }
    return {};
}

Result<void> EscposPrinter::Attempt::prepare()
{
    if (auto early = stoppedEarly(); !early) {
        return early;
    }
    const auto status = m_printer.status();
    if (!status) {
        return tl::unexpected(status.error());
    }
    if (!status->ready()) {
        return tl::unexpected(notReady(*status));
    }
    auto fresh = m_printer.resynchronise().and_then([this] { return m_printer.cutOffRemains(); });
    if (!fresh) {
        return fail(fresh.error(), "print: resynchronise");
    }
    return m_printer.dropStale();
}

Result<void> EscposPrinter::Attempt::begin()
{
    auto begun = stoppedEarly();
    if (begun && m_progress.beforeFirstByte) {
        begun = m_progress.beforeFirstByte(m_report.bytesTotal);
    }
    return begun ? stoppedEarly() : begun;
}

void EscposPrinter::Attempt::see(PrinterStatus status)
{
    status.paperAtOutlet.reset(); // the last job's paper is taken while this one is printed
    const bool changed = status != m_status;
    m_status = status;
    if (!status.ready() && !m_stopped) {
        m_stopped = true;
        m_stoppedSince = m_printer.m_clock.ticks();
    } else if (status.ready() && m_stopped) {
        m_stopped = false;
        const auto now = m_printer.m_clock.ticks();
        m_earlierStops += now - m_stoppedSince;
        m_lastGrant += now - m_stoppedSince;
        m_deadline = now + paperTime();
    }
    if (changed && m_progress.stopped) {
        m_progress.stopped(status);
    }
}

/// Reads what comes within the time and judges it.
Result<void> EscposPrinter::Attempt::take(Milliseconds timeout)
{
    const auto got = m_printer.replies(timeout);
    if (!got) {
        return tl::unexpected(got.error());
    }
    for (const auto& reply : *got) {
        judge(reply);
    }
    return {};
}

void EscposPrinter::Attempt::judge(const Reply& reply)
{
    m_lastSeen = m_printer.m_clock.ticks();
    if (const auto* block = std::get_if<AutomaticStatus>(&reply)) {
        see(m_printer.heeded(decodeStatus(*block)));
    } else if (const auto* process = std::get_if<ProcessIdReply>(&reply)) {
        if (process->id == m_id) {
            m_report.proof = PrintProof::ProcessId;
            m_printer.m_returnsProcessId = true;
        }
    } else if (std::holds_alternative<InOrderReply>(reply) && m_report.proof == PrintProof::None &&
               !m_printer.m_returnsProcessId && m_report.bytesSent == m_report.bytesTotal) {
        m_inOrderSeen += 1;
        if (m_inOrderSeen == m_inOrderWanted) {
            m_report.proof = PrintProof::InOrderReply;
        }
    }
}

Result<void> EscposPrinter::Attempt::checkPatience()
{
    const auto now = m_printer.m_clock.ticks();
    if (m_stop.stop_requested()) {
        return fail(Errc::Cancelled, "print: stopped in the middle");
    }
    if (m_stopped && m_earlierStops + (now - m_stoppedSince) >= m_job.repairLimit) {
        return tl::unexpected(notReady(m_status));
    }
    if (!m_stopped && now >= m_deadline) {
        return fail(Errc::Timeout, "print: no proof in time", Remedy::CallStaff);
    }
    return {};
}

Result<void> EscposPrinter::Attempt::send(ByteView bytes)
{
    m_deadline = m_printer.m_clock.ticks() + m_job.repairLimit;
    while (!bytes.empty()) {
        // No real-time question here: a printer may take it for dots of the picture.
        const auto count = m_printer.m_channel->write(
            bytes.first(std::min(bytes.size(), kWriteAtOnce)), kWriteSlice);
        if (count) {
            m_report.bytesSent += *count;
            bytes = bytes.subspan(*count);
            m_deadline = m_printer.m_clock.ticks() + m_job.repairLimit;
        } else if (count.error().code != Errc::Timeout) {
            return tl::unexpected(count.error());
        }
        if (auto taken = take(Milliseconds::zero()); !taken) {
            return taken;
        }
        if (auto patient = checkPatience(); !patient) {
            return patient;
        }
    }
    return {};
}

Result<void> EscposPrinter::Attempt::awaitProof()
{
    m_lastSeen = m_printer.m_clock.ticks();
    m_deadline = m_lastSeen + paperTime();
    m_lastGrant = m_lastSeen + m_job.repairLimit;
    while (m_report.proof == PrintProof::None) {
        if (auto taken = take(kReadSlice); !taken) {
            return taken;
        }
        if (m_report.proof != PrintProof::None) {
            break;
        }
        if (auto patient = checkPatience(); !patient) {
            return patient;
        }
        if (m_answersQuestions && m_printer.m_clock.ticks() - m_lastSeen >= kPollEvery) {
            const auto status = m_printer.ask([this](const Reply& reply) { judge(reply); });
            if (!status && status.error().code == Errc::Disconnected) {
                return tl::unexpected(status.error());
            }
            m_lastSeen = m_printer.m_clock.ticks();
            m_answersQuestions = status.has_value(); // a late answer would be taken for another
            if (status) {
                see(*status);
                // A slow printer is no broken one.
                m_deadline = std::max(m_deadline, std::min(m_lastSeen + kProofGrace, m_lastGrant));
            }
        }
    }
    return {};
}

/// A printer that has only proved nothing may be printing well: to clear it would tear the ticket.
bool EscposPrinter::Attempt::stands(const Error& error) const
{
    return error.code == Errc::Cancelled || (m_stopped && error.code != Errc::Disconnected);
}

PrintReport EscposPrinter::Attempt::run()
{
    const auto refuse = [this](Error error) {
        m_report.error = std::move(error).during("not printed");
        return m_report;
    };
    if (auto fits = checkWidth(); !fits) {
        return refuse(fits.error());
    }
    if (auto prepared = prepare(); !prepared) {
        return refuse(prepared.error());
    }
    const auto bytes = compose(); // as the connected printer wants it
    m_report.bytesTotal = bytes.size();
    if (auto begun = begin(); !begun) {
        return refuse(begun.error());
    }
    auto done = send(bytes);
    if (done) {
        if (m_progress.allAccepted) {
            m_progress.allAccepted();
        }
        done = awaitProof();
    }
    if (!done && m_report.proof == PrintProof::ProcessId) {
        m_printer.close(); // what was cut off stood behind the proof
        done = {};
    }
    if (done) {
        m_report.outcome = PrintOutcome::Printed;
        if (m_progress.printed) {
            m_progress.printed();
        }
        return m_report;
    }
    m_report.restDiscarded = stands(done.error()) && m_printer.discardRest();
    m_printer.close();
    if (m_report.bytesSent == 0) {
        return refuse(done.error());
    }
    m_printer.m_halfPaper = true;
    m_report.outcome = PrintOutcome::Unknown;
    m_report.error = Error(done.error())
                         .during(fmt::format("outcome unknown after {} of {} bytes",
                                             m_report.bytesSent, m_report.bytesTotal));
    return m_report;
}

PrintReport EscposPrinter::print(const PrintJob& job, const PrintProgress& progress,
                                 std::stop_token stop)
{
    m_halfPaper = m_halfPaper || job.remains;
    return Attempt(*this, job, progress, std::move(stop)).run();
}

} // namespace guichet::escpos
