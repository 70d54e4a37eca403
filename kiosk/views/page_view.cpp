// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/page_view.h"

#include <QPaintEvent>
#include <QPainter>
#include <algorithm>
#include <cmath>

#include "kiosk/views/attract_view.h"
#include "kiosk/views/choose_view.h"
#include "kiosk/views/form_view.h"
#include "kiosk/views/frame_words.h"
#include "kiosk/views/icons.h"
#include "kiosk/views/insert_card_view.h"
#include "kiosk/views/keypad_view.h"
#include "kiosk/views/message_view.h"
#include "kiosk/views/print_view.h"
#include "kiosk/views/review_view.h"
#include "kiosk/views/scan_code_view.h"
#include "kiosk/views/show_view.h"
#include "kiosk/views/sign_view.h"

namespace guichet::kiosk {

namespace {

constexpr int kMotionStepMs = 40;
constexpr int kMotionSteps = 45;

QString choiceName(const Choice& choice)
{
    return QStringLiteral("choice/%1/%2").arg(choice.event, choice.value);
}

bool samePress(const Choice& one, const Choice& other)
{
    return one.event == other.event && one.value == other.value;
}

/// What is painted beside the title, for who cannot see it.
QString wordsOf(const Page& page)
{
    QStringList words{page.subtitle, page.live, page.liveAge};
    const auto add = [&words](const QList<Fact>& facts) {
        for (const Fact& fact : facts) {
            words.append(fact.label + QStringLiteral(" ") + fact.value);
        }
    };
    if (page.ticket) {
        words << page.ticket->label << page.ticket->service;
        add(page.ticket->facts);
        words << page.ticket->qrNote;
    }
    add(page.facts);
    words.removeAll(QString());
    return words.join(QStringLiteral(". "));
}

} // namespace

PageView* PageView::create(const Page& page, const Theme& theme, QWidget* parent)
{
    switch (page.kind) {
    case PageKind::Attract:
        return new AttractView(page, theme, parent);
    case PageKind::Choose:
        return new ChooseView(page, theme, parent);
    case PageKind::InsertCard:
        return new InsertCardView(page, theme, parent);
    case PageKind::ScanCode:
        return new ScanCodeView(page, theme, parent);
    case PageKind::Keypad:
        return new KeypadView(page, theme, parent);
    case PageKind::Form:
        return new FormView(page, theme, parent);
    case PageKind::PlaceDocument:
    case PageKind::LookAtCamera:
        return new ShowView(page, theme, parent);
    case PageKind::Sign:
    case PageKind::Write:
        return new SignView(page, theme, parent);
    case PageKind::Review:
        return new ReviewView(page, theme, parent);
    case PageKind::Print:
        return new PrintView(page, theme, parent);
    case PageKind::Result:
    case PageKind::Call:
    case PageKind::Warning:
        break;
    }
    return new MessageView(page, theme, parent);
}

PageView::PageView(const Page& page, const Theme& theme, QWidget* parent)
    : QWidget(parent)
    , m_page(page)
    , m_theme(theme)
    , m_secondsLeft(page.countdownSeconds)
{
    setObjectName(QStringLiteral("page"));
    for (qsizetype i = 0; i < page.choices.size(); ++i) {
        const auto press = [this, i] { emit pressed(m_page.choices.at(i)); };
        PressArea* area = nullptr;
        if (page.kind == PageKind::Choose) {
            m_cards.append(new ChoiceCard(page.choices.at(i), theme, this));
            area = m_cards.last();
        } else {
            m_actions.append(new ActionButton(ActionButton::Look::Plain, theme, this));
            area = m_actions.last();
        }
        area->setObjectName(choiceName(page.choices.at(i)));
        connect(area, &PressArea::clicked, this, press);
    }
    if (page.primary) {
        m_primary = new ActionButton(ActionButton::Look::Primary, theme, this);
        m_primary->setObjectName(QStringLiteral("primary"));
        connect(m_primary, &PressArea::clicked, this, [this] { emit pressed(primaryChoice()); });
    }
    m_motion.setInterval(kMotionStepMs);
    connect(&m_motion, &QTimer::timeout, this, &PageView::animate);
    fill();
}

void PageView::fill()
{
    setProperty("pageId", m_page.id);
    setAccessibleName(m_page.title);
    setAccessibleDescription(wordsOf(m_page));
    for (qsizetype i = 0; i < m_page.choices.size(); ++i) {
        const Choice& choice = m_page.choices.at(i);
        if (i < m_cards.size()) {
            m_cards[i]->setChoice(choice);
        } else if (i < m_actions.size()) {
            m_actions[i]->setWord(choice.title, choice.icon);
            m_actions[i]->setAccessibleDescription(choice.note);
            m_actions[i]->setEnabled(choice.enabled);
        }
    }
    if (m_primary != nullptr && m_page.primary) {
        m_primary->setWord(m_page.primary->title, m_page.primary->icon);
        m_primary->setAccessibleDescription(m_page.primary->note);
        m_primary->setEnabled(m_page.primary->enabled);
    }
}

bool PageView::canRefresh(const Page& next) const
{
    return next.id == m_page.id && next.kind == m_page.kind &&
           next.primary.has_value() == m_page.primary.has_value() &&
           std::equal(next.choices.begin(), next.choices.end(), m_page.choices.begin(),
                      m_page.choices.end(), samePress);
}

void PageView::refresh(const Page& next)
{
    if (next.countdownSeconds != m_page.countdownSeconds) {
        m_secondsLeft = next.countdownSeconds;
    }
    m_page = next;
    fill();
    layOutAgain();
}

void PageView::setSecondsLeft(int seconds)
{
    if (seconds == m_secondsLeft) {
        return;
    }
    const bool appears = (seconds > 0) != (m_secondsLeft > 0);
    m_secondsLeft = seconds;
    if (appears || m_page.kind == PageKind::Warning) {
        layOutAgain();
    } else {
        update(m_ring.toAlignedRect().adjusted(-8, -8, 8, 8));
    }
}

QList<PressArea*> PageView::stops() const
{
    QList<PressArea*> stops = m_ownStops;
    stops.reserve(stops.size() + m_cards.size() + m_actions.size() + 1);
    for (ChoiceCard* card : m_cards) {
        stops.append(card);
    }
    if (m_primary != nullptr) {
        stops.append(m_primary);
    }
    for (ActionButton* action : m_actions) {
        stops.append(action);
    }
    return stops;
}

QRect PageView::placeOf(const QString& element) const
{
    if (element == QLatin1String("primary")) {
        return m_primary != nullptr ? m_primary->face() : QRect();
    }
    bool numbered = false;
    const qsizetype at = element.section(QLatin1Char('-'), 1).toUShort(&numbered);
    if (!numbered) {
        return {};
    }
    const auto faceAt = [at](const auto& areas) {
        return at < areas.size() ? areas.at(at)->face() : QRect();
    };
    if (element.startsWith(QLatin1String("choice-"))) {
        return m_cards.isEmpty() ? faceAt(m_actions) : faceAt(m_cards);
    }
    const bool isFact = element.startsWith(QLatin1String("fact-"));
    return isFact && at < static_cast<qsizetype>(m_factPlaces.size())
               ? m_factPlaces.at(static_cast<std::size_t>(at)).toAlignedRect()
               : QRect();
}

QStringList PageView::clippedTexts() const
{
    QStringList clipped;
    for (const Lettering& lettering : m_texts) {
        if (lettering.text.isEmpty()) {
            continue;
        }
        const auto& place = lettering.place;
        const auto areas = stops();
        const bool covered = std::any_of(areas.begin(), areas.end(), [&](const PressArea* area) {
            return QRectF(area->face()).adjusted(1, 1, -1, -1).intersects(place);
        });
        if (covered || !fits(lettering) || !QRectF(rect()).adjusted(-1, -1, 1, 1).contains(place)) {
            clipped.append(lettering.text);
        }
    }
    for (const PressArea* area : stops()) {
        clipped.append(area->clippedTexts());
        if (!rect().contains(area->face())) {
            clipped.append(area->accessibleName());
        }
    }
    return clipped;
}

void PageView::layOutAgain()
{
    m_texts.clear();
    m_figures.clear();
    m_factPlaces.clear();
    m_rules.clear();
    m_ring = m_mark = m_progress = {};
    const int side = m_theme.margin();
    layOut(QRectF(rect()).adjusted(side, m_theme.px(m_theme.portrait() ? 48 : 40), -side,
                                   -m_theme.px(m_theme.portrait() ? 40 : 32)));
    const bool moving =
        m_page.busy && m_page.progress < 0 && !m_theme.reducedMotion() && !m_progress.isEmpty();
    if (moving && !m_motion.isActive()) {
        m_motion.start();
    } else if (!moving) {
        m_motion.stop();
        m_phase = kMotionSteps / 2;
    }
    update();
}

void PageView::resizeEvent(QResizeEvent* /*event*/)
{
    layOutAgain();
}

void PageView::addFigure(const QString& icon, const QRectF& place, const QColor& colour)
{
    m_figures.push_back({icon, place, colour});
}

double PageView::layOutHeader(const QRectF& area)
{
    const Palette& colours = m_theme.colours();
    const QFont titleFont = m_theme.font(m_theme.title(), Weight::Bold);
    const QFont body = m_theme.font(m_theme.body());
    const double ring = m_secondsLeft > 0 ? m_theme.px(m_theme.elder() ? 152 : 128) : 0;
    const double ringGap = ring > 0 ? m_theme.px(32) : 0;
    QRectF title = area;
    if (ring > 0) {
        m_ring = QRectF(area.right() - ring, area.top(), ring, ring);
        title.setRight(m_ring.left() - ringGap);
    }
    if (m_page.trouble) {
        const double side = m_theme.px(m_theme.title());
        m_mark = QRectF(area.left(), area.top() + m_theme.px(m_theme.title() * 0.11), side, side);
        title.setLeft(m_mark.right() + m_theme.px(28));
    }
    double top = area.top();
    const double titleHeight = heightFor(m_page.title, titleFont, title.width(), kPageTitleLeading);
    write({m_page.title, titleFont, colours.ink,
           QRectF(title.left(), top, title.width(), titleHeight), Qt::AlignLeft | Qt::AlignTop,
           true, kPageTitleLeading});
    top += titleHeight;
    if (!m_page.subtitle.isEmpty()) {
        top += m_theme.px(12);
        const double width = area.width() - (top < m_ring.bottom() ? ring + ringGap : 0);
        const double height = heightFor(m_page.subtitle, body, width);
        write({m_page.subtitle, body, colours.muted, QRectF(area.left(), top, width, height)});
        top += height;
    }
    if (!m_page.live.isEmpty()) {
        top += m_theme.px(20);
        const QFont bold = m_theme.font(m_theme.note() + 2, Weight::Bold);
        const QFont note = m_theme.font(m_theme.note());
        const double icon = m_theme.px(m_theme.note() + 14);
        const double left = area.left() + icon + m_theme.px(16);
        const double width = std::min(widthOf(m_page.live, bold), area.right() - left);
        const double height = heightFor(m_page.live, bold, width);
        addFigure(QStringLiteral("queue"),
                  QRectF(area.left(), top + (1.3 * bold.pixelSize() - icon) / 2, icon, icon),
                  colours.jade);
        write({m_page.live, bold, colours.ink, QRectF(left, top, width, height)});
        const double ageLeft = left + width + m_theme.px(20);
        const double ageWidth = widthOf(m_page.liveAge, note);
        if (ageLeft + ageWidth <= area.right()) {
            write({m_page.liveAge, note, colours.muted, QRectF(ageLeft, top, ageWidth, height)});
            top += height;
        } else {
            top += height;
            const double ageHeight = heightFor(m_page.liveAge, note, area.right() - left);
            write({m_page.liveAge, note, colours.muted,
                   QRectF(left, top, area.right() - left, ageHeight)});
            top += ageHeight;
        }
    }
    return layOutProgress(QRectF(area.left(), top, area.width(), 0));
}

double PageView::layOutProgress(const QRectF& line)
{
    if (!m_page.busy) {
        return line.top();
    }
    m_progress = QRectF(line.left(), line.top() + m_theme.px(28), line.width(), m_theme.px(12));
    return m_progress.bottom();
}

QRectF PageView::layOutFrame(const QRectF& area)
{
    const double gap = m_theme.px(40);
    if (m_theme.portrait()) {
        const double top = std::max(layOutHeader(area), m_ring.bottom()) + gap;
        const double bottom = layOutButtons(area);
        return {area.left(), top, area.width(), bottom - top};
    }
    const double left = std::round(area.width() * 0.36);
    const double headerBottom = layOutHeader(QRectF(area.left(), area.top(), left, area.height()));
    const double figure = std::min<double>(m_theme.px(260), area.bottom() - headerBottom - gap);
    if (figure >= m_theme.px(140) && !m_theme.highContrast() && m_page.kind != PageKind::Form) {
        static const QHash<PageKind, QString> byKind{
            {PageKind::Choose, QStringLiteral("queue")},
            {PageKind::InsertCard, QStringLiteral("card")},
            {PageKind::ScanCode, QStringLiteral("scan")},
            {PageKind::Review, QStringLiteral("account")},
            {PageKind::PlaceDocument, QStringLiteral("account")},
            {PageKind::LookAtCamera, QStringLiteral("person")},
            {PageKind::Sign, QStringLiteral("pen")},
            {PageKind::Write, QStringLiteral("pen")},
            {PageKind::Print, QStringLiteral("printer")},
        };
        addFigure(m_page.picture.isEmpty() ? byKind.value(m_page.kind) : m_page.picture,
                  QRectF(area.left(), area.bottom() - figure, figure, figure),
                  m_theme.colours().line);
    }
    const QRectF right(area.left() + left + m_theme.px(72), area.top(),
                       area.width() - left - m_theme.px(72), area.height());
    const double bottom = layOutButtons(right);
    return {right.left(), right.top(), right.width(), bottom - right.top()};
}

QRectF PageView::layOutHints(const QRectF& area)
{
    QRectF rest = area;
    if (m_page.facts.isEmpty()) {
        return rest;
    }
    const QFont font = m_theme.font(m_theme.body() - 2, Weight::Bold);
    const double icon = m_theme.px(m_theme.body());
    const double gap = m_theme.px(20);
    const double beside = m_theme.portrait() ? rest.width() : rest.width() * 0.44;
    double width = 0;
    double height = 0;
    for (const Fact& fact : m_page.facts) {
        const double wide = std::min(widthOf(fact.value, font), beside - icon - gap);
        width = std::max(width, wide);
        height += heightFor(fact.value, font, wide) + gap;
    }
    QRectF hints = rest;
    if (m_theme.portrait()) {
        hints.setTop(rest.bottom() - height + gap);
        rest.setBottom(hints.top() - m_theme.px(40));
        hints.setLeft(area.center().x() - (width + icon + gap) / 2);
    } else {
        hints.setLeft(rest.right() - beside);
        hints.setTop(rest.center().y() - (height - gap) / 2);
        rest.setRight(hints.left() - m_theme.px(24));
    }
    double top = hints.top();
    for (const Fact& fact : m_page.facts) {
        const double tall = heightFor(fact.value, font, width);
        m_factPlaces.emplace_back(hints.left(), top, icon + gap + width, tall);
        addFigure(QStringLiteral("tick"),
                  QRectF(hints.left(), top + (1.3 * font.pixelSize() - icon) / 2, icon, icon),
                  m_theme.colours().jade);
        write({fact.value, font, m_theme.colours().ink,
               QRectF(hints.left() + icon + gap, top, width, tall)});
        top += tall + gap;
    }
    return rest;
}

double PageView::layOutButtons(const QRectF& area)
{
    const int gap = m_theme.px(24);
    const int left = static_cast<int>(area.left());
    const int width = static_cast<int>(area.width());
    int bottom = static_cast<int>(area.bottom());
    if (m_primary != nullptr && !m_actions.isEmpty() && (!m_theme.portrait() || m_theme.elder())) {
        // Height is short, in landscape or large print: all on one line, the next step at the
        // right.
        auto line = m_actions;
        line.append(m_primary);
        const auto count = static_cast<int>(line.size());
        const int each = (width - (count - 1) * gap) / count;
        if (std::all_of(line.begin(), line.end(), [&](const ActionButton* button) {
                return button->naturalWidth() <= each;
            })) {
            const int top = bottom - m_theme.mainButton();
            for (int i = 0; i < count; ++i) {
                line[i]->place({left + i * (each + gap), top, each, m_theme.mainButton()});
            }
            return top - gap - m_theme.px(8);
        }
    }
    if (m_primary != nullptr) {
        const int height = m_primary->heightFor(width);
        m_primary->place({left, bottom - height, width, height});
        bottom -= height + gap;
    }
    const auto count = static_cast<int>(m_actions.size());
    if (count > 0) {
        const int each = (width - (count - 1) * gap) / count;
        const bool abreast =
            std::all_of(m_actions.begin(), m_actions.end(),
                        [&](const ActionButton* action) { return action->naturalWidth() <= each; });
        for (int i = count - 1; i >= 0; --i) {
            ActionButton* const action = m_actions[i];
            const int height = action->heightFor(abreast ? each : width);
            action->place({abreast ? left + i * (each + gap) : left, bottom - height,
                           abreast ? each : width, height});
            if (!abreast || i == 0) {
                bottom -= height + gap;
            }
        }
    }
    return bottom == static_cast<int>(area.bottom()) ? bottom : bottom - m_theme.px(8);
}

bool PageView::factIsStacked(double width, const Fact& fact) const
{
    const double both = widthOf(fact.label, m_theme.font(m_theme.body() - 2)) +
                        widthOf(fact.value, m_theme.font(m_theme.body() + 2, Weight::Bold));
    return both + m_theme.px(32) > width;
}

double PageView::factHeight(double width, const Fact& fact) const
{
    const QFont label = m_theme.font(m_theme.body() - 2);
    const QFont value = m_theme.font(m_theme.body() + 2, Weight::Bold);
    const double padding = 2 * m_theme.px(18);
    if (factIsStacked(width, fact)) {
        return heightFor(fact.label, label, width) + heightFor(fact.value, value, width) + padding;
    }
    return std::max(heightFor(fact.label, label, width), heightFor(fact.value, value, width)) +
           padding;
}

double PageView::factsHeight(double width, const QList<Fact>& facts) const
{
    double height = 0;
    for (const Fact& fact : facts) {
        height += factHeight(width, fact);
    }
    return height;
}

double PageView::layOutFacts(const QRectF& area, const QList<Fact>& facts, bool roomy)
{
    const QFont labelFont = m_theme.font(m_theme.body() - 2);
    const QFont valueFont = m_theme.font(m_theme.body() + 2, Weight::Bold);
    const double spare =
        facts.isEmpty() || !roomy
            ? 0.0
            : std::clamp((area.height() - factsHeight(area.width(), facts)) /
                             static_cast<double>(facts.size()),
                         -static_cast<double>(m_theme.px(24)),
                         static_cast<double>(m_theme.px(m_theme.portrait() ? 96 : 56)));
    double top = area.top();
    for (const Fact& fact : facts) {
        const double height = factHeight(area.width(), fact) + spare;
        if (&fact != &facts.first()) {
            m_rules.emplace_back(area.left(), top, area.right(), top);
        }
        if (&facts == &m_page.facts) {
            m_factPlaces.emplace_back(area.left(), top, area.width(), height);
        }
        if (factIsStacked(area.width(), fact)) {
            const double label = heightFor(fact.label, labelFont, area.width());
            const double value = heightFor(fact.value, valueFont, area.width());
            const double first = top + (height - label - value) / 2;
            write({fact.label, labelFont, m_theme.colours().muted,
                   QRectF(area.left(), first, area.width(), label)});
            write({fact.value, valueFont, m_theme.colours().ink,
                   QRectF(area.left(), first + label, area.width(), value)});
        } else {
            const double value = widthOf(fact.value, valueFont);
            write({fact.label, labelFont, m_theme.colours().muted,
                   QRectF(area.left(), top, area.width() - value, height),
                   Qt::AlignLeft | Qt::AlignVCenter});
            write({fact.value, valueFont, m_theme.colours().ink,
                   QRectF(area.right() - value, top, value, height),
                   Qt::AlignRight | Qt::AlignVCenter});
        }
        top += height;
    }
    return top;
}

void PageView::paintPanel(QPainter& painter, const QRectF& place, const QColor& ground,
                          const QColor& line) const
{
    const double half = m_theme.border() / 2.0;
    painter.setPen(QPen(line, m_theme.border()));
    painter.setBrush(ground);
    painter.drawRoundedRect(place.adjusted(half, half, -half, -half), m_theme.radius(),
                            m_theme.radius());
}

void PageView::paintRing(QPainter& painter, const QRectF& place) const
{
    const Palette& colours = m_theme.colours();
    const double thick = place.width() * 0.07;
    const QRectF ring = place.adjusted(thick / 2, thick / 2, -thick / 2, -thick / 2);
    const bool amber = m_page.kind == PageKind::Warning;
    QPen pen(amber ? colours.amberLine : colours.line, thick);
    if (m_theme.highContrast()) {
        pen.setColor(QColor(0x55, 0x55, 0x55));
    } else if (amber) {
        pen.setColor(QColor(0xF3, 0xDD, 0xB4));
    }
    painter.setBrush(Qt::NoBrush);
    painter.setPen(pen);
    painter.drawEllipse(ring);
    const int total = std::max({1, m_page.countdownSeconds, m_secondsLeft});
    pen.setColor(amber ? colours.amberInk : colours.jade);
    pen.setCapStyle(Qt::RoundCap);
    painter.setPen(pen);
    painter.drawArc(ring, 90 * 16, 360 * 16 * m_secondsLeft / total);
    QFont font = m_theme.font(10, Weight::Bold);
    font.setPixelSize(std::max(8, static_cast<int>(place.width() * 0.42)));
    draw(painter, {QString::number(m_secondsLeft), font, amber ? colours.amberInk : colours.ink,
                   place, Qt::AlignHCenter | Qt::AlignVCenter, false, 1.0});
}

void PageView::paintProgress(QPainter& painter) const
{
    const double radius = m_progress.height() / 2;
    painter.setPen(Qt::NoPen);
    painter.setBrush(m_theme.highContrast() ? QColor(0x55, 0x55, 0x55) : m_theme.colours().line);
    painter.drawRoundedRect(m_progress, radius, radius);
    QRectF done = m_progress;
    if (m_page.progress >= 0) {
        done.setWidth(std::max(done.height(), done.width() * std::min(100, m_page.progress) / 100));
    } else {
        const double share = 0.3;
        const double step = 0.5 - 0.5 * std::cos(2 * M_PI * m_phase / kMotionSteps);
        done.setLeft(done.left() + done.width() * (1 - share) * step);
        done.setWidth(m_progress.width() * share);
    }
    painter.setBrush(m_theme.colours().jade);
    painter.drawRoundedRect(done, radius, radius);
}

void PageView::animate()
{
    m_phase = (m_phase + 1) % kMotionSteps;
    update(m_progress.toAlignedRect());
}

void PageView::paintEvent(QPaintEvent* event)
{
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(event->rect(), m_theme.colours().page);
    paintBody(painter);
    painter.setPen(QPen(m_theme.highContrast() ? QColor(0x77, 0x77, 0x77) : m_theme.colours().line,
                        m_theme.border()));
    for (const QLineF& rule : m_rules) {
        painter.drawLine(rule);
    }
    for (const Figure& figure : m_figures) {
        drawIcon(painter, figure.icon, figure.place, figure.colour);
    }
    if (!m_mark.isEmpty()) {
        painter.setPen(Qt::NoPen);
        painter.setBrush(m_theme.colours().red);
        painter.drawEllipse(m_mark);
        const double inset = m_mark.width() * 0.2;
        drawIcon(painter, QStringLiteral("alert"), m_mark.adjusted(inset, inset, -inset, -inset),
                 m_theme.highContrast() ? QColor(Qt::black) : QColor(Qt::white));
    }
    for (const Lettering& lettering : m_texts) {
        draw(painter, lettering);
    }
    if (!m_ring.isEmpty() && m_secondsLeft > 0) {
        paintRing(painter, m_ring);
    }
    if (!m_progress.isEmpty()) {
        paintProgress(painter);
    }
}

} // namespace guichet::kiosk
