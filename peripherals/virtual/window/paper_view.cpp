// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/window/paper_view.h"

#include <QGraphicsOpacityEffect>
#include <QLabel>
#include <QPixmap>
#include <QScrollBar>
#include <QVBoxLayout>

#include "peripherals/virtual/window/look.h"

namespace guichet::virtualdevices {

namespace {

constexpr std::size_t kShownMost = 8;
constexpr int kPaperWidth = 300;
constexpr double kTakenOpacity = 0.35;

QString caption(const Ticket& ticket)
{
    QString text = QStringLiteral("%1").arg(ticket.number, 3, 10, QLatin1Char('0'));
    switch (ticket.end) {
    case TicketEnd::Torn:
        text += QStringLiteral(" · ") + bothWays("手撕", "torn off");
        break;
    case TicketEnd::PaperEnd:
        text += QStringLiteral(" · ") + bothWays("纸尽", "the roll ended");
        break;
    case TicketEnd::PartialCut:
    case TicketEnd::FullCut:
        break;
    }
    text += QStringLiteral(" · ") + (ticket.taken ? bothWays("已取走", "taken")
                                     : ticket.place == PaperPlace::Retracted
                                         ? bothWays("已收回", "taken back")
                                         : bothWays("等待取走", "hangs out"));
    return text;
}

} // namespace

PaperView::PaperView(QWidget* parent)
    : QScrollArea(parent)
    , m_roll(new QWidget)
    , m_layout(new QVBoxLayout(m_roll))
{
    m_roll->setObjectName(QStringLiteral("roll"));
    auto* nothing = makeNote(m_roll);
    nothing->setText(bothWays("还没有打印", "nothing printed yet"));
    nothing->setAlignment(Qt::AlignCenter);
    m_layout->addWidget(nothing);
    m_layout->addStretch();
    setWidget(m_roll);
    setWidgetResizable(true);
    setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    setMinimumHeight(120);
}

void PaperView::showTickets(const std::vector<Ticket>& tickets)
{
    decltype(m_shown) wanted;
    for (auto ticket = tickets.rbegin(); ticket != tickets.rend(); ++ticket) {
        if (wanted.size() < kShownMost) {
            wanted.emplace_back(ticket->number, ticket->taken, ticket->place);
        }
    }
    if (wanted == m_shown) {
        return;
    }
    m_shown = std::move(wanted);
    qDeleteAll(m_roll->findChildren<QLabel*>(QString(), Qt::FindDirectChildrenOnly));
    while (auto* item = m_layout->takeAt(0)) {
        delete item;
    }
    for (auto ticket = tickets.rbegin();
         ticket != tickets.rend() && ticket - tickets.rbegin() < std::ssize(m_shown); ++ticket) {
        add(*ticket);
    }
    m_layout->addStretch();
    verticalScrollBar()->setValue(0);
}

void PaperView::add(const Ticket& ticket)
{
    QPixmap picture;
    picture.loadFromData(QByteArray::fromStdString(std::string(asText(*ticket.png))), "PNG");
    auto* note = makeNote(m_roll);
    note->setText(caption(ticket));
    note->setAlignment(Qt::AlignCenter);
    auto* paper = new QLabel(m_roll);
    paper->setPixmap(picture.scaledToWidth(kPaperWidth, Qt::SmoothTransformation));
    paper->setAlignment(Qt::AlignCenter);
    if (ticket.taken) {
        auto* pale = new QGraphicsOpacityEffect(paper);
        pale->setOpacity(kTakenOpacity);
        paper->setGraphicsEffect(pale);
    }
    m_layout->addWidget(note);
    m_layout->addWidget(paper);
}

} // namespace guichet::virtualdevices
