// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/window/camera_panel.h"

#include <QHBoxLayout>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QVBoxLayout>

#include "peripherals/virtual/window/look.h"

namespace guichet::virtualdevices {

CameraPanel::CameraPanel(CameraServer& camera, QWidget* parent)
    : QFrame(parent)
    , m_camera(camera)
    , m_text(new QLineEdit(this))
    , m_show(makeButton(bothWays("出示", "Hold up"), this))
    , m_clear(makeButton(bothWays("拿开", "Take away"), this))
    , m_inverted(makeSwitch(bothWays("深色模式", "Dark mode"), this))
    , m_dark(makeSwitch(bothWays("关灯", "Lights out"), this))
    , m_unplugged(makeSwitch(bothWays("拔线", "Unplugged"), this))
    , m_note(makeNote(this))
{
    m_text->setObjectName(QStringLiteral("cameraText"));
    m_show->setObjectName(QStringLiteral("go"));
    m_text->setPlaceholderText(bothWays("粘贴二维码内容", "Paste what the code holds"));
    auto* layout = layOutPanel(this, bothWays("摄像头", "Camera"), m_note);
    auto* code = new QHBoxLayout;
    code->setSpacing(6);
    code->addWidget(m_text, 1);
    code->addWidget(m_show);
    code->addWidget(m_clear);
    layout->addLayout(code);
    auto* row = new QHBoxLayout;
    row->setSpacing(6);
    row->addWidget(m_inverted);
    row->addWidget(m_dark);
    row->addWidget(m_unplugged);
    layout->addLayout(row);
    connect(m_text, &QLineEdit::returnPressed, this, &CameraPanel::holdUp);
    connect(m_show, &QPushButton::clicked, this, &CameraPanel::holdUp);
    connect(m_clear, &QPushButton::clicked, this, [this] {
        m_refused.clear();
        m_camera.clear();
        refresh();
    });
    connect(m_inverted, &QPushButton::clicked, this, [this] {
        if (m_camera.state().phone) {
            holdUp();
        }
    });
    connect(m_dark, &QPushButton::clicked, this, [this](bool on) {
        m_camera.dark(on);
        refresh();
    });
    connect(m_unplugged, &QPushButton::clicked, this, [this](bool out) { plug(!out); });
}

void CameraPanel::holdUp()
{
    PhoneCode phone;
    phone.text = m_text->text().trimmed().toStdString();
    phone.inverted = m_inverted->isChecked();
    const auto shown = m_camera.showCode(phone);
    m_refused = shown ? QString() : QString::fromStdString(shown.error().detail);
    refresh();
}

void CameraPanel::plug(bool in)
{
    const auto done = m_camera.plug(in);
    m_refused = done ? QString() : QString::fromStdString(done.error().detail);
    refresh();
}

void CameraPanel::refresh()
{
    const auto state = m_camera.state();
    m_clear->setEnabled(state.phone || !state.picture.empty());
    m_dark->setChecked(state.dark);
    m_unplugged->setChecked(!state.plugged);
    if (!m_refused.isEmpty()) {
        m_note->setText(m_refused);
    } else if (state.phone) {
        m_note->setText(bothWays("手机二维码在镜头前", "a phone's code in view"));
    } else if (!state.picture.empty()) {
        m_note->setText(bothWays("显示图片", "a picture"));
    } else {
        m_note->setText(bothWays("镜头前没有东西", "nothing in view"));
    }
}

} // namespace guichet::virtualdevices
