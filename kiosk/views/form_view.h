// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QVariantMap>
#include <vector>

#include "kiosk/views/digit_field.h"
#include "kiosk/views/digit_keys.h"
#include "kiosk/views/page_view.h"

namespace guichet::kiosk {

/// Fields to fill in by touch or on a keyboard. What is wrong stands beside its field until that
/// is changed. The primary button says all values as a JSON object.
///
/// Object names: "field/<name>" of digits, "field/<name>/<value>" of a choice's options.
class FormView final : public PageView {
    Q_OBJECT

public:
    FormView(const Page& page, const Theme& theme, QWidget* parent);

    [[nodiscard]] QString typed() const override;

protected:
    void layOut(const QRectF& area) override;
    void paintBody(QPainter& painter) override;
    void keyPressEvent(QKeyEvent* event) override;
    [[nodiscard]] Choice primaryChoice() const override;

private:
    struct Input {
        PressArea* area = nullptr; ///< of digits: chooses the field that the keys write into
        DigitField* digits = nullptr;
        QList<ActionButton*> options;
        QString chosen;
    };

    void addDigits(Input& input, const FormField& field);
    void addOptions(Input& input, std::size_t place, const FormField& field);
    [[nodiscard]] QString valueOf(std::size_t place) const;
    /// What is wrong with a field and not changed since; empty: nothing.
    [[nodiscard]] QString errorOf(std::size_t place) const;
    void enter(QChar digit);
    void select(std::size_t place);
    void goToFirstError();
    double layOutField(std::size_t place, const QRectF& area);
    double layOutInput(Input& input, const FormField& field, const QRectF& area);

    std::vector<Input> m_inputs; ///< as the page's fields
    DigitKeys* m_keys = nullptr; ///< only where there are digits
    std::size_t m_active = 0;
    QStringList m_errors; ///< as last seen
    std::vector<QRectF> m_marks;
};

} // namespace guichet::kiosk
