// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "peripherals/base/bytes.h"
#include "peripherals/base/error.h"

/// What the kiosk tells its call process: one JSON object a line. Pure.
namespace guichet::call {

constexpr std::size_t kLongestLine = 1U << 20;
constexpr std::size_t kLargestAttachment = 512U << 10; ///< bytes, before base64

enum class Mode { Video, Voice };

/// Where a case is recorded, and to whom.
struct RecordPlan {
    std::string root; ///< folder of cases
    std::string terminal;
    std::string recipient; ///< PEM file: the bank's public key
    std::string signer;    ///< PEM file: the terminal's private key; may be empty

    [[nodiscard]] bool operator==(const RecordPlan&) const = default;
};

/// Begins a case; there is one at a time.
struct Open {
    std::string caseId;
    Mode mode = Mode::Video;
    std::string camera;        ///< socket of frames; empty: no camera
    std::string remotePicture; ///< socket where the received picture is served
    std::optional<RecordPlan> record;

    [[nodiscard]] bool operator==(const Open&) const = default;
};

/// One of RFC 7064 and 7065: "turn:host:3478?transport=udp".
struct IceServer {
    std::vector<std::string> urls;
    std::string username;
    std::string credential;

    [[nodiscard]] bool operator==(const IceServer&) const = default;
};

/// A new peer connection with an offer of its own, to whichever seat that goes.
struct Connect {
    std::vector<IceServer> servers;
    bool relayOnly = false;

    [[nodiscard]] bool operator==(const Connect&) const = default;
};

/// Other ways, or other credentials, for every peer connection from the next one on.
struct Servers {
    Connect ice;
    [[nodiscard]] bool operator==(const Servers&) const = default;
};

struct Answer {
    std::string sdp;
    [[nodiscard]] bool operator==(const Answer&) const = default;
};
struct Candidate {
    std::string candidate; ///< empty: that was the last
    unsigned line = 0;
    [[nodiscard]] bool operator==(const Candidate&) const = default;
};
/// The seat wants a new peer connection.
struct NeedOffer {
    std::string why;
    [[nodiscard]] bool operator==(const NeedOffer&) const = default;
};
struct Camera {
    bool on = true;
    [[nodiscard]] bool operator==(const Camera&) const = default;
};
struct Microphone {
    bool on = true;
    [[nodiscard]] bool operator==(const Microphone&) const = default;
};
/// What is attached to a line of the log.
struct Attachment {
    std::string mediaType;
    Bytes content;
    [[nodiscard]] bool operator==(const Attachment&) const = default;
};
/// A line for the case's log.
struct Log {
    std::string entry;   ///< a JSON object
    std::string id = {}; ///< "kept" names it; empty: nobody asks
    std::optional<Attachment> attachment = {};
    [[nodiscard]] bool operator==(const Log&) const = default;
};
/// How long the case must be kept at least.
struct Retain {
    std::string name; ///< of the class
    int months = 0;
    bool running = false; ///< the time begins now; else when the bank says so
    std::string id = {};
    [[nodiscard]] bool operator==(const Retain&) const = default;
};
/// To the seat, over the data channel.
struct Tell {
    std::string message; ///< a JSON object
    [[nodiscard]] bool operator==(const Tell&) const = default;
};
/// Drops the peer; case and recording go on.
struct Disconnect {
    [[nodiscard]] bool operator==(const Disconnect&) const = default;
};
struct Close {
    [[nodiscard]] bool operator==(const Close&) const = default;
};

using Command = std::variant<Open, Connect, Servers, Answer, Candidate, NeedOffer, Camera,
                             Microphone, Log, Retain, Tell, Disconnect, Close>;

struct ControlLine {
    std::string of; ///< which command the line meant, if that can be told
    Result<Command> command;
};

/// Reads one line. Errc::Invalid: too long or deep, no object, or a member that is missing,
/// unknown, twice or wrong; the detail says which and what was wanted.
[[nodiscard]] ControlLine parseControlLine(std::string_view line);

} // namespace guichet::call
