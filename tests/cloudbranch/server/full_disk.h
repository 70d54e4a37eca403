// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <csignal>

#include <sys/resource.h>

#include <catch2/catch.hpp>

namespace guichet::hub::test {

/// While it lives no file of this process may grow beyond a size: a full disk.
class FullDisk {
public:
    explicit FullDisk(rlim_t size)
        : m_ignored(::signal(SIGXFSZ, SIG_IGN))
    {
        REQUIRE(::getrlimit(RLIMIT_FSIZE, &m_before) == 0);
        const rlimit bound{size, m_before.rlim_max};
        REQUIRE(::setrlimit(RLIMIT_FSIZE, &bound) == 0);
    }
    ~FullDisk()
    {
        ::setrlimit(RLIMIT_FSIZE, &m_before);
        ::signal(SIGXFSZ, m_ignored);
    }
    FullDisk(const FullDisk&) = delete;
    FullDisk& operator=(const FullDisk&) = delete;

private:
    sighandler_t m_ignored;
    rlimit m_before{};
};

} // namespace guichet::hub::test
