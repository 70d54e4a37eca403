// SPDX-License-Identifier: Apache-2.0
#include "kiosk/app/guide_lights.h"

#include <utility>

#include <nlohmann/json.hpp>

#include "kiosk/models/page.h"
#include "peripherals/xfs/client.h"
#include "peripherals/xfs/messages.h"

namespace guichet::kiosk {
namespace {

using nlohmann::json;

constexpr std::chrono::seconds kPatience{5};

void set(json& lights, const std::string& light, const char* rate)
{
    if (!light.empty()) {
        lights[light] = {{"default", {{"flashRate", rate}}}};
    }
}

} // namespace

std::string_view lightFor(const Page& page)
{
    switch (page.kind) {
    case PageKind::InsertCard:
        return "cardReader";
    case PageKind::ScanCode:
    case PageKind::PlaceDocument:
        return "scanner";
    case PageKind::Print:
        return page.ticket ? "receiptPrinter" : "";
    case PageKind::Warning:
        return page.picture == QLatin1String("card") ? "cardReader" : "";
    default:
        return "";
    }
}

GuideLights::GuideLights(std::string host, std::uint16_t port, QObject* parent)
    : QObject(parent)
    , m_client(xfs::Client::find(std::move(host), port, "lights",
                                 {.onConnected =
                                      [this](bool connected) {
                                          QMetaObject::invokeMethod(
                                              this, [this, connected] { onConnected(connected); },
                                              Qt::QueuedConnection);
                                      },
                                  .onStatus = {},
                                  .onUnsolicited = {}}))
{
}

GuideLights::~GuideLights() = default;

void GuideLights::onConnected(bool connected)
{
    m_connected = connected;
    m_lit.clear(); // a service that starts has all lights out
    send();
}

void GuideLights::guideTo(std::string_view light)
{
    m_wanted = light;
    send();
}

void GuideLights::send()
{
    if (!m_connected || m_wanted == m_lit) {
        return;
    }
    json lights = json::object();
    set(lights, std::exchange(m_lit, m_wanted), "off");
    set(lights, m_lit, "medium");
    // A light that this terminal lacks is refused, and nobody misses it.
    m_client->command("Lights.SetLight", lights, kPatience, [](const auto&) {});
}

} // namespace guichet::kiosk
