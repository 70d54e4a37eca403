// SPDX-License-Identifier: Apache-2.0
#include "drivers/escpos/receipt_layout.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <ft2build.h>

#include <qrencode.h>

#include "peripherals/base/unique_handle.h"
#include FT_FREETYPE_H

namespace guichet::escpos {
namespace {

constexpr int kMaxRows = 4000;
constexpr int kMargin = 24, kGap = 12, kRuleDots = 3;
constexpr int kOutletSize = 36, kServiceSize = 40, kNumberSize = 168, kSmallestNumber = 48,
              kCopySize = 34, kLabelSize = 28, kValueSize = 32, kFooterSize = 26;
constexpr int kQuietModules = 4, kSmallestModule = 3, kLargestModule = 8, kCodeDots = 320;
constexpr int kNarrowest = 200;

constexpr FT_Long kSimplifiedChinese = 2; ///< the face's place in the font collection
struct FontFile {
    const char* path;
    FT_Long face;
};
/// A character is taken from the first of its weight that has it.
constexpr std::array kRegularFiles{
    FontFile{"/usr/share/fonts/opentype/noto/NotoSansCJK-Regular.ttc", kSimplifiedChinese},
    FontFile{"/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf", 0},
};
constexpr std::array kBoldFiles{
    FontFile{"/usr/share/fonts/opentype/noto/NotoSansCJK-Bold.ttc", kSimplifiedChinese},
    FontFile{"/usr/share/fonts/truetype/noto/NotoSans-Bold.ttf", 0},
};

using FontLibrary = UniqueHandle<FT_Library, FT_Done_FreeType, nullptr>;
using FontFace = UniqueHandle<FT_Face, FT_Done_Face, nullptr>;
using Code = UniqueHandle<QRcode*, QRcode_free, nullptr>;

enum class Weight { Regular, Bold };
struct TextStyle {
    int size;
    Weight weight = Weight::Regular;
};

/// Malformed sequences become U+FFFD, control characters vanish.
std::u32string decodeUtf8(std::string_view text)
{
    std::u32string decoded;
    for (std::size_t i = 0; i < text.size();) {
        const auto lead = static_cast<unsigned char>(text[i++]);
        int more = lead < 0x80         ? 0
                   : lead >> 5 == 0x6  ? 1
                   : lead >> 4 == 0xe  ? 2
                   : lead >> 3 == 0x1e ? 3
                                       : -1;
        char32_t code = more <= 0 ? lead : lead & (0x3fU >> more);
        for (; more > 0 && i < text.size() && (static_cast<unsigned char>(text[i]) >> 6) == 2;
             --more) {
            code = code << 6 | (static_cast<unsigned char>(text[i++]) & 0x3fU);
        }
        if (more != 0) {
            decoded.push_back(U'\ufffd');
        } else if (code >= 0x20 && code != 0x7f) {
            decoded.push_back(code);
        }
    }
    return decoded;
}

/// Chinese, Japanese and Korean text may break around each character.
bool breaksAnywhere(char32_t code)
{
    return code >= 0x2e80;
}

} // namespace

class TicketRenderer::Fonts {
public:
    static Result<std::unique_ptr<Fonts>> open();

    /// Width of the text in dots.
    int measure(std::u32string_view text, TextStyle style);
    /// Draws with the baseline at `y`.
    void draw(Bitmap& paper, int x, int y, std::u32string_view text, TextStyle style);
    /// Splits into lines that fit; a word that is too long is split as well.
    std::vector<std::u32string> wrap(std::u32string_view text, TextStyle style, int width);

private:
    FT_GlyphSlot glyph(char32_t code, TextStyle style);

    FontLibrary m_library; ///< before the faces, which belong to it
    std::vector<FontFace> m_regular, m_bold;
};

Result<std::unique_ptr<TicketRenderer::Fonts>> TicketRenderer::Fonts::open()
{
    auto fonts = std::make_unique<Fonts>();
    FT_Library library = nullptr;
    if (FT_Init_FreeType(&library) != 0) {
        return fail(Errc::Internal, "FreeType does not start");
    }
    fonts->m_library = FontLibrary(library);
    for (auto [files, faces] :
         {std::pair(&kRegularFiles, &fonts->m_regular), std::pair(&kBoldFiles, &fonts->m_bold)}) {
        for (const auto& file : *files) {
            FT_Face face = nullptr;
            if (FT_New_Face(library, file.path, file.face, &face) != 0) {
                return fail(Errc::NotFound,
                            fmt::format("font {} is missing or broken: install fonts-noto-cjk and "
                                        "fonts-noto-core",
                                        file.path),
                            Remedy::CallStaff);
            }
            faces->emplace_back(face);
        }
    }
    return fonts;
}

FT_GlyphSlot TicketRenderer::Fonts::glyph(char32_t code, TextStyle style)
{
    auto& faces = style.weight == Weight::Bold ? m_bold : m_regular;
    const auto found = std::find_if(faces.begin(), faces.end(), [code](const FontFace& face) {
        return FT_Get_Char_Index(face.get(), code) != 0;
    });
    auto* face = (found == faces.end() ? faces.front() : *found).get();
    FT_Set_Pixel_Sizes(face, 0, static_cast<FT_UInt>(style.size));
    const auto loaded = FT_Load_Char(face, code, FT_LOAD_RENDER | FT_LOAD_TARGET_MONO);
    return loaded == 0 ? face->glyph : nullptr;
}

int TicketRenderer::Fonts::measure(std::u32string_view text, TextStyle style)
{
    int width = 0;
    for (const auto code : text) {
        if (const auto* slot = glyph(code, style)) {
            width += static_cast<int>(slot->advance.x >> 6);
        }
    }
    return width;
}

void TicketRenderer::Fonts::draw(Bitmap& paper, int x, int y, std::u32string_view text,
                                 TextStyle style)
{
    for (const auto code : text) {
        const auto* slot = glyph(code, style);
        if (slot == nullptr) {
            continue;
        }
        const auto& dots = slot->bitmap;
        for (unsigned row = 0; row < dots.rows; ++row) {
            const auto* line = dots.buffer + static_cast<std::ptrdiff_t>(row) * dots.pitch;
            for (unsigned column = 0; column < dots.width; ++column) {
                if ((line[column / 8] & (0x80U >> column % 8)) != 0) {
                    paper.setBlack(x + slot->bitmap_left + static_cast<int>(column),
                                   y - slot->bitmap_top + static_cast<int>(row));
                }
            }
        }
        x += static_cast<int>(slot->advance.x >> 6);
    }
}

std::vector<std::u32string> TicketRenderer::Fonts::wrap(std::u32string_view text, TextStyle style,
                                                        int width)
{
    std::vector<std::u32string> lines;
    while (!text.empty()) {
        std::size_t fits = 0, goodBreak = 0;
        for (int used = 0; fits < text.size(); ++fits) {
            used += measure(text.substr(fits, 1), style);
            if (used > width && fits > 0) {
                break;
            }
            if (fits > 0 && (text[fits] == U' ' || breaksAnywhere(text[fits]))) {
                goodBreak = fits;
            }
        }
        if (fits < text.size() && (text[fits] == U' ' || breaksAnywhere(text[fits]))) {
            goodBreak = fits;
        }
        const auto end = fits == text.size() || goodBreak == 0 ? fits : goodBreak;
        lines.emplace_back(text.substr(0, end));
        text.remove_prefix(end);
        text.remove_prefix(std::min(text.find_first_not_of(U' '), text.size()));
    }
    return lines;
}

namespace {

/// Writes down the paper, line under line.
template <typename Fonts> class Page {
public:
    Page(Fonts& fonts, int width, bool large)
        : m_fonts(fonts)
        , m_paper(width, kMaxRows)
        , m_large(large)
    {
    }

    [[nodiscard]] int sized(int dots) const { return m_large ? dots * 4 / 3 : dots; }

    void skip(int dots) { m_y += dots; }

    void rule()
    {
        m_paper.fill(kMargin, m_y, m_paper.width() - 2 * kMargin, kRuleDots);
        m_y += kRuleDots + kGap;
    }

    void centred(std::string_view text, TextStyle style)
    {
        for (const auto& line : m_fonts.wrap(decodeUtf8(text), style, inner())) {
            place((m_paper.width() - m_fonts.measure(line, style)) / 2, line, style);
        }
    }

    /// As large as the width allows, up to the style's size.
    void fitted(std::string_view text, TextStyle style, int smallest)
    {
        const auto decoded = decodeUtf8(text);
        while (style.size > smallest && m_fonts.measure(decoded, style) > inner()) {
            style.size -= 4;
        }
        centred(text, style);
    }

    /// The value stands at the right of its label, or below it if there is no room.
    void row(std::string_view label, std::string_view value)
    {
        const TextStyle labelStyle{sized(kLabelSize)}, valueStyle{sized(kValueSize), Weight::Bold};
        const auto name = decodeUtf8(label);
        const auto lines = m_fonts.wrap(decodeUtf8(value), valueStyle, inner());
        const auto right = [this, &valueStyle](const std::u32string& line) {
            return m_paper.width() - kMargin - m_fonts.measure(line, valueStyle);
        };
        const int nameWidth = m_fonts.measure(name, labelStyle);
        if (lines.size() == 1 && kMargin + nameWidth + kGap <= right(lines[0])) {
            m_fonts.draw(m_paper, kMargin, m_y + valueStyle.size, name, labelStyle);
            place(right(lines[0]), lines[0], valueStyle);
            return;
        }
        for (const auto& line : m_fonts.wrap(name, labelStyle, inner())) {
            place(kMargin, line, labelStyle);
        }
        for (const auto& line : lines) {
            place(right(line), line, valueStyle);
        }
    }

    Result<void> code(const std::string& text)
    {
        const Code symbol(QRcode_encodeData(static_cast<int>(text.size()),
                                            reinterpret_cast<const unsigned char*>(text.data()), 0,
                                            QR_ECLEVEL_M));
        if (!symbol) {
            return fail(Errc::Invalid, fmt::format("no code holds {} bytes", text.size()));
        }
        const int modules = symbol.get()->width, whole = modules + 2 * kQuietModules;
        const int module = std::clamp(kCodeDots / whole, kSmallestModule, kLargestModule);
        if (module * whole > m_paper.width()) {
            return fail(Errc::Invalid,
                        fmt::format("a code of {} modules is wider than the paper", modules));
        }
        const int left = (m_paper.width() - module * modules) / 2;
        m_y += kQuietModules * module;
        for (int y = 0; y < modules; ++y) {
            for (int x = 0; x < modules; ++x) {
                if ((symbol.get()->data[y * modules + x] & 1) != 0) {
                    m_paper.fill(left + x * module, m_y + y * module, module, module);
                }
            }
        }
        m_y += (modules + kQuietModules) * module;
        return {};
    }

    [[nodiscard]] Result<Bitmap> finished() const
    {
        if (m_y > kMaxRows) {
            return fail(Errc::Invalid, fmt::format("a ticket of {} rows", m_y));
        }
        return m_paper.cropped(m_y);
    }

private:
    [[nodiscard]] int inner() const { return m_paper.width() - 2 * kMargin; }

    void place(int x, const std::u32string& line, TextStyle style)
    {
        m_fonts.draw(m_paper, x, m_y + style.size, line, style);
        m_y += style.size + style.size * 2 / 5;
    }

    Fonts& m_fonts;
    Bitmap m_paper;
    bool m_large;
    int m_y = 0;
};

} // namespace

TicketRenderer::TicketRenderer(std::unique_ptr<Fonts> fonts)
    : m_fonts(std::move(fonts))
{
}
TicketRenderer::TicketRenderer(TicketRenderer&&) noexcept = default;
TicketRenderer& TicketRenderer::operator=(TicketRenderer&&) noexcept = default;
TicketRenderer::~TicketRenderer() = default;

Result<TicketRenderer> TicketRenderer::open()
{
    auto fonts = Fonts::open();
    if (!fonts) {
        return tl::unexpected(fonts.error());
    }
    return TicketRenderer(std::move(*fonts));
}

Result<Bitmap> TicketRenderer::render(const TicketText& ticket, int widthDots) const
{
    if (widthDots < kNarrowest) {
        return fail(Errc::Invalid, fmt::format("paper of {} dots", widthDots));
    }
    Page page(*m_fonts, widthDots, ticket.large);
    page.skip(kGap);
    page.centred(ticket.outlet, {page.sized(kOutletSize), Weight::Bold});
    page.skip(kGap);
    page.rule();
    if (ticket.copyIndex > 1) {
        page.centred(fmt::format("第{}联 / Copy {}", ticket.copyIndex, ticket.copyIndex),
                     {page.sized(kCopySize), Weight::Bold});
    }
    page.centred(ticket.service, {page.sized(kServiceSize)});
    page.fitted(ticket.number, {kNumberSize, Weight::Bold}, kSmallestNumber);
    if (!ticket.rows.empty()) {
        page.skip(kGap);
        page.rule();
        for (const auto& [label, value] : ticket.rows) {
            page.row(label, value);
        }
    }
    if (!ticket.qrText.empty()) {
        page.skip(kGap);
        if (auto drawn = page.code(ticket.qrText); !drawn) {
            return tl::unexpected(drawn.error());
        }
    }
    for (const auto& line : ticket.footer) {
        page.centred(line, {page.sized(kFooterSize)});
    }
    page.skip(kGap);
    return page.finished();
}

} // namespace guichet::escpos
