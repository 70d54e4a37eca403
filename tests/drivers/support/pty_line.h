// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <string>

#include <catch2/catch.hpp>
#include <pty.h>
#include <unistd.h>

#include "peripherals/base/bytes.h"
#include "peripherals/base/unique_handle.h"

namespace guichet::test {

/// The kernel's own terminal with the device at its other end.
class PtyLine {
public:
    PtyLine()
    {
        int device = -1;
        int line = -1;
        std::array<char, 128> path{};
        REQUIRE(::openpty(&device, &line, path.data(), nullptr, nullptr) == 0);
        m_device.reset(device);
        m_line.reset(line);
        m_path = path.data();
    }
    [[nodiscard]] const std::string& path() const { return m_path; }
    void send(ByteView all) const
    {
        CHECK(::write(m_device.get(), all.data(), all.size()) == static_cast<ssize_t>(all.size()));
    }
    [[nodiscard]] Bytes heard(std::size_t count) const
    {
        Bytes all(count);
        CHECK(::read(m_device.get(), all.data(), all.size()) == static_cast<ssize_t>(count));
        return all;
    }
    void unplug() { m_device.reset(); }

private:
    UniqueFd m_device;
    UniqueFd m_line; ///< kept open: the line is there before and after we use it
    std::string m_path;
};

} // namespace guichet::test
