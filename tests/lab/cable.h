// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <memory>
#include <utility>

#include "peripherals/classes/channel.h"
#include "tests/lab/kernel_events.h"
#include "tests/lab/usb_emulator.h"

namespace guichet::lab {

/// A cable between a driver's opener and a device, which comes and goes as the kernel says.
class Cable {
public:
    explicit Cable(ChannelOpener open)
        : m_open(std::move(open))
    {
    }
    /// False: it is not seen, or the one before is not seen to go.
    [[nodiscard]] bool plug(UsbModel model)
    {
        KernelEvents events;
        m_plugged.reset();
        if (!events.await([this] { return !m_open(); })) {
            return false;
        }
        m_plugged = std::make_unique<PluggedUsb>(std::move(model));
        return events.await([this] { return m_open().has_value(); });
    }
    [[nodiscard]] PluggedUsb& operator*() { return *m_plugged; }

private:
    ChannelOpener m_open;
    std::unique_ptr<PluggedUsb> m_plugged;
};

} // namespace guichet::lab
