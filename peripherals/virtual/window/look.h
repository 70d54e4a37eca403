// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

class QFrame;
class QLabel;
class QPushButton;
class QVBoxLayout;
class QWidget;

namespace guichet::virtualdevices {

/// The window's colours and shapes.
[[nodiscard]] QString styleSheet();

/// "中文 English" as this window writes all its labels.
[[nodiscard]] QString bothWays(const char* chinese, const char* english);

/// Gives a panel its look, its heading and, beside that, its note; the rest goes below.
[[nodiscard]] QVBoxLayout* layOutPanel(QFrame* panel, const QString& heading, QLabel* note);
/// A small grey line that tells how things stand.
[[nodiscard]] QLabel* makeNote(QWidget* parent);
[[nodiscard]] QPushButton* makeButton(const QString& text, QWidget* parent);
/// A button that stays down while the thing is so.
[[nodiscard]] QPushButton* makeSwitch(const QString& text, QWidget* parent);

} // namespace guichet::virtualdevices
