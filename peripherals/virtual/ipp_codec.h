// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "peripherals/base/bytes.h"

/// IPP messages (RFC 8010, section 3), as far as a printer needs them. Pure.
namespace guichet::virtualdevices {

/// Delimiter and value tags.
enum class IppTag : std::uint8_t {
    Operation = 0x01,
    Job = 0x02,
    End = 0x03,
    Printer = 0x04,
    Integer = 0x21,
    Boolean = 0x22,
    Enum = 0x23,
    DateTime = 0x31,
    BeginCollection = 0x34,
    EndCollection = 0x37,
    Text = 0x41,
    Name = 0x42,
    Keyword = 0x44,
    Uri = 0x45,
    UriScheme = 0x46,
    Charset = 0x47,
    Language = 0x48,
    MimeType = 0x49,
    MemberName = 0x4A,
};

struct IppAttribute {
    IppTag group = IppTag::Operation;
    std::string name;
    std::vector<std::string> values; ///< as on the wire
};

struct IppRequest {
    std::uint16_t version = 0;
    std::uint16_t operation = 0;
    std::uint32_t id = 0;
    std::vector<IppAttribute> attributes;
    ByteView document; ///< what follows; borrowed

    /// The first value of that name; empty if there is none.
    [[nodiscard]] std::string_view value(std::string_view name) const;
    /// A value of four bytes; 0 if there is none.
    [[nodiscard]] std::int32_t number(std::string_view name) const;
    [[nodiscard]] const IppAttribute* find(std::string_view name) const;
};

/// Borrows `bytes`. Fails with Errc::Protocol: a length beyond the end, a value without a name or
/// group, no end.
[[nodiscard]] Result<IppRequest> decodeIpp(ByteView bytes);

/// One response, attribute by attribute.
class IppResponse {
public:
    IppResponse(std::uint16_t version, std::uint16_t status, std::uint32_t id);

    /// What follows belongs to a new group of this kind.
    void group(IppTag tag);
    void add(IppTag tag, std::string_view name, std::string_view value);
    void add(IppTag tag, std::string_view name, const std::vector<std::string>& values);
    /// Integer or Enum.
    void add(IppTag tag, std::string_view name, std::int32_t value);
    void add(std::string_view name, bool value);
    [[nodiscard]] std::string finish() &&;

private:
    void u16(std::size_t value);

    std::string m_bytes;
};

} // namespace guichet::virtualdevices
