// SPDX-License-Identifier: Apache-2.0
#include <QGlyphRun>
#include <QRawFont>
#include <QTextLayout>
#include <fstream>
#include <string>

#include <catch2/catch.hpp>

#include "kiosk/views/theme.h"

using namespace guichet::kiosk;

namespace {

/// Glyphs of a text, and those among them that are a font's box for what it has not.
struct Glyphs {
    int all = 0;
    int boxes = 0;
};

Glyphs glyphsOf(const QString& text, const QFont& font)
{
    QTextLayout layout(text, font);
    layout.beginLayout();
    layout.createLine();
    layout.endLayout();
    Glyphs glyphs;
    for (const QGlyphRun& run : layout.glyphRuns()) {
        for (const quint32 glyph : run.glyphIndexes()) {
            ++glyphs.all;
            glyphs.boxes += glyph == 0 ? 1 : 0;
        }
    }
    return glyphs;
}

} // namespace

TEST_CASE("names: the screen shows every script's names without a box", "[kiosk][views]")
{
    Frame frame;
    frame.language = GENERATE(QStringLiteral("zh-CN"), QStringLiteral("en"));
    frame.elder = GENERATE(false, true);
    const Theme theme(frame, QSize(1080, 1920));
    const auto weight = GENERATE(Weight::Regular, Weight::Bold);
    std::ifstream names(GUICHET_TEST_DATA "/names/names.txt");
    int count = 0;
    for (std::string name; std::getline(names, name); ++count) {
        INFO(name);
        const auto text = QString::fromStdString(name);
        const auto glyphs = glyphsOf(text, theme.font(theme.body(), weight));
        CHECK(glyphs.all > 0);
        CHECK(glyphs.boxes == 0);
    }
    CHECK(count > 15);
}

TEST_CASE("names: a character that no font has would be seen by these tests", "[kiosk][views]")
{
    const Theme theme(Frame(), QSize(1080, 1920));
    CHECK(glyphsOf(QStringLiteral("a\u0378"), theme.font(40)).boxes == 1);
}
