// SPDX-License-Identifier: Apache-2.0
#include "peripherals/virtual/command_parser.h"

#include "peripherals/virtual/command_lengths.h"

namespace guichet::virtualdevices {

namespace {

constexpr std::size_t kNulEndedMost = 255;

bool startsCommand(std::byte byte)
{
    return byte == std::byte{0x1B} || byte == std::byte{0x1C} || byte == std::byte{0x1D} ||
           byte == std::byte{0x10};
}

std::size_t little16(const Bytes& bytes, std::size_t index)
{
    return std::to_integer<std::size_t>(bytes[index]) |
           std::to_integer<std::size_t>(bytes[index + 1]) << 8;
}

} // namespace

void CommandParser::reset()
{
    m_state = State::Text;
    m_head.clear();
}

void CommandParser::push(std::byte byte)
{
    switch (m_state) {
    case State::Text:
        if (startsCommand(byte)) {
            m_state = State::Head;
            m_head.assign(1, byte);
            m_need = 2;
        } else {
            m_sink.character(byte);
        }
        return;
    case State::Head:
        headByte(byte);
        return;
    case State::Data:
        m_sink.data(byte);
        if (--m_left == 0) {
            m_state = State::Text;
            m_sink.end();
        }
        return;
    case State::DataUntilNul:
        if (byte == std::byte{0} || --m_left == 0) {
            m_state = State::Text;
            m_sink.end();
        } else {
            m_sink.data(byte);
        }
        return;
    case State::ImageHead:
        m_head.push_back(byte);
        if (m_head.size() == 4) {
            m_left = little16(m_head, 0) * little16(m_head, 2) * 8;
            m_state = State::ImageData;
            if (m_left == 0) {
                startImageOrEnd();
            }
        }
        return;
    case State::ImageData:
        m_sink.data(byte);
        if (--m_left == 0) {
            startImageOrEnd();
        }
        return;
    }
}

void CommandParser::headByte(std::byte byte)
{
    m_head.push_back(byte);
    if (m_head.size() < m_need) {
        return;
    }
    const auto length = lengthOf(m_head);
    switch (length.kind) {
    case CommandLength::Kind::NeedHead:
        m_need = length.count;
        return;
    case CommandLength::Kind::Whole:
        m_sink.begin(m_head, length.count);
        m_left = length.count;
        m_state = State::Data;
        if (m_left == 0) {
            m_state = State::Text;
            m_sink.end();
        }
        return;
    case CommandLength::Kind::UntilNul:
        m_sink.begin(m_head, 0);
        m_left = kNulEndedMost;
        m_state = State::DataUntilNul;
        return;
    case CommandLength::Kind::Images:
        m_sink.begin(m_head, 0);
        m_images = length.count;
        startImageOrEnd();
        return;
    }
}

void CommandParser::startImageOrEnd()
{
    if (m_images == 0) {
        m_state = State::Text;
        m_sink.end();
        return;
    }
    --m_images;
    m_head.clear();
    m_state = State::ImageHead;
}

} // namespace guichet::virtualdevices
