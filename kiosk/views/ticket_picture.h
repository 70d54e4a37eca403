// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QImage>
#include <QLineF>
#include <QPainterPath>
#include <vector>

#include "kiosk/models/page.h"
#include "kiosk/views/lettering.h"

namespace guichet::kiosk {

class Theme;

/// A ticket drawn as paper: service, huge number, facts, code. Upright, or lying when the place
/// is wider than high.
class TicketPicture {
public:
    TicketPicture() = default;
    /// Lays the ticket out in the middle of `place`, no larger than it needs.
    TicketPicture(const TicketFace& face, const Theme& theme, const QRectF& place);

    /// Paper, lines and code; the words are texts(), for the page to write.
    void paint(QPainter& painter, const Theme& theme) const;
    [[nodiscard]] const std::vector<Lettering>& texts() const { return m_texts; }
    [[nodiscard]] QRectF place() const { return m_place; }

private:
    /// False, and nothing done, when the place is too low for it.
    [[nodiscard]] bool layOutUpright(const TicketFace& face, const Theme& theme,
                                     const QRectF& place);
    /// Leaves the last facts out rather than the code.
    void layOutLying(TicketFace face, const Theme& theme, const QRectF& place);
    double writeFacts(const TicketFace& face, const Theme& theme, QRectF area);
    void writeCode(const TicketFace& face, const Theme& theme, const QRectF& area, double side);

    QRectF m_place;
    QPainterPath m_paper;
    std::vector<Lettering> m_texts;
    std::vector<QLineF> m_dashes;
    QImage m_code;
    QRectF m_codePlace;
};

} // namespace guichet::kiosk
