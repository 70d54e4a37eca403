// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QString>
#include <functional>
#include <memory>
#include <string>

#include <nlohmann/json.hpp>

namespace guichet::test {

/// A member of remote staff of the demo outlet, at the hub's own address: what the page at /seat/
/// says and hears, without its picture and sound.
class Seat {
public:
    explicit Seat(const std::string& user = "agent");
    ~Seat();
    Seat(const Seat&) = delete;
    Seat& operator=(const Seat&) = delete;

    /// Says it about the assist that this seat holds, or about the one that `fields` names.
    void say(const std::string& type, nlohmann::json fields = nlohmann::json::object());
    /// The first message of that type (empty: of any) that fits, also one that came before; the
    /// kiosk's window goes on meanwhile. Null: none within 30 s.
    nlohmann::json until(const std::string& type,
                         const std::function<bool(const nlohmann::json&)>& fits = {});
    /// Answers the next call, ready for it if need be; the case.
    nlohmann::json takeCall();

private:
    struct Line;
    std::unique_ptr<Line> m_line;
};

} // namespace guichet::test
