// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/own_message.h"

#include <utility>

#include <spdlog/spdlog.h>

#include "peripherals/host/helper_protocol.h"

namespace guichet::host {

using nlohmann::json;

Result<OwnRequest> parseOwnRequest(std::string_view text, std::size_t longest)
{
    auto body = text.size() <= longest ? json::parse(text, nullptr, false) : json();
    if (!body.is_object()) {
        return fail(Errc::Invalid,
                    "not a JSON object of at most " + std::to_string(longest) + " bytes");
    }
    const auto id = body.find("id");
    const auto operation = body.find("op");
    if (id == body.end() || !id->is_number_integer() || *id < 1 || *id > INT32_MAX) {
        return fail(Errc::Invalid, "id is not a whole number above 0");
    }
    if (operation == body.end() || !operation->is_string()) {
        return fail(Errc::Invalid, "op is not a string");
    }
    return OwnRequest{id->get<std::int64_t>(), operation->get<std::string>(), std::move(body)};
}

void sendOwn(net::Socket& socket, const json& message)
{
    socket.send(message.dump(-1, ' ', false, json::error_handler_t::replace));
}

void sendOwnError(net::Socket& socket, const json& id, const Error& error)
{
    spdlog::info("own service: {}: {}", name(error.code), error.detail);
    sendOwn(socket, {{"id", id}, {"error", errorToJson(error)}});
}

} // namespace guichet::host
