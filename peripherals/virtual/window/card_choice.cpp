// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/window/card_choice.h"

#include <QGridLayout>
#include <QPushButton>

#include "peripherals/virtual/window/look.h"

namespace guichet::virtualdevices {

CardChoice::CardChoice(const std::vector<CardTitle>& cards, QWidget* parent)
    : QWidget(parent)
{
    constexpr int kColumns = 3;
    auto* grid = new QGridLayout(this);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(6);
    int position = 0;
    for (const auto& card : cards) {
        auto* button = makeSwitch(QString::fromStdString(card.titleZh) + QLatin1Char('\n') +
                                      QString::fromStdString(card.titleEn),
                                  this);
        button->setObjectName(QStringLiteral("card"));
        connect(button, &QPushButton::clicked, this,
                [this, name = card.name] { emit pressed(name); });
        grid->addWidget(button, position / kColumns, position % kColumns);
        m_choices.push_back({card.name, button});
        ++position;
    }
}

void CardChoice::setUsed(const std::string& card)
{
    for (const auto& choice : m_choices) {
        choice.button->setChecked(choice.name == card);
    }
}

} // namespace guichet::virtualdevices
