// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kiosk/views/digit_field.h"
#include "kiosk/views/digit_keys.h"
#include "kiosk/views/page_view.h"

namespace guichet::kiosk {

/// Digits to type, by touch or on a keyboard: the field, ten keys and two that take back. The
/// primary button waits until the field is full and then says its digits.
class KeypadView final : public PageView {
    Q_OBJECT

public:
    KeypadView(const Page& page, const Theme& theme, QWidget* parent);

    [[nodiscard]] QString typed() const override { return m_field->digits(); }

protected:
    void layOut(const QRectF& area) override;
    void paintBody(QPainter& painter) override;
    void keyPressEvent(QKeyEvent* event) override;
    [[nodiscard]] Choice primaryChoice() const override;

private:
    DigitField* m_field;
    DigitKeys* m_keys;
};

} // namespace guichet::kiosk
