// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kiosk/models/call.h"
#include "kiosk/models/page.h"

namespace guichet::kiosk::test {

/// One page of each kind, and the ones that are hard to lay out, in the language ("zh-CN", "en").
[[nodiscard]] QList<Page> samplePages(const QString& language);

/// Remote staff in a call, with picture or by words.
[[nodiscard]] CallFace sampleCall(const QString& language, bool picture);

/// A frame around them: an outlet with a long enough name and a notice if `withNotice`.
[[nodiscard]] Frame sampleFrame(const QString& language, bool withNotice);

} // namespace guichet::kiosk::test
