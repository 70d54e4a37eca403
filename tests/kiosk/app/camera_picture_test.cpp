// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/camera_picture.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <chrono>

#include <catch2/catch.hpp>

#include "peripherals/frames/frame_writer.h"

using namespace guichet;
using namespace guichet::kiosk;

namespace {

constexpr int kPatienceMs = 20'000;

struct Camera {
    Camera()
        : socket(folder.filePath(QStringLiteral("camera.sock")).toStdString())
    {
        auto opened = frames::FrameWriter::open(socket, {4, 64});
        REQUIRE(opened);
        writer = std::move(*opened);
    }
    void film()
    {
        const auto now = std::chrono::steady_clock::now().time_since_epoch();
        REQUIRE(writer->publish(
            {0, std::chrono::nanoseconds(now).count(), 8, 4, 8, frames::PixelFormat::Gray8},
            Bytes(32, std::byte{90})));
    }
    QTemporaryDir folder;
    std::filesystem::path socket;
    std::unique_ptr<frames::FrameWriter> writer;
};

} // namespace

TEST_CASE("camera picture: frames come as pictures while somebody looks", "[kiosk]")
{
    Camera camera;
    CameraPicture picture(camera.socket);
    QSignalSpy changes(&picture, &CameraPicture::changed);
    picture.watch(true);
    REQUIRE(QTest::qWaitFor(
        [&] {
            camera.film();
            return !changes.isEmpty();
        },
        kPatienceMs));
    CHECK(changes.first().first().value<QImage>().size() == QSize(4, 2));
    picture.watch(false);
    REQUIRE(QTest::qWaitFor([&] { return changes.last().first().value<QImage>().isNull(); },
                            kPatienceMs));
}

TEST_CASE("camera picture: when frames stop there is no picture any more", "[kiosk]")
{
    Camera camera;
    CameraPicture picture(camera.socket);
    QSignalSpy changes(&picture, &CameraPicture::changed);
    picture.watch(true);
    REQUIRE(QTest::qWaitFor(
        [&] {
            camera.film();
            return !changes.isEmpty();
        },
        kPatienceMs));
    CHECK(QTest::qWaitFor([&] { return changes.last().first().value<QImage>().isNull(); },
                          kPatienceMs));
}
