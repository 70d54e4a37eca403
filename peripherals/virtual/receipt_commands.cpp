// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <string_view>

#include <qrencode.h>

#include "peripherals/virtual/receipt_printer.h"

/// What each command does. Commands that only exist to be skipped are not named.
namespace guichet::virtualdevices {

namespace {

constexpr std::size_t kGraphicsMost = 1024 * 1024; ///< what the printer's memory holds
constexpr std::size_t kLogosMost = 16;
constexpr std::size_t kTabStop = 8 * 12;
constexpr std::size_t kTallestPicture = 4'000;

unsigned at(ByteView bytes, std::size_t index)
{
    return std::to_integer<unsigned>(bytes[index]);
}

std::size_t little16(ByteView bytes, std::size_t index)
{
    return at(bytes, index) | at(bytes, index + 1) << 8;
}

/// Parameters may be given as a number or as its digit.
unsigned digit(unsigned value)
{
    return value >= '0' && value <= '9' ? value - '0' : value;
}

Bitmap fromRows(ByteView dots, std::size_t width, std::size_t height)
{
    Bitmap picture(width);
    const auto rowBytes = picture.rowBytes();
    for (std::size_t y = 0; y < height && (y + 1) * rowBytes <= dots.size(); ++y) {
        picture.append(dots.subspan(y * rowBytes, rowBytes));
    }
    return picture;
}

Bytes block(std::byte head, std::string_view text)
{
    Bytes bytes{head};
    const auto content = asBytes(text);
    bytes.insert(bytes.end(), content.begin(), content.end());
    bytes.push_back(std::byte{0});
    return bytes;
}

} // namespace

void ReceiptPrinter::initialise()
{
    (void)m_line.take(Alignment::Left);
    m_style = {};
    m_bigChinese = false;
    m_alignment = Alignment::Left;
    m_leftMargin = 0;
    m_lineSpacing = 30;
    m_decoder.setCodePage(0);
    m_decoder.setMode(TextDecoder::Mode::Chinese); // a model for the mainland
    m_qrText.clear();
    m_qrModule = 3;
    m_qrLevel = 0;
}

void ReceiptPrinter::character(std::byte byte)
{
    switch (std::to_integer<unsigned>(byte)) {
    case 0x09:
        m_line.moveTo((m_line.position() / kTabStop + 1) * kTabStop);
        return;
    case 0x0A:
    case 0x0C:
        newLine();
        return;
    default:
        break;
    }
    if (byte < std::byte{0x20}) {
        return;
    }
    if (const auto found = m_decoder.push(std::to_integer<std::uint8_t>(byte))) {
        put(*found);
    }
}

void ReceiptPrinter::put(char32_t character)
{
    auto style = m_style;
    if (m_bigChinese && character >= 0x2E80) {
        style.widthTimes = style.heightTimes = 2;
    }
    if (m_line.position() < m_leftMargin) {
        m_line.moveTo(m_leftMargin);
    }
    if (!m_line.add(character, style, *m_glyphs)) {
        newLine();
        (void)m_line.add(character, style, *m_glyphs);
    }
}

void ReceiptPrinter::newLine()
{
    auto text = m_line.text() + '\n';
    const auto strip = m_line.take(m_alignment);
    print(strip);
    if (strip.height() < m_lineSpacing) {
        feed(m_lineSpacing - strip.height());
    }
    m_queue.emplace_back(Written{std::move(text)});
}

void ReceiptPrinter::print(const Bitmap& strip)
{
    for (std::size_t y = 0; y < strip.height(); ++y) {
        const auto row = strip.row(y);
        m_queue.emplace_back(Row{Bytes(row.begin(), row.end())});
    }
}

void ReceiptPrinter::feed(std::size_t rows)
{
    if (rows > 0) {
        m_queue.emplace_back(Feed{rows});
    }
}

void ReceiptPrinter::answer(ByteView bytes)
{
    m_queue.emplace_back(Bytes(bytes.begin(), bytes.end()));
}

void ReceiptPrinter::begin(ByteView head, std::size_t)
{
    m_head.assign(head.begin(), head.end());
    m_data.clear();
    m_rasterRowBytes = 0;
    const bool raster = at(m_head, 0) == 0x1D && at(m_head, 1) == 'v';
    if (raster) {
        if (!m_line.empty()) {
            newLine();
        }
        m_rasterRowBytes = little16(m_head, 4);
    }
}

void ReceiptPrinter::data(std::byte byte)
{
    if (m_data.size() < kGraphicsMost) {
        m_data.push_back(byte);
    }
    if (m_rasterRowBytes > 0 && m_data.size() == m_rasterRowBytes) {
        rasterRow();
        m_data.clear();
    }
}

void ReceiptPrinter::rasterRow()
{
    const auto mode = at(m_head, 3);
    const std::size_t horizontal = (mode & 1) != 0 ? 2 : 1, vertical = (mode & 2) != 0 ? 2 : 1;
    const auto shown = std::min(m_rasterRowBytes, kWidth / 8);
    const auto row = fromRows(ByteView(m_data).first(shown), shown * 8, 1);
    const auto wide = scaled(row, horizontal, vertical);
    print(aligned(wide, wide.width(), kWidth, m_alignment));
}

void ReceiptPrinter::end()
{
    switch (at(m_head, 0)) {
    case 0x1B:
        escCommand();
        return;
    case 0x1C:
        fsCommand();
        return;
    case 0x1D:
        gsCommand();
        return;
    default:
        return; // real-time commands were obeyed when they came in
    }
}

void ReceiptPrinter::escCommand()
{
    const auto parameter = m_head.size() > 2 ? at(m_head, 2) : 0U;
    switch (at(m_head, 1)) {
    case '@':
        initialise();
        return;
    case '!':
        m_style.smallFont = (parameter & 0x01) != 0;
        m_style.bold = (parameter & 0x08) != 0;
        m_style.heightTimes = (parameter & 0x10) != 0 ? 2 : 1;
        m_style.widthTimes = (parameter & 0x20) != 0 ? 2 : 1;
        m_style.underline = (parameter & 0x80) != 0;
        return;
    case '$':
        m_line.moveTo(m_leftMargin + little16(m_head, 2));
        return;
    case '\\': {
        const auto step = static_cast<std::int16_t>(little16(m_head, 2));
        const auto target = static_cast<std::ptrdiff_t>(m_line.position()) + step;
        m_line.moveTo(static_cast<std::size_t>(std::max<std::ptrdiff_t>(target, 0)));
        return;
    }
    case '*':
        columnPicture();
        return;
    case '-':
        m_style.underline = digit(parameter) != 0;
        return;
    case '2':
        m_lineSpacing = 30;
        return;
    case '3':
        m_lineSpacing = parameter;
        return;
    case 'E':
    case 'G':
        m_style.bold = (parameter & 1) != 0;
        return;
    case 'J':
        print(m_line.take(m_alignment));
        feed(parameter);
        return;
    case 'M':
        m_style.smallFont = digit(parameter) != 0;
        return;
    case 'a':
        m_alignment = static_cast<Alignment>(std::min(digit(parameter), 2U));
        return;
    case 'd':
        if (!m_line.empty()) {
            newLine();
        }
        feed(parameter * m_lineSpacing);
        return;
    case 'i':
        m_queue.emplace_back(Cut{TicketEnd::FullCut});
        return;
    case 'm':
        m_queue.emplace_back(Cut{TicketEnd::PartialCut});
        return;
    case 't':
        m_decoder.setCodePage(static_cast<std::uint8_t>(parameter));
        return;
    case 'v': {
        const std::array status{paperStatus(m_sensors)};
        answer(status);
        return;
    }
    default:
        return;
    }
}

void ReceiptPrinter::fsCommand()
{
    const auto parameter = m_head.size() > 2 ? at(m_head, 2) : 0U;
    switch (at(m_head, 1)) {
    case '&':
        m_decoder.setMode(TextDecoder::Mode::Chinese);
        return;
    case '.':
        m_decoder.setMode(TextDecoder::Mode::CodePage);
        return;
    case 'W':
        m_bigChinese = (parameter & 1) != 0;
        return;
    case '!':
        m_bigChinese = (parameter & 0x0C) == 0x0C;
        return;
    case '(':
        if (parameter == 'C' && m_data.size() >= 2 && digit(at(m_data, 0)) == 0) {
            const bool utf8 = digit(at(m_data, 1)) == 2;
            m_decoder.setMode(utf8 ? TextDecoder::Mode::Utf8 : TextDecoder::Mode::CodePage);
        }
        return;
    default:
        return;
    }
}

void ReceiptPrinter::gsCommand()
{
    const auto parameter = m_head.size() > 2 ? at(m_head, 2) : 0U;
    switch (at(m_head, 1)) {
    case '!':
        m_style.heightTimes = (parameter & 0x07) + 1;
        m_style.widthTimes = (parameter >> 4 & 0x07) + 1;
        return;
    case '(':
        if (parameter == 'L') {
            graphics(m_data);
        } else if (parameter == 'k') {
            qrCode(m_data);
        } else if (parameter == 'H' && m_data.size() >= 6 && digit(at(m_data, 0)) == 0) {
            Bytes done{std::byte{0x37}, std::byte{0x22}};
            done.insert(done.end(), m_data.begin() + 2, m_data.begin() + 6);
            done.push_back(std::byte{0});
            answer(done);
        }
        return;
    case '8':
        if (parameter == 'L') {
            graphics(m_data);
        }
        return;
    case 'B':
        m_style.inverse = (parameter & 1) != 0;
        return;
    case 'I':
        identity(parameter);
        return;
    case 'L':
        m_leftMargin = std::min(little16(m_head, 2), kWidth);
        return;
    case 'V': {
        const auto mode = digit(parameter);
        if (mode > 1) {
            feed(kKnifeDistance + (m_head.size() > 3 ? at(m_head, 3) : 0));
        }
        const bool full = mode == 0 || (mode > 1 && mode % 2 == 1);
        m_queue.emplace_back(Cut{full ? TicketEnd::FullCut : TicketEnd::PartialCut});
        return;
    }
    case 'a':
        m_automaticStatus = parameter != 0;
        if (m_automaticStatus) {
            const auto status = automaticStatus(m_sensors);
            answer(status);
        }
        return;
    case 'e':
        m_queue.emplace_back(Move{parameter});
        return;
    case 'g':
        if (digit(parameter) == 2) {
            const bool aboutCuts = little16(m_head, 4) == 178;
            answer(block(std::byte{0x5F}, std::to_string(aboutCuts ? m_cuts : 0)));
        }
        return;
    case 'k':
        m_queue.emplace_back(Written{"[barcode]\n"});
        for (const auto byte : m_data) {
            put(std::to_integer<unsigned char>(byte));
        }
        newLine();
        return;
    case 'r': {
        const std::array status{digit(parameter) == 1 ? paperStatus(m_sensors) : std::byte{0}};
        answer(status);
        return;
    }
    default:
        return;
    }
}

void ReceiptPrinter::identity(unsigned which)
{
    switch (which) {
    case 0x41:
        answer(block(std::byte{0x5F}, GUICHET_VERSION));
        return;
    case 0x42:
        answer(block(std::byte{0x5F}, "GUICHET"));
        return;
    case 0x43:
        answer(block(std::byte{0x5F}, "VIRTUAL-80"));
        return;
    case 0x44:
        answer(block(std::byte{0x5F}, "V0000001"));
        return;
    case 0x45:
        answer(block(std::byte{0x5F}, "CHINA GB18030"));
        return;
    default:
        break;
    }
    switch (digit(which)) {
    case 1:
        answer(std::array{std::byte{0x20}});
        return;
    case 2:
        answer(std::array{std::byte{0x03}}); // two-byte characters, cutter
        return;
    case 3:
        answer(std::array{std::byte{0x01}});
        return;
    default:
        return;
    }
}

void ReceiptPrinter::columnPicture()
{
    const bool tall = at(m_head, 2) >= 32;
    const std::size_t rows = tall ? 24 : 8, bytesPerColumn = tall ? 3 : 1;
    const auto columns = std::min(m_data.size() / bytesPerColumn, kWidth);
    Bitmap picture(columns, rows);
    for (std::size_t x = 0; x < columns; ++x) {
        for (std::size_t y = 0; y < rows; ++y) {
            const auto eight = at(m_data, x * bytesPerColumn + y / 8);
            if ((eight & (0x80U >> (y % 8))) != 0) {
                picture.set(x, y);
            }
        }
    }
    if (columns > 0) {
        (void)m_line.add(picture);
    }
}

void ReceiptPrinter::graphics(ByteView data)
{
    if (data.size() < 2) {
        return;
    }
    switch (at(data, 1)) {
    case 112: // store
        if (data.size() >= 10) {
            m_storedHorizontal = std::clamp(at(data, 3), 1U, 2U);
            m_storedVertical = std::clamp(at(data, 4), 1U, 2U);
            m_stored = fromRows(data.subspan(10), little16(data, 6),
                                std::min(little16(data, 8), kTallestPicture));
        }
        return;
    case 2:
    case 50: // print what is stored
        printGraphics(m_stored, m_storedHorizontal, m_storedVertical);
        m_stored = Bitmap();
        return;
    case 67: // keep a logo
        if (data.size() >= 11 && m_logos.size() < kLogosMost) {
            m_logos[{data[3], data[4]}] = fromRows(data.subspan(11), little16(data, 6),
                                                   std::min(little16(data, 8), kTallestPicture));
        }
        return;
    case 69: // print a logo
        if (data.size() >= 6) {
            const auto found = m_logos.find({data[2], data[3]});
            if (found != m_logos.end()) {
                printGraphics(found->second, std::clamp(at(data, 4), 1U, 2U),
                              std::clamp(at(data, 5), 1U, 2U));
            }
        }
        return;
    default:
        return;
    }
}

void ReceiptPrinter::printGraphics(const Bitmap& picture, std::size_t horizontal,
                                   std::size_t vertical)
{
    if (picture.height() == 0) {
        return;
    }
    if (!m_line.empty()) {
        newLine();
    }
    const auto dots = scaled(picture, horizontal, vertical);
    print(aligned(dots, dots.width(), kWidth, m_alignment));
}

void ReceiptPrinter::qrCode(ByteView data)
{
    if (data.size() < 3 || at(data, 0) != 49) {
        return;
    }
    switch (at(data, 1)) {
    case 67:
        m_qrModule = std::clamp(at(data, 2), 1U, 16U);
        return;
    case 69:
        m_qrLevel = static_cast<int>(std::min(digit(at(data, 2)), 3U));
        return;
    case 80:
        m_qrText = asText(data.subspan(3));
        return;
    case 81:
        break;
    default:
        return;
    }
    const std::unique_ptr<QRcode, decltype(&QRcode_free)> code(
        QRcode_encodeData(static_cast<int>(m_qrText.size()),
                          // NOLINTNEXTLINE(cppcoreguidelines-pro-type-reinterpret-cast): C library
                          reinterpret_cast<const unsigned char*>(m_qrText.data()), 0,
                          static_cast<QRecLevel>(m_qrLevel)),
        &QRcode_free);
    if (!code) {
        return; // nothing stored, or too much for a code: printers stay silent
    }
    const auto width = static_cast<std::size_t>(code->width);
    Bitmap symbol(width, width);
    for (std::size_t i = 0; i < width * width; ++i) {
        symbol.set(i % width, i / width, (code->data[i] & 1) != 0);
    }
    const auto dots = scaled(symbol, m_qrModule, m_qrModule);
    if (dots.width() <= kWidth) {
        printGraphics(dots, 1, 1);
    }
}

} // namespace guichet::virtualdevices
