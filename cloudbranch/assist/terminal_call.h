// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "cloudbranch/signalling/hub_message.h"

namespace guichet::assist {

/// Picture and sound of one assist after the other, as guichet-call makes them: from what the hub,
/// the customer and guichet-call say it follows what guichet-call and the hub are told. Plain
/// values; no process, no clock. The table of its states stands in README.md.
class TerminalCall {
public:
    /// How a call is recorded: cloudbranch/call's `record`.
    struct Recording {
        std::string root;      ///< a folder of cases
        std::string terminal;  ///< by its name at the hub
        std::string recipient; ///< a PEM file: the public key of who may open it
        std::string signer;    ///< a PEM file: the terminal's private key; empty: nobody vouches
    };
    struct Settings {
        bool pictures = true;     ///< there is a guichet-call
        std::string camera = {};  ///< the camera's frames
        std::string picture = {}; ///< where the picture of staff comes
        std::optional<Recording> recording = {};
    };
    enum class Media { None, Connecting, Up, Weak, Lost };

    explicit TerminalCall(Settings settings);

    /// Which assist the terminal follows (empty: none), and how it stands, once that is known.
    void follow(const std::string& assist, const std::optional<signalling::AssistNews>& news);
    /// The customer is ready to be seen and heard by who has answered; `recorded`: and agreed to be
    /// recorded, which needs Settings::recording.
    void begin(bool recorded);
    void showCamera(bool on);
    /// What the seat says to the media.
    void hearSeat(const signalling::Signal& signal);
    /// guichet-call hears commands from now on, or is gone with all that it was told.
    void becomeReady();
    void loseProcess();
    /// An event of guichet-call.
    void hear(const nlohmann::json& event);
    /// waits() has been true for as long as anybody waits for picture or sound: words must do.
    void losePatience();

    /// What is to be said now, in this order; each once.
    struct Said {
        bool toHub = false; ///< or to guichet-call
        nlohmann::json message;

        [[nodiscard]] bool operator==(const Said&) const = default;
    };
    [[nodiscard]] std::vector<Said> take();

    /// Staff and customer have nothing of each other, and wait for picture or sound.
    [[nodiscard]] bool waits() const;
    [[nodiscard]] Media media() const { return m_media; }
    [[nodiscard]] bool video() const { return m_media != Media::None && m_mode == "video"; }
    [[nodiscard]] bool cameraOn() const { return m_cameraOn; }
    [[nodiscard]] bool recording() const { return m_stage == Stage::Recording; }
    /// The case of this assist if it is recorded, or will be in a moment; empty: it is not.
    [[nodiscard]] std::string recorded() const;
    /// Cases that guichet-call writes, or will write again in a moment: nobody else may touch them.
    [[nodiscard]] std::set<std::string> written() const;

private:
    enum class Stage {
        Idle,      ///< guichet-call has no case of this assist
        Opening,   ///< it was told to open it
        Open,      ///< it has, and records nothing, or nothing any more
        Recording, ///< it has, and records it
        Words,     ///< it cannot, so this assist is one of words
    };
    /// What the customer was ready for.
    struct Wish {
        bool recorded = false;
        std::optional<signalling::Mode> mode = {}; ///< as it was when the hub first told
    };

    [[nodiscard]] bool holds() const;
    void act();
    void open();
    void connect();
    void disconnect();
    void lose();
    void end();
    void onMedia(const nlohmann::json& event);
    void onFailed(const std::string& of);
    void tellProcess(nlohmann::json command);
    void tellHub(nlohmann::json message);
    void tellMedia(const char* state, const std::string& mode);

    const Settings m_settings;
    std::string m_assist;
    std::optional<signalling::AssistNews> m_news; ///< while it is not through
    std::optional<Wish> m_wish;
    Stage m_stage = Stage::Idle;
    bool m_ready = false;            ///< guichet-call
    nlohmann::json m_ice;            ///< its peer connections are made with; null: it has none
    std::set<std::string> m_closing; ///< told to be closed, and not closed yet
    Media m_media = Media::None;
    std::string m_mode = "video";
    bool m_cameraOn = true;
    std::vector<Said> m_said;
};

} // namespace guichet::assist
