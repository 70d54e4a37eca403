// SPDX-License-Identifier: Apache-2.0
#include "tests/support/json_schema.h"

#define VALIJSON_USE_EXCEPTIONS 1 // else it ends the program where a schema is wrong
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>

namespace guichet::test {

bool fitsSchema(const nlohmann::json& schema, const nlohmann::json& document)
{
    valijson::Schema compiled;
    valijson::SchemaParser().populateSchema(valijson::adapters::NlohmannJsonAdapter(schema),
                                            compiled);
    return valijson::Validator().validate(
        compiled, valijson::adapters::NlohmannJsonAdapter(document), nullptr);
}

} // namespace guichet::test
