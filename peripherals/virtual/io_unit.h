// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <array>
#include <cstddef>

#include "peripherals/base/bytes.h"

namespace guichet::virtualdevices {

/// A remote I/O unit as Modbus TCP sees it: sixteen inputs, sixteen coils.
class IoUnit {
public:
    static constexpr std::size_t kCount = 16;
    using Bits = std::array<bool, kCount>;

    /// Answers one request at the beginning of `came`, if it is whole, and says how many bytes it
    /// took: 0 says to wait for more. Errc::Protocol: no Modbus, the host is to be left.
    [[nodiscard]] Result<Bytes> answer(ByteView came, std::size_t& used);

    [[nodiscard]] const Bits& inputs() const { return m_inputs; }
    [[nodiscard]] const Bits& coils() const { return m_coils; }
    void setInput(std::size_t at, bool on) { m_inputs.at(at) = on; }

private:
    [[nodiscard]] Bytes perform(ByteView pdu);
    [[nodiscard]] Bytes read(ByteView pdu, const Bits& bits) const;
    [[nodiscard]] Bytes writeOne(ByteView pdu);
    [[nodiscard]] Bytes writeMany(ByteView pdu);

    Bits m_inputs{};
    Bits m_coils{};
};

} // namespace guichet::virtualdevices
