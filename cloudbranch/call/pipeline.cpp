// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/call/pipeline.h"

#include <array>

namespace guichet::call {

namespace {

constexpr std::array kPlugins{
    "coreelements", "app",          "videoconvertscale",
    "vpx",          "audioconvert", "audioresample",
    "volume",       "opus",         "audiotestsrc",
    "webrtcdsp",    "wavparse",     "rtp",
    "rtpmanager",   "webrtc",       "nice",
    "dtls",         "srtp",         "sctp",
    "matroska",
};
constexpr const char* kDevices = "alsa"; ///< without it, no microphone and no loudspeaker

bool load(const char* name)
{
    const auto file = std::string(GUICHET_GSTREAMER_PLUGINS) + "/libgst" + name + ".so";
    GError* error = nullptr;
    auto* plugin = gst_plugin_load_file(file.c_str(), &error);
    g_clear_error(&error);
    if (plugin == nullptr) {
        return false;
    }
    gst_object_unref(plugin);
    return true;
}

/// Time stamps as running time, which all pipelines of a case share.
SampleHandle onSharedTime(SampleHandle sample)
{
    auto* buffer = gst_sample_get_buffer(sample.get());
    const auto* segment = gst_sample_get_segment(sample.get());
    if (buffer == nullptr || segment->format != GST_FORMAT_TIME) {
        return sample;
    }
    const auto stamp = GST_BUFFER_PTS(buffer);
    const auto running = gst_segment_to_running_time(segment, GST_FORMAT_TIME, stamp);
    if (running == stamp || running == GST_CLOCK_TIME_NONE) {
        return sample;
    }
    auto* copy = gst_buffer_copy(buffer); // shares the bytes
    GST_BUFFER_PTS(copy) = running;
    GST_BUFFER_DTS(copy) = GST_CLOCK_TIME_NONE;
    SampleHandle result(gst_sample_new(copy, gst_sample_get_caps(sample.get()), nullptr, nullptr));
    gst_buffer_unref(copy);
    return result;
}

GstFlowReturn onNewSample(GstAppSink* sink, gpointer receiver)
{
    if (SampleHandle pulled(gst_app_sink_pull_sample(sink)); pulled) {
        const auto sample = onSharedTime(std::move(pulled));
        (*static_cast<OnSample*>(receiver))(sample.get());
    }
    return GST_FLOW_OK;
}

} // namespace

Result<void> startLibrary()
{
    std::string program = "guichet-call";
    std::string noScan = "--gst-disable-registry-update";
    std::string noFork = "--gst-disable-registry-fork";
    std::array<char*, 4> words{program.data(), noScan.data(), noFork.data(), nullptr};
    int count = 3;
    char** values = words.data();
    ::setenv("GST_REGISTRY", "/dev/null", 1); // not the one of whoever runs us
    gst_init(&count, &values);
    for (const auto* name : kPlugins) {
        if (!load(name)) {
            return fail(Errc::Unsupported,
                        std::string("GStreamer's ") + name +
                            " cannot be loaded; install what packaging/depends.txt lists",
                        Remedy::CallStaff);
        }
    }
    load(kDevices);
    return {};
}

Timebase Timebase::now()
{
    auto* clock = gst_system_clock_obtain();
    const Timebase result{gst_clock_get_time(clock)};
    gst_object_unref(clock);
    return result;
}

GstClockTime Timebase::elapsed() const
{
    return now().start - start;
}

Result<Pipeline> Pipeline::parse(const std::string& description)
{
    GError* error = nullptr;
    auto* element =
        gst_parse_launch_full(description.c_str(), nullptr, GST_PARSE_FLAG_FATAL_ERRORS, &error);
    if (element == nullptr) {
        std::string said = error != nullptr ? error->message : "no reason";
        g_clear_error(&error);
        return fail(Errc::Unsupported, "pipeline: " + said, Remedy::CallStaff);
    }
    gst_object_ref_sink(element);
    return Pipeline(ElementHandle(element));
}

Pipeline::~Pipeline()
{
    if (m_element) {
        gst_element_set_state(m_element.get(), GST_STATE_NULL);
    }
}

void Pipeline::prepare()
{
    gst_element_set_state(m_element.get(), GST_STATE_READY);
}

Result<void> Pipeline::start(const Timebase& timebase)
{
    auto* clock = gst_system_clock_obtain();
    gst_pipeline_use_clock(GST_PIPELINE(m_element.get()), clock);
    gst_object_unref(clock);
    gst_element_set_start_time(m_element.get(), GST_CLOCK_TIME_NONE);
    gst_element_set_base_time(m_element.get(), timebase.start);
    if (gst_element_set_state(m_element.get(), GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
        auto why = attend();
        return why ? fail(Errc::Disconnected, "pipeline: it does not start")
                   : tl::unexpected(std::move(why.error()));
    }
    return {};
}

GstElement* Pipeline::part(const char* name) const
{
    auto* element = gst_bin_get_by_name(GST_BIN(m_element.get()), name);
    if (element != nullptr) {
        gst_object_unref(element); // the pipeline keeps it
    }
    return element;
}

void Pipeline::deliver(const char* appsink, OnSample onSample)
{
    call::deliver(GST_APP_SINK(part(appsink)), std::move(onSample));
}

Result<void> Pipeline::attend()
{
    auto* bus = gst_element_get_bus(m_element.get());
    Result<void> result;
    while (auto* message = gst_bus_pop(bus)) {
        if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_ERROR && result) {
            GError* error = nullptr;
            gst_message_parse_error(message, &error, nullptr);
            result = fail(Errc::Disconnected,
                          std::string(GST_MESSAGE_SRC_NAME(message)) + ": " + error->message);
            g_clear_error(&error);
        } else if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_EOS) {
            m_ended = true;
        } else if (GST_MESSAGE_TYPE(message) == GST_MESSAGE_LATENCY) {
            gst_bin_recalculate_latency(GST_BIN(m_element.get()));
        }
        gst_message_unref(message);
    }
    gst_object_unref(bus);
    return result;
}

void deliver(GstAppSink* sink, OnSample onSample)
{
    GstAppSinkCallbacks callbacks{};
    callbacks.new_sample = onNewSample;
    gst_app_sink_set_callbacks(sink, &callbacks, new OnSample(std::move(onSample)),
                               [](gpointer receiver) { delete static_cast<OnSample*>(receiver); });
}

} // namespace guichet::call
