// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

class QLabel;
class QPushButton;
class QWidget;

namespace guichet::virtualdevices {

/// The window's colours and shapes.
[[nodiscard]] QString styleSheet();

/// "中文 English" as this window writes all its labels.
[[nodiscard]] QString bothWays(const char* chinese, const char* english);

[[nodiscard]] QLabel* makeHeading(const QString& text, QWidget* parent);
/// A small grey line that tells how things stand.
[[nodiscard]] QLabel* makeNote(QWidget* parent);
[[nodiscard]] QPushButton* makeButton(const QString& text, QWidget* parent);
/// A button that stays down while the thing is so.
[[nodiscard]] QPushButton* makeSwitch(const QString& text, QWidget* parent);

} // namespace guichet::virtualdevices
