// SPDX-License-Identifier: Apache-2.0
#include <cstdio>
#include <filesystem>

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include "tests/peripherals/net/support.h"

using namespace guichet;
using namespace guichet::net;
using namespace guichet::net::test;

namespace {

using Key = UniqueHandle<EVP_PKEY*, EVP_PKEY_free>;
using Certificate = UniqueHandle<X509*, X509_free>;

/// A folder with an authority and what it signed; gone with the test.
class Authority {
public:
    Authority()
    {
        std::string name = (std::filesystem::temp_directory_path() / "guichet-tls-XXXXXX").string();
        REQUIRE(::mkdtemp(name.data()) != nullptr);
        m_folder = name;
        m_key = Key(EVP_EC_gen("P-256"));
        m_certificate = make("authority", m_key, "CA:TRUE", nullptr);
    }
    ~Authority() { std::filesystem::remove_all(m_folder); }
    Authority(const Authority&) = delete;
    Authority& operator=(const Authority&) = delete;

    void issue(const std::string& name)
    {
        const Key key(EVP_EC_gen("P-256"));
        (void)make(name, key, "CA:FALSE", "IP:127.0.0.1");
    }
    [[nodiscard]] std::string file(const std::string& name) const { return m_folder / name; }

private:
    Certificate make(const std::string& name, const Key& key, const char* basic,
                     const char* subject)
    {
        Certificate certificate(X509_new());
        auto* x509 = certificate.get();
        X509_set_version(x509, 2);
        ASN1_INTEGER_set(X509_get_serialNumber(x509), ++m_serial);
        X509_gmtime_adj(X509_getm_notBefore(x509), -60);
        X509_gmtime_adj(X509_getm_notAfter(x509), 3600);
        X509_set_pubkey(x509, key.get());
        X509_NAME_add_entry_by_txt(X509_get_subject_name(x509), "CN", MBSTRING_UTF8,
                                   reinterpret_cast<const unsigned char*>(name.c_str()), -1, -1, 0);
        X509_set_issuer_name(x509,
                             X509_get_subject_name(m_certificate ? m_certificate.get() : x509));
        extend(x509, NID_basic_constraints, basic);
        if (subject != nullptr) {
            extend(x509, NID_subject_alt_name, subject);
        }
        X509_sign(x509, m_key.get(), EVP_sha256());
        const UniqueHandle<std::FILE*, std::fclose> pem(
            std::fopen(file(name + ".pem").c_str(), "w"));
        PEM_write_X509(pem.get(), x509);
        const UniqueHandle<std::FILE*, std::fclose> secret(
            std::fopen(file(name + ".key").c_str(), "w"));
        PEM_write_PrivateKey(secret.get(), key.get(), nullptr, nullptr, 0, nullptr, nullptr);
        return certificate;
    }

    static void extend(X509* certificate, int id, const char* value)
    {
        const UniqueHandle<X509_EXTENSION*, X509_EXTENSION_free> extension(
            X509V3_EXT_conf_nid(nullptr, nullptr, id, value));
        X509_add_ext(certificate, extension.get(), -1);
    }

    std::filesystem::path m_folder;
    long m_serial = 0;
    Key m_key;
    Certificate m_certificate;
};

Router whoAmI()
{
    Router router;
    router.add("GET", "/", [](const Request& request) {
        return json(200, request.peerCertificateSubject.value_or("nobody"));
    });
    router.add("POST", "/", [](const Request& request) { return json(200, request.body); },
               {.maxBody = 4 * 1024 * 1024});
    return router;
}

} // namespace

TEST_CASE("net: a client is known by its certificate", "[net]")
{
    Authority authority;
    authority.issue("hub");
    authority.issue("kiosk-1");
    const auto server =
        serve(whoAmI(), {.tls = ServerTls{authority.file("hub.pem"), authority.file("hub.key"),
                                          authority.file("authority.pem"), true}});
    auto config = clientOf(*server, "https");
    config.tls = ClientTls{authority.file("authority.pem"), authority.file("kiosk-1.pem"),
                           authority.file("kiosk-1.key")};
    const auto client = Client::open(config);
    REQUIRE(client);
    CHECK((*client)->send({}, 10s)->body == "CN=kiosk-1");
    const std::string large(3 * 1024 * 1024, 'x');
    CHECK((*client)->send({.method = "POST", .body = large}, 20s)->body == large);
}

TEST_CASE("net: a client without the certificate that is required is refused", "[net]")
{
    Authority authority;
    authority.issue("hub");
    const auto server =
        serve(whoAmI(), {.tls = ServerTls{authority.file("hub.pem"), authority.file("hub.key"),
                                          authority.file("authority.pem"), true}});
    auto config = clientOf(*server, "https");
    config.tls = ClientTls{.caFile = authority.file("authority.pem")};
    const auto response = (*Client::open(config))->send({}, 10s);
    REQUIRE_FALSE(response);
    CHECK((response.error().code == Errc::Denied || response.error().code == Errc::Disconnected));
}

TEST_CASE("net: a server of an unknown authority is not trusted", "[net]")
{
    Authority authority;
    Authority other;
    authority.issue("hub");
    const auto server =
        serve(whoAmI(), {.tls = ServerTls{authority.file("hub.pem"), authority.file("hub.key")}});
    auto config = clientOf(*server, "https");
    config.tls = ClientTls{.caFile = other.file("authority.pem")};
    const auto response = (*Client::open(config))->send({}, 10s);
    REQUIRE_FALSE(response);
    CHECK(response.error().code == Errc::Denied);
}
