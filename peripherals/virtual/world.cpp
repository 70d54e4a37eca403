// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/world.h"

#include <optional>
#include <utility>

namespace guichet::virtualdevices {

namespace {

/// Takes over what has started, or tells why not.
template <typename T>
std::optional<Error> take(Result<std::unique_ptr<T>> started, std::unique_ptr<T>& part)
{
    if (!started) {
        return std::move(started.error());
    }
    part = std::move(*started);
    return std::nullopt;
}

} // namespace

Result<std::unique_ptr<World>> World::start(const WorldConfig& config)
{
    const auto below = [&config](const char* folder) {
        return config.data.empty() ? config.data : config.data / folder;
    };
    Parts parts;
    auto failed = take(PrinterServer::start({config.printer, below("tickets")}, systemGlyphs()),
                       parts.printer);
    if (!failed) {
        failed = take(CameraServer::start(config.camera), parts.camera);
    }
    if (!failed) {
        failed = take(ResidentServer::start(config.resident), parts.resident);
    }
    if (!failed) {
        failed = take(DocumentServer::start(config.document, below("documents")), parts.document);
    }
    if (!failed) {
        failed = take(IoServer::start(config.io), parts.io);
    }
    if (!failed && config.relay) {
        failed = take(Relay::start(config.relay->listen, config.relay->target), parts.relay);
    }
    if (failed) {
        return tl::unexpected(std::move(*failed));
    }
    return std::unique_ptr<World>(new World(config.card, std::move(parts)));
}

World::World(Endpoint card, Parts parts)
    : m_slot(std::move(card))
    , m_parts(std::move(parts))
{
}

} // namespace guichet::virtualdevices
