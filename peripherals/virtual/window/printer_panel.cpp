// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/window/printer_panel.h"

#include <QGridLayout>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

#include "peripherals/virtual/window/look.h"
#include "peripherals/virtual/window/paper_view.h"

namespace guichet::virtualdevices {

namespace {

constexpr std::size_t kSlowBytesPerSecond = 2'000;
constexpr std::size_t kCutAfter =
    600; ///< bytes: past the questions before a job, inside its picture

} // namespace

PrinterPanel::PrinterPanel(PrinterServer& printer, QWidget* parent)
    : QFrame(parent)
    , m_printer(printer)
    , m_full(makeSwitch(bothWays("有纸", "Paper"), this))
    , m_low(makeSwitch(bothWays("将尽", "Near end"), this))
    , m_out(makeSwitch(bothWays("缺纸", "Out"), this))
    , m_cover(makeSwitch(bothWays("开盖", "Cover open"), this))
    , m_offline(makeSwitch(bothWays("脱机", "Off-line"), this))
    , m_jam(makeSwitch(bothWays("卡纸", "Jam"), this))
    , m_slow(makeSwitch(bothWays("慢速", "Slow"), this))
    , m_cut(makeSwitch(bothWays("中途断线", "Cut in job"), this))
    , m_power(makeSwitch(bothWays("断电", "Power off"), this))
    , m_take(makeButton(bothWays("取走票据", "Take the paper"), this))
    , m_note(makeNote(this))
    , m_paper(new PaperView(this))
{
    m_full->setObjectName(QStringLiteral("good"));
    m_take->setObjectName(QStringLiteral("go"));
    auto* layout = layOutPanel(this, bothWays("凭条打印机", "Receipt printer"), m_note);
    auto* grid = new QGridLayout;
    grid->setSpacing(6);
    int position = 0;
    for (auto* button : {m_full, m_low, m_out, m_cover, m_offline, m_jam, m_slow, m_cut, m_power}) {
        grid->addWidget(button, position / 3, position % 3);
        ++position;
    }
    layout->addLayout(grid);
    layout->addWidget(m_paper, 1);
    layout->addWidget(m_take);
    connectButtons();
}

void PrinterPanel::connectButtons()
{
    const auto onClick = [this](QPushButton* button, auto action) {
        connect(button, &QPushButton::clicked, this, [this, action](bool on) {
            action(on);
            refresh();
        });
    };
    onClick(m_full, [this](bool) { m_printer.loadPaper(false); });
    onClick(m_low, [this](bool) { m_printer.loadPaper(true); });
    onClick(m_out, [this](bool) { m_printer.removePaper(); });
    onClick(m_cover, [this](bool on) { m_printer.setCover(on); });
    onClick(m_offline, [this](bool on) { m_printer.setOffline(on); });
    onClick(m_jam, [this](bool on) { m_printer.setJam(on); });
    onClick(m_slow, [this](bool on) { m_printer.setSpeed(on ? kSlowBytesPerSecond : 0); });
    onClick(m_cut,
            [this](bool on) { m_printer.cutAfter(on ? std::optional(kCutAfter) : std::nullopt); });
    onClick(m_power, [this](bool off) {
        const auto done = m_printer.setPower(!off);
        m_refused = done ? QString() : QString::fromStdString(done.error().detail);
    });
    onClick(m_take, [this](bool) { m_printer.take(); });
}

void PrinterPanel::refresh()
{
    const auto state = m_printer.state();
    const auto& sensors = state.sensors;
    m_full->setChecked(!sensors.paperOut && !sensors.paperLow);
    m_low->setChecked(!sensors.paperOut && sensors.paperLow);
    m_out->setChecked(sensors.paperOut);
    m_cover->setChecked(sensors.coverOpen);
    m_offline->setChecked(sensors.offline);
    m_jam->setChecked(sensors.jam);
    m_slow->setChecked(state.bytesPerSecond > 0);
    m_cut->setChecked(state.cutAfter.has_value());
    m_power->setChecked(!state.power);
    m_take->setEnabled(state.hanging > 0 || state.midTicket);

    if (!m_refused.isEmpty()) {
        m_note->setText(m_refused);
    } else if (!state.power) {
        m_note->setText(bothWays("已断电", "no power"));
    } else if (state.waiting > 0) {
        m_note->setText(bothWays("缓冲中", "in the buffer") +
                        QStringLiteral(" %1 B").arg(state.waiting));
    } else {
        m_note->setText(state.connected ? bothWays("已连接", "connected")
                                        : bothWays("空闲", "idle"));
    }
    m_paper->showTickets(m_printer.tickets());
}

} // namespace guichet::virtualdevices
