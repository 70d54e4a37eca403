// SPDX-License-Identifier: Apache-2.0
#include "drivers/receipt/receipt_painter.h"

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>

#include <catch2/catch.hpp>
#include <unistd.h>

#include "drivers/receipt/code_modules.h"

using namespace guichet;
using namespace guichet::receipt;

namespace {

const ReceiptPainter& painter()
{
    static const auto opened = ReceiptPainter::open();
    if (!opened) {
        throw std::runtime_error(opened.error().detail);
    }
    return *opened;
}

ReceiptTree setTree(const std::string& text, int width = 576)
{
    const auto receipt = parseReceipt(SourceText(text));
    REQUIRE(receipt);
    auto set = setReceipt(*receipt, width);
    REQUIRE(set);
    return std::move(*set);
}

int blackDots(const Bitmap& dots, int left, int top, int width, int height)
{
    int count = 0;
    for (int y = top; y < top + height; ++y) {
        for (int x = left; x < left + width; ++x) {
            count += dots.black(x, y) ? 1 : 0;
        }
    }
    return count;
}

/// What a program says about a file, through a pipe.
std::string said(const std::string& command)
{
    const std::unique_ptr<FILE, int (*)(FILE*)> pipe(popen(command.c_str(), "r"), pclose);
    std::string all;
    std::array<char, 4096> piece{};
    while (const auto got = std::fread(piece.data(), 1, piece.size(), pipe.get())) {
        all.append(piece.data(), got);
    }
    return all;
}

class TemporaryFile {
public:
    TemporaryFile(const char* ending, ByteView content)
        : m_path(std::filesystem::temp_directory_path() /
                 ("guichet-receipt-" + std::to_string(getpid()) + ending))
    {
        std::ofstream(m_path, std::ios::binary) << asText(content);
    }
    ~TemporaryFile() { std::filesystem::remove(m_path); }
    TemporaryFile(const TemporaryFile&) = delete;
    TemporaryFile& operator=(const TemporaryFile&) = delete;
    [[nodiscard]] std::string path() const { return m_path.string(); }

private:
    std::filesystem::path m_path;
};

} // namespace

TEST_CASE("receipt painter: no character of these texts is missing, and each leaves ink")
{
    struct Row {
        const char* what;
        const char* text;
    };
    const auto row = GENERATE(
        Row{"Latin", "Receipt No. 12 é ü ß"}, Row{"Chinese", "业务回单 现金 ￥１２３．４５"},
        Row{"middle dot", "买买提·吐尔逊·阿卜杜热合曼江"}, Row{"CJK extension A", "㐂㙍䶮"},
        Row{"CJK extension B", "\U00020BB7\U0002A6D6\U00020087"},
        Row{"CJK extension C to F", "\U0002A700\U0002B740\U0002B820\U0002CEB0"},
        Row{"GB 18030-2022 level 1 additions", "\u9FA6\u9FB3\u9FBB\u9FD5\u9FEF"},
        Row{"Table of General Standard Characters beyond the BMP",
            "\U00020164\U00020676\U00020CD0\U0002139A\U00021413\U000235CB\U00023C97"},
        Row{"Tibetan", "བཀྲ་ཤིས་བདེ་ལེགས།"}, Row{"Uyghur", "ئۇيغۇرچە"}, Row{"Yi", "ꆈꌠꉙ"},
        Row{"Mongolian", "ᠮᠣᠩᠭᠣᠯ"}, Row{"Zhuang and pinyin", "Vahcuengh nǚ lǜ"},
        Row{"Cyrillic and Greek", "Россия Ελλάδα"}, Row{"Korean", "조선말"});
    INFO(row.what);
    const auto set = setTree(std::string("|") + row.text + "|");
    const auto painted = painter().paint(set);
    CHECK(painted.missing.empty());
    CHECK(blackDots(painted.form, 0, 0, 576, painted.form.height()) > 60);
    CHECK(painter().archive(set).missing.empty());
}

TEST_CASE("receipt painter: names of all scripts are on paper and in the archive, whole")
{
    std::ifstream names(GUICHET_TEST_DATA "/names/names.txt");
    int count = 0;
    for (std::string name; std::getline(names, name); ++count) {
        INFO(name);
        const std::string text = name.find(' ') == std::string::npos ? name : "^^" + name + "^^";
        const auto set = setTree("{width:10,*}\n|户名 Name | " + text + "|");
        const auto painted = painter().paint(set);
        CHECK(painted.missing.empty());
        const int left = 10 * kCellWidth;
        CHECK(blackDots(painted.form, left, 0, 576 - left, painted.form.height()) > 100);
        const auto archived = painter().archive(set);
        CHECK(archived.missing.empty());
        CHECK(std::string(asText(archived.form)).find("/FontFile") != std::string::npos);
    }
    CHECK(count > 15);
}

TEST_CASE("receipt painter: a character that no font has is told and marked, never a box")
{
    const auto set = setTree("a\U0010FFFDb\u0378");
    const auto painted = painter().paint(set);
    CHECK(painted.missing == std::vector<char32_t>{0x378, 0x10FFFD});
    CHECK(painter().preview(set).missing == painted.missing);
    // The mark of one cell, drawn by itself, is what stands there.
    CHECK(painter().paint(setTree("a\u0378b")).missing.size() == 1);
    const auto dots = painter().paint(setTree("|\u0378|")).form;
    const int left = setTree("|\u0378|").blocks.front().x;
    CHECK(blackDots(dots, left, 0, kCellWidth, dots.height()) > 30);
    CHECK(blackDots(dots, left + kCellWidth, 0, 200, dots.height()) == 0);
    CHECK(painter().paint(setTree("a\u0378b")).form ==
          painter().paint(setTree("a\U0010FFFDb")).form);
}

TEST_CASE("receipt painter: on a machine without fonts", "[.]") // run by the next case
{
    const auto opened = ReceiptPainter::open();
    REQUIRE_FALSE(opened);
    CHECK(opened.error().code == Errc::NotFound);
    CHECK(opened.error().remedy == Remedy::CallStaff);
    CHECK(opened.error().detail.find("install fonts-noto-cjk") != std::string::npos);
}

TEST_CASE("receipt painter: without its font it does not open, and says what to install")
{
    const TemporaryFile none(".conf", asBytes("<fontconfig></fontconfig>"));
    const auto told = said("FONTCONFIG_FILE=" + none.path() +
                           " " GUICHET_BIN_DIR
                           "/test_drivers_receipt 'receipt painter: on a machine without fonts'");
    INFO(told);
    CHECK(told.find("All tests passed (4 assertions") != std::string::npos);
}

TEST_CASE("receipt painter: text keeps inside its cells")
{
    const std::string text = GENERATE("MMMMMMMM", "业务业务", "买·买·买·", "བཀྲཤིསབདེ", "ئۇيغۇرچە");
    const auto set = setTree("{width:8;align:center}\n|" + text + "|");
    const auto dots = painter().paint(set).form;
    const int left = set.blocks.front().x, right = left + 8 * kCellWidth;
    CHECK(blackDots(dots, 0, 0, left - 3, dots.height()) == 0);
    CHECK(blackDots(dots, right + 3, 0, 576 - right - 3, dots.height()) == 0);
    CHECK(blackDots(dots, left, 0, right - left, dots.height()) > 50);
}

TEST_CASE("receipt painter: words among others that read leftwards stand where those expect them")
{
    const auto cell = [](const std::string& text, int at) {
        const auto dots = painter().paint(setTree("|" + text + " |")).form;
        std::vector<bool> all;
        for (int y = 0; y < dots.height(); ++y) {
            for (int x = at * kCellWidth; x < (at + 1) * kCellWidth; ++x) {
                all.push_back(dots.black(x, y));
            }
        }
        return all;
    };
    const std::string mixed = "ئالىم Am 12";
    const std::string words = "Am 12";
    for (int at = 0; at < 5; ++at) {
        CHECK(cell(mixed, at) == cell(words, at));
    }
    CHECK(cell("Am ئالىم", 0) == cell("A", 0)); // a Latin line with such a word in it
}

TEST_CASE("receipt painter: looks differ as they are named")
{
    const auto ink = [](const std::string& text) {
        const auto dots = painter().paint(setTree(text)).form;
        return blackDots(dots, 0, 0, 576, dots.height());
    };
    const int plain = ink("业务ABC");
    CHECK(ink("\"业务ABC\"") > plain * 11 / 10);
    CHECK(ink("_业务ABC_") > plain + 100);
    const int inverted = ink("`业务ABC`");
    CHECK(inverted > 7 * kCellWidth * kCellHeight - plain * 12 / 10);
    CHECK(inverted < 7 * kCellWidth * kCellHeight);
    CHECK(ink("^^^业务ABC") > plain * 3);
    CHECK(ink("^^^业务ABC") < plain * 5);
}

TEST_CASE("receipt painter: pixels of the reviewed ticket stay within a tolerance")
{
    std::ifstream stream(GUICHET_TEST_DATA "/receipt_golden/ticket.receipt");
    const std::string text{std::istreambuf_iterator<char>(stream), {}};
    const auto dots = painter().paint(setTree(text)).form;
    std::ifstream golden(GUICHET_TEST_DATA "/receipt_golden/ticket.pbm", std::ios::binary);
    const std::string want{std::istreambuf_iterator<char>(golden), {}};
    const auto got = std::string(asText(toPbm(dots)));
    REQUIRE(got.size() == want.size());
    int different = 0;
    for (std::size_t i = 0; i < got.size(); ++i) {
        different += __builtin_popcount(static_cast<unsigned char>(got[i] ^ want[i]));
    }
    CHECK(different < dots.width() * dots.height() / 100);
}

TEST_CASE("receipt painter: independent readers decode codes from the same dots")
{
    REQUIRE(std::filesystem::exists("/usr/bin/zbarimg")); // package zbar-tools
    const auto width = GENERATE(576, 384);
    const auto set = setTree("{code:BT1\\:2026/A012;option:qrcode,4,m}\n"
                             "{code:A042-2026;option:code128,2,80,hri}",
                             width);
    SECTION("on paper")
    {
        const TemporaryFile file(".pbm", toPbm(painter().paint(set).form));
        const auto read = said("zbarimg -q " + file.path() + " 2>/dev/null");
        CHECK(read.find("QR-Code:BT1:2026/A012\n") != std::string::npos);
        CHECK(read.find("CODE-128:A042-2026\n") != std::string::npos);
    }
    SECTION("in the preview")
    {
        const TemporaryFile file(".png", painter().preview(set).form);
        const auto read = said("zbarimg -q " + file.path() + " 2>/dev/null");
        CHECK(read.find("QR-Code:BT1:2026/A012\n") != std::string::npos);
    }
}

TEST_CASE("receipt painter: the archive is a PDF of the paper's size")
{
    const auto pdf = painter().archive(setTree("业务回单 Receipt\n^^^^A012\n{code:x}\n=")).form;
    const std::string text(asText(pdf));
    CHECK(text.starts_with("%PDF-1."));
    CHECK(text.find("/FontFile") != std::string::npos); // text is text, its font inside
    CHECK(text.find("%%EOF") != std::string::npos);
    CHECK(text.find("MediaBox [ 0 0 204") != std::string::npos); // 576 dots at 203 dpi in points
}

TEST_CASE("receipt painter: an image is dithered, and comes back as grey as it was")
{
    // A preview is a PNG, and so is an image.
    const auto png = painter().preview(setTree("`      `", 384)).form;
    const auto dots = ditheredPng(asText(png), 576, {});
    REQUIRE(dots);
    CHECK(dots->width() == 416);
    const int edge = blackDots(*dots, 0, 0, 416, 16); // of 3/4 white
    CHECK(edge > 416 * 16 / 5);
    CHECK(edge < 416 * 16 / 3);
    CHECK_FALSE(ditheredPng(asText(png), 400, {}));
    CHECK_FALSE(ditheredPng(asText(png).substr(0, 60), 576, {}));
    const auto set = setTree("|{image:" + toBase64(png) + "}");
    CHECK(set.blocks.front().width == 416);
    CHECK(set.blocks.front().x == 0);
}
