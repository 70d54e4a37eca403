// SPDX-License-Identifier: Apache-2.0
// A chip that answers anything: each answer is a byte of length and so many bytes of the input.
#include <algorithm>
#include <cstdlib>

#include "drivers/mrtd/chip_authentication.h"
#include "drivers/mrtd/mrtd_reader.h"

using namespace guichet;
using namespace guichet::mrtd;

namespace {

class AnyCard final : public CardChannel {
public:
    explicit AnyCard(ByteView answers)
        : m_answers(answers)
    {
    }
    Result<Bytes> transmit(ByteView /*command*/, std::chrono::milliseconds /*timeout*/) override
    {
        if (++m_commands > 10'000) {
            std::abort();
        }
        if (m_answers.empty()) {
            return fail(Errc::Disconnected, "torn out");
        }
        const auto size =
            std::min(std::to_integer<std::size_t>(m_answers[0]), m_answers.size() - 1);
        const auto answer = m_answers.subspan(1, size);
        m_answers = m_answers.subspan(1 + size);
        return Bytes(answer.begin(), answer.end());
    }
    [[nodiscard]] ByteView atr() const override { return {}; }
    Result<void> reset() override { return {}; }
    void powerOff() override {}

private:
    ByteView m_answers;
    std::size_t m_commands = 0;
};

Bytes fixedNumbers(std::size_t count)
{
    return Bytes(count, std::byte{0x11});
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size)
{
    const auto bytes = std::as_bytes(std::span(data, size));
    {
        AnyCard card(bytes);
        CardLink link(card, std::chrono::seconds(1));
        const auto file = readFile(link, dataGroup(2), {.mostBytes = 4'000});
        if (file && file->reveal().size() > 4'000) {
            std::abort();
        }
    }
    {
        AnyCard card(bytes);
        ReadOptions options;
        options.random = fixedNumbers;
        const AccessKey key{std::nullopt, Secret(std::string("123456"))};
        if (MrtdReader(card, std::move(options)).read(key)) {
            std::abort(); // nobody guesses a session's keys
        }
    }
    return 0;
}
