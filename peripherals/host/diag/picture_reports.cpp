// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/diag/picture_reports.h"

#include <array>
#include <cmath>
#include <sstream>
#include <utility>

#include "drivers/barcode/code_reader.h"
#include "drivers/mrz/still_reading.h"
#include "peripherals/host/document_words.h"
#include "peripherals/host/face_helper.h"
#include "peripherals/host/symbologies.h"

namespace guichet::host::diag {

using nlohmann::json;

namespace {

double millisecondsSince(std::chrono::steady_clock::time_point start)
{
    const std::chrono::duration<double, std::milli> taken =
        std::chrono::steady_clock::now() - start;
    return std::round(taken.count() * 10) / 10;
}

json checksOf(const mrz::Mrz& zone)
{
    constexpr std::array kFields{
        std::pair{"number", mrz::Field::Number}, std::pair{"birth", mrz::Field::Birth},
        std::pair{"validTo", mrz::Field::Expiry}, std::pair{"optional", mrz::Field::Optional},
        std::pair{"composite", mrz::Field::Composite}};
    auto checks = json::object();
    for (const auto& [field, which] : kFields) {
        const auto check = zone.check(which);
        checks[field] = check == mrz::Check::Right   ? "right"
                        : check == mrz::Check::Wrong ? "wrong"
                                                     : "none";
    }
    return checks;
}

json fieldsOf(const mrz::Mrz& zone, std::chrono::year_month_day today)
{
    auto fields = describeZone(zone, today);
    fields.erase("maskedNumber");
    fields.update({{"format", mrz::name(zone.format)},
                   {"number", zone.number.reveal()},
                   {"optional", zone.optional.reveal()},
                   {"optional2", zone.optional2.reveal()},
                   {"checks", checksOf(zone)}});
    return fields;
}

std::vector<std::string> linesOf(const std::string& text)
{
    std::vector<std::string> lines;
    std::istringstream stream(text);
    for (std::string line; std::getline(stream, line);) {
        lines.push_back(line);
    }
    return lines;
}

const char* name(mrz::StillVerdict verdict)
{
    return verdict == mrz::StillVerdict::Accepted  ? "accepted"
           : verdict == mrz::StillVerdict::Confirm ? "confirm"
                                                   : "unreadable";
}

json readZone(const GrayPicture& picture, const mrz::MrzFrameReader& reader,
              std::chrono::year_month_day today)
{
    json report{{"lines", json::array()}, {"fields", json::object()}, {"verdict", "unreadable"}};
    const auto still =
        mrz::readStill(reader, {picture.pixels, picture.width, picture.height, picture.width});
    if (!still) {
        report["error"] = still.error().detail;
        return report;
    }
    report["advice"] = mrz::name(still->advice);
    report["verdict"] = name(still->verdict);
    report["lines"] = linesOf(still->text.reveal());
    if (const auto zone = mrz::parseMrz(still->text.reveal(), today)) {
        report["fields"] = fieldsOf(*zone, today);
    }
    return report;
}

/// Content of a code in JSON, whatever its bytes are.
std::pair<std::string, std::string> contentOf(ByteView bytes)
{
    std::string text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    try {
        static_cast<void>(json(text).dump());
        return {"text", std::move(text)};
    } catch (const json::type_error&) {
        return {"base64", toBase64(bytes)};
    }
}

face::FaceVerdict lookForFace(const GrayPicture& picture, face::FaceFinder& finder)
{
    auto pixels = picture.pixels;
    const auto half = static_cast<std::size_t>((picture.width + 1) / 2) *
                      static_cast<std::size_t>((picture.height + 1) / 2);
    pixels.resize(pixels.size() + 2 * half, std::byte{128}); // no colour
    const CameraFrame frame{.width = picture.width,
                            .height = picture.height,
                            .stride = picture.width,
                            .pixels = pixels};
    return face::judgeFaces(frame, finder.find(frame));
}

} // namespace

json reportZone(const std::string& file, const Result<GrayPicture>& picture,
                const mrz::MrzFrameReader& reader, std::chrono::year_month_day today)
{
    const auto start = std::chrono::steady_clock::now();
    auto report = picture ? readZone(*picture, reader, today)
                          : json{{"lines", json::array()},
                                 {"fields", json::object()},
                                 {"verdict", "unreadable"},
                                 {"error", picture.error().detail}};
    report["file"] = file;
    report["ms"] = millisecondsSince(start);
    return report;
}

json reportCode(const std::string& file, const Result<GrayPicture>& picture)
{
    json report{{"file", file}, {"symbology", nullptr}};
    const auto start = std::chrono::steady_clock::now();
    if (!picture) {
        report["error"] = picture.error().detail;
    } else if (const auto code = barcode::readCode(
                   {picture->pixels, picture->width, picture->height, picture->width},
                   {barcode::Symbology::QrCode, barcode::Symbology::Aztec,
                    barcode::Symbology::DataMatrix, barcode::Symbology::Pdf417,
                    barcode::Symbology::Code128})) {
        report["symbology"] = host::name(code->symbology);
        const auto [member, content] = contentOf(code->bytes);
        report[member] = content;
    }
    report["ms"] = millisecondsSince(start);
    return report;
}

json reportFace(const std::string& file, const Result<GrayPicture>& picture,
                face::FaceFinder& finder)
{
    const auto start = std::chrono::steady_clock::now();
    const auto seen = picture ? lookForFace(*picture, finder) : face::FaceVerdict{};
    auto report = describeFace(seen);
    report.update({{"file", file},
                   {"advice", face::adviceFor(seen.verdict)},
                   {"finder", finder.name()},
                   {"ms", millisecondsSince(start)}});
    if (!picture) {
        report["error"] = picture.error().detail;
    }
    return report;
}

} // namespace guichet::host::diag
