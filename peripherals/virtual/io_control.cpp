// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/io_control.h"

#include "peripherals/virtual/control_body.h"

namespace guichet::virtualdevices {

namespace {

net::Response setInput(const net::Request& request, IoServer& server)
{
    ControlBody body(request);
    const auto input = body.number("input", IoUnit::kCount - 1);
    const auto on = body.boolean("on");
    if (auto refusal = body.refusal()) {
        return *refusal;
    }
    server.setInput(static_cast<std::size_t>(*input), *on);
    return asJson(ioState(server));
}

} // namespace

nlohmann::json ioState(const IoServer& server)
{
    const auto state = server.state();
    return {{"plugged", state.plugged},
            {"hosts", state.hosts},
            {"inputs", state.inputs},
            {"coils", state.coils}};
}

void addIoRoutes(net::Router& router, IoServer& server)
{
    using net::Request;
    router.add("POST", "/io/input", [&](const Request& r) { return setInput(r, server); });
    router.add("POST", "/io/plug", [&](const Request& r) {
        return plugDevice(r, server, [&] { return ioState(server); });
    });
}

} // namespace guichet::virtualdevices
