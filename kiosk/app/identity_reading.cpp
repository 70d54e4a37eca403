// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/identity_reading.h"

#include <nlohmann/json.hpp>

namespace guichet::kiosk {

using nlohmann::json;

Result<DocumentMask> documentFrom(const Result<json>& answer)
{
    if (!answer) {
        return tl::unexpected(answer.error());
    }
    const auto result = answer->value("result", json());
    try {
        const std::string name = result.contains("name")
                                     ? result.at("name")
                                     : json(result.at("surname").get<std::string>() + " " +
                                            result.at("givenName").get<std::string>());
        return DocumentMask{.name = name,
                            .maskedNumber = result.at("maskedNumber"),
                            .expired = result.at("expired"),
                            .handle = result.at("handle"),
                            .sealed = result.at("sealed")};
    } catch (const json::exception&) {
        return fail(Errc::Protocol, "a document's result lacks a member", Remedy::CallStaff);
    }
}

Result<FaceSeen> faceFrom(const Result<json>& answer)
{
    if (!answer) {
        return tl::unexpected(answer.error());
    }
    const auto result = answer->value("result", json());
    const auto verdict = result.is_object() ? result.value("verdict", json()) : json();
    if (!verdict.is_string()) {
        return fail(Errc::Protocol, "takeFace's result lacks its verdict", Remedy::CallStaff);
    }
    return FaceSeen{verdict, result.dump()};
}

} // namespace guichet::kiosk
