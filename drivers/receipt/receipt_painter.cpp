// SPDX-License-Identifier: Apache-2.0
#include "drivers/receipt/receipt_painter.h"

#include <functional>
#include <set>

#include <cairo-pdf.h>
#include <cairo.h>

#include "drivers/receipt/text_shaper.h"
#include "peripherals/base/unique_handle.h"

namespace guichet::receipt {
namespace {

using Surface = UniqueHandle<cairo_surface_t*, cairo_surface_destroy, nullptr>;
using Cairo = UniqueHandle<cairo_t*, cairo_destroy, nullptr>;

constexpr double kPointsPerDot = 72.0 / (kDotsPerMm * 25.4);
constexpr int kPaperEdge = 16; ///< dots of grey around the preview

void fillDots(cairo_t* cairo, const Bitmap& dots, const Block& block, int across, int down)
{
    for (int y = 0; y < dots.height(); ++y) {
        for (int x = 0; x < dots.width(); ++x) {
            int run = x;
            while (run < dots.width() && dots.black(run, y)) {
                ++run;
            }
            if (run > x) {
                cairo_rectangle(cairo, block.x + x * across, block.y + y * down, (run - x) * across,
                                down);
                x = run;
            }
        }
    }
    cairo_fill(cairo);
}

void black(cairo_t* cairo)
{
    cairo_set_source_rgb(cairo, 0, 0, 0);
}

void white(cairo_t* cairo)
{
    cairo_set_source_rgb(cairo, 1, 1, 1);
}

/// Paints onto whatever the context leads to: dots of the head or a page.
class Painting {
public:
    Painting(cairo_t* cairo, TextShaper& shaper, std::set<char32_t>& missing)
        : m_cairo(cairo)
        , m_shaper(shaper)
        , m_missing(missing)
    {
        cairo_set_antialias(cairo, CAIRO_ANTIALIAS_NONE);
    }

    void all(const ReceiptTree& tree)
    {
        for (const auto& block : tree.blocks) {
            black(m_cairo);
            std::visit([&](const auto& content) { one(block, content); }, block.content);
        }
    }

private:
    void one(const Block& block, const TextBlock& text)
    {
        if (text.look.inverted) {
            box(block.x, block.y, block.width, block.height);
            white(m_cairo);
        }
        m_shaper.draw(m_cairo, block, text.look, m_missing);
        if (text.look.underline) {
            const int thick = 2 * text.look.high;
            box(block.x, block.y + block.height - thick + 1, block.width, thick);
        }
    }
    void one(const Block& block, const FillBlock&)
    {
        box(block.x, block.y, block.width, block.height);
    }
    void one(const Block& block, const CodeBlock& code)
    {
        fillDots(m_cairo, code.modules, block, code.across, code.down);
    }
    void one(const Block& block, const PictureBlock& picture)
    {
        fillDots(m_cairo, picture.dots, block, 1, 1);
    }
    void box(int x, int y, int width, int height)
    {
        cairo_rectangle(m_cairo, x, y, width, height);
        cairo_fill(m_cairo);
    }

    cairo_t* m_cairo;
    TextShaper& m_shaper;
    std::set<char32_t>& m_missing;
};

cairo_status_t append(void* bytes, const unsigned char* data, unsigned int count)
{
    const auto view = std::as_bytes(std::span(data, count));
    auto& to = *static_cast<Bytes*>(bytes);
    to.insert(to.end(), view.begin(), view.end());
    return CAIRO_STATUS_SUCCESS;
}

Bitmap dotsOf(cairo_surface_t* surface, int width, int height)
{
    cairo_surface_flush(surface);
    Bitmap dots(width, height);
    const auto* data = cairo_image_surface_get_data(surface);
    const auto stride = cairo_image_surface_get_stride(surface);
    for (int y = 0; y < height; ++y) {
        const auto* row = data + static_cast<std::ptrdiff_t>(y) * stride;
        for (int x = 0; x < width; ++x) {
            if (row[x * 4] < 0x80) {
                dots.setBlack(x, y);
            }
        }
    }
    return dots;
}

std::vector<char32_t> listed(const std::set<char32_t>& characters)
{
    return {characters.begin(), characters.end()};
}

} // namespace

class ReceiptPainter::Fonts {
public:
    std::unique_ptr<TextShaper> shaper;
};

ReceiptPainter::ReceiptPainter(std::unique_ptr<Fonts> fonts)
    : m_fonts(std::move(fonts))
{
}
ReceiptPainter::ReceiptPainter(ReceiptPainter&&) noexcept = default;
ReceiptPainter& ReceiptPainter::operator=(ReceiptPainter&&) noexcept = default;
ReceiptPainter::~ReceiptPainter() = default;

Result<ReceiptPainter> ReceiptPainter::open()
{
    auto shaper = TextShaper::open();
    if (!shaper) {
        return tl::unexpected(shaper.error());
    }
    auto fonts = std::make_unique<Fonts>();
    fonts->shaper = std::move(*shaper);
    return ReceiptPainter(std::move(fonts));
}

Painted<Bitmap> ReceiptPainter::paint(const ReceiptTree& tree) const
{
    std::set<char32_t> missing;
    const Surface surface(cairo_image_surface_create(CAIRO_FORMAT_RGB24, tree.width, tree.height));
    const Cairo cairo(cairo_create(surface.get()));
    white(cairo.get());
    cairo_paint(cairo.get());
    Painting(cairo.get(), *m_fonts->shaper, missing).all(tree);
    return {dotsOf(surface.get(), tree.width, tree.height), listed(missing)};
}

Painted<Bytes> ReceiptPainter::preview(const ReceiptTree& tree) const
{
    const auto dots = paint(tree);
    const Surface surface(cairo_image_surface_create(
        CAIRO_FORMAT_RGB24, tree.width + 2 * kPaperEdge, tree.height + 2 * kPaperEdge));
    const Cairo cairo(cairo_create(surface.get()));
    cairo_set_source_rgb(cairo.get(), 0.75, 0.75, 0.75);
    cairo_paint(cairo.get());
    cairo_translate(cairo.get(), kPaperEdge, kPaperEdge);
    cairo_set_antialias(cairo.get(), CAIRO_ANTIALIAS_NONE);
    white(cairo.get());
    cairo_rectangle(cairo.get(), 0, 0, tree.width, tree.height);
    cairo_fill(cairo.get());
    black(cairo.get());
    fillDots(cairo.get(), dots.form, {0, 0, tree.width, tree.height, FillBlock{}}, 1, 1);
    constexpr double kDash = 12;
    cairo_set_dash(cairo.get(), &kDash, 1, 0);
    cairo_set_source_rgb(cairo.get(), 0.8, 0, 0);
    for (const int cut : tree.cuts) {
        cairo_move_to(cairo.get(), -kPaperEdge, cut);
        cairo_line_to(cairo.get(), tree.width + kPaperEdge, cut);
        cairo_stroke(cairo.get());
    }
    Bytes png;
    cairo_surface_write_to_png_stream(surface.get(), append, &png);
    return {std::move(png), dots.missing};
}

Painted<Bytes> ReceiptPainter::archive(const ReceiptTree& tree) const
{
    std::set<char32_t> missing;
    Bytes pdf;
    const Surface surface(cairo_pdf_surface_create_for_stream(
        append, &pdf, tree.width * kPointsPerDot, tree.height * kPointsPerDot));
    {
        const Cairo cairo(cairo_create(surface.get()));
        cairo_scale(cairo.get(), kPointsPerDot, kPointsPerDot);
        Painting(cairo.get(), *m_fonts->shaper, missing).all(tree);
        cairo_show_page(cairo.get());
    }
    cairo_surface_finish(surface.get());
    return {std::move(pdf), listed(missing)};
}

} // namespace guichet::receipt
