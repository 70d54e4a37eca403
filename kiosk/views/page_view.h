// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QImage>
#include <QTimer>
#include <QWidget>
#include <vector>

#include "kiosk/models/page.h"
#include "kiosk/views/action_button.h"
#include "kiosk/views/choice_card.h"
#include "kiosk/views/lettering.h"
#include "kiosk/views/theme.h"

namespace guichet::kiosk {

/// The content of the screen between top bar and bottom bar, for one page. The subclasses are the
/// page kinds; this class owns what they share: header, facts, buttons, count-down, progress.
class PageView : public QWidget {
    Q_OBJECT

public:
    /// A view for `page`, sized by its owner. `theme` outlives it.
    static PageView* create(const Page& page, const Theme& theme, QWidget* parent);

    [[nodiscard]] const Page& page() const { return m_page; }
    /// True if `next` has the same buttons, so that a finger on one of them is not disturbed.
    [[nodiscard]] bool canRefresh(const Page& next) const;
    void refresh(const Page& next);
    void setSecondsLeft(int seconds);
    /// What the camera sees; a null image: nothing now. Pages without a picture of it ignore it.
    virtual void showLive(const QImage& /*picture*/) {}
    /// What the customer should do now, by a device's event; empty: nothing. Pages without
    /// Page::advice ignore it.
    virtual void advise(const QString& /*what*/) {}
    /// What was signed or written on a pad, as PNG; empty on other pages.
    [[nodiscard]] virtual QByteArray handwriting() const { return {}; }
    /// What the customer has typed, or drawn, and not yet sent.
    [[nodiscard]] virtual QString typed() const { return {}; }
    void layOutAgain();
    /// Where an element of the page stands, as Pointed names it; empty: it has none.
    [[nodiscard]] QRect placeOf(const QString& element) const;
    /// What can be pressed, in the order of the Tab key.
    [[nodiscard]] QList<PressArea*> stops() const;
    [[nodiscard]] QStringList clippedTexts() const;

signals:
    void pressed(const Choice& choice);

protected:
    PageView(const Page& page, const Theme& theme, QWidget* parent);

    /// What the primary button says when it is pressed.
    [[nodiscard]] virtual Choice primaryChoice() const { return *m_page.primary; }
    /// One more thing to press, which the subclass places; first in the order of the Tab key.
    void addStop(PressArea* stop) { m_ownStops.append(stop); }
    /// Places everything of the page into `area`.
    virtual void layOut(const QRectF& area) = 0;
    virtual void paintBody(QPainter& painter) = 0;

    [[nodiscard]] const Theme& theme() const { return m_theme; }
    [[nodiscard]] int secondsLeft() const { return m_secondsLeft; }
    [[nodiscard]] const QList<ChoiceCard*>& cards() const { return m_cards; }
    [[nodiscard]] const QList<ActionButton*>& actions() const { return m_actions; }
    [[nodiscard]] ActionButton* primary() const { return m_primary; }
    void write(Lettering lettering) { m_texts.push_back(std::move(lettering)); }
    void addFigure(const QString& icon, const QRectF& place, const QColor& colour);

    /// Header, buttons and (in landscape) two columns; answers what is left for the body.
    QRectF layOutFrame(const QRectF& area);
    /// Plain buttons and the primary one at the bottom of `area`; answers their top.
    double layOutButtons(const QRectF& area);
    /// The facts as hints with ticks, below the rest of `area` or beside it; answers that rest.
    QRectF layOutHints(const QRectF& area);
    /// Label and value rows in `area`, as tall as they need, at most `area`; answers their bottom.
    double layOutFacts(const QRectF& area, const QList<Fact>& facts, bool roomy);
    [[nodiscard]] double factsHeight(double width, const QList<Fact>& facts) const;
    /// Places the progress bar if the page is busy; answers the bottom of it.
    double layOutProgress(const QRectF& line);
    void paintPanel(QPainter& painter, const QRectF& place, const QColor& ground,
                    const QColor& line) const;
    void paintRing(QPainter& painter, const QRectF& place) const;

    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    struct Figure {
        QString icon;
        QRectF place;
        QColor colour;
    };

    void fill();
    double layOutHeader(const QRectF& area);
    [[nodiscard]] double factHeight(double width, const Fact& fact) const;
    [[nodiscard]] bool factIsStacked(double width, const Fact& fact) const;
    void paintProgress(QPainter& painter) const;
    void animate();

    Page m_page;
    const Theme& m_theme;
    int m_secondsLeft = 0;
    QList<ChoiceCard*> m_cards;
    QList<ActionButton*> m_actions;
    QList<PressArea*> m_ownStops;
    ActionButton* m_primary = nullptr;
    std::vector<Lettering> m_texts;
    std::vector<Figure> m_figures;
    std::vector<QRectF> m_factPlaces;
    std::vector<QLineF> m_rules;
    QRectF m_ring;
    QRectF m_mark;
    QRectF m_progress;
    QTimer m_motion;
    int m_phase = 0;
};

} // namespace guichet::kiosk
