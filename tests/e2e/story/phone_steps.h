// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "tests/e2e/support/kiosk.h"
#include "tests/e2e/support/world.h"

namespace guichet::test {

/// A world with a bank, and a face before the camera.
struct PhoneOutlet {
    PhoneOutlet();
    World world;
};

/// From the attract page to the choice of how to say who one is.
void toIdentity(Kiosk& kiosk);
/// From an identity that is known over number, face and signature to the review: 139 1111 2222.
void toPhoneReview(Kiosk& kiosk);

} // namespace guichet::test
