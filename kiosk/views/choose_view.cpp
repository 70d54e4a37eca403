// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/choose_view.h"

namespace guichet::kiosk {

namespace {

struct Grid {
    int columns;
    ChoiceCard::Shape shape;
};

/// The arrangements to try, best first.
std::vector<Grid> candidates(const Theme& theme, int count)
{
    const Grid rows{1, ChoiceCard::Shape::Row};
    const Grid tiles{2, ChoiceCard::Shape::Tile};
    const Grid pairs{2, ChoiceCard::Shape::Row};
    if (theme.portrait()) {
        return count <= 4 || theme.elder() ? std::vector{rows, tiles} : std::vector{tiles, rows};
    }
    return count <= 3 ? std::vector{rows, tiles, pairs} : std::vector{tiles, pairs, rows};
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
    Grid best = candidates(theme(), count).front();
    int need = 0;
    int rows = 0;
    for (const Grid& grid : candidates(theme(), count)) {
        const int width = (total - (grid.columns - 1) * gap) / grid.columns;
        int least = 0;
        for (const ChoiceCard* card : cards()) {
            least = std::max(least, card->heightFor(width, grid.shape));
        }
        rows = (count + grid.columns - 1) / grid.columns;
        need = least;
        best = grid;
        if (rows * least + (rows - 1) * gap <= body.height()) {
            break;
        }
    }
    const int most = theme().px(count <= 2 ? 420 : 340);
    const int fill = (static_cast<int>(body.height()) - (rows - 1) * gap) / rows;
    const int height = std::max(need, std::min(fill, most));
    const int width = (total - (best.columns - 1) * gap) / best.columns;
    // An odd card out makes the first row one wide card, not the last one a hole.
    const bool wideFirst = best.columns == 2 && count % 2 == 1;
    for (int i = 0; i < count; ++i) {
        const int slot = wideFirst && i > 0 ? i + 1 : i;
        const bool wide = wideFirst && i == 0;
        cards()[i]->setShape(wide ? ChoiceCard::Shape::Row : best.shape);
        cards()[i]->place({static_cast<int>(body.left()) + (slot % best.columns) * (width + gap),
                           static_cast<int>(body.top()) + (slot / best.columns) * (height + gap),
                           wide ? total : width, height});
    }
}

void ChooseView::paintBody(QPainter& /*painter*/) {}

} // namespace guichet::kiosk
