// SPDX-License-Identifier: Apache-2.0
#include "tests/e2e/support/world.h"

#include <QCoreApplication>
#include <QDir>
#include <QDirIterator>
#include <QFile>
#include <QTest>
#include <algorithm>
#include <chrono>
#include <csignal>

#include <catch2/catch.hpp>

#include "peripherals/base/random.h"
#include "peripherals/net/client.h"

namespace guichet::test {
namespace {

using namespace std::chrono_literals;

constexpr auto kHub = "http://127.0.0.1:8480";
constexpr auto kDevices = "http://127.0.0.1:5846";
constexpr auto kBank = "http://127.0.0.1:8490";
constexpr auto kControl = "http://127.0.0.1:8499";
constexpr int kStartMs = 30'000;

Result<net::Response> ask(const std::string& base, net::Request request)
{
    auto client = net::Client::open({.baseUrl = base});
    REQUIRE(client);
    return (*client)->send(request, 5s);
}

bool answers(const std::string& base, const std::string& path)
{
    const auto answer = ask(base, {.path = path});
    return answer && answer->status == 200;
}

} // namespace

nlohmann::json askJson(const std::string& base, const std::string& path)
{
    const auto answer = ask(base, {.path = path});
    REQUIRE(answer);
    REQUIRE(answer->status == 200);
    return nlohmann::json::parse(answer->body);
}

World::World(QString clock, const std::string& outlet)
    : m_clock(std::move(clock))
{
    REQUIRE(m_data.isValid());
    if (!outlet.empty()) {
        m_outlet = m_data.filePath(QStringLiteral("outlet.toml"));
        QFile file(m_outlet);
        REQUIRE(file.open(QIODevice::WriteOnly));
        file.write(QByteArray::fromStdString(outlet));
    }
    startHub();
    m_virtual = start(QStringLiteral("guichet-virtual-devices"),
                      {QStringLiteral("--demo"), QStringLiteral("--no-window"),
                       QStringLiteral("--data"), m_data.filePath(QStringLiteral("virtual"))});
    REQUIRE(QTest::qWaitFor([] { return answers(kControl, "/state"); }, kStartMs));
    startDevices();
}

World::~World()
{
    for (auto* process : {m_bank.get(), m_devices.get(), m_virtual.get(), m_hub.get()}) {
        if (process != nullptr) {
            process->terminate();
            if (!process->waitForFinished(5000)) {
                process->kill();
                process->waitForFinished(5000);
            }
        }
    }
}

std::unique_ptr<QProcess> World::start(const QString& program, const QStringList& arguments)
{
    auto process = std::make_unique<QProcess>();
    process->setProcessChannelMode(QProcess::MergedChannels);
    process->setStandardOutputFile(m_data.filePath(program + QStringLiteral(".log")),
                                   QIODevice::Append);
    process->start(QStringLiteral(GUICHET_BIN_DIR "/") + program, arguments);
    REQUIRE(process->waitForStarted(10'000));
    return process;
}

void World::startHub()
{
    QStringList words{QStringLiteral("--demo"), QStringLiteral("--listen"),
                      QStringLiteral("127.0.0.1:8480"), QStringLiteral("--data"),
                      m_data.filePath(QStringLiteral("hub"))};
    if (!m_clock.isEmpty()) {
        words << QStringLiteral("--clock") << m_clock;
    }
    if (!m_outlet.isEmpty()) {
        words << QStringLiteral("--config") << m_outlet;
    }
    m_hub = start(QStringLiteral("guichet-hub"), words);
    REQUIRE(QTest::qWaitFor([] { return answers(kHub, "/healthz"); }, kStartMs));
}

void World::killHub()
{
    m_hub->kill();
    REQUIRE(m_hub->waitForFinished(5000));
}

void World::startBank()
{
    m_bank = start(QStringLiteral("guichet-sandbox-bank"),
                   {QStringLiteral("--demo"), QStringLiteral("--listen"),
                    QStringLiteral("127.0.0.1:8490"), QStringLiteral("--data"),
                    m_data.filePath(QStringLiteral("bank")), QStringLiteral("--key"),
                    m_data.filePath(QStringLiteral("devices/bank-demo.pem"))});
    REQUIRE(QTest::qWaitFor([] { return answers(kBank, "/healthz"); }, kStartMs));
}

void World::killBank()
{
    m_bank->kill();
    REQUIRE(m_bank->waitForFinished(5000));
}

void World::startDevices()
{
    m_devices = start(QStringLiteral("guichet-devices"),
                      {QStringLiteral("--demo"), QStringLiteral("--data"),
                       m_data.filePath(QStringLiteral("devices"))});
    REQUIRE(QTest::qWaitFor([] { return ask(kDevices, {}).has_value(); }, kStartMs));
}

void World::killDevices()
{
    m_devices->kill();
    REQUIRE(m_devices->waitForFinished(5000));
}

void World::killHelper(const QString& service)
{
    // Whichever thread started it is its parent.
    const QDir threads(QStringLiteral("/proc/%1/task").arg(m_devices->processId()));
    for (const auto& thread : threads.entryList(QDir::Dirs | QDir::NoDotAndDotDot)) {
        QFile children(threads.filePath(thread + QStringLiteral("/children")));
        REQUIRE(children.open(QIODevice::ReadOnly));
        for (const auto& child : children.readAll().split(' ')) {
            QFile line(QStringLiteral("/proc/%1/cmdline").arg(QString::fromLatin1(child)));
            if (line.open(QIODevice::ReadOnly) &&
                line.readAll().split('\0').contains(service.toLatin1())) {
                REQUIRE(::kill(child.toInt(), SIGKILL) == 0);
                return;
            }
        }
    }
    FAIL("no helper of " << service.toStdString());
}

void World::play(const std::string& path, const nlohmann::json& body)
{
    net::Request request{.method = "POST", .path = path, .body = body.dump()};
    request.headers.set("Content-Type", "application/json");
    const auto answer = ask(kControl, std::move(request));
    REQUIRE(answer);
    INFO(answer->body);
    REQUIRE(answer->status / 100 == 2);
}

void World::freezeDevices(bool frozen)
{
    REQUIRE(::kill(static_cast<pid_t>(m_virtual->processId()), frozen ? SIGSTOP : SIGCONT) == 0);
}

nlohmann::json World::state()
{
    return askJson(kControl, "/state");
}

nlohmann::json World::askHub(const std::string& path, const nlohmann::json& body,
                             const std::string& bearer)
{
    net::Request request{.method = "POST", .path = path, .body = body.dump()};
    request.headers.set("Content-Type", "application/json");
    request.headers.set("Idempotency-Key", randomUuid());
    if (!bearer.empty()) {
        request.headers.set("Authorization", "Bearer " + bearer);
    }
    const auto answer = ask(kHub, std::move(request));
    REQUIRE(answer);
    INFO(answer->body);
    REQUIRE(answer->status / 100 == 2);
    return nlohmann::json::parse(answer->body);
}

nlohmann::json World::queue()
{
    return askJson(kHub, "/v1/branches/demo/queue");
}

std::size_t World::waiting()
{
    std::size_t count = 0;
    const auto document = queue();
    for (const auto& service : document.at("services")) {
        count += service.at("waiting").get<std::size_t>();
    }
    return count;
}

bool World::keepsSession() const
{
    return QFile::exists(m_data.filePath(QStringLiteral("kiosk/session.journal"))) ||
           QFile::exists(m_data.filePath(QStringLiteral("kiosk/session.key")));
}

std::size_t World::visits(const std::string& state)
{
    const auto answer = ask(kHub, {.path = "/metrics"});
    REQUIRE(answer);
    const auto sample = "guichet_visits{state=\"" + state + "\"} ";
    const auto found = answer->body.find(sample);
    REQUIRE(found != std::string::npos);
    return std::stoul(answer->body.substr(found + sample.size()));
}

QStringList World::placesOf(const QByteArray& cardNumber)
{
    const auto text = QString::fromLatin1(cardNumber);
    const QList<QByteArray> forms{
        cardNumber,
        QByteArray(reinterpret_cast<const char*>(text.utf16()), 2 * text.size()),
        QByteArray::fromHex(cardNumber.left(cardNumber.size() & ~1)),
        cardNumber.toBase64(QByteArray::OmitTrailingEquals),
    };
    const auto holds = [&](const QByteArray& content) {
        return std::any_of(forms.begin(), forms.end(),
                           [&](const QByteArray& form) { return content.contains(form); });
    };
    QStringList places;
    const auto own = m_data.filePath(QStringLiteral("virtual"));
    const auto bank = m_data.filePath(QStringLiteral("bank/")); // it knows its customers
    QDirIterator files(m_data.path(), QDir::Files | QDir::Hidden, QDirIterator::Subdirectories);
    while (files.hasNext()) {
        QFile file(files.next());
        if (!file.fileName().startsWith(own) && !file.fileName().startsWith(bank) &&
            file.open(QIODevice::ReadOnly) && holds(file.readAll())) {
            places.append(file.fileName());
        }
    }
    const auto process = QStringLiteral("/proc/%1/").arg(m_devices->processId());
    QFile map(process + QStringLiteral("maps"));
    QFile memory(process + QStringLiteral("mem"));
    REQUIRE(map.open(QIODevice::ReadOnly));
    REQUIRE(memory.open(QIODevice::ReadOnly | QIODevice::Unbuffered));
    constexpr qint64 kMost = 256 * 1024 * 1024; // beyond: address space that is only reserved
    for (const auto& line : map.readAll().split('\n')) {
        const auto range = line.left(line.indexOf(' ')).split('-');
        if (range.size() != 2 || !line.contains(" rw")) {
            continue;
        }
        const auto begin = range[0].toLongLong(nullptr, 16);
        const auto size = range[1].toLongLong(nullptr, 16) - begin;
        if (size <= kMost && memory.seek(begin) && holds(memory.read(size))) {
            places.append(QString::fromLatin1(line));
        }
    }
    return places;
}

nlohmann::json World::papers()
{
    return askJson(kControl, "/printer/tickets").at("tickets");
}

} // namespace guichet::test
