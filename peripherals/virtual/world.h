// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <memory>
#include <optional>

#include "peripherals/virtual/camera_server.h"
#include "peripherals/virtual/card_slot.h"
#include "peripherals/virtual/document_server.h"
#include "peripherals/virtual/io_server.h"
#include "peripherals/virtual/printer_server.h"
#include "peripherals/virtual/relay.h"
#include "peripherals/virtual/resident_server.h"

namespace guichet::virtualdevices {

struct WorldConfig {
    Endpoint card{"127.0.0.1", 35963}; ///< where pcscd's vpcd driver listens
    Endpoint printer{"127.0.0.1", 9100};
    Endpoint camera{"127.0.0.1", 8498};
    Endpoint resident{"127.0.0.1", 8497};
    Endpoint document{"127.0.0.1", 8631};
    Endpoint io{"127.0.0.1", 8502};
    /// Tickets go to `tickets/`, documents to `documents/` below it; empty: nowhere.
    std::filesystem::path data;
    struct RelayEnds {
        Endpoint listen;
        Endpoint target;
    };
    std::optional<RelayEnds> relay;
};

/// Everything that the virtual devices are; each part is thread-safe.
class World {
public:
    /// Fails as its parts do at their start.
    [[nodiscard]] static Result<std::unique_ptr<World>> start(const WorldConfig& config);

    [[nodiscard]] CardSlot& slot() { return m_slot; }
    [[nodiscard]] PrinterServer& printer() { return *m_parts.printer; }
    [[nodiscard]] CameraServer& camera() { return *m_parts.camera; }
    [[nodiscard]] ResidentServer& resident() { return *m_parts.resident; }
    [[nodiscard]] DocumentServer& document() { return *m_parts.document; }
    [[nodiscard]] IoServer& io() { return *m_parts.io; }
    /// Null if none was asked for.
    [[nodiscard]] Relay* relay() { return m_parts.relay.get(); }

private:
    struct Parts {
        std::unique_ptr<PrinterServer> printer;
        std::unique_ptr<CameraServer> camera;
        std::unique_ptr<ResidentServer> resident;
        std::unique_ptr<DocumentServer> document;
        std::unique_ptr<IoServer> io;
        std::unique_ptr<Relay> relay;
    };
    World(Endpoint card, Parts parts);

    CardSlot m_slot;
    Parts m_parts;
};

} // namespace guichet::virtualdevices
