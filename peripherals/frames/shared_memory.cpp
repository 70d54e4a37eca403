// SPDX-License-Identifier: Apache-2.0
#include "peripherals/frames/shared_memory.h"

#include <cerrno>
#include <utility>

#include <sys/mman.h>

namespace guichet::frames {

static_assert(std::atomic_ref<std::uint64_t>::is_always_lock_free);

Mapping::Mapping(Mapping&& other) noexcept
    : m_start(std::exchange(other.m_start, nullptr))
    , m_size(std::exchange(other.m_size, 0))
{
}

Mapping& Mapping::operator=(Mapping&& other) noexcept
{
    std::swap(m_start, other.m_start);
    std::swap(m_size, other.m_size);
    return *this;
}

Mapping::~Mapping()
{
    if (m_start != nullptr) {
        ::munmap(m_start, m_size);
    }
}

Result<Mapping> Mapping::map(int file, std::size_t size, bool writable)
{
    const int access = writable ? PROT_READ | PROT_WRITE : PROT_READ;
    void* start = ::mmap(nullptr, size, access, MAP_SHARED, file, 0);
    if (start == MAP_FAILED) {
        return fail(Errc::Internal, "frames: map: " + systemMessage(errno));
    }
    return Mapping(static_cast<std::byte*>(start), size);
}

std::atomic_ref<std::uint64_t> Mapping::word(std::size_t offset) const
{
    // The mapping is aligned to pages; a reader, whose pages are read-only, only loads.
    return std::atomic_ref<std::uint64_t>(*reinterpret_cast<std::uint64_t*>(m_start + offset));
}

} // namespace guichet::frames
