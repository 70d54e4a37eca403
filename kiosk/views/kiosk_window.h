// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QImage>
#include <QWidget>
#include <memory>
#include <optional>

#include "kiosk/models/call.h"
#include "kiosk/models/page.h"

namespace guichet::kiosk {

/// The customer's whole screen: the frame (top bar, notices, bottom bar) around one page.
/// It shows what it is given and says what was pressed; it knows no rule, device or network.
/// Thread: GUI thread only. It lays itself out for any size, designed for 1080x1920 and 1920x1080.
///
/// Object names, for tests: "page" (the content; its property "pageId" is Page::id),
/// "choice/<event>/<value>", "call", "call/<event>/<value>", "livePicture", "primary", "back",
/// "help", "language", "elder", "contrast", "pointerMark".
class KioskWindow final : public QWidget {
    Q_OBJECT

public:
    explicit KioskWindow(QWidget* parent = nullptr);
    ~KioskWindow() override;

    /// Shows `page`. A page with another id slides in (not with Frame::reducedMotion); one with the
    /// same id is refreshed where it stands, and the keyboard's focus stays where it was.
    void showPage(const Page& page);

    /// Shows the frame. A changed language, size or contrast restyles everything at once.
    void setFrame(const Frame& frame);

    /// Moves the visible count-down, in seconds. 0 or less hides it. A page starts with its
    /// own countdownSeconds; the owner of the time-out then counts by this call.
    void setCountdown(int seconds);

    /// What the camera sees, for a page that shows it; a null image: there is no picture now.
    void setLivePicture(const QImage& picture);

    /// Puts remote staff above the page, or takes them away. Their buttons are intents.
    void setCall(const std::optional<CallFace>& call);
    /// What staff's camera sees; a null image: nothing now.
    void setCallPicture(const QImage& picture);
    /// Marks what staff point at, until they point elsewhere or the page is another. What the page
    /// does not have is not marked.
    void pointAt(const Pointed& pointed);
    /// What the customer should do now, by a device's event, on a page that has words for it.
    void setAdvice(const QString& what);

    /// Presses closer together than this count as one. 300 ms unless said otherwise.
    void setPressFilter(int milliseconds);

    /// Texts that the present page and frame cannot show whole, for checkers and tests.
    [[nodiscard]] QStringList clippedTexts() const;

    [[nodiscard]] const Page& page() const;
    [[nodiscard]] const Frame& frame() const;

signals:
    /// A choice, the primary or the back button was pressed: once per press, on release.
    void intent(const QString& event, const QString& value);
    /// The primary button of a page to sign or write on was pressed, right before its intent: what
    /// was written, as PNG.
    void handwritten(const QByteArray& png);
    /// A button of the frame: "language", "elder", "contrast" or "help".
    void frameIntent(const QString& what);
    /// Whether a page or a call is shown that needs setLivePicture().
    void livePictureWanted(bool wanted);
    /// The customer touched or typed anything, for the idle clock.
    void activity();
    /// The first frame is painted; emitted once.
    void firstFrame();

protected:
    void resizeEvent(QResizeEvent* event) override;
    void paintEvent(QPaintEvent* event) override;
    bool eventFilter(QObject* watched, QEvent* event) override;

private:
    struct Parts;
    void layOut();
    [[nodiscard]] bool writePage(double share);
    void placeView();
    void placeCall();
    void placeMark();
    void restyle();
    void replaceView(const Page& page);
    void tellLiveWanted();
    void chainFocus();
    [[nodiscard]] bool accept();
    void press(const Choice& choice, bool goesBack);
    void pressFrame(const char* what);

    std::unique_ptr<Parts> m_parts;
};

} // namespace guichet::kiosk
