// SPDX-License-Identifier: Apache-2.0
#include "drivers/receipt/receipt_tree.h"

#include <algorithm>

#include <fmt/format.h>

#include "drivers/receipt/cells.h"
#include "drivers/receipt/code_modules.h"

namespace guichet::receipt {
namespace {

constexpr int kLineGap = 6, kRuleDots = 2;
constexpr int kLongest = 20'000;
constexpr int kNarrowest = 200;

/// The columns of a row, in cells.
struct Grid {
    std::vector<int> widths;
    int gap = 1;
    bool ruled = false;
    int left = 0;  ///< of the first border or column
    int total = 0; ///< borders counted

    [[nodiscard]] int columnAt(std::size_t column) const
    {
        int at = left + (ruled ? 1 : 0);
        for (std::size_t i = 0; i < column; ++i) {
            at += widths[i] + gap;
        }
        return at;
    }
};

Result<Grid> gridOf(const Settings& settings, std::size_t columns, int paper, Position at)
{
    Grid grid{.gap = settings.ruled ? 1 : settings.gap, .ruled = settings.ruled};
    auto wanted = settings.widths;
    if (wanted.empty()) {
        wanted.resize(std::max<std::size_t>(columns, 1));
    }
    const auto count = static_cast<int>(wanted.size());
    int fixed = grid.gap * (count - 1) + (grid.ruled ? 2 : 0), shares = 0;
    for (const auto& width : wanted) {
        fixed += width.value_or(0);
        shares += width ? 0 : 1;
    }
    if (fixed + shares > paper) {
        return failAt(at, fmt::format("columns and borders of {} cells", fixed + shares),
                      fmt::format("at most the paper's {}", paper));
    }
    int left = paper - fixed;
    for (const auto& width : wanted) {
        const int share = shares > 0 ? (left + shares - 1) / shares : 0;
        if (!width) {
            left -= share;
            --shares;
        }
        grid.widths.push_back(width.value_or(share));
        grid.total += grid.widths.back();
    }
    grid.total += grid.gap * (count - 1) + (grid.ruled ? 2 : 0);
    const int free = paper - grid.total;
    grid.left = settings.align == Align::Left    ? 0
                : settings.align == Align::Right ? free
                                                 : free / 2;
    return grid;
}

class Setting {
public:
    Setting(const Receipt& receipt, int width)
        : m_receipt(receipt)
        , m_cells(width / kCellWidth)
    {
        m_tree.width = width;
        m_tree.cut = receipt.cut;
        m_tree.presentMm = receipt.presentMm;
    }

    Result<ReceiptTree> run()
    {
        for (const auto& element : m_receipt.elements) {
            auto done = std::visit([&](const auto& content) { return set(content, element.at); },
                                   element.content);
            if (!done) {
                return tl::unexpected(done.error());
            }
            if (m_y > kLongest) {
                return failAt(element.at, fmt::format("{} rows of dots", m_y),
                              fmt::format("at most {}", kLongest));
            }
        }
        closeTable();
        m_tree.height = std::max({m_y, m_receipt.minHeightMm * kDotsPerMm, 1});
        return std::move(m_tree);
    }

private:
    void fill(int x, int y, int width, int height)
    {
        m_tree.blocks.push_back({x, y, width, height, FillBlock{}});
    }

    /// The middle of the border cell before a column, or behind the last one.
    static int borderX(const Grid& grid, int cell)
    {
        return (grid.left + cell) * kCellWidth + (kCellWidth - kRuleDots) / 2;
    }

    void tableRule(const Grid& grid)
    {
        const int left = borderX(grid, 0), right = borderX(grid, grid.total - 1);
        fill(left, m_y, right - left + kRuleDots, kRuleDots);
        m_y += kRuleDots;
    }

    void openTable(const Grid& grid)
    {
        if (!m_table) {
            tableRule(grid);
        }
        m_table = grid;
    }

    void closeTable()
    {
        if (m_table) {
            tableRule(*m_table);
            m_table.reset();
        }
    }

    Result<void> set(const TextRow& row, Position at)
    {
        const auto grid = gridOf(row.settings, row.columns.size(), m_cells, at);
        if (!grid) {
            return tl::unexpected(grid.error());
        }
        if (grid->ruled) {
            openTable(*grid);
        } else {
            closeTable();
        }
        std::vector<std::vector<CellLine>> columns;
        std::size_t lines = 1;
        for (std::size_t i = 0; i < row.columns.size() && i < grid->widths.size(); ++i) {
            if (grid->widths[i] == 0) {
                columns.emplace_back(); // a hidden column
                continue;
            }
            auto spans = row.columns[i].spans;
            if (row.settings.shrink) {
                shrinkInto(spans, grid->widths[i]);
            }
            auto wrapped = wrapInto(spans, grid->widths[i], row.settings.wrap, at);
            if (!wrapped) {
                return tl::unexpected(wrapped.error());
            }
            lines = std::max(lines, wrapped->size());
            columns.push_back(std::move(*wrapped));
        }
        const int top = m_y;
        for (std::size_t line = 0; line < lines && m_y <= kLongest; ++line) {
            int high = 1;
            for (const auto& column : columns) {
                high = std::max(high, line < column.size() ? column[line].high : 1);
            }
            for (std::size_t i = 0; i < columns.size(); ++i) {
                if (line < columns[i].size()) {
                    place(columns[i][line], grid->columnAt(i), grid->widths[i],
                          row.columns[i].align, high);
                }
            }
            m_y += high * kCellHeight + kLineGap;
        }
        if (grid->ruled) {
            int cell = 0;
            fill(borderX(*grid, cell), top, kRuleDots, m_y - top);
            for (const int width : grid->widths) {
                cell += 1 + width;
                fill(borderX(*grid, cell), top, kRuleDots, m_y - top);
            }
        }
        return {};
    }

    /// One line of one column; what is smaller stands on the same ground.
    void place(const CellLine& line, int column, int width, Align align, int high)
    {
        const int free = width - line.cells;
        int cell = column + (align == Align::Left ? 0 : align == Align::Right ? free : free / 2);
        for (const auto& piece : line.pieces) {
            const int height = piece.look.high * kCellHeight;
            m_tree.blocks.push_back({cell * kCellWidth, m_y + high * kCellHeight - height,
                                     piece.cells * kCellWidth, height, TextBlock{piece.look}});
            cell += piece.cells;
        }
    }

    Result<void> set(const Rule& rule, Position at)
    {
        const auto grid = gridOf(rule.settings, 1, m_cells, at);
        if (!grid) {
            return tl::unexpected(grid.error());
        }
        if (rule.settings.ruled) {
            openTable(m_table.value_or(*grid));
            tableRule(*m_table);
            return {};
        }
        closeTable();
        const int height = kCellHeight + kLineGap;
        fill(grid->left * kCellWidth, m_y + (height - kRuleDots) / 2, grid->total * kCellWidth,
             kRuleDots);
        m_y += height;
        return {};
    }

    Result<void> set(const Cut&, Position)
    {
        closeTable();
        m_tree.cuts.push_back(m_y);
        return {};
    }

    /// Where something of that width begins.
    [[nodiscard]] int aligned(int width, Align align) const
    {
        const int free = m_tree.width - width;
        return align == Align::Left ? 0 : align == Align::Right ? free : free / 2;
    }

    Result<void> set(const Code& code, Position at)
    {
        closeTable();
        auto modules = codeModules(code, at);
        if (!modules) {
            return tl::unexpected(modules.error());
        }
        const bool qr = code.kind == Code::Kind::Qr;
        const int quietModules = qr ? 4 : 10; // ISO/IEC 18004 and 15417
        const int wholeModules = modules->width() + 2 * quietModules;
        int module = code.module;
        if (code.shrink) {
            module = std::clamp(m_tree.width / wholeModules, qr ? 3 : 2, module);
        }
        const int quiet = quietModules * module;
        const int width = modules->width() * module, whole = wholeModules * module;
        if (whole > m_tree.width) {
            return failAt(
                at, fmt::format("a code of {} dots", whole),
                fmt::format("at most the paper's {}: less data or a smaller module", m_tree.width));
        }
        const int down = qr ? module : code.height;
        const int height = modules->height() * down;
        m_y += qr ? quiet : 0;
        m_tree.blocks.push_back({aligned(whole, code.align) + quiet, m_y, width, height,
                                 CodeBlock{std::move(*modules), module, down}});
        m_y += height + (qr ? quiet : kLineGap);
        if (!qr && code.readable) {
            Column column{code.align, {Span{.text = code.data}}};
            return set(TextRow{{std::move(column)}, Settings{}}, at);
        }
        return {};
    }

    Result<void> set(const Image& image, Position at)
    {
        closeTable();
        auto dots = ditheredPng(image.png, m_tree.width, at);
        if (!dots) {
            return tl::unexpected(dots.error());
        }
        const int width = dots->width(), height = dots->height();
        m_tree.blocks.push_back(
            {aligned(width, image.align), m_y, width, height, PictureBlock{std::move(*dots)}});
        m_y += height + kLineGap;
        return {};
    }

    const Receipt& m_receipt;
    int m_cells;
    ReceiptTree m_tree;
    int m_y = 0;
    std::optional<Grid> m_table; ///< the rows before were ruled
};

} // namespace

Result<ReceiptTree> setReceipt(const Receipt& receipt, int widthDots)
{
    if (widthDots < kNarrowest) {
        return fail(Errc::Invalid,
                    fmt::format("paper of {} dots, want at least {}", widthDots, kNarrowest));
    }
    return Setting(receipt, widthDots).run();
}

} // namespace guichet::receipt
