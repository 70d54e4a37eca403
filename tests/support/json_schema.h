// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <nlohmann/json.hpp>

namespace guichet::test {

/// Whether `document` fits the JSON Schema `schema`, as valijson reads it. A schema that is itself
/// wrong throws. Its templates cost half a minute where they are compiled: here, once.
bool fitsSchema(const nlohmann::json& schema, const nlohmann::json& document);

} // namespace guichet::test
