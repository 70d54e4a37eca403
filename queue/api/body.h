// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "peripherals/net/http.h"

namespace guichet::queue::api {

/// A request's JSON body, read strictly: every member must be asked for, have the right type and
/// length, and occur once. An empty body is an empty object. Pure.
///
///     Body body(request.body);
///     const auto service = body.text("service", 64);
///     if (auto refused = body.refused()) { return *refused; }
class Body {
public:
    explicit Body(std::string_view text);
    Body(Body&&) noexcept;
    ~Body();

    /// A member that must be there, 1 to `most` bytes without control characters.
    [[nodiscard]] std::string text(std::string_view field, std::size_t most);
    /// As text(), of several lines.
    [[nodiscard]] std::string lines(std::string_view field, std::size_t most);
    [[nodiscard]] std::optional<std::string> optionalText(std::string_view field, std::size_t most);
    /// A member that is an object, as JSON text of at most `most` bytes; it may be left out.
    [[nodiscard]] std::optional<std::string> optionalObject(std::string_view field,
                                                            std::size_t most);
    /// A whole number in the range.
    [[nodiscard]] std::int64_t number(std::string_view field, std::int64_t least,
                                      std::int64_t most);
    /// Adds a problem of the caller's own.
    void complain(std::string_view field, std::string_view reason);
    /// 400 for what is not a JSON object, 422 naming each field that is wrong, missing or unknown.
    [[nodiscard]] std::optional<net::Response> refused();

private:
    enum class Shape { Line, Lines };
    [[nodiscard]] std::optional<std::string> read(std::string_view field, std::size_t most,
                                                  Shape shape);
    [[nodiscard]] std::string needed(std::string_view field, std::size_t most, Shape shape);

    struct State;
    std::unique_ptr<State> m_state;
};

} // namespace guichet::queue::api
