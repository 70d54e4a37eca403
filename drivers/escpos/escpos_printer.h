// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <chrono>
#include <functional>
#include <memory>

#include "drivers/escpos/escpos_protocol.h"
#include "drivers/escpos/printer_profile.h"
#include "peripherals/base/clock.h"
#include "peripherals/classes/channel.h"
#include "peripherals/classes/printer.h"

namespace guichet::escpos {

/// A receipt printer that speaks ESC/POS over any Channel. Opens the channel when it is needed and
/// again after a disconnect; a job whose end was not seen closes it, so that the next one starts
/// from a known state. Borrows the clock.
/// Thread: bound to the thread of its device; no function is safe from two threads.
class EscposPrinter final : public ReceiptPrinter {
public:
    EscposPrinter(ChannelOpener opener, const Clock& clock, PrinterProfile profile = {});

    [[nodiscard]] Result<PrinterStatus> status() override;
    [[nodiscard]] PrintReport print(const PrintJob& job, const PrintProgress& progress,
                                    std::stop_token stop) override;
    [[nodiscard]] Result<void> move(PaperMove how) override;
    [[nodiscard]] const PrinterTraits& traits() const override { return m_traits; }

private:
    class Attempt;

    [[nodiscard]] Result<void> open();
    void close();
    /// Hands replies that are no answer to the questions to `other`.
    [[nodiscard]] Result<PrinterStatus> ask(const std::function<void(const Reply&)>& other = {});
    /// Asks one question and waits for its answer, a Reply of that kind.
    template <typename Answer>
    [[nodiscard]] Result<Answer> askOne(const Bytes& question, std::string_view what,
                                        const std::function<void(const Reply&)>& other);
    [[nodiscard]] PrinterStatus heeded(PrinterStatus status) const;
    [[nodiscard]] Result<void> dropStale();
    [[nodiscard]] Result<void> sendWhole(ByteView bytes);
    /// What arrived within the time; empty if nothing did. Errc::Disconnected as Channel::read.
    [[nodiscard]] Result<std::vector<Reply>> replies(std::chrono::milliseconds timeout);
    [[nodiscard]] Result<void> resynchronise();
    [[nodiscard]] Result<void> cutOffRemains();
    [[nodiscard]] bool discardRest();
    [[nodiscard]] Bytes encodeMove(PaperMove how, std::optional<int> presentMm = {}) const;
    [[nodiscard]] Bytes encodeJobCut(CutKind wanted) const;
    [[nodiscard]] Result<void> awaitInOrderReply(std::chrono::milliseconds limit);

    ChannelOpener m_opener;
    const Clock& m_clock;
    PrinterProfile m_profile;
    PrinterTraits m_traits;
    std::unique_ptr<Channel> m_channel;
    ReplyTokenizer m_tokenizer;
    bool m_resynchronised = false;
    bool m_halfPaper = false; ///< a job ended somewhere in its ticket: cut before the next one
    bool m_returnsProcessId = false; ///< this one did: the weaker question is left out
};

} // namespace guichet::escpos
