// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "kiosk/app/assist_effects.h"
#include "kiosk/app/assist_port.h"
#include "kiosk/app/bank_effects.h"
#include "kiosk/app/bank_port.h"
#include "kiosk/app/call_control.h"
#include "kiosk/app/camera_picture.h"
#include "kiosk/app/case_sender.h"
#include "kiosk/app/case_watch.h"
#include "kiosk/app/device_port.h"
#include "kiosk/app/guided_sale.h"
#include "kiosk/app/hub_port.h"
#include "kiosk/app/kiosk_config.h"
#include "kiosk/app/kiosk_session.h"
#include "kiosk/app/paper_effects.h"
#include "kiosk/app/staff_link.h"
#include "kiosk/app/terminal_effects.h"
#include "kiosk/views/kiosk_window.h"

namespace guichet::kiosk {

/// How the hub is reached.
[[nodiscard]] queue::Client::Config hubConfig(const KioskConfig& config);

/// One kiosk, put together. What it is made from outlives it. GUI thread.
struct KioskParts {
    KioskParts(const KioskConfig& config, const Journeys& journeys, Journal& journal);

    KioskWindow window;
    HubPort hub;
    DevicePort devices;
    AssistPort assist;
    CallControl call;
    std::unique_ptr<CaseSender> evidence; ///< where calls are recorded
    CameraPicture camera;
    CameraPicture callPicture;
    StaffLink staff;
    AssistEffects help;
    TerminalEffects effects;
    PaperEffects paper;
    BankPort bankPort;
    BankEffects bankEffects;
    CaseWatch caseWatch; ///< sees a press before the session does
    GuidedSale guided;
    KioskSession session;
};

} // namespace guichet::kiosk
