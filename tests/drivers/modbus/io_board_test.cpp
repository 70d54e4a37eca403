// SPDX-License-Identifier: Apache-2.0
// Against the virtual unit, which was written apart from the driver.
#include "drivers/modbus/io_board.h"

#include <catch2/catch.hpp>

#include "drivers/transport/connection.h"
#include "peripherals/virtual/io_server.h"

using namespace guichet;
using namespace guichet::modbus;
using virtualdevices::IoServer;

namespace {

struct Cabinet {
    std::unique_ptr<IoServer> unit = std::move(*IoServer::start({"127.0.0.1", 0}));
    SystemClock clock;
    IoBoard board{*transport::planConnection("tcp:127.0.0.1:" + std::to_string(unit->port())),
                  Framing::Tcp, 1, clock};
};

} // namespace

TEST_CASE("io board: switches are read, all at once")
{
    Cabinet cabinet;
    cabinet.unit->setInput(1, true);
    cabinet.unit->setInput(9, true);
    const auto inputs = cabinet.board.readInputs(10);
    REQUIRE(inputs);
    std::vector<bool> expected(10);
    expected[1] = expected[9] = true;
    CHECK(*inputs == expected);
}

TEST_CASE("io board: lamps are written, all at once")
{
    Cabinet cabinet;
    REQUIRE(cabinet.board.writeCoils({true, false, true}));
    CHECK(cabinet.unit->state().coils[0]);
    CHECK_FALSE(cabinet.unit->state().coils[1]);
    CHECK(cabinet.unit->state().coils[2]);
}

TEST_CASE("io board: more than the unit has is said to be wrong")
{
    Cabinet cabinet;
    const auto inputs = cabinet.board.readInputs(17);
    REQUIRE_FALSE(inputs);
    CHECK(inputs.error().code == Errc::Invalid);
    CHECK(inputs.error().remedy == Remedy::CallStaff);
}

TEST_CASE("io board: a unit that is unplugged and comes back is read again")
{
    Cabinet cabinet;
    REQUIRE(cabinet.board.readInputs(4));
    REQUIRE(cabinet.unit->plug(false));
    const auto away = cabinet.board.readInputs(4);
    REQUIRE_FALSE(away);
    CHECK(away.error().remedy == Remedy::ReconnectCable);
    REQUIRE(cabinet.unit->plug(true));
    CHECK(cabinet.board.readInputs(4));
}

TEST_CASE("io board: one that was cut between two questions is asked a second time at once")
{
    Cabinet cabinet;
    REQUIRE(cabinet.board.readInputs(4));
    REQUIRE(cabinet.unit->plug(false));
    REQUIRE(cabinet.unit->plug(true));
    CHECK(cabinet.board.readInputs(4));
}
