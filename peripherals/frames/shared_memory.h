// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>

#include "peripherals/base/bytes.h"

namespace guichet::frames {

/// A mapped file, unmapped when it goes. Move only.
class Mapping {
public:
    Mapping() = default;
    /// Takes over what mmap() returned.
    Mapping(std::byte* start, std::size_t size)
        : m_start(start)
        , m_size(size)
    {
    }
    Mapping(Mapping&& other) noexcept;
    Mapping& operator=(Mapping&& other) noexcept;
    Mapping(const Mapping&) = delete;
    Mapping& operator=(const Mapping&) = delete;
    ~Mapping();

    /// Fails with Errc::Internal.
    [[nodiscard]] static Result<Mapping> map(int file, std::size_t size, bool writable);

    [[nodiscard]] std::byte* at(std::size_t offset) const { return m_start + offset; }
    [[nodiscard]] std::size_t size() const { return m_size; }
    /// A number that two processes share; `offset` is a multiple of 8.
    [[nodiscard]] std::atomic_ref<std::uint64_t> word(std::size_t offset) const;

private:
    std::byte* m_start = nullptr;
    std::size_t m_size = 0;
};

} // namespace guichet::frames
