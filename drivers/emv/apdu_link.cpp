// SPDX-License-Identifier: Apache-2.0
#include "drivers/emv/apdu_link.h"

namespace guichet::emv {

Result<CardAnswer> ApduLink::exchange(ByteView command)
{
    return m_exchange.perform(command).map([](const RawAnswer& answer) {
        const auto data = dataOf(answer);
        return CardAnswer{SecretBytes(Bytes(data.begin(), data.end())), statusOf(answer)};
    });
}

} // namespace guichet::emv
