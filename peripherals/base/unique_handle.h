// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <utility>

#include <unistd.h>

namespace guichet {

/// Owns one C handle: `UniqueHandle<int, closeFd, -1>`. Move only; closes when it goes.
template <typename T, auto Close, T None = T{}> class UniqueHandle {
public:
    UniqueHandle() = default;
    explicit UniqueHandle(T handle)
        : m_handle(handle)
    {
    }
    UniqueHandle(UniqueHandle&& other) noexcept
        : m_handle(std::exchange(other.m_handle, None))
    {
    }
    UniqueHandle& operator=(UniqueHandle&& other) noexcept
    {
        if (this != &other) {
            reset(std::exchange(other.m_handle, None));
        }
        return *this;
    }
    UniqueHandle(const UniqueHandle&) = delete;
    UniqueHandle& operator=(const UniqueHandle&) = delete;
    ~UniqueHandle() { reset(); }

    [[nodiscard]] T get() const { return m_handle; }
    [[nodiscard]] explicit operator bool() const { return m_handle != None; }
    [[nodiscard]] T release() { return std::exchange(m_handle, None); }
    void reset(T handle = None)
    {
        if (m_handle != None) {
            Close(m_handle);
        }
        m_handle = handle;
    }

private:
    T m_handle = None;
};

inline void closeFd(int fd)
{
    ::close(fd);
}
using UniqueFd = UniqueHandle<int, closeFd, -1>;

} // namespace guichet
