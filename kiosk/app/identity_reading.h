// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>

#include <nlohmann/json_fwd.hpp>

#include "peripherals/base/error.h"

namespace guichet::kiosk {

/// What may be shown and passed on of an identity document.
struct DocumentMask {
    std::string name;
    std::string maskedNumber;
    bool expired = false;
    std::string handle;
    std::string sealed; ///< JWE for the bank
};

/// How a face was seen. No picture comes with it.
struct FaceSeen {
    std::string verdict; ///< "good", or what was not: "tooDark"
    std::string facts;   ///< the whole result as JSON
};

/// The answers of the identity service to readResident, readMrz and takeFace. Fail with its error,
/// or with Errc::Protocol.
[[nodiscard]] Result<DocumentMask> documentFrom(const Result<nlohmann::json>& answer);
[[nodiscard]] Result<FaceSeen> faceFrom(const Result<nlohmann::json>& answer);

} // namespace guichet::kiosk
