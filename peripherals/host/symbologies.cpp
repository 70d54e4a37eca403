// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/symbologies.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

namespace guichet::host {

using barcode::Symbology;
using nlohmann::json;

namespace {

struct Kind {
    Symbology symbology;
    const char* name;
    const char* title;
    char aim; ///< the letter of its identifier
};

constexpr std::array kSymbologyKinds{
    Kind{Symbology::QrCode, "qrCode", "QR Code", 'Q'},
    Kind{Symbology::Aztec, "aztec", "Aztec Code", 'z'},
    Kind{Symbology::DataMatrix, "dataMatrix", "Data Matrix", 'd'},
    Kind{Symbology::Pdf417, "pdf417", "PDF417", 'L'},
    Kind{Symbology::Code128, "code128", "Code 128", 'C'},
};

} // namespace

const char* name(Symbology symbology)
{
    for (const auto& kind : kSymbologyKinds) {
        if (kind.symbology == symbology) {
            return kind.name;
        }
    }
    return "symbologyUnknown";
}

std::optional<Symbology> symbologyFromName(std::string_view name)
{
    for (const auto& kind : kSymbologyKinds) {
        if (name == kind.name) {
            return kind.symbology;
        }
    }
    return std::nullopt;
}

std::optional<Symbology> symbologyFromAim(std::string_view identifier)
{
    for (const auto& kind : kSymbologyKinds) {
        if (identifier.size() == 3 && identifier[1] == kind.aim) {
            return kind.symbology;
        }
    }
    return std::nullopt;
}

std::string titleOf(std::string_view name)
{
    for (const auto& kind : kSymbologyKinds) {
        if (name == kind.name) {
            return kind.title;
        }
    }
    return {};
}

std::vector<std::string> symbologyNames()
{
    std::vector<std::string> names;
    std::ranges::transform(kSymbologyKinds, std::back_inserter(names), &Kind::name);
    return names;
}

Result<std::vector<std::string>> wantedSymbologies(const json& payload)
{
    const auto asked = payload.find("symbologies");
    if (asked == payload.end() || asked->is_null()) {
        return symbologyNames();
    }
    if (!asked->is_object()) {
        return fail(Errc::Invalid, "symbologies is not an object");
    }
    bool any = false;
    std::vector<std::string> names;
    for (const auto& [key, value] : asked->items()) {
        if (!value.is_boolean() && !value.is_null()) {
            return fail(Errc::Invalid, "symbologies holds what is not true or false");
        }
        if (value == true) {
            any = true;
            if (symbologyFromName(key)) {
                names.push_back(key);
            }
        }
    }
    if (!any) {
        return symbologyNames();
    }
    if (names.empty()) {
        return fail(Errc::Unsupported, "symbologies asks for no kind of code that is read here");
    }
    return names;
}

} // namespace guichet::host
