// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/world.h"

namespace guichet::virtualdevices {

Result<std::unique_ptr<World>> World::start(const WorldConfig& config)
{
    const auto folder = config.data.empty() ? config.data : config.data / "tickets";
    auto printer = PrinterServer::start({config.printer, folder}, systemGlyphs());
    if (!printer) {
        return tl::unexpected(std::move(printer.error()));
    }
    auto camera = CameraServer::start(config.camera);
    if (!camera) {
        return tl::unexpected(std::move(camera.error()));
    }
    auto resident = ResidentServer::start(config.resident);
    if (!resident) {
        return tl::unexpected(std::move(resident.error()));
    }
    auto document = DocumentServer::start(
        config.document, config.data.empty() ? config.data : config.data / "documents");
    if (!document) {
        return tl::unexpected(std::move(document.error()));
    }
    std::unique_ptr<Relay> relay;
    if (config.relay) {
        auto started = Relay::start(config.relay->listen, config.relay->target);
        if (!started) {
            return tl::unexpected(std::move(started.error()));
        }
        relay = std::move(*started);
    }
    return std::unique_ptr<World>(new World(config.card, std::move(*printer), std::move(*camera),
                                            std::move(*resident), std::move(*document),
                                            std::move(relay)));
}

World::World(Endpoint card, std::unique_ptr<PrinterServer> printer,
             std::unique_ptr<CameraServer> camera, std::unique_ptr<ResidentServer> resident,
             std::unique_ptr<DocumentServer> document, std::unique_ptr<Relay> relay)
    : m_slot(std::move(card))
    , m_printer(std::move(printer))
    , m_camera(std::move(camera))
    , m_resident(std::move(resident))
    , m_document(std::move(document))
    , m_relay(std::move(relay))
{
}

} // namespace guichet::virtualdevices
