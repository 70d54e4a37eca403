// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>

namespace guichet::kiosk {

/// The few words that belong to the frame and not to any journey.
struct FrameWords {
    QString otherLanguage; ///< what the language button offers, in that language
    QString otherLanguageName;
    QString largePrint;
    QString largePrintName;
    QString contrast;
    QString contrastName;
    QString help;
    QString helpName;
    QString secondsLeft; ///< "%1" is the number
};

/// Words for a language tag; what is not Chinese is answered in English.
[[nodiscard]] const FrameWords& frameWords(const QString& language);

} // namespace guichet::kiosk
