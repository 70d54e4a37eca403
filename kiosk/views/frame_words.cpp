// SPDX-License-Identifier: Apache-2.0
#include "kiosk/views/frame_words.h"

namespace guichet::kiosk {

const FrameWords& frameWords(const QString& language)
{
    static const FrameWords chinese{
        .otherLanguage = QStringLiteral("English"),
        .otherLanguageName = QStringLiteral("Switch to English"),
        .largePrint = QStringLiteral("大字"),
        .largePrintName = QStringLiteral("大字版"),
        .contrast = QStringLiteral("高对比"),
        .contrastName = QStringLiteral("高对比度"),
        .help = QStringLiteral("需要帮助"),
        .helpName = QStringLiteral("需要帮助，请工作人员过来"),
        .secondsLeft = QStringLiteral("还有 %1 秒"),
    };
    static const FrameWords english{
        .otherLanguage = QStringLiteral("中文"),
        .otherLanguageName = QStringLiteral("切换到中文"),
        .largePrint = QStringLiteral("Large text"),
        .largePrintName = QStringLiteral("Large text"),
        .contrast = QStringLiteral("Contrast"),
        .contrastName = QStringLiteral("High contrast"),
        .help = QStringLiteral("Get help"),
        .helpName = QStringLiteral("Get help from a member of staff"),
        .secondsLeft = QStringLiteral("%1 s left"),
    };
    return language.startsWith(QStringLiteral("zh")) ? chinese : english;
}

} // namespace guichet::kiosk
