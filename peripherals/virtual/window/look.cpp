// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/window/look.h"

#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QPushButton>
#include <QVBoxLayout>

namespace guichet::virtualdevices {

QString styleSheet()
{
    return QStringLiteral(R"(
        * { font-family: "Noto Sans", "Noto Sans CJK SC"; font-size: 13px; color: #1B1F23; }
        QWidget#world, QWidget#table, QScrollArea#table { background: #FAF8F4; border: none; }
        QFrame#panel { background: #FFFFFF; border: 1px solid #E4DFD6; border-radius: 10px; }
        QLabel { background: transparent; }
        QLabel#heading { font-size: 15px; font-weight: 600; }
        QLabel#note { color: #5B6470; font-size: 12px; }
        QLabel#light { background: #EEEAE2; border: 1px solid #E4DFD6; border-radius: 7px; padding: 3px; font-size: 12px; }
        QLabel#light[lit="true"] { background: #FFD98A; border-color: #E2A33C; color: #7A4B00; }
        QPushButton { background: #FFFFFF; border: 1px solid #D5CEC2; border-radius: 7px;
                      padding: 5px 8px; min-height: 20px; }
        QPushButton:hover { background: #F5F2EC; }
        QPushButton:pressed { background: #ECE7DD; }
        QPushButton:disabled { color: #A9A69F; border-color: #ECE7DD; }
        QPushButton:checked { background: #FFF3DF; border-color: #E2A33C; color: #7A4B00; }
        QPushButton:focus { border: 2px solid #1A5FB4; padding: 4px 7px; }
        QLineEdit { background: #FFFFFF; border: 1px solid #D5CEC2; border-radius: 7px; padding: 5px 8px; }
        QLineEdit:focus { border: 2px solid #1A5FB4; padding: 4px 7px; }
        QPushButton#card { text-align: left; min-height: 36px; }
        QPushButton#card:checked, QPushButton#good:checked {
            background: #E2F0ED; border-color: #0B6E5F; color: #0B6E5F; font-weight: 600; }
        QPushButton#go { background: #0B6E5F; border-color: #0B6E5F; color: #FFFFFF; font-weight: 600; }
        QPushButton#go:hover { background: #0D7F6E; }
        QPushButton#go:disabled { background: #E4DFD6; border-color: #E4DFD6; color: #A9A69F; }
        QScrollArea { background: #EEEAE2; border: 1px solid #E4DFD6; border-radius: 7px; }
        QWidget#roll { background: #EEEAE2; }
        QScrollBar:vertical { background: transparent; width: 8px; margin: 2px; }
        QScrollBar::handle:vertical { background: #CFC8BB; border-radius: 3px; min-height: 24px; }
        QScrollBar::add-line, QScrollBar::sub-line { height: 0; }
        QScrollBar::add-page, QScrollBar::sub-page { background: transparent; }
    )");
}

QString bothWays(const char* chinese, const char* english)
{
    return QString::fromUtf8(chinese) + QLatin1Char(' ') + QString::fromUtf8(english);
}

QVBoxLayout* layOutPanel(QFrame* panel, const QString& heading, QLabel* note)
{
    panel->setObjectName(QStringLiteral("panel"));
    auto* layout = new QVBoxLayout(panel);
    layout->setSpacing(6);
    auto* top = new QHBoxLayout;
    auto* title = new QLabel(heading, panel);
    title->setObjectName(QStringLiteral("heading"));
    top->addWidget(title);
    top->addStretch();
    top->addWidget(note);
    layout->addLayout(top);
    return layout;
}

QLabel* makeNote(QWidget* parent)
{
    auto* label = new QLabel(parent);
    label->setObjectName(QStringLiteral("note"));
    return label;
}

QPushButton* makeButton(const QString& text, QWidget* parent)
{
    return new QPushButton(text, parent);
}

QPushButton* makeSwitch(const QString& text, QWidget* parent)
{
    auto* button = new QPushButton(text, parent);
    button->setCheckable(true);
    return button;
}

} // namespace guichet::virtualdevices
