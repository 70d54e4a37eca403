// SPDX-License-Identifier: Apache-2.0
#include "kiosk/journeys/journeys.h"

#include <QtGlobal>

static void initialise()
{
    Q_INIT_RESOURCE(journeys); // must stand outside every namespace
}

namespace guichet::kiosk {

void registerBuiltInJourneys()
{
    initialise();
}

} // namespace guichet::kiosk
