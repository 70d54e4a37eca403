// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <unordered_map>

#include "peripherals/base/unique_handle.h"
#include "peripherals/net/http.h"

namespace guichet::net {

/// Takes connections in at a listening socket, so many of one peer and so many in total.
/// Thread-bound but for its figures.
class Admission {
public:
    struct Limits {
        std::size_t total;
        std::size_t perPeer;
        bool explains; ///< sends a refused peer a response, which needs a port without TLS
    };

    /// Counts as one connection of its peer as long as it lives.
    class Place {
    public:
        Place(Admission& admission, std::string peer);
        ~Place();
        Place(Place&& other) noexcept;
        Place& operator=(Place&&) = delete;
        [[nodiscard]] const std::string& peer() const { return m_peer; }

    private:
        Admission* m_admission;
        std::string m_peer; ///< its address
    };

    struct Guest {
        UniqueFd socket;
        std::uint16_t port; ///< the peer's
        Place place;
    };

    Admission(UniqueFd listening, Limits limits);

    [[nodiscard]] int fd() const { return m_listening.get(); }
    [[nodiscard]] std::uint16_t port() const;
    /// Hands over who may stay. Leaves some waiting when there are very many, so that others get
    /// their turn. False when there is not even a file to refuse somebody with: whoever waits stays
    /// there, so try again when there may be files.
    [[nodiscard]] bool accept(const std::function<void(Guest)>& admit);

    [[nodiscard]] std::size_t connections() const { return m_connections; }
    [[nodiscard]] std::uint64_t refused() const { return m_refused; }

private:
    enum class TurnedAway { One, Nobody, NoFile };
    [[nodiscard]] TurnedAway turnAway();
    [[nodiscard]] std::optional<Response> refusal(const std::string& peer) const;
    void refuse(UniqueFd socket, const std::string& peer, const Response& response);

    const UniqueFd m_listening;
    const Limits m_limits;
    UniqueFd m_spare; ///< given up for a moment when there are no files left
    std::unordered_map<std::string, std::size_t> m_peers;
    std::atomic<std::size_t> m_connections{0};
    std::atomic<std::uint64_t> m_refused{0};
};

} // namespace guichet::net
