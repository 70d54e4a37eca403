// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/xfs_card_reader.h"

#include <algorithm>
#include <condition_variable>
#include <initializer_list>
#include <mutex>
#include <optional>
#include <utility>

#include <spdlog/spdlog.h>
#include <strings.h>

#include "peripherals/xfs/client.h"
#include "peripherals/xfs/messages.h"

namespace guichet::host {

using nlohmann::json;
using namespace std::chrono_literals;
using xfs::Completion;
using xfs::CompletionCode;

namespace {

/// The service ends what takes longer; a card that is inside is asked at once.
constexpr auto kPowerTime = 5s;
constexpr auto kPowerOffTime = 2s;
constexpr auto kMoveTime = 3s;
constexpr auto kCancelTime = 2s;

bool among(std::string_view word, std::initializer_list<std::string_view> words)
{
    return std::find(words.begin(), words.end(), word) != words.end();
}

std::string textOf(const json& object, const char* key)
{
    const auto found = object.is_object() ? object.find(key) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

/// A member that is an object; an empty one if it is absent or null.
json part(const json& object, const char* key)
{
    const auto found = object.is_object() ? object.find(key) : object.end();
    return found != object.end() && found->is_object() ? *found : json::object();
}

bool flag(const json& object, const char* key)
{
    const auto found = object.is_object() ? object.find(key) : object.end();
    return found != object.end() && found->is_boolean() && found->get<bool>();
}

bool isContactless(const json& cardReader)
{
    return among(textOf(cardReader, "type"), {"contactless", "intelligentContactless"});
}

/// ISO/IEC 7816-3: the first protocol that the card names, T=0 if it names none.
const char* protocolOf(ByteView atr)
{
    constexpr std::byte kFirstProtocol{0x80};
    if (atr.size() < 2 || (atr[1] & kFirstProtocol) == std::byte{0}) {
        return "chipT0";
    }
    std::size_t at = 2;
    for (const std::byte before : {std::byte{0x10}, std::byte{0x20}, std::byte{0x40}}) {
        at += (atr[1] & before) != std::byte{0} ? 1 : 0;
    }
    return at < atr.size() && (atr[at] & std::byte{0x0f}) == std::byte{0x01} ? "chipT1" : "chipT0";
}

Error away()
{
    return {Errc::Disconnected, Remedy::ReconnectCable, "the card reader's service is away"};
}

/// What a failed command says of the card.
Error cardError(const Completion& completion)
{
    auto error = completion.error();
    const auto word = completion.errorCode();
    if (word == "noMedia") {
        error.code = Errc::NotFound;
        error.remedy = Remedy::InsertCard;
    } else if (among(word, {"invalidMedia", "invalidData", "atrNotObtained", "cardCollision",
                            "chipPowerNotSupported", "protocolNotSupported"})) {
        error.code = Errc::Protocol;
        error.remedy = Remedy::ReinsertCard;
    } else if (among(word, {"mediaJam", "shutterFail"})) {
        error.remedy = Remedy::CallStaff;
    }
    return error;
}

} // namespace

std::string chipProtocol(const json& cardReader, ByteView atr)
{
    const auto offered = part(cardReader, "chipProtocols");
    const auto byCard = protocolOf(atr);
    const auto first = [&offered](std::initializer_list<const char*> words) -> std::string {
        for (const char* word : words) {
            if (flag(offered, word)) {
                return word;
            }
        }
        return {};
    };
    auto word = isContactless(cardReader)
                    ? first({"chipProtocolNotRequired", "chipTypeAPart4", "chipTypeB",
                             "chipTypeNFC", "chipTypeAPart3"})
                    : first({"chipProtocolNotRequired", byCard, "chipT1", "chipT0"});
    return word.empty() ? byCard : word;
}

Bytes answerToReset(const json& payload)
{
    const auto bytes = [](const std::string& base64) {
        auto decoded = fromBase64(base64);
        return decoded ? std::move(*decoded) : Bytes();
    };
    if (const auto data = textOf(payload, "chipData"); !data.empty()) {
        return bytes(data);
    }
    const auto chips = payload.is_object() ? payload.find("chip") : payload.end();
    if (chips == payload.end() || !chips->is_array()) {
        return {};
    }
    for (const auto& chip : *chips) {
        const auto status = textOf(chip, "status"); // "ok" in 2021-1, null later
        if (status.empty() || status == "ok") {
            if (auto atr = bytes(textOf(chip, "data")); !atr.empty()) {
                return atr;
            }
        }
    }
    return {};
}

/// The connection, and what it told. Callbacks come on the client's thread.
class XfsCardReader::Link {
public:
    explicit Link(std::string service)
        : m_name(std::move(service))
    {
    }

    Result<void> open()
    {
        auto client = xfs::Client::open(
            m_name, {[this](bool up) { connected(up); },
                     [this](const json& status) { statusChanged(status); },
                     [this](std::string_view event, const json&) { happened(event); }});
        if (!client) {
            return tl::unexpected(client.error());
        }
        m_client = std::move(*client);
        return {};
    }

    const std::string& name() const { return m_name; }

    Result<CardState> state()
    {
        stopAccepting();
        const std::scoped_lock lock(m_mutex);
        return m_up ? Result<CardState>(m_state) : tl::unexpected(away());
    }

    Result<CardState> waitForChange(CardState known, const std::stop_token& stop,
                                    std::chrono::milliseconds timeout)
    {
        const auto until = std::chrono::steady_clock::now() + timeout;
        if (known.presence == CardPresence::Absent) {
            accept();
        }
        std::unique_lock lock(m_mutex);
        m_changed.wait_until(lock, stop, until,
                             [&] { return m_failure || (m_up && m_state != known); });
        if (stop.stop_requested()) {
            lock.unlock();
            stopAccepting();
            return fail(Errc::Cancelled, "stopped");
        }
        if (!m_up) {
            return tl::unexpected(away());
        }
        return m_failure ? Result<CardState>(tl::unexpected(*std::exchange(m_failure, {})))
                         : m_state;
    }

    /// The card that was accepted, else one that is inside already.
    Result<Bytes> powerUp()
    {
        {
            const std::scoped_lock lock(m_mutex);
            if (!m_atr.empty()) {
                return std::exchange(m_atr, {});
            }
        }
        const auto read = m_client->call("CardReader.ReadRawData", {{"chip", true}}, kPowerTime);
        if (!read) {
            return tl::unexpected(away());
        }
        if (!read->ok()) {
            return read->code == CompletionCode::TimeOut
                       ? fail(Errc::NotFound, "no card in the reader", Remedy::InsertCard)
                       : tl::unexpected(cardError(*read));
        }
        auto atr = answerToReset(read->payload);
        if (atr.empty()) {
            return fail(Errc::Protocol, "no answer to reset", Remedy::ReinsertCard);
        }
        return atr;
    }

    json cardReader() const { return part(m_client->capabilities(), "cardReader"); }

    Result<Completion> call(const char* command, const json& payload,
                            std::chrono::milliseconds timeout)
    {
        return m_client->call(command, payload, timeout);
    }

    std::uint32_t changes() const
    {
        const std::scoped_lock lock(m_mutex);
        return m_up ? m_state.changes : 0;
    }

private:
    void connected(bool up)
    {
        const std::scoped_lock lock(m_mutex);
        m_up = up;
        m_accepting.reset();
        if (!up) {
            change(CardPresence::Absent);
        }
        m_changed.notify_all();
    }

    void statusChanged(const json& status)
    {
        const auto media = textOf(part(status, "cardReader"), "media");
        const std::scoped_lock lock(m_mutex);
        // What is at the entrance is not inside yet; what was accepted is more than a word.
        if (media == "present" && m_state.presence == CardPresence::Absent && !m_accepting) {
            change(CardPresence::Present);
        } else if (media == "notPresent") {
            change(CardPresence::Absent);
        }
        m_changed.notify_all();
    }

    void happened(std::string_view event)
    {
        if (event == "CardReader.MediaRemovedEvent") {
            const std::scoped_lock lock(m_mutex);
            change(CardPresence::Absent);
            m_changed.notify_all();
        }
    }

    /// Under the lock.
    void change(CardPresence presence)
    {
        if (m_state.presence != presence) {
            m_state = {presence, m_state.changes + 1};
        }
        if (presence == CardPresence::Absent) {
            m_atr.clear();
        }
    }

    void accept()
    {
        std::uint64_t turn = 0;
        {
            const std::scoped_lock lock(m_mutex);
            if (!m_up || m_accepting || m_state.presence != CardPresence::Absent) {
                return;
            }
            turn = ++m_turn;
            m_accepting = 0;
        }
        const auto request = m_client->command(
            "CardReader.ReadRawData", {{"chip", true}}, 0ms,
            [this, turn](const Result<Completion>& done) { accepted(turn, done); });
        const std::scoped_lock lock(m_mutex);
        if (m_accepting && turn == m_turn) {
            m_accepting = request;
        }
    }

    void accepted(std::uint64_t turn, const Result<Completion>& done)
    {
        const std::scoped_lock lock(m_mutex);
        if (turn != m_turn) {
            return;
        }
        m_accepting.reset();
        if (done && done->ok()) {
            m_atr = answerToReset(done->payload);
            change(m_atr.empty() ? CardPresence::Mute : CardPresence::Present);
        } else if (done && cardError(*done).code == Errc::Protocol) {
            change(CardPresence::Mute);
        } else if (done && done->code != CompletionCode::Canceled &&
                   done->code != CompletionCode::TimeOut) {
            m_failure = cardError(*done);
        }
        m_changed.notify_all();
    }

    /// Returns when the service has let go, as it does at once.
    void stopAccepting()
    {
        std::optional<std::int64_t> request;
        std::unique_lock lock(m_mutex);
        request = m_accepting;
        if (!request) {
            return;
        }
        lock.unlock();
        m_client->cancel(*request);
        lock.lock();
        m_changed.wait_for(lock, kCancelTime, [this] { return !m_accepting; });
    }

    std::string m_name;
    mutable std::mutex m_mutex;
    std::condition_variable_any m_changed;
    bool m_up = false;
    CardState m_state;
    std::optional<std::int64_t> m_accepting; ///< the running ReadRawData
    std::uint64_t m_turn = 0;
    Bytes m_atr; ///< of the card that was accepted and not yet connected
    std::optional<Error> m_failure;
    std::unique_ptr<xfs::Client> m_client; ///< last: its callbacks use the others
};

namespace {

/// One card in the foreign reader.
template <typename Link> class XfsCardChannel final : public CardChannel {
public:
    XfsCardChannel(std::shared_ptr<Link> link, Bytes atr)
        : m_link(std::move(link))
        , m_atr(std::move(atr))
        , m_protocol(chipProtocol(m_link->cardReader(), m_atr))
        , m_changes(m_link->changes())
    {
    }
    ~XfsCardChannel() override
    {
        try {
            letGo();
        } catch (const std::exception& error) {
            spdlog::warn("foreign card reader: a card is not let go: {}", error.what());
        }
    }

    Result<Bytes> transmit(ByteView command, std::chrono::milliseconds timeout) override
    {
        if (!sameCard()) {
            return gone();
        }
        auto payload = json{{"chipProtocol", m_protocol}, {"chipData", toBase64(command)}};
        auto done = m_link->call("CardReader.ChipIO", payload, timeout);
        auto& sent = payload["chipData"].template get_ref<std::string&>();
        explicit_bzero(sent.data(), sent.size());
        if (!done) {
            return done.error().code == Errc::Timeout ? tl::unexpected(done.error())
                                                      : tl::unexpected(away());
        }
        if (done->code == CompletionCode::TimeOut) {
            return fail(Errc::Timeout, "the card did not answer in time", Remedy::ReinsertCard);
        }
        if (!done->ok()) {
            auto error = cardError(*done);
            return error.code == Errc::NotFound ? gone() : tl::unexpected(std::move(error));
        }
        auto answer = fromBase64(textOf(done->payload, "chipData"));
        if (const auto data = done->payload.find("chipData");
            data != done->payload.end() && data->is_string()) {
            auto& received = data->template get_ref<std::string&>();
            explicit_bzero(received.data(), received.size());
        }
        if (!answer || answer->size() < 2) {
            return fail(Errc::Protocol, "the service's answer is no APDU", Remedy::ReinsertCard);
        }
        return answer;
    }

    [[nodiscard]] ByteView atr() const override { return m_atr; }

    Result<void> reset() override
    {
        if (!sameCard()) {
            return gone();
        }
        const auto done = m_link->call("CardReader.ChipPower", {{"chipPower", "warm"}}, kPowerTime);
        if (!done) {
            return tl::unexpected(away());
        }
        if (!done->ok()) {
            return tl::unexpected(cardError(*done));
        }
        if (auto atr = answerToReset(done->payload); !atr.empty()) {
            m_atr = std::move(atr);
        }
        return {};
    }

    void powerOff() override { letGo(); }

private:
    static tl::unexpected<Error> gone()
    {
        return fail(Errc::Disconnected, "the card was taken out", Remedy::ReinsertCard);
    }
    [[nodiscard]] bool sameCard() const { return !m_released && m_link->changes() == m_changes; }

    /// A reader that holds cards gives this one back.
    void letGo()
    {
        if (!sameCard()) {
            return;
        }
        m_released = true;
        const auto cardReader = m_link->cardReader();
        if (flag(part(cardReader, "chipPower"), "off")) {
            (void)m_link->call("CardReader.ChipPower", {{"chipPower", "off"}}, kPowerOffTime);
        }
        if (among(textOf(cardReader, "type"), {"motor", "latchedDip"})) {
            (void)m_link->call("CardReader.Move", {{"from", "transport"}, {"to", "exit"}},
                               kMoveTime);
        }
    }

    std::shared_ptr<Link> m_link;
    Bytes m_atr;
    std::string m_protocol;
    std::uint32_t m_changes;
    bool m_released = false;
};

} // namespace

Result<std::unique_ptr<XfsCardReader>> XfsCardReader::open(std::string service)
{
    auto link = std::make_shared<Link>(std::move(service));
    return link->open().map(
        [&link] { return std::unique_ptr<XfsCardReader>(new XfsCardReader(link)); });
}

XfsCardReader::XfsCardReader(std::shared_ptr<Link> link)
    : m_link(std::move(link))
{
}
XfsCardReader::~XfsCardReader() = default;

std::string_view XfsCardReader::name() const
{
    return m_link->name();
}

Result<CardState> XfsCardReader::state()
{
    return m_link->state();
}

Result<CardState> XfsCardReader::waitForChange(CardState known, std::stop_token stop,
                                               std::chrono::milliseconds timeout)
{
    return m_link->waitForChange(known, stop, timeout);
}

Result<std::unique_ptr<CardChannel>> XfsCardReader::connect()
{
    return m_link->powerUp().map([this](Bytes atr) -> std::unique_ptr<CardChannel> {
        return std::make_unique<XfsCardChannel<Link>>(m_link, std::move(atr));
    });
}

} // namespace guichet::host
