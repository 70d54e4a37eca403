// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kiosk/views/page_view.h"
#include "kiosk/views/sign_pad.h"

namespace guichet::kiosk {

/// A pad to sign or write on, with keys that take back a stroke or all. The primary button waits
/// until something is written; handwriting() then gives its picture.
///
/// Object names: "pad", "key/undo", "key/clear".
class SignView final : public PageView {
    Q_OBJECT

public:
    SignView(const Page& page, const Theme& theme, QWidget* parent);

    [[nodiscard]] QString typed() const override { return m_pad->strokes(); }
    [[nodiscard]] QByteArray handwriting() const override { return m_pad->png(); }

protected:
    void layOut(const QRectF& area) override;
    void paintBody(QPainter& /*painter*/) override {}

private:
    ActionButton* addKey(const char* name);

    SignPad* m_pad;
    ActionButton* m_undo;
    ActionButton* m_clear;
};

} // namespace guichet::kiosk
