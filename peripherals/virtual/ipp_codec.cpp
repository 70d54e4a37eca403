// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/ipp_codec.h"

#include <algorithm>
#include <utility>

namespace guichet::virtualdevices {

namespace {

constexpr std::uint8_t kFirstValueTag = 0x10;

Result<std::string> lengthAndText(ByteReader& reader)
{
    return reader.u16()
        .and_then([&reader](std::uint16_t size) { return reader.take(size); })
        .map([](ByteView text) { return std::string(asText(text)); });
}

std::string fourBytes(std::uint32_t value)
{
    std::string bytes;
    for (const unsigned shift : {24U, 16U, 8U, 0U}) {
        bytes.push_back(static_cast<char>(value >> shift & 0xFFU));
    }
    return bytes;
}

} // namespace

const IppAttribute* IppRequest::find(std::string_view name) const
{
    const auto found = std::ranges::find(attributes, name, &IppAttribute::name);
    return found == attributes.end() ? nullptr : &*found;
}

std::string_view IppRequest::value(std::string_view name) const
{
    const auto* attribute = find(name);
    return attribute == nullptr ? std::string_view() : std::string_view(attribute->values.front());
}

std::int32_t IppRequest::number(std::string_view name) const
{
    const auto bytes = value(name);
    const auto number =
        bytes.size() == 4 ? ByteReader(asBytes(bytes)).u32() : Result<std::uint32_t>(0);
    return static_cast<std::int32_t>(number.value_or(0));
}

Result<IppRequest> decodeIpp(ByteView bytes)
{
    ByteReader reader(bytes);
    const auto version = reader.u16();
    const auto operation = reader.u16();
    const auto id = reader.u32();
    if (!id) {
        return fail(Errc::Protocol, "ipp: less than a header of eight bytes");
    }
    IppRequest request{.version = *version, .operation = *operation, .id = *id};
    auto group = IppTag::End;
    for (;;) {
        const auto tag = reader.u8();
        if (!tag) {
            return fail(Errc::Protocol, "ipp: no end of the attributes");
        }
        if (*tag == static_cast<std::uint8_t>(IppTag::End)) {
            request.document = reader.rest();
            return request;
        }
        if (*tag < kFirstValueTag) {
            group = static_cast<IppTag>(*tag);
            continue;
        }
        auto name = lengthAndText(reader);
        auto value = name ? lengthAndText(reader) : name;
        if (!value) {
            return fail(Errc::Protocol, "ipp: a length beyond the end");
        }
        if (!name->empty()) {
            request.attributes.push_back({group, std::move(*name), {}});
        }
        if (request.attributes.empty() || group == IppTag::End) {
            return fail(Errc::Protocol, "ipp: a value without a name or a group");
        }
        request.attributes.back().values.push_back(std::move(*value));
    }
}

IppResponse::IppResponse(std::uint16_t version, std::uint16_t status, std::uint32_t id)
{
    u16(version);
    u16(status);
    m_bytes += fourBytes(id);
    group(IppTag::Operation);
    add(IppTag::Charset, "attributes-charset", "utf-8");
    add(IppTag::Language, "attributes-natural-language", "en");
}

void IppResponse::u16(std::size_t value)
{
    m_bytes.push_back(static_cast<char>(value >> 8U & 0xFFU));
    m_bytes.push_back(static_cast<char>(value & 0xFFU));
}

void IppResponse::group(IppTag tag)
{
    m_bytes.push_back(static_cast<char>(tag));
}

void IppResponse::add(IppTag tag, std::string_view name, std::string_view value)
{
    m_bytes.push_back(static_cast<char>(tag));
    u16(name.size());
    m_bytes += name;
    u16(value.size());
    m_bytes += value;
}

void IppResponse::add(IppTag tag, std::string_view name, const std::vector<std::string>& values)
{
    for (std::size_t i = 0; i < values.size(); ++i) {
        add(tag, i == 0 ? name : std::string_view(), values[i]);
    }
}

void IppResponse::add(IppTag tag, std::string_view name, std::int32_t value)
{
    add(tag, name, fourBytes(static_cast<std::uint32_t>(value)));
}

void IppResponse::add(std::string_view name, bool value)
{
    add(IppTag::Boolean, name, std::string_view(value ? "\1" : "\0", 1));
}

std::string IppResponse::finish() &&
{
    group(IppTag::End);
    return std::move(m_bytes);
}

} // namespace guichet::virtualdevices
