// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/case_watch.h"

#include <QBuffer>
#include <QLoggingCategory>
#include <utility>

#include "kiosk/app/assist_port.h"
#include "kiosk/app/bank_effects.h"
#include "kiosk/app/call_control.h"
#include "kiosk/app/camera_picture.h"
#include "kiosk/app/case_entries.h"
#include "kiosk/app/device_port.h"
#include "kiosk/app/staff_link.h"
#include "kiosk/app/terminal_effects.h"
#include "kiosk/views/kiosk_window.h"

Q_LOGGING_CATEGORY(lcCase, "kiosk.case")

namespace guichet::kiosk {

using nlohmann::json;

namespace {

constexpr qsizetype kLargestPicture = 256 * 1024;

/// Pages on which the primary button means yes: what was read then is kept as a picture.
bool confirms(const Page& page)
{
    return page.kind == PageKind::Review || page.kind == PageKind::Sign ||
           page.id == QLatin1String("request");
}

QByteArray jpegOf(const QImage& image)
{
    constexpr int kQuality = 85;
    QByteArray bytes;
    QBuffer buffer(&bytes);
    const bool saved = !image.isNull() && buffer.open(QIODevice::WriteOnly) &&
                       image.save(&buffer, "JPG", kQuality);
    return saved && bytes.size() <= kLargestPicture ? bytes : QByteArray();
}

} // namespace

CaseWatch::CaseWatch(const Parts& parts, QObject* parent)
    : QObject(parent)
    , m_parts(parts)
    , m_notes([&call = parts.call](const json& command) { return call.record(command); }, m_clock)
{
    if (parts.config.recordKey.empty()) {
        return;
    }
    if (auto key = SealingKey::fromFile(parts.config.recordKey)) {
        m_seal = std::move(*key);
    } else {
        qCCritical(lcCase) << "record_key:" << key.error().detail.c_str();
    }
    connect(&parts.call, &CallControl::changed, this, &CaseWatch::onCall);
    connect(&parts.call, &CallControl::kept, this,
            [this](const QString& id) { m_notes.onKept(id.toStdString()); });
    connect(&parts.window, &KioskWindow::intent, this, &CaseWatch::onPressed);
    connect(&parts.staff, &StaffLink::stepped, this, &CaseWatch::onPage);
    connect(&parts.bank, &BankEffects::gathered, this, &CaseWatch::onGathered);
    connect(&parts.camera, &CameraPicture::changed, this,
            [this](const QImage& picture) { m_seen = picture; });
    connect(&parts.assist, &AssistPort::changed, this, &CaseWatch::onStaff);
    connect(&parts.assist, &AssistPort::answered, this, &CaseWatch::onAnswered);
    connect(&parts.effects, &TerminalEffects::forgotten, this, [this] {
        m_notes.forgetStart();
        m_seen = {};
    });
    connect(&parts.devices, &DevicePort::readerChanged, this,
            [this](bool ready) { device("cardReader", ready); });
    connect(&parts.devices, &DevicePort::printerChanged, this,
            [this](bool ready) { device("receiptPrinter", ready); });
    connect(&parts.devices, &DevicePort::cameraChanged, this,
            [this](bool ready) { device("camera", ready); });
}

void CaseWatch::onCall()
{
    const auto& call = m_parts.call;
    const bool begins = !call.recorded().empty() && m_case != call.recorded();
    m_case = call.recorded();
    m_notes.setCase(m_case, call.recording());
    if (!begins) {
        return;
    }
    m_page.clear();
    m_requests.clear();
    m_approvals = m_sayings = 0;
    m_notes.note({{"event", "devices"},
                  {"cardReader", m_parts.devices.readerReady()},
                  {"receiptPrinter", m_parts.devices.printerReady()},
                  {"camera", m_parts.devices.cameraReady()}});
    const auto& task = m_parts.effects.journey().retention;
    retain(task.isEmpty() ? m_parts.config.usualClass : task.toStdString());
    onPage(m_parts.window.page());
    onStaff();
}

void CaseWatch::retain(const std::string& name)
{
    if (name.empty()) {
        return;
    }
    const auto known = m_parts.config.retentionClasses.find(name);
    if (known == m_parts.config.retentionClasses.end()) {
        qCCritical(lcCase) << "no class of retention is called" << name.c_str();
        return;
    }
    m_notes.retain(name, known->second.months, known->second.fromCall);
}

QString CaseWatch::language() const
{
    return m_parts.window.frame().language;
}

QByteArray CaseWatch::screen() const
{
    return boundedPicture(m_parts.window.grab().toImage(), "PNG", kLargestPicture);
}

void CaseWatch::onPage(const Page& page)
{
    if (m_case.empty() || std::exchange(m_page, page.id) == page.id) {
        return;
    }
    m_notes.note(page.kind == PageKind::Form
                     ? formShown(m_parts.effects.journey(), page, language())
                     : pageEntry("page", page, language()));
}

/// Before the journey hears of it: the page still stands there as it was read.
void CaseWatch::onPressed(const QString& event, const QString& value)
{
    const auto& page = m_parts.window.page();
    if (!page.primary || page.primary->event != event) {
        return;
    }
    if (page.id == QLatin1String("consent")) {
        m_notes.attachAtStart(pageEntry("consent", page, language()), "image/png", screen());
        return;
    }
    if (m_case.empty()) {
        return;
    }
    if (page.kind == PageKind::Form) {
        const auto seal = [this](const std::string& text) {
            const auto sealed = m_seal ? m_seal->seal(asBytes(text)) : Result<std::string>();
            return sealed.value_or(std::string());
        };
        if (auto entry = formConfirmed(m_parts.effects.journey(), page, language(), value, seal)) {
            m_notes.note(std::move(*entry));
        }
    } else if (confirms(page)) {
        m_notes.attach(pageEntry("confirmed", page, language()), "image/png", screen());
    }
}

void CaseWatch::onGathered(const bank::EvidenceContent& content)
{
    if (m_case.empty()) {
        return;
    }
    const auto& kind = content.evidence.kind;
    const json entry{{"event", kind}, {"handle", content.evidence.handle}};
    const auto text = asText(content.data);
    m_notes.attach(entry, content.mediaType.c_str(),
                   QByteArray(text.data(), static_cast<qsizetype>(text.size())));
    if (kind != "document") {
        return;
    }
    if (const auto picture = jpegOf(m_seen); !picture.isEmpty()) { // held before the camera
        m_notes.attach({{"event", "documentPicture"}, {"handle", content.evidence.handle}},
                       "image/jpeg", picture);
    }
}

void CaseWatch::onStaff()
{
    if (m_case.empty()) {
        return;
    }
    const auto& known = m_parts.assist.known();
    for (const auto& request : known.requests()) {
        onRequest(request);
    }
    const auto& approvals = known.approvals();
    for (; m_approvals < approvals.size(); ++m_approvals) {
        const auto& approval = approvals[m_approvals];
        m_notes.note({{"event", approval.ok ? "approved" : "rejected"},
                      {"step", approval.step},
                      {"by", approval.by},
                      {"reason", approval.reason}});
    }
    const auto& sayings = known.sayings();
    for (; m_sayings < sayings.size(); ++m_sayings) {
        const auto& saying = sayings[m_sayings];
        m_notes.note({{"event", "written"},
                      {"by", saying.own ? "customer" : "staff"},
                      {"text", saying.text}});
    }
}

void CaseWatch::onRequest(const assist::TerminalCase::Request& request)
{
    if (!m_case.empty() && m_requests.insert(request.id).second) {
        m_notes.note({{"event", "request"},
                      {"request", request.id},
                      {"kind", request.kind},
                      {"by", request.by}});
    }
}

void CaseWatch::onAnswered(const assist::TerminalCase::Request& request, const std::string& outcome)
{
    onRequest(request); // refused before anybody else heard of it
    m_notes.note({{"event", "result"}, {"request", request.id}, {"outcome", outcome}});
}

void CaseWatch::device(const char* name, bool ready)
{
    m_notes.note({{"event", "device"}, {"device", name}, {"ready", ready}});
}

} // namespace guichet::kiosk
