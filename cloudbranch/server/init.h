// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "cloudbranch/server/hub.h"
#include "peripherals/base/clock.h"
#include "peripherals/base/error.h"
#include "peripherals/base/secret.h"

namespace guichet::hub {

struct InitWishes {
    std::filesystem::path data;
    std::filesystem::path config; ///< the outlet's file; empty: outlet.toml in the data folder
    std::string branch = "outlet";
    std::string timeZone = "Asia/Shanghai";
    std::vector<std::string> hosts = {}; ///< names and addresses of this hub; empty: the usual ones
    std::string supervisor;
    Secret<std::string> password;
};

struct InitDone {
    std::filesystem::path config;
    bool wroteConfig = false;  ///< false: it was there and stays as it is
    std::string supervisorUri; ///< of the second factor, to be shown once
};

/// Makes a real outlet: its file (unless there is one), store, first supervisor with a second
/// factor, and last its authority, with which it is done. Fails with Errc::Conflict (there is an
/// outlet here, or a demo), Invalid (names, password, the outlet's file) or Busy (disk).
[[nodiscard]] Result<InitDone> initOutlet(const InitWishes& wishes, const Clock& clock);

/// The commented outlet file that initOutlet() writes. Pure.
[[nodiscard]] std::string outletFile(const InitWishes& wishes);

/// True if `host` may stand in a certificate: a DNS name or a numeric address.
[[nodiscard]] bool isHostName(std::string_view host);

} // namespace guichet::hub
