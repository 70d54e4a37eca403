// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/window/document_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "peripherals/virtual/window/look.h"

namespace guichet::virtualdevices {

namespace {

auto now()
{
    return std::chrono::steady_clock::now();
}

QString wordsFor(const OfficePrinter::Job& job)
{
    using enum OfficePrinter::JobState;
    const auto state = job.state == Completed    ? bothWays("已打完", "printed")
                       : job.state == Cancelled  ? bothWays("已取消", "cancelled")
                       : job.state == Stopped    ? bothWays("等待", "waits")
                       : job.state == Processing ? bothWays("打印中", "printing")
                                                 : bothWays("接收中", "coming");
    return QStringLiteral("%1 · %2/%3").arg(state).arg(job.pagesOut).arg(job.pages);
}

} // namespace

DocumentPanel::DocumentPanel(DocumentServer& server, QWidget* parent)
    : QFrame(parent)
    , m_server(server)
    , m_full(makeSwitch(bothWays("有纸", "Paper"), this))
    , m_out(makeSwitch(bothWays("缺纸", "Out"), this))
    , m_cover(makeSwitch(bothWays("开盖", "Cover open"), this))
    , m_unplugged(makeSwitch(bothWays("断线", "Unplugged"), this))
    , m_note(makeNote(this))
{
    m_full->setObjectName(QStringLiteral("good"));
    auto* layout = layOutPanel(this, bothWays("A4 打印机", "A4 printer"), m_note);
    auto* row = new QHBoxLayout;
    row->setSpacing(6);
    for (auto* button : {m_full, m_out, m_cover, m_unplugged}) {
        row->addWidget(button);
    }
    layout->addLayout(row);
    connect(m_full, &QPushButton::clicked, this, [this] {
        m_server.printer().load(Tray::Full, now());
        refresh();
    });
    connect(m_out, &QPushButton::clicked, this, [this] {
        m_server.printer().load(Tray::Out, now());
        refresh();
    });
    connect(m_cover, &QPushButton::clicked, this, [this](bool open) {
        m_server.printer().setCover(open, now());
        refresh();
    });
    connect(m_unplugged, &QPushButton::clicked, this, [this](bool out) {
        const auto done = m_server.plug(!out);
        m_refused = done ? QString() : QString::fromStdString(done.error().detail);
        refresh();
    });
}

void DocumentPanel::refresh()
{
    const auto state = m_server.printer().state(now());
    m_full->setChecked(state.tray == Tray::Full);
    m_out->setChecked(state.tray == Tray::Out);
    m_cover->setChecked(state.coverOpen);
    m_unplugged->setChecked(!m_server.plugged());
    m_note->setText(!m_refused.isEmpty() ? m_refused
                    : state.jobs.empty() ? bothWays("空闲", "idle")
                                         : wordsFor(state.jobs.back()));
}

} // namespace guichet::virtualdevices
