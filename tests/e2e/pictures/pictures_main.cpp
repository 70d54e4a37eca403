// SPDX-License-Identifier: Apache-2.0
#include <QApplication>
#include <QDir>
#include <QPixmap>
#include <cstdio>

#include "kiosk/views/kiosk_window.h"
#include "tests/e2e/pictures/journey_pages.h"
#include "tests/e2e/pictures/sample_pages.h"

/// Photographs every page of the journey in every language, mode and orientation into the given
/// folder.
int main(int argc, char* argv[])
{
    using namespace guichet::kiosk;
    if (argc < 2 || argc > 3) {
        std::fputs("usage: guichet-kiosk-pictures FOLDER [PART-OF-NAME]\n", stderr);
        return 2;
    }
    if (qEnvironmentVariableIsEmpty("QT_QPA_PLATFORM")) {
        qputenv("QT_QPA_PLATFORM", "offscreen");
    }
    QApplication application(argc, argv);
    const QDir folder(QString::fromLocal8Bit(argv[1]));
    const QString part = argc == 3 ? QString::fromLocal8Bit(argv[2]) : QString();
    if (!folder.mkpath(QStringLiteral("."))) {
        std::fprintf(stderr, "guichet-kiosk-pictures: cannot make %s\n", argv[1]);
        return 1;
    }
    const QList kInCall{PageKind::Choose, PageKind::InsertCard, PageKind::Print};
    int saved = 0;
    for (const QSize size : {QSize(1080, 1920), QSize(1920, 1080)}) {
        const QString way =
            size.height() > size.width() ? QStringLiteral("portrait") : QStringLiteral("landscape");
        for (const QString& language : {QStringLiteral("zh-CN"), QStringLiteral("en")}) {
            for (const QString& mode :
                 {QStringLiteral("normal"), QStringLiteral("elder"), QStringLiteral("contrast")}) {
                const bool elder = mode == QStringLiteral("elder");
                Frame frame = test::sampleFrame(language, false);
                frame.elder = elder;
                frame.highContrast = mode == QStringLiteral("contrast");
                const auto photograph = [&](const Page& page, const char* call) {
                    const QString name =
                        QStringLiteral("%1%2-%3-%4-%5.png")
                            .arg(page.id, QLatin1String(call), language, mode, way);
                    if (!name.contains(part)) {
                        return true;
                    }
                    KioskWindow window;
                    window.resize(size);
                    Frame around = frame;
                    around.notices = test::sampleFrame(language, page.trouble).notices;
                    window.setFrame(around);
                    window.showPage(page);
                    if (*call != 0) {
                        window.setCall(test::sampleCall(language, call[1] == 'v'));
                    }
                    for (const QString& text : window.clippedTexts()) {
                        std::printf("%s: does not fit: %s\n", qPrintable(name), qPrintable(text));
                    }
                    ++saved;
                    return window.grab().save(folder.filePath(name));
                };
                for (const Page& page : test::journeyPages(language, elder)) {
                    const bool inCall = page.id.startsWith(QLatin1String("take-ticket")) &&
                                        kInCall.contains(page.kind);
                    if (!photograph(page, "") ||
                        (inCall && !(photograph(page, "-video") && photograph(page, "-words")))) {
                        std::fprintf(stderr, "guichet-kiosk-pictures: cannot write to %s\n",
                                     argv[1]);
                        return 1;
                    }
                }
            }
        }
    }
    std::printf("%d pictures in %s\n", saved, argv[1]);
    return 0;
}
