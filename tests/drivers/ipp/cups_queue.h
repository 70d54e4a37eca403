// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <string>

#include "tests/drivers/ipp/eve_printer.h"

namespace guichet::test {

/// A cupsd of our own with one queue before a printer: loopback only, nothing outside its folder.
class CupsQueue {
public:
    explicit CupsQueue(const std::string& deviceUri);
    [[nodiscard]] std::string uri() const;

private:
    TemporaryFolder m_folder;
    int m_port = 0;
    std::unique_ptr<Program> m_program;
};

} // namespace guichet::test
