// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include "peripherals/virtual/passport.h"

namespace guichet::virtualdevices {

namespace {

PassportProfile named(const char* name, const char* english, const char* chinese)
{
    PassportProfile passport;
    passport.name = name;
    passport.titleEn = english;
    passport.titleZh = chinese;
    return passport;
}

PassportProfile modern(const char* name, const char* english, const char* chinese)
{
    auto passport = named(name, english, chinese);
    passport.mrz = "POUTOLI<<MING<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<<"
                   "E987654324UTO8506106M3301018<<<<<<<<<<<<<<<4";
    passport.fullName = "李明";
    passport.paceCurve = 12; // NIST P-256
    passport.chipAuthentication = true;
    return passport;
}

std::vector<KnownPassport> makePassports()
{
    auto old = named("passport-bac", "Old passport", "旧式护照");
    old.activeAuthentication = PassportProfile::Active::Rsa;
    return {
        {modern("passport", "Passport", "护照"), PassportFault::None},
        {old, PassportFault::None},
        {modern("passport-forged", "Forged passport", "伪造护照"), PassportFault::WrongHash},
        {modern("passport-clone", "Cloned passport", "克隆护照"), PassportFault::Clone},
    };
}

} // namespace

const std::vector<KnownPassport>& knownPassports()
{
    static const auto passports = makePassports();
    return passports;
}

const KnownPassport* findPassport(std::string_view name)
{
    const auto& passports = knownPassports();
    const auto found =
        std::find_if(passports.begin(), passports.end(),
                     [name](const KnownPassport& each) { return each.profile.name == name; });
    return found == passports.end() ? nullptr : &*found;
}

} // namespace guichet::virtualdevices
