// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QByteArray>
#include <QImage>
#include <functional>
#include <optional>

#include <nlohmann/json.hpp>

#include "kiosk/bank/bank_host.h"
#include "kiosk/engine/journey.h"
#include "kiosk/models/page.h"

/// Entries of a case's log about what the customer saw and did. Pure.
namespace guichet::kiosk {

/// As the customer read it: id, title, subtitle, facts.
[[nodiscard]] nlohmann::json pageEntry(const char* event, const Page& page,
                                       const QString& language);

/// Makes a text that only the bank can read; empty: it could not.
using SealText = std::function<std::string(const std::string&)>;

/// The form that a page shows: its task, id, version and hash, and the fields that stand there.
[[nodiscard]] nlohmann::json formShown(const Journey& journey, const Page& page,
                                       const QString& language);
/// The same with what the customer has confirmed by the primary button, each field masked, sealed
/// or plain as the form says; what could not be sealed is masked. Nothing: it is not all right, so
/// nothing was confirmed.
[[nodiscard]] std::optional<nlohmann::json> formConfirmed(const Journey& journey, const Page& page,
                                                          const QString& language,
                                                          const QString& value,
                                                          const SealText& seal);

/// The first three and the last four of at least eleven characters, the last two of at least five;
/// the rest, and all of a shorter one, are stars.
[[nodiscard]] QString masked(const QString& value);

/// "PNG" or "JPEG", made smaller until it has at most `most` bytes; empty: a null image, or it
/// cannot be so small.
[[nodiscard]] QByteArray boundedPicture(QImage image, const char* format, qsizetype most);

/// What staff may see of it, as a message's picture {"kind","mediaType","data"}, smaller if a
/// message would be too large. Null: it is no picture.
[[nodiscard]] nlohmann::json pictureForStaff(const bank::EvidenceContent& content);

} // namespace guichet::kiosk
