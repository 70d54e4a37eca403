// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstring>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

namespace guichet {

/// A contiguous buffer (std::string, std::vector) that must not be printed, copied or left in
/// memory. Wiped on destruction and when moved from. Has no formatter and no stream operator on
/// purpose.
template <typename Buffer> class Secret {
public:
    using value_type = typename Buffer::value_type;
    static_assert(std::is_trivially_copyable_v<value_type>);

    Secret() = default;
    explicit Secret(Buffer&& value)
        : m_value(std::move(value))
    {
        wipe(value);
    }
    Secret(Secret&& other) noexcept
        : m_value(std::move(other.m_value))
    {
        wipe(other.m_value);
    }
    Secret& operator=(Secret&& other) noexcept
    {
        if (this != &other) {
            wipe(m_value);
            m_value = std::move(other.m_value);
            wipe(other.m_value);
        }
        return *this;
    }
    Secret(const Secret&) = delete;
    Secret& operator=(const Secret&) = delete;
    ~Secret() { wipe(m_value); }

    /// The one way to the content; the name makes each use easy to find in a review.
    [[nodiscard]] const Buffer& reveal() const { return m_value; }
    [[nodiscard]] bool empty() const { return m_value.empty(); }

private:
    static void wipe(Buffer& buffer)
    {
        // A moved-from string may still hold what was short enough to stay in it.
        if (buffer.capacity() > 0) {          // NOLINT(clang-analyzer-cplusplus.Move)
            buffer.resize(buffer.capacity()); // does not reallocate: covers the unused tail too
            explicit_bzero(buffer.data(), buffer.size() * sizeof(value_type));
            buffer.clear();
        }
    }

    Buffer m_value;
};

} // namespace guichet
