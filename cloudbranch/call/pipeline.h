// SPDX-License-Identifier: Apache-2.0
#pragma once

#include <functional>
#include <memory>
#include <string>

#include <gst/app/gstappsink.h>
#include <gst/app/gstappsrc.h>
#include <gst/gst.h>

#include "peripherals/base/clock.h"
#include "peripherals/base/error.h"
#include "peripherals/base/unique_handle.h"

/// GStreamer as this folder uses it: pipelines that share one time.
namespace guichet::call {

inline void unrefElement(GstElement* element)
{
    gst_object_unref(element);
}
inline void unrefSample(GstSample* sample)
{
    gst_sample_unref(sample);
}
inline void unrefCaps(GstCaps* caps)
{
    gst_caps_unref(caps);
}
inline void unrefPad(GstPad* pad)
{
    gst_object_unref(pad);
}
inline void unrefObject(GObject* object)
{
    g_object_unref(object);
}
inline void freeStructure(GstStructure* structure)
{
    gst_structure_free(structure);
}
using ElementHandle = UniqueHandle<GstElement*, unrefElement>;
using SampleHandle = UniqueHandle<GstSample*, unrefSample>;
using CapsHandle = UniqueHandle<GstCaps*, unrefCaps>;
using PadHandle = UniqueHandle<GstPad*, unrefPad>;
using ObjectHandle = UniqueHandle<GObject*, unrefObject>;
using StructureHandle = UniqueHandle<GstStructure*, freeStructure>;

/// Starts the library with the plugins that a call needs and no others, without a registry. Once,
/// before anything else. Fails with Errc::Unsupported: one is not installed.
[[nodiscard]] Result<void> startLibrary();

/// Zero for every time stamp of a case, in all its pipelines: on CLOCK_MONOTONIC.
struct Timebase {
    GstClockTime start = 0;

    [[nodiscard]] static Timebase now();
    /// Since the start.
    [[nodiscard]] GstClockTime elapsed() const;
};

/// Gets what a pipeline makes; on a thread of the pipeline. Borrows.
using OnSample = std::function<void(GstSample*)>;

/// One running pipeline. What it says is heard by attend(). Thread-bound but for its elements.
class Pipeline {
public:
    /// As gst-launch would write it; only our own words and what the operator gave by option. Fails
    /// with Errc::Internal or Errc::Unsupported.
    [[nodiscard]] static Result<Pipeline> parse(const std::string& description);
    Pipeline(Pipeline&&) noexcept = default;
    Pipeline& operator=(Pipeline&&) noexcept = delete;
    Pipeline(const Pipeline&) = delete;
    Pipeline& operator=(const Pipeline&) = delete;
    /// Returns once none of its threads runs any more.
    ~Pipeline();

    /// Fails with Errc::Disconnected: an element does not start.
    [[nodiscard]] Result<void> start(const Timebase& timebase);
    void prepare(); ///< as far as its elements exist and can be asked

    [[nodiscard]] GstElement* get() const { return m_element.get(); }
    /// An element that the description named; the pipeline owns it.
    [[nodiscard]] GstElement* part(const char* name) const;
    /// Every sample of the appsink of that name, from its thread.
    void deliver(const char* appsink, OnSample onSample);

    /// Does what the elements ask of an application. Fails with Errc::Disconnected once one of them
    /// has broken off; the detail names it.
    [[nodiscard]] Result<void> attend();
    /// attend() saw the end of the stream.
    [[nodiscard]] bool ended() const { return m_ended; }

private:
    explicit Pipeline(ElementHandle element)
        : m_element(std::move(element))
    {
    }
    ElementHandle m_element;
    bool m_ended = false;
};

/// Hands every sample of an appsink to `onSample`, for as long as it lives.
void deliver(GstAppSink* sink, OnSample onSample);

} // namespace guichet::call
