// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/choose_view.h"

#include <algorithm>
#include <vector>

namespace guichet::kiosk {

namespace {

struct Grid {
    int columns;
    ChoiceCard::Shape shape;
};

/// The arrangements to try, best first.
std::vector<Grid> candidates(const Theme& theme, int count)
{
    const Grid large{1, ChoiceCard::Shape::Large};
    const Grid rows{1, ChoiceCard::Shape::Row};
    const Grid tiles{2, ChoiceCard::Shape::Tile};
    const Grid pairs{2, ChoiceCard::Shape::Compact};
    const Grid tight{1, ChoiceCard::Shape::Compact};
    if (count <= 2) {
        return {large, rows, tight};
    }
    if (theme.portrait()) {
        return count <= 4 || theme.elder() ? std::vector{rows, tiles, pairs, tight}
                                           : std::vector{tiles, rows, pairs, tight};
    }
    const Grid brief{2, ChoiceCard::Shape::Brief};
    return count <= 3 ? std::vector{rows, tiles, pairs, tight}
                      : std::vector{tiles, pairs, rows, tight, brief};
}

} // namespace

ChooseView::ChooseView(const Page& page, const Theme& theme, QWidget* parent)
    : PageView(page, theme, parent)
{
}

void ChooseView::layOut(const QRectF& area)
{
    const QRectF body = layOutFrame(area);
    const auto count = static_cast<int>(cards().size());
    if (count == 0) {
        return;
    }
    const int gap = theme().px(24);
    const int total = static_cast<int>(body.width());
    const auto grids = candidates(theme(), count);
    const auto widthOf = [&](const Grid& grid) {
        return (total - (grid.columns - 1) * gap) / grid.columns;
    };
    const auto rowsOf = [&](const Grid& grid) { return (count + grid.columns - 1) / grid.columns; };
    const auto leastOf = [&](const Grid& grid) {
        int least = 0;
        for (const ChoiceCard* card : cards()) {
            least = std::max(least, card->heightFor(widthOf(grid), grid.shape));
        }
        return least;
    };
    const auto heightOf = [&](const Grid& grid) {
        return rowsOf(grid) * leastOf(grid) + (rowsOf(grid) - 1) * gap;
    };
    auto chosen = std::find_if(grids.begin(), grids.end(),
                               [&](const Grid& grid) { return heightOf(grid) <= body.height(); });
    if (chosen == grids.end()) {
        chosen =
            std::min_element(grids.begin(), grids.end(), [&](const Grid& one, const Grid& other) {
                return heightOf(one) < heightOf(other);
            });
    }
    const Grid best = *chosen;
    const int need = leastOf(best);
    const int rows = rowsOf(best);
    const int most = theme().px(count <= 2 ? 500 : 340);
    const int fill = (static_cast<int>(body.height()) - (rows - 1) * gap) / rows;
    const int height = std::max(need, std::min(fill, most));
    const int width = (total - (best.columns - 1) * gap) / best.columns;
    // An odd card out makes the first row one wide card, not the last one a hole.
    const bool wideFirst = best.columns == 2 && count % 2 == 1;
    for (int i = 0; i < count; ++i) {
        const int slot = wideFirst && i > 0 ? i + 1 : i;
        const bool wide = wideFirst && i == 0;
        cards()[i]->setShape(wide && best.shape == ChoiceCard::Shape::Tile ? ChoiceCard::Shape::Row
                                                                           : best.shape);
        cards()[i]->place({static_cast<int>(body.left()) + (slot % best.columns) * (width + gap),
                           static_cast<int>(body.top()) + (slot / best.columns) * (height + gap),
                           wide ? total : width, height});
    }
}

void ChooseView::paintBody(QPainter& /*painter*/) {}

} // namespace guichet::kiosk
