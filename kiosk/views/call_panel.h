// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QImage>
#include <QWidget>
#include <vector>

#include "kiosk/models/call.h"
#include "kiosk/views/action_button.h"
#include "kiosk/views/lettering.h"

namespace guichet::kiosk {

/// Remote staff, above the task's page: their picture and what they see of the customer, who they
/// are, what they wrote, ready words to answer with, and always the way to end it. Sized by its
/// owner, with heightFor(). GUI thread.
class CallPanel final : public QWidget {
    Q_OBJECT

public:
    /// `theme` outlives it.
    CallPanel(const Theme& theme, QWidget* parent);

    void setCall(const CallFace& call);
    [[nodiscard]] const CallFace& call() const { return m_call; }
    /// What staff's camera sees, and what the terminal's does; null images: nothing now.
    void setPicture(const QImage& picture);
    void setOwnPicture(const QImage& picture);
    /// Whether staff's picture is there to be seen.
    [[nodiscard]] bool showsStaff() const { return pictured() && !m_picture.isNull(); }
    /// Whether there is room for the pictures; without, words and buttons stay.
    void setRoomy(bool roomy) { m_roomy = roomy; }
    /// What a panel of this width needs; `most`: what there is at most.
    [[nodiscard]] int heightFor(int width, int most) const;
    /// To be called when theme or language has changed.
    void layOutAgain();
    /// What can be pressed, in the order of the Tab key.
    [[nodiscard]] QList<PressArea*> stops() const;
    [[nodiscard]] QStringList clippedTexts() const;

signals:
    void pressed(const guichet::kiosk::Choice& choice);

protected:
    void paintEvent(QPaintEvent* event) override;
    void resizeEvent(QResizeEvent* event) override;

private:
    [[nodiscard]] bool pictured() const { return m_call.picture && m_roomy; }
    [[nodiscard]] QFont captionFont() const;
    [[nodiscard]] QSizeF recordingSize() const;
    [[nodiscard]] double whoHeight(double inner) const;
    [[nodiscard]] double captionHeight(double width) const;
    [[nodiscard]] double buttonsHeight(double width) const;
    /// Places the buttons in rows from `top` on, if `buttons` are there; answers their bottom.
    double placeButtons(double top, double width, bool place) const;
    void paintPictures(QPainter& painter) const;
    [[nodiscard]] ActionButton* button(const Choice& choice, ActionButton::Look look);

    const Theme& m_theme;
    CallFace m_call;
    QImage m_picture;
    QImage m_own;
    bool m_roomy = true;
    QList<ActionButton*> m_buttons;
    std::vector<Lettering> m_texts;
    QRectF m_pictures;
    QRectF m_ownPlace;
    QRectF m_whoPlace;
    QRectF m_recordingPlace;
    QRectF m_captionPlace;
};

} // namespace guichet::kiosk
