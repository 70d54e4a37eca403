// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/support/kiosk.h"

#include <QPointingDevice>
#include <QTest>

#include <catch2/catch.hpp>

#include "kiosk/app/kiosk_parts.h"
#include "kiosk/journeys/journeys.h"
#include "kiosk/views/call_panel.h"
#include "kiosk/views/page_slide.h"

namespace guichet::test {
namespace {

constexpr int kKioskStepMs = 30'000;

kiosk::KioskConfig configuration(const QString& folder, const Kiosk::Patience& patience)
{
    kiosk::KioskConfig config;
    config.hubUrl = "http://127.0.0.1:8481"; // the relay, whose cable can be cut
    config.publicUrl = "http://127.0.0.1:8480";
    config.cameraFrames = (folder + QStringLiteral("/devices/frames/camera.sock")).toStdString();
    config.data = (folder + QStringLiteral("/kiosk")).toStdString();
    config.callProgram = patience.calls ? GUICHET_BIN_DIR "/guichet-call" : "";
    config.audioSource = "audiotestsrc wave=ticks";
    config.audioSink = "fakesink";
    config.recordKey = patience.recordKey;
    config.retentionClasses = {{"help", {.months = 6}},
                               {"account-change", {.months = 60}},
                               {"wealth-sale", {.months = 120}}};
    config.usualClass = "help";
    config.loopback = true;
    config.idleSeconds = patience.idle;
    config.warningSeconds = patience.warning;
    config.alarmSeconds = patience.alarm;
    return config;
}

kiosk::Journeys builtInJourneys()
{
    kiosk::registerBuiltInJourneys();
    auto journeys = kiosk::loadJourneys(QStringLiteral(":/journeys"));
    REQUIRE(journeys);
    return *journeys;
}

kiosk::JournalFile::Opened openJournal(const kiosk::KioskConfig& config)
{
    auto opened = kiosk::JournalFile::open(config.data);
    REQUIRE(opened);
    return std::move(*opened);
}

} // namespace

struct Kiosk::Parts {
    Parts(const QString& folder, const Patience& patience)
        : config(configuration(folder, patience))
        , journeys(builtInJourneys())
        , opened(openJournal(config))
        , journal(kiosk::journalOnThread(std::move(opened.file)))
        , parts(config, journeys, *journal)
    {
    }

    kiosk::KioskConfig config;
    kiosk::Journeys journeys;
    kiosk::JournalFile::Opened opened;
    std::unique_ptr<kiosk::Journal> journal;
    kiosk::KioskParts parts;
    std::unique_ptr<QPointingDevice> screen{QTest::createTouchDevice()};
};

Kiosk::Kiosk(const QString& dataFolder, Patience patience)
    : m_parts(std::make_unique<Parts>(dataFolder, patience))
{
    REQUIRE(m_parts->parts.session.begin(m_parts->opened.records));
    m_parts->parts.window.setPressFilter(0); // a test touches faster than a person
    m_parts->parts.window.resize(1080, 1920);
    m_parts->parts.window.show();
    REQUIRE(QTest::qWaitForWindowExposed(&m_parts->parts.window, kKioskStepMs));
}

Kiosk::~Kiosk() = default;

bool Kiosk::offers(const QString& control) const
{
    const auto* widget = m_parts->parts.window.findChild<QWidget*>(control);
    return widget != nullptr && widget->isVisible() && widget->isEnabled();
}

void Kiosk::touch(const QString& control)
{
    INFO("touch " << control.toStdString() << " on page " << page().id.toStdString());
    REQUIRE(QTest::qWaitFor([&] { return offers(control); }, kKioskStepMs));
    auto* widget = m_parts->parts.window.findChild<QWidget*>(control);
    const auto middle = widget->rect().center();
    QTest::touchEvent(widget, m_parts->screen.get()).press(0, middle, widget);
    QTest::touchEvent(widget, m_parts->screen.get()).release(0, middle, widget);
}

void Kiosk::sign()
{
    REQUIRE(QTest::qWaitFor([&] { return offers(QStringLiteral("pad")); }, kKioskStepMs));
    auto* pad = m_parts->parts.window.findChild<QWidget*>(QStringLiteral("pad"));
    const QPoint left(pad->width() / 4, pad->height() / 2);
    QTest::touchEvent(pad, m_parts->screen.get()).press(0, left, pad);
    constexpr int kSteps = 12;
    for (int step = 1; step <= kSteps; ++step) {
        const QPoint next =
            left + QPoint(step * pad->width() / 2 / kSteps, (step % 2 - 1) * pad->height() / 6);
        QTest::touchEvent(pad, m_parts->screen.get()).move(0, next, pad);
    }
    const QPoint right = left + QPoint(pad->width() / 2, 0);
    QTest::touchEvent(pad, m_parts->screen.get()).release(0, right, pad);
}

const kiosk::Page& Kiosk::page() const
{
    return m_parts->parts.window.page();
}
const kiosk::Frame& Kiosk::frame() const
{
    return m_parts->parts.window.frame();
}

bool Kiosk::reaches(const QString& pageId)
{
    const bool reached = QTest::qWaitFor([&] { return page().id == pageId; }, kKioskStepMs);
    UNSCOPED_INFO("stands at page " << page().id.toStdString());
    return reached;
}

bool Kiosk::seesCodes()
{
    return QTest::qWaitFor([&] { return m_parts->parts.devices.cameraReady(); }, kKioskStepMs);
}

bool Kiosk::isTold(const QString& words)
{
    return QTest::qWaitFor(
        [&] {
            const auto* call =
                m_parts->parts.window.findChild<kiosk::CallPanel*>(QStringLiteral("call"));
            return call != nullptr && call->call().caption == words;
        },
        kKioskStepMs);
}

bool Kiosk::saysOfCall(const QString& state)
{
    const auto said = [this]() -> std::optional<QString> {
        const auto* call =
            m_parts->parts.window.findChild<kiosk::CallPanel*>(QStringLiteral("call"));
        return call == nullptr ? std::nullopt : std::optional(call->call().state);
    };
    const bool reads = QTest::qWaitFor([&] { return said() == state; }, kKioskStepMs);
    UNSCOPED_INFO("the call says: " << said().value_or(QStringLiteral("(none)")).toStdString());
    return reads;
}

bool Kiosk::saysRecording()
{
    return QTest::qWaitFor(
        [&] {
            const auto* call =
                m_parts->parts.window.findChild<kiosk::CallPanel*>(QStringLiteral("call"));
            return call != nullptr && !call->call().recording.isEmpty();
        },
        kKioskStepMs);
}

bool Kiosk::marksSomething()
{
    const auto* mark = m_parts->parts.window.findChild<QWidget*>(QStringLiteral("pointerMark"));
    return QTest::qWaitFor([&] { return mark->isVisible(); }, kKioskStepMs);
}

bool Kiosk::seesStaff()
{
    return QTest::qWaitFor(
        [&] {
            const auto* call = m_parts->parts.window.findChild<kiosk::CallPanel*>();
            return call != nullptr && call->showsStaff();
        },
        kKioskStepMs);
}

void Kiosk::picture(const char* name) const
{
    if (const auto folder = qEnvironmentVariable("GUICHET_PICTURES"); !folder.isEmpty()) {
        auto& window = m_parts->parts.window;
        const auto* slide = window.findChild<kiosk::PageSlide*>();
        REQUIRE(QTest::qWaitFor([&] { return !slide->isVisible(); }, kKioskStepMs));
        window.grab().save(folder + QLatin1Char('/') + QLatin1String(name));
    }
}

bool Kiosk::showsNotices(int count)
{
    const bool shown =
        QTest::qWaitFor([&] { return frame().notices.size() == count; }, kKioskStepMs);
    UNSCOPED_INFO("shows: " << frame().notices.join(QStringLiteral(" | ")).toStdString());
    return shown;
}

QString Kiosk::reachesOneOf(const QStringList& pageIds)
{
    const bool reached = QTest::qWaitFor([&] { return pageIds.contains(page().id); }, kKioskStepMs);
    UNSCOPED_INFO("stands at page " << page().id.toStdString());
    return reached ? page().id : QString();
}

} // namespace guichet::test
