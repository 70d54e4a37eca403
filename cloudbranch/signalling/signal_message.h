// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <string>
#include <string_view>

#include <nlohmann/json.hpp>

#include "cloudbranch/signalling/assist.h"
#include "peripherals/base/error.h"

/// What terminals and seats say on an assist's socket, one JSON object a message. Names are near
/// those of WebRTC, so that a media server can take the place of either end.
namespace guichet::signalling {

enum class Role { Terminal, Seat };

enum class SignalType {
    // of the terminal
    Offer, ///< it alone offers; `fresh`: for a new peer connection
    Media, ///< "up" or "lost", and by which means
    Result,
    Page,   ///< what the customer sees now
    Guided, ///< how a guided recording stands
    Withdraw,
    CallBack,
    // of either
    Candidate,
    Quality,
    Chat,
    HangUp,
    // of the seat
    Answer,
    NeedOffer,
    Accept,
    Decline,
    Request, ///< a form, a scan, a photo, a signature, a print; the customer sees who asks for what
    Approve, ///< `of`: as the second person, what another one has proposed
    Guide,   ///< a guided recording: begins, goes on, is repeated or stopped
    Note,
    Transfer,
    Consult,
    Finish,
    TakeCallBack,
    Look,  ///< at the case of a customer whose step waits for a second person
    Ready, ///< these two are about the seat itself
    Away,
};

/// "needOffer"
[[nodiscard]] std::string_view name(SignalType type);

constexpr std::size_t kLargestSignal = 256U << 10;

struct Signal {
    SignalType type;
    std::string assist;  ///< that a seat speaks of; empty of a terminal, which has one only
    nlohmann::json body; ///< the fields of this type, each of the right kind and length; no others
    std::string by = {}; ///< who said it, as the hub tells a terminal; of no message itself
};

/// Reads a message of somebody who may lie. Errc::Invalid: too large or deep, no object, a field
/// missing, unknown, twice or wrong. Errc::Denied: not this role's to say. Pure.
[[nodiscard]] Result<Signal> parseSignal(std::string_view text, Role role);

/// Whether it may be said while the assist stands there; where it leads is the switchboard's.
[[nodiscard]] bool mayBeSaid(SignalType type, AssistState state);

} // namespace guichet::signalling
