// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QImage>
#include <QTimer>
#include <QWidget>

namespace guichet::kiosk {

class Theme;

/// The part of a picture that fills a place of this shape.
[[nodiscard]] QRectF coveringPart(const QSizeF& picture, const QSizeF& place);

/// What a camera sees, with the box into which something is held. Painted at most 15 times a
/// second, however often a picture comes; without one it shows a calm drawing. GUI thread.
class LivePicture final : public QWidget {
    Q_OBJECT

public:
    /// `theme` outlives it.
    LivePicture(const Theme& theme, QWidget* parent);

    /// A null image: there is no picture now.
    void setPicture(const QImage& picture);
    /// What is held into the picture: it says the box's shape.
    enum class Target { Code, Face, Document };
    void setTarget(Target target);
    /// Left and right exchanged, as people expect of themselves. Off: as a code is read.
    void setMirrored(bool mirrored);
    [[nodiscard]] bool live() const { return !m_picture.isNull(); }
    /// The box, in the widget.
    [[nodiscard]] QRectF target() const;

protected:
    void paintEvent(QPaintEvent* event) override;

private:
    void paintTarget(QPainter& painter) const;

    const Theme& m_theme;
    QImage m_picture;
    Target m_target = Target::Code;
    bool m_mirrored = false;
    bool m_waiting = false; ///< a picture came after the last painting
    QTimer m_pause;         ///< runs after each painting
};

} // namespace guichet::kiosk
