// SPDX-License-Identifier: Apache-2.0
#include "queue/domain/outlook.h"

#include <algorithm>
#include <vector>

namespace guichet::queue::domain {

Outlook outlookAt(const Place& place, const std::string& service, const std::string& line,
                  const Lines& lines, const BranchSettings& settings, const Staffing& staffing)
{
    const auto* standard = settings.profile("default");
    Outlook result;
    std::vector<WorkAhead> work;
    const auto add = [&](const std::string& id, std::size_t visits) {
        const auto* known = settings.service(id);
        work.push_back({visits, known == nullptr ? std::chrono::seconds(0) : known->meanService});
        result.ahead += visits;
    };
    bool shared = false;
    for (const auto& tier : standard == nullptr ? decltype(standard->tiers){} : standard->tiers) {
        const bool own = std::ranges::find(tier, service) != tier.end();
        for (const auto& id : tier) {
            add(id, own ? lines.before(id, place) : lines.size(id));
        }
        if (own) {
            shared = true;
            break;
        }
    }
    if (!shared) {
        work.clear();
        result.ahead = 0;
    }
    if (!shared || line != service) {
        add(service, lines.before(line, place));
    }
    result.wait = predictWait(work, staffing.sessions, staffing.busy);
    return result;
}

} // namespace guichet::queue::domain
