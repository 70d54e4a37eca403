// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/case_entries.h"

#include <QBuffer>
#include <QJsonDocument>
#include <QJsonObject>

namespace guichet::kiosk {

using nlohmann::json;

namespace {

constexpr QSize kLargest(1080, 1080); ///< enough to read every word of a page

QStringList namesOf(const Page& page)
{
    QStringList names;
    for (const auto& field : page.fields) {
        names.append(field.name);
    }
    return names;
}

json formDocument(const char* event, const Journey& journey, const Page& page,
                  const QString& language)
{
    auto entry = pageEntry(event, page, language);
    entry["task"] = journey.task.toStdString();
    entry["form"] = {{"id", journey.form.id().toStdString()},
                     {"version", journey.form.version().toStdString()},
                     {"sha256", journey.form.hash().toStdString()}};
    return entry;
}

json fieldDocument(const FormFieldSpec& spec, const QString& value, const SealText& seal)
{
    using Evidence = FormFieldSpec::Evidence;
    if (spec.evidence == Evidence::Plain) {
        return {{"plain", value.toStdString()}};
    }
    auto sealed = spec.evidence == Evidence::Sealed ? seal(value.toStdString()) : std::string();
    return sealed.empty() ? json{{"masked", masked(value).toStdString()}}
                          : json{{"sealed", std::move(sealed)}};
}

} // namespace

json pageEntry(const char* event, const Page& page, const QString& language)
{
    json entry{{"event", event},
               {"page", page.id.toStdString()},
               {"title", page.title.toStdString()},
               {"language", language.toStdString()}};
    if (!page.subtitle.isEmpty()) {
        entry["subtitle"] = page.subtitle.toStdString();
    }
    for (const auto& fact : page.facts) {
        entry["facts"].push_back(
            {{"label", fact.label.toStdString()}, {"value", fact.value.toStdString()}});
    }
    return entry;
}

json formShown(const Journey& journey, const Page& page, const QString& language)
{
    auto entry = formDocument("formShown", journey, page, language);
    entry["fields"] = json::array();
    for (const auto& field : page.fields) {
        entry["fields"].push_back(
            {{"name", field.name.toStdString()}, {"label", field.label.toStdString()}});
    }
    return entry;
}

std::optional<json> formConfirmed(const Journey& journey, const Page& page, const QString& language,
                                  const QString& value, const SealText& seal)
{
    const auto names = namesOf(page);
    const auto values =
        Form::kept(QJsonDocument::fromJson(value.toUtf8()).object().toVariantMap(), names);
    if (!journey.form.check(values, names).isEmpty()) {
        return std::nullopt;
    }
    auto entry = formDocument("formConfirmed", journey, page, language);
    entry["fields"] = json::array();
    for (const auto& field : page.fields) {
        const auto* spec = journey.form.field(field.name);
        if (spec == nullptr || !spec->repeats.isEmpty()) {
            continue;
        }
        auto one = fieldDocument(*spec, values.value(field.name).toString(), seal);
        one["name"] = field.name.toStdString();
        one["label"] = field.label.toStdString();
        entry["fields"].push_back(std::move(one));
    }
    return entry;
}

QString masked(const QString& value)
{
    constexpr qsizetype kLong = 11, kMiddle = 5;
    const qsizetype head = value.size() >= kLong ? 3 : 0;
    const qsizetype tail = value.size() >= kLong ? 4 : value.size() >= kMiddle ? 2 : 0;
    return value.left(head) + QString(value.size() - head - tail, QLatin1Char('*')) +
           value.right(tail);
}

QByteArray boundedPicture(QImage image, const char* format, qsizetype most)
{
    constexpr int kLeast = 64;
    if (image.width() > kLargest.width() || image.height() > kLargest.height()) {
        image = image.scaled(kLargest, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    }
    image = image.convertToFormat(QImage::Format_RGB888); // nothing shows through a page
    while (!image.isNull() && std::min(image.width(), image.height()) >= kLeast) {
        QByteArray encoded;
        QBuffer buffer(&encoded);
        if (!buffer.open(QIODevice::WriteOnly) || !image.save(&buffer, format)) {
            return {};
        }
        if (encoded.size() <= most) {
            return encoded;
        }
        image = image.scaled(image.size() * 3 / 4, Qt::KeepAspectRatio, Qt::SmoothTransformation);
    }
    return {};
}

nlohmann::json pictureForStaff(const bank::EvidenceContent& content)
{
    constexpr qsizetype kMost = 90'000;
    if (!content.mediaType.starts_with("image/")) {
        return {};
    }
    auto data = QByteArray(reinterpret_cast<const char*>(content.data.data()),
                           static_cast<qsizetype>(content.data.size()));
    if (data.size() > kMost) { // lines stay lines as PNG
        data = boundedPicture(QImage::fromData(data),
                              content.mediaType == "image/png" ? "PNG" : "JPEG", kMost);
    }
    if (data.isEmpty()) {
        return {};
    }
    return {{"kind", content.evidence.kind},
            {"mediaType", content.mediaType == "image/png" ? "image/png" : "image/jpeg"},
            {"data", data.toBase64().toStdString()}};
}

} // namespace guichet::kiosk
