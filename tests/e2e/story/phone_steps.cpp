// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/story/phone_steps.h"

#include <QImage>

#include <catch2/catch.hpp>

#include "tests/drivers/face/drawn_face.h"

namespace guichet::test {

PhoneOutlet::PhoneOutlet()
{
    world.startBank();
    const auto face = DrawnPicture({1280, 720}).add({}).noise(3, 1);
    const auto& gray = face.gray();
    const QImage picture(gray.data, gray.cols, gray.rows, static_cast<qsizetype>(gray.step),
                         QImage::Format_Grayscale8);
    const auto file = world.dataFolder() + QStringLiteral("/face.png");
    REQUIRE(picture.save(file));
    world.play("/camera/picture", {{"file", file.toStdString()}});
}

void toIdentity(Kiosk& kiosk)
{
    REQUIRE(kiosk.reaches(QStringLiteral("attract")));
    kiosk.touch(QStringLiteral("choice/tasks/"));
    REQUIRE(kiosk.reaches(QStringLiteral("tasks")));
    kiosk.touch(QStringLiteral("choice/phone/"));
    REQUIRE(kiosk.reaches(QStringLiteral("identify")));
}

void toPhoneReview(Kiosk& kiosk)
{
    REQUIRE(kiosk.reaches(QStringLiteral("number")));
    for (const char digit : std::string("1391111222213911112222")) { // a full field leads on
        kiosk.touch(QStringLiteral("key/") + QLatin1Char(digit));
    }
    kiosk.touch(QStringLiteral("primary"));
    REQUIRE(kiosk.reaches(QStringLiteral("sign"))); // past the face, which is seen at once
    CHECK_FALSE(kiosk.offers(QStringLiteral("primary")));
    kiosk.sign();
    kiosk.touch(QStringLiteral("primary"));
    REQUIRE(kiosk.reaches(QStringLiteral("review")));
}

} // namespace guichet::test
