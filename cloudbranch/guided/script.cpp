// SPDX-License-Identifier: Apache-2.0
#include "cloudbranch/guided/script.h"

#include <algorithm>
#include <array>
#include <set>

#include "peripherals/base/strict_json.h"

namespace guichet::guided {

using nlohmann::json;

namespace {

constexpr std::size_t kWord = 64, kSentence = 600, kMostQualifications = 16, kMostLanguages = 8;
constexpr int kDeepest = 6;
constexpr std::array kKinds{std::pair{StepKind::Staff, std::string_view("staff")},
                            std::pair{StepKind::Kiosk, std::string_view("kiosk")},
                            std::pair{StepKind::Question, std::string_view("question")}};
constexpr std::array kChecks{std::pair{Check::Recording, std::string_view("recording")},
                             std::pair{Check::OnePerson, std::string_view("onePerson")},
                             std::pair{Check::Sound, std::string_view("sound")}};

bool isWord(const std::string& text)
{
    return !text.empty() && text.size() <= kWord && std::ranges::all_of(text, [](char letter) {
        return (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
               (letter >= '0' && letter <= '9') || letter == '.' || letter == '_' || letter == '-';
    });
}

/// Takes the members of an object one by one; the first that is wrong is told.
class Reader {
public:
    Reader(const json& object, std::string where, std::string& wrong)
        : m_object(object)
        , m_where(std::move(where))
        , m_wrong(wrong)
    {
        if (!object.is_object()) {
            refuse("", "want an object");
        }
    }

    [[nodiscard]] bool has(const char* name) const
    {
        return m_object.is_object() && m_object.contains(name);
    }

    std::string word(const char* name)
    {
        const auto& value = take(name);
        auto text = value.is_string() ? value.get<std::string>() : std::string();
        if (!isWord(text)) {
            refuse(name, "want 1 to 64 of A-Z a-z 0-9 . _ -");
            return {};
        }
        return text;
    }

    /// The same sentence in each of `languages`.
    Words words(const char* name, const std::vector<std::string>& languages)
    {
        const auto& value = take(name);
        Words words;
        if (!value.is_object() || value.size() != languages.size()) {
            refuse(name, "want a text in each language of the script, and no other");
            return words;
        }
        for (const auto& language : languages) {
            const auto found = value.find(language);
            const bool sound = found != value.end() && found->is_string() &&
                               !found->get_ref<const std::string&>().empty() &&
                               found->get_ref<const std::string&>().size() <= kSentence;
            if (!sound) {
                refuse(std::string(name) + "." + language, "want 1 to 600 bytes of text");
                return {};
            }
            words[language] = found->get<std::string>();
        }
        return words;
    }

    std::vector<std::string> wordList(const char* name, std::size_t least, std::size_t most)
    {
        std::vector<std::string> list;
        const auto& value = array(name, least, most);
        for (const auto& each : value) {
            auto text = each.is_string() ? each.get<std::string>() : std::string();
            if (!isWord(text) || std::ranges::count(list, text) > 0) {
                refuse(name, "want words of A-Z a-z 0-9 . _ -, none twice");
                return {};
            }
            list.push_back(std::move(text));
        }
        return list;
    }

    const json& array(const char* name, std::size_t least, std::size_t most)
    {
        static const auto kNone = json::array();
        const auto& value = take(name);
        if (!value.is_array() || value.size() < least || value.size() > most) {
            refuse(name, "want a list of " + std::to_string(least) + " to " + std::to_string(most));
            return kNone;
        }
        return value;
    }

    const json& take(const char* name)
    {
        static const json kNull;
        if (!has(name)) {
            refuse(name, "is missing");
            return kNull;
        }
        ++m_taken;
        return m_object.at(name);
    }

    void refuse(const std::string& name, const std::string& what)
    {
        if (m_wrong.empty()) {
            m_wrong = "script: " + m_where + name + ": " + what;
        }
    }

    void finish()
    {
        if (m_object.is_object() && m_taken != m_object.size()) {
            refuse("", "has a member that is none of its own");
        }
    }

private:
    const json& m_object;
    const std::string m_where;
    std::string& m_wrong;
    std::size_t m_taken = 0;
};

template <typename Value, std::size_t Count>
std::optional<Value> fromName(const std::array<std::pair<Value, std::string_view>, Count>& names,
                              const json& value)
{
    const auto found = std::ranges::find_if(names, [&](const auto& each) {
        return value.is_string() && value.get_ref<const std::string&>() == each.second;
    });
    return found == names.end() ? std::nullopt : std::optional(found->first);
}

std::vector<Check> readChecks(Reader& reader)
{
    std::set<Check> checks{Check::Recording};
    if (reader.has("checks")) {
        for (const auto& each : reader.array("checks", 0, kChecks.size())) {
            const auto check = fromName(kChecks, each);
            if (!check) {
                reader.refuse("checks", "want recording, onePerson or sound");
            } else {
                checks.insert(*check);
            }
        }
    }
    return {checks.begin(), checks.end()};
}

Step readStep(const json& object, const std::string& where,
              const std::vector<std::string>& languages, std::string& wrong)
{
    Reader reader(object, where, wrong);
    Step step;
    step.id = reader.word("id");
    const auto kind = fromName(kKinds, reader.take("kind"));
    if (!kind) {
        reader.refuse("kind", "want staff, kiosk or question");
    }
    step.kind = kind.value_or(StepKind::Staff);
    step.text = reader.words("text", languages);
    step.checks = readChecks(reader);
    if (reader.has("wants")) {
        const auto& wants = reader.take("wants");
        if (step.kind != StepKind::Question || (wants != "yes" && wants != "any")) {
            reader.refuse("wants", "want yes or any, and of a question only");
        }
        step.wanted = wants == "yes" ? Wanted::Yes : Wanted::Any;
    }
    reader.finish();
    return step;
}

} // namespace

std::string_view name(StepKind kind)
{
    return std::ranges::find(kKinds, kind, &decltype(kKinds)::value_type::first)->second;
}

std::string_view name(Check check)
{
    return std::ranges::find(kChecks, check, &decltype(kChecks)::value_type::first)->second;
}

Result<Script> parseScript(std::string_view text)
{
    if (text.size() > kLargestScript) {
        return fail(Errc::Invalid, "script: " + std::to_string(text.size()) +
                                       " bytes, want at most " + std::to_string(kLargestScript));
    }
    const auto object = strictObject(text, kDeepest);
    if (!object.is_object()) {
        return fail(Errc::Invalid, "script: want one JSON object, no member twice, at most " +
                                       std::to_string(kDeepest) + " levels deep");
    }
    std::string wrong;
    Reader reader(object, "", wrong);
    Script script;
    script.id = reader.word("script");
    script.version = reader.word("version");
    script.bank = reader.word("bank");
    script.languages = reader.wordList("languages", 1, kMostLanguages);
    script.names = reader.words("names", script.languages);
    if (reader.has("retention")) {
        script.retention = reader.word("retention");
    }
    Reader product(reader.take("product"), "product.", wrong);
    script.product.id = product.word("id");
    script.product.names = product.words("names", script.languages);
    script.product.qualifications = product.wordList("qualifications", 0, kMostQualifications);
    product.finish();
    std::set<std::string> ids;
    for (const auto& each : reader.array("steps", 1, kMostSteps)) {
        const auto where = "steps[" + std::to_string(script.steps.size()) + "].";
        script.steps.push_back(readStep(each, where, script.languages, wrong));
        if (!ids.insert(script.steps.back().id).second) {
            reader.refuse(where + "id", "is that of an earlier step");
        }
    }
    reader.finish();
    if (!wrong.empty()) {
        return fail(Errc::Invalid, wrong);
    }
    return script;
}

json document(const Script& script)
{
    json steps = json::array();
    for (const auto& step : script.steps) {
        json one{{"id", step.id}, {"kind", name(step.kind)}, {"text", step.text}};
        for (const auto check : step.checks) {
            one["checks"].push_back(name(check));
        }
        if (step.kind == StepKind::Question) {
            one["wants"] = step.wanted == Wanted::Yes ? "yes" : "any";
        }
        steps.push_back(std::move(one));
    }
    json whole{{"script", script.id},
               {"version", script.version},
               {"bank", script.bank},
               {"languages", script.languages},
               {"names", script.names},
               {"product",
                {{"id", script.product.id},
                 {"names", script.product.names},
                 {"qualifications", script.product.qualifications}}},
               {"steps", std::move(steps)}};
    if (!script.retention.empty()) {
        whole["retention"] = script.retention;
    }
    return whole;
}

std::vector<std::string> missing(const Product& product, const std::vector<std::string>& sellers)
{
    std::vector<std::string> lacking;
    std::ranges::copy_if(product.qualifications, std::back_inserter(lacking),
                         [&](const auto& each) { return std::ranges::count(sellers, each) == 0; });
    return lacking;
}

} // namespace guichet::guided
