// SPDX-License-Identifier: Apache-2.0
#include "peripherals/host/helper_job.h"

#include <utility>

namespace guichet::host {

using nlohmann::json;

void performInHelper(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job,
                     HelperProcess::Operation operation,
                     std::function<xfs::Completion(const Result<json>&)> completion)
{
    operation.onEvent = [job, own = std::move(operation.onEvent)](std::string_view name,
                                                                  const json& data) {
        if (name.find('.') != std::string_view::npos) {
            job->event(name, data);
        } else if (own) {
            own(name, data);
        }
    };
    operation.onDone = [job, completion = std::move(completion)](const Result<json>& result) {
        job->complete(completion(result));
    };
    const auto number = helper.perform(std::move(operation));
    job->onStop([&helper, number](xfs::StopReason) { helper.stop(number); });
}

void resetInHelper(HelperProcess& helper, const std::shared_ptr<xfs::Job>& job,
                   xfs::Completion (*failed)(const Error&))
{
    performInHelper(helper, job, {"reset"}, [failed](const Result<json>& result) {
        return result ? xfs::success() : failed(result.error());
    });
}

} // namespace guichet::host
