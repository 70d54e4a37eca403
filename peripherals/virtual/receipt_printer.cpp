// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/receipt_printer.h"

#include <algorithm>
#include <array>

/// The mechanism: buffer, sensors, paper, knife. What commands mean is in receipt_commands.cpp.
namespace guichet::virtualdevices {

namespace {

constexpr std::size_t kLongestTicket = 16'000; ///< dots: 2 m
constexpr std::size_t kNearEnd = 4'000;        ///< dots: where the near-end sensor sits
constexpr auto kDle = std::byte{0x10};
constexpr std::array kClearBuffers{
    std::byte{0x10}, std::byte{0x14}, std::byte{0x08}, std::byte{0x01}, std::byte{0x03},
    std::byte{0x14}, std::byte{0x01}, std::byte{0x06}, std::byte{0x02}, std::byte{0x08}};

} // namespace

ReceiptPrinter::ReceiptPrinter(std::unique_ptr<GlyphSource> glyphs)
    : m_glyphs(std::move(glyphs))
    , m_parser(*this)
    , m_paper(kWidth, kKnifeDistance)
    , m_line(kWidth)
{
    initialise();
}

void ReceiptPrinter::receive(ByteView bytes)
{
    for (const auto byte : bytes.first(std::min(bytes.size(), room()))) {
        m_buffer.push_back(byte);
        realTime(byte);
    }
}

std::size_t ReceiptPrinter::work(std::size_t bytes)
{
    std::size_t taken = 0;
    while (m_sensors.ready()) {
        if (!m_queue.empty()) {
            auto next = std::move(m_queue.front());
            m_queue.pop_front();
            perform(std::move(next));
        } else if (!m_buffer.empty() && taken < bytes) {
            const auto byte = m_buffer.front();
            m_buffer.pop_front();
            ++taken;
            m_parser.push(byte);
        } else {
            break;
        }
    }
    return taken;
}

Bytes ReceiptPrinter::takeAnswers()
{
    return std::exchange(m_answers, {});
}

std::vector<PrintedPaper> ReceiptPrinter::takePaper()
{
    return std::exchange(m_finished, {});
}

PrinterSensors ReceiptPrinter::sensors() const
{
    return m_sensors;
}

bool ReceiptPrinter::midTicket() const
{
    return m_paper.height() > kKnifeDistance || !m_paper.blank();
}

void ReceiptPrinter::perform(Work work)
{
    if (auto* row = std::get_if<Row>(&work)) {
        advance(row->dots);
    } else if (auto* blank = std::get_if<Feed>(&work)) {
        advance({});
        if (--blank->rows > 0) {
            m_queue.emplace_front(std::in_place_type<Feed>, *blank);
        }
    } else if (auto* written = std::get_if<Written>(&work)) {
        m_text += written->text;
    } else if (auto* cut = std::get_if<Cut>(&work)) {
        ++m_cuts;
        endTicket(cut->end);
    } else if (const auto* move = std::get_if<Move>(&work)) {
        movePaper(move->how);
    } else {
        const auto& bytes = std::get<Bytes>(work);
        m_answers.insert(m_answers.end(), bytes.begin(), bytes.end());
    }
}

void ReceiptPrinter::advance(ByteView row)
{
    m_paper.append(row);
    if (m_paper.height() > kLongestTicket) {
        endTicket(TicketEnd::Torn);
    }
    if (!m_rowsLeft) {
        return;
    }
    const auto before = m_sensors;
    *m_rowsLeft -= std::min<std::size_t>(*m_rowsLeft, 1);
    m_sensors.paperLow = m_sensors.paperLow || *m_rowsLeft < kNearEnd;
    m_sensors.paperOut = *m_rowsLeft == 0;
    update(before);
}

void ReceiptPrinter::endTicket(TicketEnd how)
{
    if (m_paper.height() <= kKnifeDistance) {
        return; // the knife met the place where it cut before
    }
    auto top = m_paper.cutTop(m_paper.height() - kKnifeDistance);
    m_finished.push_back({std::move(top), std::exchange(m_text, {}), how});
    m_place = m_presenter && how != TicketEnd::Torn ? PaperPlace::Inside : PaperPlace::Hanging;
}

void ReceiptPrinter::fitPresenter(bool fitted)
{
    m_presenter = fitted;
    m_place = PaperPlace::Hanging;
}

void ReceiptPrinter::movePaper(unsigned how)
{
    const bool there = m_place == PaperPlace::Inside || m_place == PaperPlace::HeldOut;
    if (!m_presenter || !there) {
        return; // the motor runs on nothing
    }
    m_place = how == 3   ? PaperPlace::HeldOut
              : how == 2 ? PaperPlace::Retracted
              : how == 5 ? PaperPlace::Expelled
                         : m_place;
}

void ReceiptPrinter::takePresented()
{
    if (m_place == PaperPlace::HeldOut) {
        m_place = PaperPlace::Expelled;
    }
}

/// Paper, user, recoverable and unrecoverable errors.
void ReceiptPrinter::answerKioskStatus()
{
    const unsigned paper = (m_sensors.paperOut ? 0x01U : 0U) | (m_sensors.paperLow ? 0x04U : 0U) |
                           (m_place == PaperPlace::HeldOut ? 0x20U : 0U);
    const unsigned user = m_sensors.coverOpen ? 0x03U : 0U;
    for (const auto bits : {0x10U, 0x0FU, paper, user, 0U, 0U}) {
        m_answers.push_back(static_cast<std::byte>(bits));
    }
}

void ReceiptPrinter::paperFell()
{
    if (!m_paper.blank()) {
        m_finished.push_back({std::move(m_paper), std::exchange(m_text, {}), TicketEnd::PaperEnd});
    }
    m_paper = Bitmap(kWidth, kKnifeDistance);
}

bool ReceiptPrinter::tear()
{
    const auto pieces = m_finished.size();
    endTicket(TicketEnd::Torn);
    return m_finished.size() > pieces;
}

void ReceiptPrinter::loadPaper(bool low, std::optional<std::size_t> rowsLeft)
{
    const auto before = m_sensors;
    if (m_sensors.paperOut) {
        paperFell();
    }
    m_rowsLeft = rowsLeft;
    m_sensors.paperOut = rowsLeft && *rowsLeft == 0;
    m_sensors.paperLow = low || (rowsLeft && *rowsLeft < kNearEnd);
    update(before);
}

void ReceiptPrinter::removePaper()
{
    const auto before = m_sensors;
    m_sensors.paperOut = true;
    update(before);
}

void ReceiptPrinter::setCover(bool open)
{
    const auto before = m_sensors;
    m_sensors.coverOpen = open;
    update(before);
}

void ReceiptPrinter::setOffline(bool offline)
{
    const auto before = m_sensors;
    m_sensors.offline = offline;
    update(before);
}

void ReceiptPrinter::setJam(bool jam)
{
    const auto before = m_sensors;
    m_sensors.jam = jam;
    update(before);
}

void ReceiptPrinter::update(const PrinterSensors& before)
{
    if (m_automaticStatus && before != m_sensors) {
        const auto block = automaticStatus(m_sensors);
        m_answers.insert(m_answers.end(), block.begin(), block.end());
    }
}

void ReceiptPrinter::clearBuffers()
{
    m_buffer.clear();
    m_queue.clear();
    m_parser.reset();
    m_data.clear();
    initialise();
}

void ReceiptPrinter::powerOff()
{
    clearBuffers();
    m_answers.clear();
    m_realTime.clear();
    m_automaticStatus = false;
    m_stored = Bitmap();
    m_sensors.jam = false;
    m_sensors.offline = false;
}

/// Real printers look for these commands at the plug: anywhere, also in the middle of a picture.
void ReceiptPrinter::realTime(std::byte byte)
{
    if (m_realTime.empty() && byte != kDle) {
        return;
    }
    m_realTime.push_back(byte);
    if (m_realTime.size() < 3) {
        const bool known = m_realTime.size() == 1 || byte == std::byte{0x04} ||
                           byte == std::byte{0x05} || byte == std::byte{0x14};
        if (!known) {
            m_realTime.clear();
            if (byte == kDle) {
                m_realTime.push_back(byte);
            }
        }
        return;
    }
    const auto command = m_realTime[1];
    const auto argument = std::to_integer<std::uint8_t>(m_realTime[2]);
    if (command == std::byte{0x04}) {
        if (argument >= 1 && argument <= 4) {
            m_answers.push_back(realTimeStatus(m_sensors, argument));
        } else if (argument == 0x14 && m_presenter) {
            answerKioskStatus();
        }
        m_realTime.clear();
        return;
    }
    if (command == std::byte{0x05}) {
        m_realTime.clear();
        if (m_sensors.jam && (argument == 1 || argument == 2)) {
            if (argument == 2) {
                clearBuffers();
            }
            setJam(false);
        }
        return;
    }
    if (argument == 7 && m_realTime.size() == 4) {
        if (byte == std::byte{1}) {
            const auto block = automaticStatus(m_sensors);
            m_answers.insert(m_answers.end(), block.begin(), block.end());
        }
        m_realTime.clear();
        return;
    }
    const bool prefix = std::equal(m_realTime.begin(), m_realTime.end(), kClearBuffers.begin());
    if (prefix && m_realTime.size() == kClearBuffers.size()) {
        m_realTime.clear();
        clearBuffers();
        const std::array cleared{std::byte{0x37}, std::byte{0x25}, std::byte{0}};
        m_answers.insert(m_answers.end(), cleared.begin(), cleared.end());
    } else if (!prefix && argument != 7) {
        m_realTime.clear();
    }
}

} // namespace guichet::virtualdevices
