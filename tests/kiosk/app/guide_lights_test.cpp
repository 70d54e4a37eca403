// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/guide_lights.h"

#include <catch2/catch.hpp>

#include "kiosk/models/page.h"

using namespace guichet::kiosk;

TEST_CASE("guide lights: the light is where the hand has to go")
{
    const auto light = [](PageKind kind, const char* picture = "", bool ticket = false) {
        Page page;
        page.kind = kind;
        page.picture = QLatin1String(picture);
        if (ticket) {
            page.ticket = TicketFace{};
        }
        return lightFor(page);
    };
    CHECK(light(PageKind::InsertCard) == "cardReader");
    CHECK(light(PageKind::ScanCode) == "scanner");
    CHECK(light(PageKind::PlaceDocument) == "scanner");
    CHECK(light(PageKind::Print, "", true) == "receiptPrinter");
    CHECK(light(PageKind::Warning, "card") == "cardReader");
    CHECK(light(PageKind::Print).empty());
    CHECK(light(PageKind::Warning, "clock").empty());
    CHECK(light(PageKind::Choose).empty());
    CHECK(light(PageKind::Attract).empty());
}
