// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "peripherals/base/clock.h"
#include "peripherals/base/error.h"

namespace guichet::hub {

struct Options {
    bool demo = false;
    std::string host = "127.0.0.1";
    std::uint16_t port = 0;
    std::filesystem::path data;
    std::filesystem::path config = {}; ///< empty: outlet.toml in the data folder, if not demo
};

/// An outlet's hub: store, staff, API and server, in this process.
class Hub {
public:
    /// Serves when it returns. Fails with Errc::Busy (port or data in use, disk), Invalid (damaged
    /// data, wrong configuration). The clock must outlive it.
    [[nodiscard]] static Result<std::unique_ptr<Hub>> start(const Options& options,
                                                            const Clock& clock);
    ~Hub();
    Hub(const Hub&) = delete;
    Hub& operator=(const Hub&) = delete;

    /// Performs one command (see commands.h) of this machine: by the hub that runs on the data
    /// folder, or on the store itself if none runs. Fails as start() does.
    [[nodiscard]] static Result<std::string> command(const Options& options, const Clock& clock,
                                                     const std::string& line);

    [[nodiscard]] std::uint16_t port() const;
    /// The outlet has an authority, so that the hub is reached by https.
    [[nodiscard]] bool secure() const;
    /// What a hub does each minute by itself: renews its certificate, ends what has expired.
    void tidy();

private:
    struct Parts;
    explicit Hub(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> m_parts;
};

} // namespace guichet::hub
