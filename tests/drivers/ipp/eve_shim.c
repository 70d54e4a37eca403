/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded into ippeveprinter, which else demands a running D-Bus and an IPv6 address: announces
   nothing on the network, and listens on loopback only. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <sys/socket.h>

#include <cups/http.h>

void* avahi_client_new(const void* poll, int flags, void* callback, void* userdata, int* error)
{
    static char client;
    (void)poll, (void)flags, (void)callback, (void)userdata;
    if (error != NULL) {
        *error = 0;
    }
    return &client;
}

typedef http_addrlist_t* (*GetList)(const char*, int, const char*);

http_addrlist_t* httpAddrGetList(const char* host, int family, const char* service)
{
    const GetList next = (GetList)dlsym(RTLD_NEXT, "httpAddrGetList");
    return family == AF_INET6 ? next("127.0.0.2", AF_INET, service) : next(host, family, service);
}
