// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>
#include <limits>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "peripherals/virtual/bitmap.h"
#include "peripherals/virtual/command_parser.h"
#include "peripherals/virtual/glyphs.h"
#include "peripherals/virtual/printer_status.h"
#include "peripherals/virtual/text_decoder.h"
#include "peripherals/virtual/text_line.h"

namespace guichet::virtualdevices {

enum class TicketEnd { PartialCut, FullCut, Torn, PaperEnd };

/// Where the last piece of paper is, behind a presenter; without one it hangs out.
enum class PaperPlace { Hanging, Inside, HeldOut, Expelled, Retracted };

/// A piece of paper that left the printer.
struct PrintedPaper {
    Bitmap picture;
    std::string text; ///< what was sent as characters, UTF-8
    TicketEnd end = TicketEnd::PartialCut;
};

/// An 80 mm receipt printer as it behaves behind its cable: bytes go in, answers and paper come
/// out. Only real-time commands are obeyed while it cannot print; all else waits in its buffer and
/// is printed later, as with real ones. No I/O, no clock. Thread-bound.
class ReceiptPrinter final : private CommandSink {
public:
    static constexpr std::size_t kWidth = 576;
    static constexpr std::size_t kBuffer = 512 * 1024;
    static constexpr std::size_t kKnifeDistance = 96; ///< dots between head and knife: 12 mm

    explicit ReceiptPrinter(std::unique_ptr<GlyphSource> glyphs);
    ~ReceiptPrinter() override = default;
    ReceiptPrinter(const ReceiptPrinter&) = delete;
    ReceiptPrinter& operator=(const ReceiptPrinter&) = delete;

    /// Puts bytes into the receive buffer (what exceeds room() is lost) and obeys real-time
    /// commands.
    void receive(ByteView bytes);
    [[nodiscard]] std::size_t room() const { return kBuffer - m_buffer.size(); }
    [[nodiscard]] std::size_t waiting() const { return m_buffer.size() + m_queue.size(); }
    /// Prints while it can; takes at most `bytes` out of the receive buffer. Returns how many it
    /// took.
    std::size_t work(std::size_t bytes = std::numeric_limits<std::size_t>::max());

    [[nodiscard]] Bytes takeAnswers();
    [[nodiscard]] std::vector<PrintedPaper> takePaper();

    [[nodiscard]] PrinterSensors sensors() const;
    /// Paper that was out comes back as a new roll: what hung out before falls off.
    /// `rowsLeft` ends the roll after so many rows of dots.
    void loadPaper(bool low, std::optional<std::size_t> rowsLeft = {});
    void removePaper();
    void setCover(bool open);
    void setOffline(bool offline);
    void setJam(bool jam);
    /// A hand tears off at the knife what hangs out. False if nothing is printed on it.
    bool tear();
    /// Buffers and modes vanish; the paper stays as it is.
    void powerOff();
    /// Fits a presenter, as kiosk printers have: what is cut stays inside until GS e holds it out,
    /// takes it back or pushes it out, and DLE EOT 20 says whether it is at the mouth.
    void fitPresenter(bool fitted);
    [[nodiscard]] bool hasPresenter() const { return m_presenter; }
    [[nodiscard]] PaperPlace place() const { return m_place; }
    /// A hand takes what is at the mouth.
    void takePresented();
    [[nodiscard]] std::uint64_t cuts() const { return m_cuts; }
    [[nodiscard]] bool midTicket() const;

private:
    struct Feed {
        std::size_t rows;
    };
    struct Cut {
        TicketEnd end;
    };
    struct Move {
        unsigned how; ///< the parameter of GS e
    };
    struct Row {
        Bytes dots;
    };
    struct Written {
        std::string text;
    };
    using Work =
        std::variant<Row, Feed, Written, Cut, Move, Bytes>; ///< Bytes: an answer in its turn

    void character(std::byte byte) override;
    void begin(ByteView head, std::size_t data) override;
    void data(std::byte byte) override;
    void end() override;

    void escCommand();
    void fsCommand();
    void gsCommand();
    void graphics(ByteView data);
    void printGraphics(const Bitmap& picture, std::size_t horizontal, std::size_t vertical);
    void qrCode(ByteView data);
    void identity(unsigned which);
    void rasterRow();
    void columnPicture();

    void initialise();
    void put(char32_t character);
    void newLine();
    void feed(std::size_t rows);
    void print(const Bitmap& strip);
    void answer(ByteView bytes);
    void perform(Work work);
    void advance(ByteView row);
    void endTicket(TicketEnd how);
    void paperFell();
    void movePaper(unsigned how);
    void answerKioskStatus();

    void realTime(std::byte byte);
    void clearBuffers();
    void update(const PrinterSensors& before);

    std::unique_ptr<GlyphSource> m_glyphs;
    CommandParser m_parser;
    std::deque<std::byte> m_buffer;
    std::deque<Work> m_queue;
    Bytes m_answers;
    Bytes m_realTime;
    std::vector<PrintedPaper> m_finished;

    PrinterSensors m_sensors;
    std::optional<std::size_t> m_rowsLeft;
    Bitmap m_paper;
    std::string m_text;
    std::uint64_t m_cuts = 0;
    bool m_presenter = false;
    PaperPlace m_place = PaperPlace::Hanging;
    bool m_automaticStatus = false;

    Bytes m_head;
    Bytes m_data;
    std::size_t m_rasterRowBytes = 0;
    Bitmap m_stored;
    std::size_t m_storedHorizontal = 1;
    std::size_t m_storedVertical = 1;
    std::map<std::pair<std::byte, std::byte>, Bitmap> m_logos;

    TextDecoder m_decoder;
    TextLine m_line;
    TextStyle m_style;
    bool m_bigChinese = false;
    Alignment m_alignment = Alignment::Left;
    std::size_t m_leftMargin = 0;
    std::size_t m_lineSpacing = 30;
    std::string m_qrText;
    std::size_t m_qrModule = 3;
    int m_qrLevel = 0;
};

} // namespace guichet::virtualdevices
