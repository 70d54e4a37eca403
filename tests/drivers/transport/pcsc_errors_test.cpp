// SPDX-License-Identifier: Apache-2.0
#include "drivers/transport/pcsc_errors.h"

#include <catch2/catch.hpp>

using namespace guichet;
using transport::pcscFailure;

TEST_CASE("pcsc: a card whose reader is unplugged is the reader's absence, not the card's fault",
          "[drivers][transport]")
{
    // In the middle of a command; before the next one; once pcscd has forgotten the reader.
    const LONG code =
        GENERATE(SCARD_E_READER_UNAVAILABLE, SCARD_E_UNKNOWN_READER, SCARD_E_INVALID_VALUE);
    const auto error = pcscFailure(code, "transmit").value();
    CAPTURE(error.detail);
    CHECK(error.code == Errc::Disconnected);
    CHECK(error.remedy == Remedy::ReconnectCable);
}

TEST_CASE("pcsc: a card that is torn out is asked for again", "[drivers][transport]")
{
    const LONG code = GENERATE(SCARD_E_NO_SMARTCARD, SCARD_W_REMOVED_CARD, SCARD_E_NOT_TRANSACTED);
    const auto error = pcscFailure(code, "transmit").value();
    CHECK(error.code == Errc::Disconnected);
    CHECK(error.remedy == Remedy::ReinsertCard);
}
