// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/evidence/track_check.h"

#include <algorithm>
#include <array>
#include <map>

namespace guichet::evidence {
namespace {

std::string chunksText(std::uint32_t first, std::uint32_t last)
{
    return first == last
               ? "chunk " + std::to_string(first) + " is missing"
               : "chunks " + std::to_string(first) + " to " + std::to_string(last) + " are missing";
}

class Walk {
public:
    Walk(const Source& source, const TrackQuestion& question)
        : m_source(source)
        , m_question(question)
        , m_buffer(kLargestChunk)
    {
        for (const auto& anchor : question.anchors) {
            m_anchors.emplace(anchor.chunks, &anchor);
        }
    }

    Result<TrackReport> run()
    {
        auto going = begin();
        while (going && *going) {
            going = step();
        }
        if (!going) {
            return tl::unexpected(going.error());
        }
        finish();
        return std::move(m_report);
    }

private:
    /// Reads up to `count` bytes to `offset` of the buffer.
    Result<std::size_t> fill(std::size_t offset, std::size_t count)
    {
        return m_source(std::span(m_buffer).subspan(offset, count)).map([this](std::size_t read) {
            m_report.bytes += read;
            return read;
        });
    }

    Result<bool> begin()
    {
        auto read = fill(0, kHeaderStart);
        if (!read) {
            return tl::unexpected(read.error());
        }
        const auto size = headerSize(ByteView(m_buffer).first(*read));
        if (!size) {
            return stop(size.error().detail);
        }
        const auto rest = fill(kHeaderStart, *size - kHeaderStart);
        if (!rest) {
            return tl::unexpected(rest.error());
        }
        const auto bytes = ByteView(m_buffer).first(*read + *rest);
        const auto header = parseHeader(bytes);
        if (!header) {
            return stop(header.error().detail);
        }
        m_report.track = header->track;
        m_report.caseId = header->caseId;
        m_report.mediaType = header->mediaType;
        m_row = {firstLink(bytes)};
        unwrap(*header);
        compareWithAnchors(0, std::nullopt);
        tellPosition();
        return true;
    }

    void unwrap(const TrackHeader& header)
    {
        if (m_question.key == nullptr) {
            return;
        }
        const auto key = m_question.key->open(header.wrappedKey);
        m_report.opened = key && key->reveal().size() == cipher::kKey;
        m_report.refused = !m_report.opened;
        if (m_report.opened) {
            const auto bytes = asBytes(key->reveal());
            m_key = cipher::Key(Bytes(bytes.begin(), bytes.end()));
        }
    }

    Result<bool> stop(std::string detail)
    {
        add(FaultKind::Malformed, m_report.chunks == 0 ? 0 : m_last + 1, std::move(detail));
        return false;
    }

    void add(FaultKind kind, std::uint32_t chunk, std::string detail)
    {
        addFault(m_report,
                 {.kind = kind, .chunk = chunk, .at = m_report.until, .detail = std::move(detail)});
    }

    Result<bool> step()
    {
        const auto start = fill(0, kChunkHead);
        if (!start) {
            return tl::unexpected(start.error());
        }
        if (m_closed && *start > 0) {
            add(FaultKind::Trailing, m_last, "there are bytes behind the last chunk");
            return false;
        }
        if (*start < kChunkHead) {
            return false; // the end, or what a crash left of a chunk
        }
        const auto head = parseChunkHead(m_buffer);
        if (!head) {
            return stop("behind chunk " + std::to_string(m_last) + ": " + head.error().detail);
        }
        const auto rest = fill(kChunkHead, head->size() - kChunkHead);
        if (!rest) {
            return tl::unexpected(rest.error());
        }
        const auto chunk = parseChunk(ByteView(m_buffer).first(kChunkHead + *rest));
        if (!chunk) {
            return false;
        }
        return judge(*chunk).map([] { return true; });
    }

    Result<void> judge(const Chunk& chunk)
    {
        const auto faultsBefore = m_report.faultCount;
        const auto place = m_last + 1;
        const auto previous = predecessorOf(chunk);
        judgePlace(chunk.head, place, previous.has_value());
        auto passed = passContent(chunk, previous.has_value());
        // A moved or repeated chunk does not end the row, but one whose number was changed may have
        // been the next in it: what comes behind shows which.
        const bool inRow = chunk.head.number >= place || previous;
        std::vector<Link> behind{chunk.link};
        if (!previous) {
            behind.push_back(nextLink(m_row.front(), chunk.headAndSealed));
        }
        ++m_report.chunks;
        if (!inRow) {
            m_stray = std::move(behind);
            return passed;
        }
        m_row = std::move(behind);
        m_stray.clear();
        m_last = chunk.head.number;
        m_closed = chunk.head.last;
        if (previous) {
            compareWithAnchors(m_last, chunk.head.at);
        }
        if (m_report.faultCount == faultsBefore) {
            tellPosition();
        }
        return passed;
    }

    void judgePlace(const ChunkHead& head, std::uint32_t place, bool linked)
    {
        if (head.number > place) {
            add(FaultKind::Missing, place, chunksText(place, head.number - 1));
        } else if (head.number < place) {
            add(FaultKind::OutOfPlace, place,
                "where chunk " + std::to_string(place) + " belongs stands chunk " +
                    std::to_string(head.number) + ": moved, repeated or changed");
        }
        if (head.number == place || linked) {
            m_report.from = m_report.from ? m_report.from : head.at;
            m_report.until = head.at;
        }
        if (head.number == place && !linked) {
            add(FaultKind::Changed, place,
                "chunk " + std::to_string(place) + " is not what the chain says was written");
        }
    }

    /// What a chunk may have been written behind. Only one that leaves a gap may come behind a
    /// stray, whose number then was changed; others would be repeated together with it.
    [[nodiscard]] std::vector<Link> before(std::uint32_t number) const
    {
        auto links = m_row;
        if (number > m_last + 1) {
            links.insert(links.end(), m_stray.begin(), m_stray.end());
        }
        return links;
    }

    /// The chain's value that this chunk was written behind.
    [[nodiscard]] std::optional<Link> predecessorOf(const Chunk& chunk) const
    {
        for (const auto& link : before(chunk.head.number)) {
            if (nextLink(link, chunk.headAndSealed) == chunk.link) {
                return link;
            }
        }
        return std::nullopt;
    }

    Result<void> passContent(const Chunk& chunk, bool linked)
    {
        if (m_key.empty()) {
            return {};
        }
        for (const auto& link : before(chunk.head.number)) {
            const auto content = openChunk(m_key, link, chunk);
            if (content) {
                const bool wanted = chunk.head.length > 0 && m_question.onContent;
                return wanted ? m_question.onContent(chunk.head, content->reveal())
                              : Result<void>();
            }
        }
        if (linked) {
            add(FaultKind::Changed, chunk.head.number,
                "chunk " + std::to_string(chunk.head.number) +
                    " does not open: written anew by somebody without the track's key");
        }
        return {};
    }

    void compareWithAnchors(std::uint32_t chunks, std::optional<Instant> at)
    {
        const auto [first, last] = m_anchors.equal_range(chunks);
        const auto other = std::find_if(
            first, last, [this](const auto& entry) { return entry.second->link != m_row.front(); });
        if (other != last) {
            addFault(m_report,
                     {.kind = FaultKind::Changed,
                      .chunk = chunks,
                      .at = at,
                      .detail = (chunks == 0 ? "the header" : "chunk " + std::to_string(chunks)) +
                                " is not the one whose head is in " + other->second->source +
                                " of " + toRfc3339(other->second->at)});
        }
    }

    void tellPosition() const
    {
        if (m_question.onPosition) {
            m_question.onPosition({.track = m_report.track,
                                   .mediaType = m_report.mediaType,
                                   .chunks = m_last,
                                   .bytes = m_report.bytes,
                                   .link = m_row.front(),
                                   .closed = m_closed});
        }
    }

    void finish()
    {
        if (!m_anchors.empty() && m_anchors.rbegin()->first > m_last) {
            const auto& most = *m_anchors.rbegin()->second;
            add(FaultKind::Truncated, m_last + 1,
                most.source + " of " + toRfc3339(most.at) + " has " + std::to_string(most.chunks) +
                    " chunks, the file " + std::to_string(m_last));
        }
        if (m_report.faultCount == 0) {
            m_report.verdict = m_closed ? Verdict::Whole : Verdict::NotClosed;
        }
    }

    const Source& m_source;
    const TrackQuestion& m_question;
    std::multimap<std::uint32_t, const Anchor*> m_anchors;
    Bytes m_buffer;
    cipher::Key m_key;
    /// The last chunk's link as it is written and, if it is not true, as its other bytes give it.
    std::vector<Link> m_row;
    std::vector<Link> m_stray; ///< the same of a chunk out of place behind it
    std::uint32_t m_last = 0;
    bool m_closed = false;
    TrackReport m_report;
};

} // namespace

std::string_view name(Verdict verdict)
{
    switch (verdict) {
    case Verdict::Whole:
        return "whole";
    case Verdict::NotClosed:
        return "notClosed";
    case Verdict::Changed:
        break;
    }
    return "changed";
}

std::string_view name(FaultKind kind)
{
    constexpr std::array<std::string_view, 10> names{
        "changed",   "missing", "outOfPlace", "malformed", "trailing",
        "truncated", "foreign", "absent",     "unlisted",  "unsigned"};
    return names.at(static_cast<std::size_t>(kind));
}

void addFault(TrackReport& report, Fault fault)
{
    report.verdict = Verdict::Changed;
    ++report.faultCount;
    if (report.faults.size() < kMostFaults) {
        report.faults.push_back(std::move(fault));
    }
}

Result<TrackReport> checkTrack(const Source& source, const TrackQuestion& question)
{
    return Walk(source, question).run();
}

} // namespace guichet::evidence
