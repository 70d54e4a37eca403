// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/face_helper.h"

#include <cmath>
#include <utility>

#include <strings.h>

#include "peripherals/host/frame_pace.h"

namespace guichet::host {

using nlohmann::json;
using namespace std::chrono_literals;

namespace {

constexpr double kPublishedThreshold = 0.363; ///< of SFace's authors, for the cosine

double rounded(double value)
{
    return std::round(value * 1000) / 1000;
}

/// What to do now, told once two frames following each other say it: a single one may be odd.
class AdviceTeller {
public:
    explicit AdviceTeller(HelperLine& line)
        : m_line(line)
    {
        tell(face::adviceFor(face::Verdict::None));
    }
    void see(face::Verdict verdict)
    {
        const auto advice = face::adviceFor(verdict);
        if (advice == m_before && advice != m_told) {
            tell(advice);
        }
        m_before = advice;
    }

private:
    void tell(std::string_view advice)
    {
        m_told = advice;
        m_line.event(advice, json::object());
    }

    HelperLine& m_line;
    std::string_view m_told, m_before;
};

} // namespace

json describeFace(const face::FaceVerdict& seen)
{
    const auto& measures = seen.measures;
    return {{"verdict", face::name(seen.verdict)},
            {"faces", seen.faces},
            {"width", rounded(seen.width)},
            {"light", std::round(measures.light)},
            {"burnt", rounded(measures.burnt)},
            {"sides", rounded(measures.sides)},
            {"sharpness", rounded(measures.sharpness)},
            {"eyes", seen.face ? json(seen.face->eyes) : json(nullptr)},
            {"tilt", seen.face ? json(std::round(seen.face->tilt)) : json(nullptr)}};
}

FaceHelper::FaceHelper(std::filesystem::path camera, const Clock& clock, face::FaceTools tools)
    : m_clock(clock)
    , m_tools(std::move(tools))
    , m_frames(std::move(camera))
{
}

void FaceHelper::watch(HelperLine& line)
{
    m_frames.rest();
    line.status({{"common", {{"device", m_frames.cameraThere() ? "online" : "offline"}}}});
}

Result<json> FaceHelper::perform(const std::string& operation, const json& arguments,
                                 HelperLine& line, std::stop_token stop)
{
    if (operation == "takeFace") {
        auto taken = takeFace(arguments, line, stop);
        forgetFrame();
        return taken;
    }
    if (operation == "checkFace") {
        return checkFace();
    }
    return fail(Errc::Unsupported, "face: unknown operation");
}

void FaceHelper::forgetFrame()
{
    if (!m_pixels.empty()) {
        explicit_bzero(m_pixels.data(), m_pixels.size());
        m_pixels.clear();
    }
}

std::optional<face::FaceVerdict> FaceHelper::nextVerdict(HelperLine& line, Ticks after)
{
    const Step step(line, "frame", kFrameBudget);
    const auto info = m_frames.next(m_pixels, kFrameWait);
    const Ticks captured{std::chrono::nanoseconds(info ? info->captureNs : 0)};
    if (!info || captured < after) { // an older one may show who stood there before
        return std::nullopt;
    }
    if (info->format == frames::PixelFormat::Gray8) { // colourless, as I420 has it
        const std::size_t half = (info->stride + 1) / 2, rows = (info->height + 1) / 2;
        m_pixels.resize(m_pixels.size() + 2 * half * rows, std::byte{128});
    }
    const CameraFrame frame{.width = static_cast<int>(info->width),
                            .height = static_cast<int>(info->height),
                            .stride = static_cast<int>(info->stride),
                            .captured = captured,
                            .pixels = m_pixels};
    return face::judgeFaces(frame, m_tools.finder->find(frame));
}

Result<json> FaceHelper::takeFace(const json& arguments, HelperLine& line,
                                  const std::stop_token& stop)
{
    const auto begun = m_clock.ticks();
    const auto until =
        begun + std::chrono::milliseconds(arguments.value("timeoutMs", std::int64_t{0}));
    face::FacePolicy policy;
    AdviceTeller advice(line);
    const std::stop_callback ending(stop, [this] { m_frames.interrupt(); });
    while (!stop.stop_requested() && !policy.taken() && m_clock.ticks() < until) {
        if (const auto seen = nextVerdict(line, begun)) {
            advice.see(seen->verdict);
            static_cast<void>(policy.see(*seen, m_clock.ticks())); // no picture is kept
        }
    }
    if (stop.stop_requested()) {
        return fail(Errc::Cancelled, "face: stopped");
    }
    if (policy.best().verdict == face::Verdict::None) {
        return fail(Errc::Timeout, "no face in time", Remedy::Retry);
    }
    auto result = describeFace(policy.best());
    result.update({{"steady", policy.taken()}, {"finder", m_tools.finder->name()}});
    return result;
}

json FaceHelper::checkFace() const
{
    const std::string reason = !m_tools.refused.empty() ? m_tools.refused
                               : !m_tools.matcher
                                   ? "no model that compares faces is configured"
                                   : "the document's portrait is sealed to the bank alone";
    return {{"match",
             {{"verdict", "notChecked"},
              {"reason", reason},
              {"score", nullptr},
              {"threshold", kPublishedThreshold},
              {"unverified", true}}}};
}

} // namespace guichet::host
