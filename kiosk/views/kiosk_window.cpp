// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/kiosk_window.h"

#include <QAccessible>
#include <QApplication>
#include <QElapsedTimer>
#include <QHash>
#include <QKeyEvent>
#include <QPainter>
#include <algorithm>
#include <array>
#include <utility>

#include "kiosk/views/action_button.h"
#include "kiosk/views/call_panel.h"
#include "kiosk/views/frame_words.h"
#include "kiosk/views/icons.h"
#include "kiosk/views/page_slide.h"
#include "kiosk/views/page_view.h"
#include "kiosk/views/pointer_mark.h"

namespace guichet::kiosk {

namespace {

constexpr int kPressFilterMs = 300;

bool isPad(PageKind kind)
{
    return kind == PageKind::Sign || kind == PageKind::Write;
}

/// What is typed there is still there after a page that covers it, and on the way back.
bool keepsTyped(PageKind kind)
{
    return kind == PageKind::Keypad || kind == PageKind::Form || isPad(kind);
}

bool showsCamera(const Page& page)
{
    return page.kind == PageKind::ScanCode || page.kind == PageKind::LookAtCamera ||
           (page.kind == PageKind::PlaceDocument && page.camera);
}

bool sameLook(const Frame& one, const Frame& other)
{
    return one.language == other.language && one.elder == other.elder &&
           one.highContrast == other.highContrast && one.reducedMotion == other.reducedMotion;
}

} // namespace

namespace {

/// Where the call can stand: at the page's left with a share of its width, or above it with a share
/// of its height for the pictures; and how large the page is written then.
struct CallPlace {
    bool beside;
    double share;
    double page = 1;
};
constexpr std::array kPortraitPlaces{CallPlace{false, 0.48},    CallPlace{false, 0.36},
                                     CallPlace{false, 0},       CallPlace{false, 0, 0.85},
                                     CallPlace{false, 0, 0.72}, CallPlace{false, 0, 0.6},
                                     CallPlace{false, 0, 0.5},  CallPlace{false, 0, 0.42}};
constexpr std::array kLandscapePlaces{
    CallPlace{true, 0.4},        CallPlace{true, 0.32},       CallPlace{true, 0.26},
    CallPlace{true, 0.32, 0.85}, CallPlace{true, 0.26, 0.85}, CallPlace{true, 0.26, 0.72},
    CallPlace{false, 0},         CallPlace{false, 0, 0.85},   CallPlace{true, 0.26, 0.6},
    CallPlace{false, 0, 0.72},   CallPlace{true, 0.24, 0.5},  CallPlace{false, 0, 0.6},
    CallPlace{true, 0.24, 0.42}, CallPlace{false, 0, 0.5},    CallPlace{false, 0, 0.42}};

/// Large print on a full page gives way before a word is cut.
constexpr std::array kPageSizes{1.0, 0.92, 0.85, 0.78, 0.7};

/// Takes the call's place off the page's.
QRect takePlace(const CallPlace& place, const CallPanel& call, QRect& page)
{
    QRect taken = page;
    if (place.beside) {
        taken.setWidth(static_cast<int>(page.width() * place.share));
        taken.setHeight(std::min(page.height(), call.heightFor(taken.width(), page.height())));
        page.setLeft(taken.right() + 1);
    } else {
        taken.setHeight(
            call.heightFor(page.width(), static_cast<int>(page.height() * place.share)));
        page.setTop(taken.bottom() + 1);
    }
    return taken;
}

/// Tells a screen reader, if there is one.
void announce(QWidget* widget, QAccessible::Event what)
{
    QAccessibleEvent event(widget, what);
    QAccessible::updateAccessibility(&event);
}

} // namespace

struct KioskWindow::Parts {
    Page page;
    Frame frame;
    Theme theme;
    Theme pageTheme; ///< the same, or smaller beside a call
    PageView* view = nullptr;
    CallPanel* call = nullptr; ///< while remote staff help
    bool liveWanted = false;
    PageSlide* slide = nullptr;
    std::array<ActionButton*, 3> chips{};
    ActionButton* back = nullptr;
    ActionButton* help = nullptr;
    QRect top;
    QRect notices;
    QRect content;
    QRect bottom;
    std::vector<Lettering> texts;
    std::vector<QRectF> noticeMarks;
    QElapsedTimer sincePress;
    int pressFilter = kPressFilterMs;
    bool wentBack = false;
    bool active = false; ///< activity is about to be told
    bool painted = false;
    bool handwritten = false;      ///< and given: what is written next is something else
    QHash<QString, QString> typed; ///< on pages that another one covers, by id
    QString advice;                ///< as last heard
    Pointed pointed;
    PointerMark* mark = nullptr;
};

KioskWindow::KioskWindow(QWidget* parent)
    : QWidget(parent)
    , m_parts(std::make_unique<Parts>())
{
    setAttribute(Qt::WA_OpaquePaintEvent);
    setProperty(kKeysInUse, false);
    Parts& parts = *m_parts;
    constexpr std::array kSwitches{"language", "elder", "contrast"};
    for (std::size_t i = 0; i < kSwitches.size(); ++i) {
        const char* const what = kSwitches.at(i);
        auto* const chip = new ActionButton(ActionButton::Look::Chip, parts.theme, this);
        chip->setObjectName(QLatin1String(what));
        chip->setCheckable(i > 0);
        connect(chip, &PressArea::clicked, this, [this, what] { pressFrame(what); });
        parts.chips.at(i) = chip;
    }
    parts.mark = new PointerMark(parts.theme, this);
    parts.back = new ActionButton(ActionButton::Look::Plain, parts.theme, this);
    parts.back->setObjectName(QStringLiteral("back"));
    connect(parts.back, &PressArea::clicked, this, [this] {
        if (m_parts->page.back) {
            press(*m_parts->page.back, true);
        }
    });
    parts.help = new ActionButton(ActionButton::Look::Amber, parts.theme, this);
    parts.help->setObjectName(QStringLiteral("help"));
    connect(parts.help, &PressArea::clicked, this, [this] { pressFrame("help"); });
    parts.slide = new PageSlide(this);
    qApp->installEventFilter(this);
    resize(1080, 1920);
    restyle();
}

KioskWindow::~KioskWindow() = default;

const Page& KioskWindow::page() const
{
    return m_parts->page;
}

const Frame& KioskWindow::frame() const
{
    return m_parts->frame;
}

void KioskWindow::setPressFilter(int milliseconds)
{
    m_parts->pressFilter = milliseconds;
}

void KioskWindow::showPage(const Page& page)
{
    Parts& parts = *m_parts;
    const bool sameFrame =
        page.help == parts.page.help && page.back.has_value() == parts.page.back.has_value();
    if (parts.view != nullptr && parts.view->canRefresh(page) && sameFrame) {
        parts.page = page;
        const QString said = parts.view->accessibleDescription();
        parts.view->refresh(page);
        layOut();
        if (parts.view->accessibleDescription() != said) {
            announce(parts.view, QAccessible::DescriptionChanged);
        }
        return;
    }
    replaceView(page);
}

void KioskWindow::replaceView(const Page& page)
{
    Parts& parts = *m_parts;
    const bool slides = parts.view != nullptr && isVisible() && !parts.theme.reducedMotion() &&
                        page.id != parts.page.id;
    const bool forward = !std::exchange(parts.wentBack, false);
    parts.slide->stop();
    QPixmap from;
    const QRect before = parts.content;
    if (parts.view != nullptr) {
        if (slides) {
            from = parts.view->grab();
        }
        parts.view->hide();
        parts.view->deleteLater(); // it may be the sender of the press that brought us here
        parts.view->setObjectName(QString());
    }
    if (page.id != parts.page.id) {
        parts.pointed = {};
    }
    if (parts.view != nullptr && keepsTyped(parts.page.kind)) {
        const bool given = std::exchange(parts.handwritten, false);
        parts.typed[parts.page.id] = given ? QString() : parts.view->typed();
    }
    parts.page = page;
    if (page.id.isEmpty() || page.kind == PageKind::Attract) {
        parts.typed.clear(); // the next customer's field is empty
    } else if (const auto typed = parts.typed.value(page.id); !typed.isEmpty()) {
        parts.page.typed = typed; // help or a warning lay above it
    }
    parts.view = PageView::create(parts.page, parts.pageTheme, this);
    connect(parts.view, &PageView::pressed, this,
            [this](const Choice& choice) { press(choice, false); });
    parts.view->advise(parts.advice);
    layOut();
    parts.view->show();
    announce(parts.view, QAccessible::Alert);
    chainFocus();
    if (slides && before == parts.content) {
        parts.slide->start(parts.content, std::move(from), parts.view->grab(), forward);
    }
    tellLiveWanted();
}

void KioskWindow::tellLiveWanted()
{
    Parts& parts = *m_parts;
    const bool seesSelf = parts.call != nullptr && parts.call->call().picture;
    const bool wanted = showsCamera(parts.page) || seesSelf;
    if (std::exchange(parts.liveWanted, wanted) != wanted) {
        emit livePictureWanted(wanted);
    }
}

void KioskWindow::setCall(const std::optional<CallFace>& call)
{
    Parts& parts = *m_parts;
    if (!call && parts.call == nullptr) {
        return;
    }
    const bool comesOrGoes = !call || parts.call == nullptr;
    if (!call) {
        parts.call->hide();
        parts.call->deleteLater(); // it may be the sender
        parts.call = nullptr;
        parts.pointed = {};
    } else {
        if (parts.call == nullptr) {
            parts.call = new CallPanel(parts.theme, this);
            connect(parts.call, &CallPanel::pressed, this,
                    [this](const Choice& choice) { press(choice, false); });
            parts.call->show();
        }
        if (!comesOrGoes && parts.call->call() == *call) {
            return;
        }
        parts.call->setCall(*call);
        announce(parts.call, QAccessible::Alert);
    }
    layOut();
    if (comesOrGoes) {
        chainFocus();
    }
    tellLiveWanted();
}

void KioskWindow::setCallPicture(const QImage& picture)
{
    if (m_parts->call != nullptr) {
        m_parts->call->setPicture(picture);
    }
}

void KioskWindow::setFrame(const Frame& frame)
{
    const bool restyles = !sameLook(frame, m_parts->frame);
    const bool news = frame.notices != m_parts->frame.notices;
    m_parts->frame = frame;
    setAccessibleName(frame.outlet);
    setAccessibleDescription(frame.notices.join(QStringLiteral(" ")));
    if (news && !frame.notices.isEmpty()) {
        announce(this, QAccessible::Alert);
    }
    if (restyles) {
        restyle();
    } else {
        layOut();
    }
}

void KioskWindow::setLivePicture(const QImage& picture)
{
    if (m_parts->view != nullptr) {
        m_parts->view->showLive(picture);
    }
    if (m_parts->call != nullptr) {
        m_parts->call->setOwnPicture(picture);
    }
}

void KioskWindow::setAdvice(const QString& what)
{
    Parts& parts = *m_parts;
    parts.advice = what;
    if (parts.view != nullptr && !parts.page.advice.isEmpty()) {
        parts.view->advise(what);
        if (const QString words = parts.page.advice.value(what); !words.isEmpty()) {
            parts.view->setAccessibleDescription(words);
            announce(parts.view, QAccessible::DescriptionChanged);
        }
    }
}

void KioskWindow::setCountdown(int seconds)
{
    if (m_parts->view != nullptr) {
        m_parts->view->setSecondsLeft(std::max(0, seconds));
    }
}

void KioskWindow::restyle()
{
    Parts& parts = *m_parts;
    parts.theme = Theme(parts.frame, size());
    QPalette colours;
    colours.setColor(QPalette::Window, parts.theme.colours().page);
    colours.setColor(QPalette::WindowText, parts.theme.colours().ink);
    setPalette(colours);
    parts.slide->stop();
    layOut();
}

void KioskWindow::layOut()
{
    Parts& parts = *m_parts;
    const Theme& theme = parts.theme;
    const Palette& colours = theme.colours();
    const FrameWords& words = frameWords(parts.frame.language);
    parts.texts.clear();
    parts.noticeMarks.clear();

    const std::array<std::array<QString, 3>, 3> chips{{
        {words.otherLanguage, QStringLiteral("language"), words.otherLanguageName},
        {words.largePrint, QStringLiteral("text-size"), words.largePrintName},
        {words.contrast, QStringLiteral("contrast"), words.contrastName},
    }};
    const std::array checked{false, parts.frame.elder, parts.frame.highContrast};
    int natural = 0;
    const int gap = theme.px(theme.elder() ? 12 : 16);
    for (std::size_t i = 0; i < chips.size(); ++i) {
        ActionButton& chip = *parts.chips.at(i);
        chip.setChecked(checked.at(i));
        chip.setWord(chips.at(i)[0], chips.at(i)[1], chips.at(i)[2]);
        natural += chip.naturalWidth() + (i > 0 ? gap : 0);
    }
    const int chipHeight = theme.target() + (theme.elder() ? 0 : theme.px(8));
    const int margin = theme.margin();
    const QFont bold = theme.font(theme.elder() ? 44 : 36, Weight::Bold);
    const QFont note = theme.font(theme.elder() ? 38 : 30);
    QString aside = parts.frame.time;
    if (!parts.frame.activity.isEmpty()) {
        aside = aside.isEmpty() ? parts.frame.activity
                                : parts.frame.activity + QStringLiteral("  ·  ") + aside;
    }
    const double outletWidth = widthOf(parts.frame.outlet, bold);
    const double asideWidth = widthOf(aside, note);
    const QColor outletInk = theme.highContrast() ? colours.ink : colours.jade;
    int left = margin;
    int chipsTop = 0;
    if (theme.portrait()) {
        const int row = theme.px(theme.elder() ? 92 : 80);
        const int first = theme.px(8);
        parts.texts.push_back({parts.frame.outlet, bold, outletInk,
                               QRectF(margin, first, outletWidth, row),
                               Qt::AlignLeft | Qt::AlignVCenter});
        parts.texts.push_back({aside, note, colours.muted,
                               QRectF(width() - margin - asideWidth, first, asideWidth, row),
                               Qt::AlignRight | Qt::AlignVCenter});
        chipsTop = first + row;
        parts.top = QRect(0, 0, width(), chipsTop + chipHeight + theme.px(24));
    } else {
        parts.top = QRect(0, 0, width(), chipHeight + theme.px(40));
        chipsTop = theme.px(20);
        left = width() - margin - natural;
        const double asideLeft = margin + outletWidth + theme.px(32);
        parts.texts.push_back({parts.frame.outlet, bold, outletInk,
                               QRectF(margin, 0, outletWidth, parts.top.height()),
                               Qt::AlignLeft | Qt::AlignVCenter});
        parts.texts.push_back({aside, note, colours.muted,
                               QRectF(asideLeft, 0, asideWidth, parts.top.height()),
                               Qt::AlignLeft | Qt::AlignVCenter});
    }
    // In portrait the switches share the whole width; what is over goes to each alike.
    const int count = static_cast<int>(parts.chips.size());
    const int spare = theme.portrait() ? std::max(0, (width() - 2 * margin - natural) / count) : 0;
    for (std::size_t i = 0; i < parts.chips.size(); ++i) {
        ActionButton& chip = *parts.chips.at(i);
        const bool last = theme.portrait() && i + 1 == parts.chips.size();
        const int wide = last ? width() - margin - left : chip.naturalWidth() + spare;
        chip.place({left, chipsTop, wide, chipHeight});
        left += wide + gap;
    }

    double noticeTop = parts.top.bottom() + 1;
    const double noticeStart = noticeTop;
    if (!parts.frame.notices.isEmpty()) {
        const QFont font = theme.font(theme.note() + 2);
        const double icon = theme.px(theme.note() + 10);
        const double textLeft = margin + icon + theme.px(20);
        noticeTop += theme.px(16);
        for (const QString& notice : parts.frame.notices) {
            const double room = width() - margin - textLeft;
            const double tall = heightFor(notice, font, room);
            parts.noticeMarks.emplace_back(margin, noticeTop + (1.3 * font.pixelSize() - icon) / 2,
                                           icon, icon);
            parts.texts.push_back(
                {notice, font, colours.amberInk, QRectF(textLeft, noticeTop, room, tall)});
            noticeTop += tall + theme.px(8);
        }
        noticeTop += theme.px(8);
    }
    parts.notices =
        QRect(0, static_cast<int>(noticeStart), width(), static_cast<int>(noticeTop - noticeStart));

    const int barPad = theme.px(theme.portrait() ? 24 : 20);
    const int barHeight = theme.mainButton() + 2 * barPad;
    parts.bottom = QRect(0, height() - barHeight, width(), barHeight);
    parts.help->setWord(words.help, QStringLiteral("help"), words.helpName);
    parts.help->setVisible(parts.page.help && parts.call == nullptr);
    const int helpWidth = std::max(theme.px(280), parts.help->naturalWidth());
    parts.help->place(
        {width() - margin - helpWidth, parts.bottom.top() + barPad, helpWidth, theme.mainButton()});
    parts.back->setVisible(parts.page.back.has_value());
    if (parts.page.back) {
        const Choice& back = *parts.page.back;
        parts.back->setWord(back.title, back.icon.isEmpty() ? QStringLiteral("back") : back.icon);
        parts.back->setEnabled(back.enabled);
        const int wide = std::max(theme.px(240), parts.back->naturalWidth());
        parts.back->place({margin, parts.bottom.top() + barPad, wide, theme.mainButton()});
    }

    const int contentTop = static_cast<int>(noticeTop);
    parts.content = QRect(0, contentTop, width(), parts.bottom.top() - contentTop);
    if (parts.call == nullptr) {
        std::ranges::any_of(kPageSizes, [this](double size) { return writePage(size); });
    } else {
        placeCall();
    }
    placeMark();
    update();
}

void KioskWindow::pointAt(const Pointed& pointed)
{
    m_parts->pointed = pointed;
    placeMark();
}

void KioskWindow::placeMark()
{
    Parts& parts = *m_parts;
    const auto& [element, place] = parts.pointed;
    QRect face;
    if (element == QLatin1String("back") && parts.page.back) {
        face = parts.back->face();
    } else if (parts.view != nullptr && !element.isEmpty()) {
        face = parts.view->placeOf(element);
        face.translate(face.isEmpty() ? QPoint() : parts.content.topLeft());
    }
    if (parts.call != nullptr && !face.isEmpty()) {
        parts.mark->frame(face);
    } else if (parts.call != nullptr && place) {
        parts.mark->dot(parts.content.topLeft() +
                        QPoint(qRound(place->x() * parts.content.width()),
                               qRound(place->y() * parts.content.height())));
    } else {
        parts.mark->hide();
    }
}

/// Lays the page out so large; whether all of its words fit.
bool KioskWindow::writePage(double share)
{
    m_parts->pageTheme = Theme(m_parts->frame, size(), share);
    placeView();
    return m_parts->view == nullptr || m_parts->view->clippedTexts().isEmpty();
}

void KioskWindow::placeView()
{
    Parts& parts = *m_parts;
    if (parts.view == nullptr) {
        return;
    }
    if (parts.view->geometry() == parts.content) {
        parts.view->layOutAgain();
    } else {
        parts.view->setGeometry(parts.content);
    }
}

/// The pictures give way to the page's words, then the size of its letters.
void KioskWindow::placeCall()
{
    Parts& parts = *m_parts;
    const QRect whole = parts.content;
    const auto tryOut = [&](const CallPlace& place) {
        parts.content = whole;
        parts.call->setRoomy(place.share > 0);
        parts.call->setGeometry(takePlace(place, *parts.call, parts.content));
        parts.call->layOutAgain();
        return writePage(place.page);
    };
    if (parts.theme.portrait()) {
        std::ranges::any_of(kPortraitPlaces, tryOut);
    } else {
        std::ranges::any_of(kLandscapePlaces, tryOut);
    }
}

void KioskWindow::chainFocus()
{
    Parts& parts = *m_parts;
    if (parts.view == nullptr) {
        return;
    }
    QList<QWidget*> chain;
    for (PressArea* stop : parts.view->stops()) {
        chain.append(stop);
    }
    if (parts.call != nullptr) {
        for (PressArea* stop : parts.call->stops()) {
            chain.append(stop);
        }
    }
    chain << parts.back << parts.help;
    for (ActionButton* chip : parts.chips) {
        chain.append(chip);
    }
    for (qsizetype i = 1; i < chain.size(); ++i) {
        setTabOrder(chain.at(i - 1), chain.at(i));
    }
    QWidget* first = parts.help;
    for (PressArea* stop : parts.view->stops()) {
        if (stop->isEnabled()) {
            first = stop;
            break;
        }
    }
    first->setFocus(Qt::OtherFocusReason);
}

bool KioskWindow::accept()
{
    QElapsedTimer& since = m_parts->sincePress;
    if (since.isValid() && since.elapsed() < m_parts->pressFilter) {
        return false;
    }
    since.start();
    return true;
}

void KioskWindow::press(const Choice& choice, bool goesBack)
{
    if (accept()) {
        m_parts->wentBack = goesBack;
        if (isPad(m_parts->page.kind) && choice.emphasis) {
            m_parts->handwritten = true;
            emit handwritten(m_parts->view->handwriting());
        }
        emit intent(choice.event, choice.value);
    }
}

void KioskWindow::pressFrame(const char* what)
{
    if (accept()) {
        emit frameIntent(QLatin1String(what));
    }
}

QStringList KioskWindow::clippedTexts() const
{
    const Parts& parts = *m_parts;
    QStringList clipped;
    const QRectF whole = QRectF(rect()).adjusted(-1, -1, 1, 1);
    for (const Lettering& lettering : parts.texts) {
        if (!lettering.text.isEmpty() && (!fits(lettering) || !whole.contains(lettering.place))) {
            clipped.append(lettering.text);
        }
    }
    QList<const ActionButton*> buttons(parts.chips.begin(), parts.chips.end());
    buttons << parts.help;
    if (parts.page.back) {
        buttons << parts.back;
    }
    for (const ActionButton* button : buttons) {
        clipped.append(button->clippedTexts());
    }
    if (parts.view != nullptr) {
        clipped.append(parts.view->clippedTexts());
    }
    if (parts.call != nullptr) {
        clipped.append(parts.call->clippedTexts());
    }
    return clipped;
}

void KioskWindow::resizeEvent(QResizeEvent* /*event*/)
{
    restyle();
}

void KioskWindow::paintEvent(QPaintEvent* /*event*/)
{
    Parts& parts = *m_parts;
    const Palette& colours = parts.theme.colours();
    const int line = parts.theme.border();
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.fillRect(parts.content, colours.page);
    if (parts.call != nullptr) {
        painter.fillRect(QRect(0, parts.notices.bottom() + 1, width(), parts.bottom.top()),
                         colours.page);
    }
    painter.fillRect(parts.top, colours.surface);
    painter.fillRect(parts.bottom, colours.surface);
    painter.fillRect(0, parts.top.bottom() + 1 - line, width(), line, colours.line);
    if (parts.notices.height() > 0) {
        painter.fillRect(parts.notices, colours.amberGround);
        painter.fillRect(0, parts.notices.bottom() + 1 - line, width(), line, colours.amberLine);
        for (const QRectF& mark : parts.noticeMarks) {
            drawIcon(painter, QStringLiteral("warning"), mark, colours.amberInk);
        }
    }
    painter.fillRect(0, parts.bottom.top(), width(), line, colours.line);
    for (const Lettering& lettering : parts.texts) {
        draw(painter, lettering);
    }
    if (!std::exchange(parts.painted, true)) {
        QMetaObject::invokeMethod(this, &KioskWindow::firstFrame, Qt::QueuedConnection);
    }
}

bool KioskWindow::eventFilter(QObject* watched, QEvent* event)
{
    const auto type = event->type();
    const bool touch = type == QEvent::MouseButtonPress || type == QEvent::TouchBegin;
    const bool release = type == QEvent::MouseButtonRelease || type == QEvent::KeyRelease;
    if ((!touch && !release && type != QEvent::KeyPress) || !watched->isWidgetType()) {
        return false;
    }
    const auto* const widget = static_cast<const QWidget*>(watched);
    if (widget != this && !isAncestorOf(widget)) {
        return false;
    }
    if (release) { // after the press has done its work: it may be the one that ends the session
        if (!std::exchange(m_parts->active, true)) { // parents see the same event once more
            QMetaObject::invokeMethod(
                this,
                [this] {
                    m_parts->active = false;
                    emit activity();
                },
                Qt::QueuedConnection);
        }
        return false;
    }
    if (property(kKeysInUse).toBool() == touch) {
        setProperty(kKeysInUse, !touch);
        if (QWidget* const focus = focusWidget()) {
            focus->update();
        }
    }
    return false;
}

} // namespace guichet::kiosk
