// SPDX-License-Identifier: Apache-2.0
#include "peripherals/base/config.h"

#include <fstream>
#include <set>
#include <sstream>

#include <toml++/toml.h>

namespace guichet {

struct ConfigFile::State {
    std::string name;
    toml::table table;
    std::set<std::string, std::less<>> known;
    std::string firstError;

    void refuse(const toml::node& node, std::string_view key, std::string_view legal)
    {
        if (firstError.empty()) {
            std::ostringstream line;
            line << name << ':' << node.source().begin.line << ": " << key << ": want " << legal;
            firstError = line.str();
        }
    }

    toml::node* find(std::string_view key)
    {
        known.emplace(key);
        return table.at_path(key).node();
    }

    void findUnknown(const toml::table& part, const std::string& prefix)
    {
        for (const auto& [key, node] : part) {
            const auto path =
                prefix.empty() ? std::string(key.str()) : prefix + "." + std::string(key.str());
            if (known.contains(path)) {
                continue;
            }
            if (const auto* inner = node.as_table()) {
                findUnknown(*inner, path);
                continue;
            }
            refuse(node, "unknown key " + path, "one of:" + legalIn(prefix));
        }
    }

    /// The keys of that table; of one that nobody knows, the file's tables.
    [[nodiscard]] std::string legalIn(const std::string& prefix) const
    {
        std::set<std::string> names;
        for (const auto& each : known) {
            if (prefix.empty() || each.starts_with(prefix + ".")) {
                names.insert(prefix.empty() ? each.substr(0, each.find('.')) : each);
            }
        }
        if (names.empty() && !prefix.empty()) {
            return legalIn("");
        }
        std::string listed;
        for (const auto& each : names) {
            listed += " " + each;
        }
        return listed;
    }
};

ConfigFile::ConfigFile(std::unique_ptr<State> state)
    : m_state(std::move(state))
{
}
ConfigFile::ConfigFile(ConfigFile&&) noexcept = default;
ConfigFile& ConfigFile::operator=(ConfigFile&&) noexcept = default;
ConfigFile::~ConfigFile() = default;

Result<ConfigFile> ConfigFile::parse(std::string_view text, std::string name)
{
    auto state = std::make_unique<State>();
    try {
        state->table = toml::parse(text, name);
    } catch (const toml::parse_error& error) {
        std::ostringstream line;
        line << name << ':' << error.source().begin.line << ": not TOML: " << error.description();
        return fail(Errc::Invalid, line.str());
    }
    state->name = std::move(name);
    return ConfigFile(std::move(state));
}

Result<ConfigFile> ConfigFile::open(const std::filesystem::path& path)
{
    std::ifstream file(path, std::ios::binary);
    if (!file) {
        return fail(Errc::NotFound, path.string() + ": cannot be read");
    }
    const std::string text((std::istreambuf_iterator<char>(file)), {});
    return parse(text, path.string());
}

std::vector<std::string> ConfigFile::tables() const
{
    std::vector<std::string> names;
    for (const auto& [key, node] : m_state->table) {
        if (node.is_table()) {
            names.emplace_back(key.str());
        }
    }
    return names;
}

void ConfigFile::read(std::string_view key, std::string& target)
{
    if (auto* node = m_state->find(key)) {
        if (auto value = node->value_exact<std::string>()) {
            target = std::move(*value);
        } else {
            m_state->refuse(*node, key, "a string");
        }
    }
}

void ConfigFile::read(std::string_view key, bool& target)
{
    if (auto* node = m_state->find(key)) {
        if (auto value = node->value_exact<bool>()) {
            target = *value;
        } else {
            m_state->refuse(*node, key, "true or false");
        }
    }
}

void ConfigFile::read(std::string_view key, std::int64_t& target, std::int64_t least,
                      std::int64_t most)
{
    if (auto* node = m_state->find(key)) {
        const auto value = node->value_exact<std::int64_t>();
        if (value && *value >= least && *value <= most) {
            target = *value;
        } else {
            m_state->refuse(*node, key,
                            "a whole number from " + std::to_string(least) + " to " +
                                std::to_string(most));
        }
    }
}

void ConfigFile::read(std::string_view key, std::vector<std::string>& target)
{
    auto* node = m_state->find(key);
    if (node == nullptr) {
        return;
    }
    std::vector<std::string> values;
    const auto* list = node->as_array();
    bool good = list != nullptr;
    for (std::size_t i = 0; good && i < list->size(); ++i) {
        if (auto value = (*list)[i].value_exact<std::string>()) {
            values.push_back(std::move(*value));
        } else {
            good = false;
        }
    }
    if (good) {
        target = std::move(values);
    } else {
        m_state->refuse(*node, key, "a list of strings");
    }
}

void ConfigFile::refuse(std::string_view key, std::string_view legal)
{
    const auto* node = m_state->find(key);
    const auto dot = key.rfind('.');
    if (node == nullptr && dot != std::string_view::npos) {
        node = m_state->table.at_path(key.substr(0, dot)).node(); // the table that lacks it
    }
    m_state->refuse(node != nullptr ? *node : m_state->table, key, legal);
}

Result<void> ConfigFile::finish()
{
    m_state->findUnknown(m_state->table, {});
    if (!m_state->firstError.empty()) {
        return fail(Errc::Invalid, m_state->firstError);
    }
    return {};
}

} // namespace guichet
