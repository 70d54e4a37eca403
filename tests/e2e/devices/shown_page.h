// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QImage>
#include <QTemporaryDir>
#include <random>
#include <string>

#include <catch2/catch.hpp>

#include "tests/drivers/mrz/page_shot.h"

namespace guichet::test {

/// A file with the picture that a camera takes of a passport's page, gone with the object.
class ShownPage {
public:
    explicit ShownPage(const std::string& zone)
    {
        std::mt19937 random(11);
        const auto page = printPage(random, mrz::Format::Td3, zone, printResolution(random, kEasy));
        const auto gray = photograph(random, page, kEasy).gray;
        REQUIRE(QImage(gray.data, gray.cols, gray.rows, static_cast<int>(gray.step),
                       QImage::Format_Grayscale8)
                    .save(QString::fromStdString(file())));
    }
    [[nodiscard]] std::string file() const
    {
        return m_folder.filePath(QStringLiteral("page.png")).toStdString();
    }

private:
    QTemporaryDir m_folder;
};

} // namespace guichet::test
