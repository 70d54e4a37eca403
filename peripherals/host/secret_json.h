// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include "peripherals/base/secret.h"

namespace guichet::host {

/// A flat JSON object of texts that leaves no copy of them behind (RFC 8259).
class SecretJson {
public:
    SecretJson();
    SecretJson(const SecretJson&) = delete;
    SecretJson& operator=(const SecretJson&) = delete;
    ~SecretJson();

    /// Left out if the text is empty. UTF-8; `key` needs no escape.
    void add(std::string_view key, std::string_view text);
    [[nodiscard]] Secret<std::string> take() &&;

private:
    void makeRoom(std::size_t more);
    std::string m_text;
};

} // namespace guichet::host
