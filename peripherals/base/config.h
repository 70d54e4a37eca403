// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "peripherals/base/error.h"

namespace guichet {

/// One TOML file, read into a program's plain struct and checked whole.
///
///     auto file = ConfigFile::open(path);
///     file->read("hub.url", config.hubUrl);
///     file->read("timeouts.idle_s", config.idleSeconds, 10, 600);
///     auto checked = file->finish();
///
/// Each `read` leaves its target alone if the key is absent. `finish` fails with Errc::Invalid and
/// one line that names file, line, key and what is legal, for the first wrong type, value out of
/// range or key that nobody asked for.
class ConfigFile {
public:
    /// Fails with Errc::NotFound (no such file) or Errc::Invalid (not TOML, with line).
    [[nodiscard]] static Result<ConfigFile> open(const std::filesystem::path& path);
    /// For tests and built-in defaults.
    [[nodiscard]] static Result<ConfigFile> parse(std::string_view text, std::string name);

    ConfigFile(ConfigFile&&) noexcept;
    ConfigFile& operator=(ConfigFile&&) noexcept;
    ~ConfigFile();

    /// The names of the tables at the top, in the order of the alphabet. To look does not make a
    /// table known.
    [[nodiscard]] std::vector<std::string> tables() const;

    void read(std::string_view key, std::string& target);
    void read(std::string_view key, bool& target);
    void read(std::string_view key, std::int64_t& target, std::int64_t least, std::int64_t most);
    void read(std::string_view key, std::vector<std::string>& target);
    /// For what only the caller can judge: the value of `key` is wrong, this is legal.
    void refuse(std::string_view key, std::string_view legal);
    [[nodiscard]] Result<void> finish();

private:
    struct State;
    explicit ConfigFile(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace guichet
