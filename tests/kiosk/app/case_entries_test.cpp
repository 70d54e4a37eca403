// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/case_entries.h"

#include <QBuffer>
#include <QJsonObject>
#include <QRandomGenerator>

#include <catch2/catch.hpp>

using namespace guichet;
using namespace guichet::kiosk;
using nlohmann::json;

namespace {

QJsonObject digits(const char* evidence)
{
    return {{QStringLiteral("type"), QStringLiteral("string")},
            {QStringLiteral("x-mask"), QStringLiteral("###########")},
            {QStringLiteral("pattern"), QStringLiteral("^[0-9]{11}$")},
            {QStringLiteral("x-evidence"), QString::fromLatin1(evidence)}};
}

/// A journey with a form of three fields, one of each kind, and a repeated one.
Journey journey()
{
    auto again = digits("plain");
    again.insert(QStringLiteral("x-repeats"), QStringLiteral("plain"));
    Journey journey;
    journey.task = QStringLiteral("test");
    journey.form = Form::read({{QStringLiteral("$id"), QStringLiteral("form-7")},
                               {QStringLiteral("x-version"), QStringLiteral("3")},
                               {QStringLiteral("properties"),
                                QJsonObject{{QStringLiteral("plain"), digits("plain")},
                                            {QStringLiteral("masked"), digits("masked")},
                                            {QStringLiteral("sealed"), digits("sealed")},
                                            {QStringLiteral("again"), again}}}})
                       .value();
    return journey;
}

Page page()
{
    Page page;
    page.id = QStringLiteral("number");
    page.kind = PageKind::Form;
    page.title = QStringLiteral("Your number");
    for (const auto* name : {"plain", "masked", "sealed", "again"}) {
        page.fields.append({.name = QString::fromLatin1(name), .label = QStringLiteral("Number")});
    }
    return page;
}

const QString kFilled = QStringLiteral(
    R"({"plain":"13911112222","masked":"13911112222","sealed":"13911112222","again":"13911112222"})");

std::string sealing(const std::string& text)
{
    return "sealed:" + std::to_string(text.size());
}

} // namespace

TEST_CASE("case entries: a form is named with its version and hash, and not what was typed")
{
    const auto entry = formShown(journey(), page(), QStringLiteral("en"));
    CHECK(entry.at("form").at("id") == "form-7");
    CHECK(entry.at("form").at("version") == "3");
    CHECK(entry.at("form").at("sha256").get<std::string>().size() == 64);
    CHECK(entry.at("fields").size() == 4);
    CHECK(entry.dump().find("1391111") == std::string::npos);
}

TEST_CASE("case entries: what was confirmed is masked, sealed or plain as the form says")
{
    const auto entry = formConfirmed(journey(), page(), QStringLiteral("en"), kFilled, sealing);
    REQUIRE(entry);
    const auto& fields = entry->at("fields");
    REQUIRE(fields.size() == 3); // what was typed a second time is the first
    CHECK(fields[0].at("plain") == "13911112222");
    CHECK(fields[1].at("masked") == "139****2222");
    CHECK(fields[2].at("sealed") == "sealed:11");
}

TEST_CASE("case entries: what cannot be sealed is masked")
{
    const auto entry = formConfirmed(journey(), page(), QStringLiteral("en"), kFilled,
                                     [](const std::string&) { return std::string(); });
    REQUIRE(entry);
    CHECK(entry->at("fields")[2].at("masked") == "139****2222");
}

TEST_CASE("case entries: what is not all right was not confirmed")
{
    CHECK_FALSE(formConfirmed(journey(), page(), QStringLiteral("en"),
                              QStringLiteral(R"({"plain":"1"})"), sealing));
}

TEST_CASE("case entries: a short text shows less than a long one")
{
    CHECK(masked(QStringLiteral("13911112222")) == QStringLiteral("139****2222"));
    CHECK(masked(QStringLiteral("123456")) == QStringLiteral("****56"));
    CHECK(masked(QStringLiteral("1234")) == QStringLiteral("****"));
    CHECK(masked({}).isEmpty());
}

TEST_CASE("case entries: a page is written down as it was read")
{
    Page review;
    review.id = QStringLiteral("review");
    review.title = QStringLiteral("Is this right?");
    review.facts = {{QStringLiteral("Name"), QStringLiteral("*San")}};
    CHECK(pageEntry("confirmed", review, QStringLiteral("en")) ==
          json{{"event", "confirmed"},
               {"page", "review"},
               {"title", "Is this right?"},
               {"language", "en"},
               {"facts", {{{"label", "Name"}, {"value", "*San"}}}}});
}

TEST_CASE("case entries: a picture is made small enough, and stays a picture of the whole")
{
    QImage noise(1080, 1920, QImage::Format_RGB32);
    auto* random = QRandomGenerator::global();
    for (int y = 0; y < noise.height(); ++y) {
        random->fillRange(reinterpret_cast<quint32*>(noise.scanLine(y)), noise.width());
    }
    const auto png = boundedPicture(noise, "PNG", 100'000);
    REQUIRE_FALSE(png.isEmpty());
    CHECK(png.size() <= 100'000);
    const auto image = QImage::fromData(png);
    CHECK(std::abs(image.width() * 1920 / 1080 - image.height()) < 8);
    CHECK(boundedPicture(noise, "PNG", 100).isEmpty());
    CHECK(boundedPicture({}, "PNG", 100'000).isEmpty());
}

TEST_CASE("case entries: what staff see of a paper fits into a message, whatever its size")
{
    QImage paper(3000, 2000, QImage::Format_RGB32);
    auto* random = QRandomGenerator::global();
    for (int y = 0; y < paper.height(); ++y) {
        random->fillRange(reinterpret_cast<quint32*>(paper.scanLine(y)), paper.width());
    }
    const auto [format, mediaType] =
        GENERATE(std::pair("PNG", "image/png"), std::pair("JPEG", "image/jpeg"));
    QByteArray encoded;
    QBuffer buffer(&encoded);
    REQUIRE(buffer.open(QIODevice::WriteOnly));
    REQUIRE(paper.save(&buffer, format));
    REQUIRE(encoded.size() > 1'000'000);
    const auto bytes = asBytes(std::string_view(encoded.data(), std::size_t(encoded.size())));
    const auto shown =
        pictureForStaff({{"document", "h1"}, mediaType, {bytes.begin(), bytes.end()}});
    CHECK(shown.at("kind") == "document");
    CHECK(shown.at("mediaType") == mediaType);
    const auto data = QByteArray::fromBase64(shown.at("data").get<std::string>().c_str());
    CHECK(data.size() <= 90'000);
    CHECK(QImage::fromData(data, format).width() > 100);
}

TEST_CASE("case entries: what is no picture is not shown to staff")
{
    CHECK(pictureForStaff({{"card", "h1"}, "application/json", Bytes(20)}).is_null());
    CHECK(pictureForStaff({{"face", "h1"}, "image/jpeg", Bytes(100'000)}).is_null());
}
