// SPDX-License-Identifier: Apache-2.0
#include "drivers/modbus/io_board.h"

#include <string>
#include <utility>

namespace guichet::modbus {

namespace {

using namespace std::chrono_literals;
using std::chrono::milliseconds;

constexpr milliseconds kAnswer = 500ms;
constexpr std::size_t kMostAtOnce = 512;
constexpr std::size_t kMostBytes = 1024; ///< of answers that are not ours, and then it is no board

Error refused(Refusal refusal)
{
    const auto number = std::to_string(static_cast<int>(refusal));
    switch (refusal) {
    case Refusal::IllegalAddress:
    case Refusal::IllegalValue:
        return {Errc::Invalid, Remedy::CallStaff, "modbus: the board has not so many"};
    case Refusal::IllegalFunction:
        return {Errc::Unsupported, Remedy::CallStaff, "modbus: the board lacks this function"};
    default:
        return {Errc::Busy, Remedy::Retry, "modbus: the board refuses, code " + number};
    }
}

} // namespace

IoBoard::IoBoard(ChannelOpener open, Framing framing, std::uint8_t unit, const Clock& clock)
    : m_open(std::move(open))
    , m_framing(framing)
    , m_unit(unit)
    , m_clock(clock)
{
}

IoBoard::~IoBoard() = default;

Result<std::vector<bool>> IoBoard::readInputs(std::size_t count)
{
    return perform({.function = Function::ReadDiscreteInputs, .bits = std::vector<bool>(count)})
        .map([](Answer&& answer) { return std::move(answer.bits); });
}

Result<void> IoBoard::writeCoils(const std::vector<bool>& coils)
{
    return perform({.function = Function::WriteMultipleCoils, .bits = coils})
        .map([](const Answer&) {});
}

Result<Answer> IoBoard::perform(Request request)
{
    request.unit = m_unit;
    constexpr int kAttempts = 2;
    Result<Answer> answer = fail(Errc::Internal, "modbus: not asked");
    for (int attempt = 0; attempt < kAttempts; ++attempt) {
        request.transaction = ++m_transaction;
        answer = exchange(request);
        if (answer) {
            return answer->refusal ? Result<Answer>(tl::unexpected(refused(*answer->refusal)))
                                   : std::move(answer);
        }
        m_channel.reset(); // what comes late must not be taken for the next answer
    }
    return answer;
}

Result<void> IoBoard::send(ByteView bytes)
{
    while (!bytes.empty()) {
        const auto sent = m_channel->write(bytes, kAnswer);
        if (!sent) {
            return tl::unexpected(sent.error());
        }
        bytes = bytes.subspan(*sent);
    }
    return {};
}

Result<Answer> IoBoard::exchange(const Request& request)
{
    if (!m_channel) {
        auto opened = m_open();
        if (!opened) {
            return tl::unexpected(std::move(opened.error()));
        }
        m_channel = std::move(*opened);
    }
    if (auto sent = send(encode(request, m_framing)); !sent) {
        return tl::unexpected(std::move(sent.error()));
    }
    Bytes came;
    const auto end = m_clock.ticks() + kAnswer;
    while (came.size() < kMostBytes) {
        std::size_t used = 0;
        auto answer = decode(came, request, m_framing, used);
        if (!answer) {
            return tl::unexpected(std::move(answer.error()));
        }
        if (*answer) {
            return std::move(**answer);
        }
        const auto left = std::chrono::duration_cast<milliseconds>(end - m_clock.ticks());
        if (left <= 0ms) {
            return fail(Errc::Timeout, "modbus: no answer", Remedy::ReconnectCable);
        }
        auto more = m_channel->read(kMostAtOnce, left);
        if (!more) {
            auto error = std::move(more.error());
            error.remedy = Remedy::ReconnectCable;
            return tl::unexpected(std::move(error));
        }
        came.insert(came.end(), more->begin(), more->end());
    }
    return fail(Errc::Protocol, "modbus: no answer among what came", Remedy::CallStaff);
}

} // namespace guichet::modbus
