// SPDX-License-Identifier: Apache-2.0
#include "drivers/transport/input_channel.h"

#include <catch2/catch.hpp>

using namespace guichet;

TEST_CASE("input: what cannot be taken says why")
{
    const auto away = transport::openInput("/dev/input/by-id/none");
    CHECK(away.error().code == Errc::Disconnected);
    CHECK(away.error().remedy == Remedy::ReconnectCable);
    CHECK(transport::openInput("/dev/null").error().code == Errc::Invalid);
}
