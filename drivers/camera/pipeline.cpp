// SPDX-License-Identifier: Apache-2.0
#include "drivers/camera/pipeline.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>
#include <utility>

#include <gst/app/gstappsink.h>
#include <gst/gst.h>
#include <gst/video/video.h>

#include "peripherals/base/unique_handle.h"

namespace guichet::camera {

namespace {

void unrefElement(GstElement* element)
{
    gst_object_unref(element);
}
void unrefSample(GstSample* sample)
{
    gst_sample_unref(sample);
}
void unrefMessage(GstMessage* message)
{
    gst_message_unref(message);
}
using Element = UniqueHandle<GstElement*, unrefElement>;
using Sample = UniqueHandle<GstSample*, unrefSample>;
using Message = UniqueHandle<GstMessage*, unrefMessage>;

/// GStreamer without its cache of all plugins of the machine: starting takes milliseconds, and
/// nothing is loaded that a plan does not name.
void startLibrary()
{
    static std::once_flag once;
    std::call_once(once, [] {
        std::string program = "guichet";
        std::string noScan = "--gst-disable-registry-update";
        std::string noFork = "--gst-disable-registry-fork";
        std::array<char*, 4> words{program.data(), noScan.data(), noFork.data(), nullptr};
        int count = 3;
        char** values = words.data();
        gst_init(&count, &values);
    });
}

Result<Element> make(const ElementPlan& plan)
{
    auto* factory = gst_element_factory_find(plan.element.c_str());
    if (factory == nullptr) {
        const auto file = std::string(GUICHET_GSTREAMER_PLUGINS) + "/libgst" + plan.plugin + ".so";
        GError* error = nullptr;
        if (auto* plugin = gst_plugin_load_file(file.c_str(), &error)) {
            gst_object_unref(plugin);
        }
        g_clear_error(&error);
        factory = gst_element_factory_find(plan.element.c_str());
    }
    if (factory == nullptr) {
        return fail(Errc::Unsupported, "camera: GStreamer's " + plan.element + " is not installed",
                    Remedy::CallStaff);
    }
    auto* element = gst_element_factory_create(factory, nullptr);
    gst_object_unref(factory);
    if (element == nullptr) {
        return fail(Errc::Internal, "camera: GStreamer's " + plan.element + " does not start");
    }
    gst_object_ref_sink(element);
    return Element(element);
}

void setProperties(GstElement* element, const ElementPlan& plan)
{
    for (const auto& [name, value] : plan.properties) {
        if (const auto* text = std::get_if<std::string>(&value)) {
            g_object_set(element, name.c_str(), text->c_str(), nullptr);
        } else if (const auto* number = std::get_if<int>(&value)) {
            g_object_set(element, name.c_str(), *number, nullptr);
        } else if (const auto* flag = std::get_if<bool>(&value)) {
            g_object_set(element, name.c_str(), *flag ? TRUE : FALSE, nullptr);
        } else if (const auto* caps = std::get_if<Caps>(&value)) {
            auto* parsed = gst_caps_from_string(caps->text.c_str());
            g_object_set(element, name.c_str(), parsed, nullptr);
            gst_caps_unref(parsed);
        }
    }
}

/// For sources whose outputs appear when data comes: the first that fits is taken.
void linkLate(GstElement*, GstPad* pad, gpointer following)
{
    auto* sink = gst_element_get_static_pad(static_cast<GstElement*>(following), "sink");
    if (gst_pad_is_linked(sink) == FALSE) {
        gst_pad_link(pad, sink);
    }
    gst_object_unref(sink);
}

bool link(GstElement* from, GstElement* to)
{
    auto* output = gst_element_get_static_pad(from, "src");
    if (output == nullptr) {
        g_signal_connect(from, "pad-added", G_CALLBACK(linkLate), to);
        return true;
    }
    gst_object_unref(output);
    return gst_element_link(from, to) != FALSE;
}

Error lost(std::string detail)
{
    return {Errc::Disconnected, Remedy::ReconnectCable, std::move(detail)};
}

} // namespace

struct Pipeline::Parts {
    Parts() { g_weak_ref_init(&pool, nullptr); }
    ~Parts()
    {
        unmap();
        if (pipeline) {
            gst_element_set_state(pipeline.get(), GST_STATE_NULL);
            pipeline.reset();
        }
        freePool();
        g_weak_ref_clear(&pool);
    }
    Parts(const Parts&) = delete;
    Parts& operator=(const Parts&) = delete;

    /// Remembers whose the first buffer is.
    void watchSource(GstElement* source)
    {
        const auto see = [](GstPad*, GstPadProbeInfo* info, gpointer parts) {
            g_weak_ref_set(&static_cast<Parts*>(parts)->pool,
                           gst_pad_probe_info_get_buffer(info)->pool);
            return GST_PAD_PROBE_REMOVE;
        };
        auto* output = gst_element_get_static_pad(source, "src");
        gst_pad_add_probe(output, GST_PAD_PROBE_TYPE_BUFFER, see, this, nullptr);
        gst_object_unref(output);
    }

    /// GStreamer 1.22.0 forgets one reference to the pool of a V4L2 source, and with the pool the
    /// open device and its memory: each opening would cost some, and a camera that is plugged again
    /// would get another name.
    void freePool()
    {
        if (auto* left = static_cast<GObject*>(g_weak_ref_get(&pool))) {
            const bool forgotten = left->ref_count == 2; // the other one is ours
            g_object_unref(left);
            if (forgotten) {
                g_object_unref(left);
            }
        }
    }

    void unmap()
    {
        if (mapped) {
            gst_video_frame_unmap(&frame);
            mapped = false;
        }
        sample.reset();
    }

    /// The sample's pixels, packed as CameraFrame wants them; copied only if they are not yet.
    std::optional<CameraFrame> frameOf(Sample next)
    {
        unmap();
        sample = std::move(next);
        GstVideoInfo info;
        auto* caps = gst_sample_get_caps(sample.get());
        if (caps == nullptr || gst_video_info_from_caps(&info, caps) == FALSE ||
            GST_VIDEO_INFO_FORMAT(&info) != GST_VIDEO_FORMAT_I420 ||
            gst_video_frame_map(&frame, &info, gst_sample_get_buffer(sample.get()), GST_MAP_READ) ==
                FALSE) {
            return std::nullopt;
        }
        mapped = true;
        CameraFrame result;
        result.width = GST_VIDEO_FRAME_WIDTH(&frame);
        result.height = GST_VIDEO_FRAME_HEIGHT(&frame);
        result.stride = result.width;
        result.captured = std::chrono::steady_clock::now();
        pack(result.width, result.height);
        result.pixels = packed;
        return result;
    }

    void pack(int width, int height)
    {
        const auto w = static_cast<std::size_t>(width);
        const auto h = static_cast<std::size_t>(height);
        packed.resize(w * h + 2 * ((w + 1) / 2) * ((h + 1) / 2));
        auto* to = packed.data();
        for (guint plane = 0; plane < 3; ++plane) {
            const auto* from =
                static_cast<const std::byte*>(GST_VIDEO_FRAME_PLANE_DATA(&frame, plane));
            const auto step = GST_VIDEO_FRAME_PLANE_STRIDE(&frame, plane);
            const auto rowBytes = plane == 0 ? w : (w + 1) / 2;
            const auto rows = plane == 0 ? h : (h + 1) / 2;
            for (std::size_t row = 0; row < rows; ++row, from += step, to += rowBytes) {
                std::memcpy(to, from, rowBytes);
            }
        }
    }

    Element pipeline;
    GWeakRef pool{};            ///< of a V4L2 source
    GstAppSink* sink = nullptr; ///< the pipeline's
    Sample sample;
    GstVideoFrame frame{};
    bool mapped = false;
    Bytes packed;
};

Pipeline::Pipeline(std::unique_ptr<Parts> parts)
    : m_parts(std::move(parts))
{
}

Pipeline::~Pipeline() = default;

Result<std::unique_ptr<Pipeline>> Pipeline::start(const PipelinePlan& plan)
{
    startLibrary();
    auto parts = std::make_unique<Parts>();
    auto* pipeline = gst_pipeline_new(nullptr);
    gst_object_ref_sink(pipeline);
    parts->pipeline.reset(pipeline);
    auto elements = plan;
    elements.push_back({"app",
                        "appsink",
                        {{"max-buffers", 1}, // a frame that nobody fetched gives way to the next
                         {"drop", true},
                         {"sync", false},
                         {"enable-last-sample", false}}});
    GstElement* previous = nullptr;
    for (const auto& each : elements) {
        auto element = make(each);
        if (!element) {
            return tl::unexpected(std::move(element).error());
        }
        auto* current = element->get();
        setProperties(current, each);
        gst_bin_add(GST_BIN(pipeline), current);
        if (each.element == "v4l2src") {
            parts->watchSource(current);
        }
        if (previous != nullptr && !link(previous, current)) {
            return fail(Errc::Internal, "camera: " + each.element + " cannot be linked");
        }
        previous = current;
    }
    parts->sink = GST_APP_SINK(previous);
    if (gst_element_set_state(pipeline, GST_STATE_PLAYING) == GST_STATE_CHANGE_FAILURE) {
        return tl::unexpected(lost("camera: it does not start"));
    }
    return std::unique_ptr<Pipeline>(new Pipeline(std::move(parts)));
}

Result<std::optional<CameraFrame>> Pipeline::next(std::chrono::milliseconds timeout)
{
    const auto patience = static_cast<GstClockTime>(timeout.count()) * GST_MSECOND;
    Sample sample(gst_app_sink_try_pull_sample(m_parts->sink, patience));
    if (sample) {
        return m_parts->frameOf(std::move(sample));
    }
    auto* bus = gst_element_get_bus(m_parts->pipeline.get());
    const Message message(gst_bus_pop_filtered(
        bus, static_cast<GstMessageType>(GST_MESSAGE_ERROR | GST_MESSAGE_EOS)));
    gst_object_unref(bus);
    if (!message) {
        return std::nullopt;
    }
    if (GST_MESSAGE_TYPE(message.get()) == GST_MESSAGE_EOS) {
        return tl::unexpected(lost("camera: its stream has ended"));
    }
    GError* error = nullptr;
    gst_message_parse_error(message.get(), &error, nullptr);
    // Domain and number only: the text may repeat the address, which may hold a password.
    auto said = std::string("camera: GStreamer's ") + g_quark_to_string(error->domain) + " " +
                std::to_string(error->code) + " from " + GST_MESSAGE_SRC_NAME(message.get());
    const bool busy = g_error_matches(error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_BUSY) != FALSE;
    g_clear_error(&error);
    if (busy) {
        return fail(Errc::Busy, std::move(said), Remedy::CallStaff);
    }
    return tl::unexpected(lost(std::move(said)));
}

} // namespace guichet::camera
