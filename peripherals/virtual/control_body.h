// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json.hpp>

#include "peripherals/net/http.h"

namespace guichet::virtualdevices {

/// The answer of a command that was obeyed.
[[nodiscard]] net::Response asJson(const nlohmann::json& document);

/// Reads the JSON body of a command field by field and collects what is wrong with it:
///
///     ControlBody body(request);
///     const auto open = body.boolean("open");
///     if (auto refusal = body.refusal()) { return *refusal; }
class ControlBody {
public:
    /// An empty body counts as {}.
    explicit ControlBody(const net::Request& request);

    [[nodiscard]] std::optional<std::string> text(const std::string& field, bool required = true);
    [[nodiscard]] std::optional<std::string>
    oneOf(const std::string& field, const std::vector<std::string>& legal, bool required = true);
    [[nodiscard]] std::optional<bool> boolean(const std::string& field, bool required = true);
    [[nodiscard]] std::optional<std::uint64_t> number(const std::string& field, std::uint64_t most,
                                                      bool required = true);
    void wrong(const std::string& field, std::string reason);
    /// A 400 problem if the body is no JSON object, a field is missing, of the wrong type, out of
    /// range or unknown; nothing if all is well. To be asked after the last field was read.
    [[nodiscard]] std::optional<net::Response> refusal();

private:
    [[nodiscard]] const nlohmann::json* find(const std::string& field, bool required);

    nlohmann::json m_body;
    bool m_notAnObject = false;
    std::vector<std::string> m_known;
    std::vector<net::FieldProblem> m_problems;
};

/// {"in": false} pulls the cable of a device, true puts it back; answers with its state.
template <typename Device, typename State>
[[nodiscard]] net::Response plugDevice(const net::Request& request, Device& device, State state)
{
    ControlBody body(request);
    const auto in = body.boolean("in");
    if (auto refusal = body.refusal()) {
        return *refusal;
    }
    if (auto done = device.plug(*in); !done) {
        return net::problem(409, "port-taken", done.error().detail);
    }
    return asJson(state());
}

} // namespace guichet::virtualdevices
