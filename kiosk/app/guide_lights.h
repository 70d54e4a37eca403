// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <QObject>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

namespace guichet::xfs {
class Client;
}

namespace guichet::kiosk {

struct Page;

/// The light that shows the hand where to go on this page, by XFS4IoT's name ("cardReader"); empty:
/// none. Never the only sign: the page says the same.
[[nodiscard]] std::string_view lightFor(const Page& page);

/// Guide lights of the terminal's XFS4IoT service `lights`. A terminal without them is left in
/// peace. GUI thread; never blocks.
class GuideLights : public QObject {
    Q_OBJECT

public:
    GuideLights(std::string host, std::uint16_t port, QObject* parent = nullptr);
    ~GuideLights() override;

    /// One light flashes, the one before goes out; empty: all are out. Told again to a service that
    /// was away.
    void guideTo(std::string_view light);

private:
    void onConnected(bool connected);
    void send();

    std::string m_lit; ///< as last told
    std::string m_wanted;
    bool m_connected = false;
    std::unique_ptr<xfs::Client> m_client;
};

} // namespace guichet::kiosk
