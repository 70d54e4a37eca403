// SPDX-License-Identifier: Apache-2.0
#include "queue/storage/schema.h"

#include <array>

namespace guichet::queue::storage {
namespace {

constexpr std::array kSteps{
    R"sql(
CREATE TABLE log_epoch (branch VARCHAR(64) PRIMARY KEY, epoch BIGINT NOT NULL);
CREATE TABLE business_days (
    branch VARCHAR(64) NOT NULL, label VARCHAR(10) NOT NULL, state VARCHAR(8) NOT NULL,
    opened_at BIGINT NOT NULL, closed_at BIGINT,
    PRIMARY KEY (branch, label));
CREATE TABLE visits (
    branch VARCHAR(64) NOT NULL, business_day VARCHAR(10) NOT NULL, sequence BIGINT NOT NULL,
    id VARCHAR(36) NOT NULL, series VARCHAR(8) NOT NULL, number INTEGER NOT NULL,
    state VARCHAR(12) NOT NULL, version BIGINT NOT NULL,
    service VARCHAR(64) NOT NULL, language VARCHAR(35) NOT NULL, channel VARCHAR(16) NOT NULL,
    class INTEGER NOT NULL,
    place_key BIGINT NOT NULL, place_ready BIGINT NOT NULL, place_sequence BIGINT NOT NULL,
    place_turn BIGINT NOT NULL, line VARCHAR(65) NOT NULL,
    session VARCHAR(36), counter VARCHAR(64) NOT NULL, calls INTEGER NOT NULL,
    requeues INTEGER NOT NULL, reason VARCHAR(200) NOT NULL, outcome VARCHAR(64) NOT NULL,
    called_at BIGINT, arrived_at BIGINT, started_at BIGINT, ended_at BIGINT,
    PRIMARY KEY (branch, business_day, sequence));
CREATE UNIQUE INDEX visits_number ON visits (branch, business_day, series, number);
CREATE UNIQUE INDEX visits_id ON visits (branch, id);
CREATE UNIQUE INDEX visits_one_per_session ON visits (branch, session) WHERE session IS NOT NULL;
CREATE TABLE sessions (
    branch VARCHAR(64) NOT NULL, id VARCHAR(36) NOT NULL, business_day VARCHAR(10) NOT NULL,
    counter VARCHAR(64) NOT NULL, profile VARCHAR(64) NOT NULL, staff VARCHAR(64) NOT NULL,
    state VARCHAR(8) NOT NULL,
    PRIMARY KEY (branch, id));
CREATE UNIQUE INDEX sessions_one_per_counter ON sessions (branch, counter) WHERE state = 'open';
CREATE TABLE events (
    branch VARCHAR(64) NOT NULL, epoch BIGINT NOT NULL, sequence BIGINT NOT NULL,
    business_day VARCHAR(10) NOT NULL, type VARCHAR(40) NOT NULL, subject VARCHAR(36) NOT NULL,
    ticket VARCHAR(16) NOT NULL, from_state VARCHAR(12) NOT NULL, to_state VARCHAR(12) NOT NULL,
    service VARCHAR(64) NOT NULL, counter VARCHAR(64) NOT NULL, session VARCHAR(36) NOT NULL,
    actor VARCHAR(64) NOT NULL, reason VARCHAR(200) NOT NULL, call_number INTEGER NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (branch, epoch, sequence));
CREATE TABLE idempotency (
    branch VARCHAR(64) NOT NULL, scope VARCHAR(80) NOT NULL, request_key VARCHAR(128) NOT NULL,
    request_hash VARCHAR(64) NOT NULL, response TEXT NOT NULL, created_at BIGINT NOT NULL,
    PRIMARY KEY (branch, scope, request_key));
CREATE TABLE staff (
    name VARCHAR(64) PRIMARY KEY, role VARCHAR(16) NOT NULL, password_hash VARCHAR(200) NOT NULL);
CREATE TABLE staff_tokens (
    token_hash VARCHAR(64) PRIMARY KEY, name VARCHAR(64) NOT NULL, role VARCHAR(16) NOT NULL,
    expires_at BIGINT NOT NULL);
)sql",
    // Appointments and numbers taken from afar.
    R"sql(
ALTER TABLE visits ADD COLUMN code VARCHAR(10) NOT NULL DEFAULT '';
ALTER TABLE visits ADD COLUMN arrive_by BIGINT;
ALTER TABLE visits ADD COLUMN delays INTEGER NOT NULL DEFAULT 0;
ALTER TABLE visits ADD COLUMN returns INTEGER NOT NULL DEFAULT 0;
CREATE TABLE appointments (
    branch VARCHAR(64) NOT NULL, id VARCHAR(36) NOT NULL, state VARCHAR(12) NOT NULL,
    version BIGINT NOT NULL, service VARCHAR(64) NOT NULL, start_at BIGINT NOT NULL,
    end_at BIGINT NOT NULL, seat INTEGER NOT NULL, hold_until BIGINT NOT NULL,
    code VARCHAR(10) NOT NULL, customer VARCHAR(200) NOT NULL, phone VARCHAR(32) NOT NULL,
    language VARCHAR(35) NOT NULL, journey VARCHAR(64) NOT NULL, fields TEXT NOT NULL,
    moves INTEGER NOT NULL,
    PRIMARY KEY (branch, id));
CREATE INDEX appointments_start ON appointments (branch, start_at);
CREATE UNIQUE INDEX appointments_code ON appointments (branch, code) WHERE code <> '';
CREATE TABLE seats (
    branch VARCHAR(64) NOT NULL, service VARCHAR(64) NOT NULL, start_at BIGINT NOT NULL,
    seat INTEGER NOT NULL, holder VARCHAR(36) NOT NULL, rests_until BIGINT NOT NULL,
    PRIMARY KEY (branch, service, start_at, seat));
CREATE UNIQUE INDEX seats_one_per_holder ON seats (branch, holder) WHERE holder <> '';
CREATE TABLE forms (
    branch VARCHAR(64) NOT NULL, id VARCHAR(36) NOT NULL, code VARCHAR(10) NOT NULL,
    journey VARCHAR(64) NOT NULL, fields TEXT NOT NULL, until_at BIGINT NOT NULL,
    PRIMARY KEY (branch, id));
)sql",
    // Terminals with certificates; second factors and locks of staff.
    R"sql(
ALTER TABLE staff ADD COLUMN totp_secret VARCHAR(64) NOT NULL DEFAULT '';
ALTER TABLE staff ADD COLUMN totp_step BIGINT NOT NULL DEFAULT 0;
CREATE TABLE staff_locks (name VARCHAR(64) PRIMARY KEY, locked_until BIGINT NOT NULL);
CREATE TABLE enrol_codes (
    code_hash VARCHAR(64) PRIMARY KEY, terminal VARCHAR(48) NOT NULL,
    created_at BIGINT NOT NULL, expires_at BIGINT NOT NULL,
    used_by VARCHAR(64) NOT NULL, serial VARCHAR(40) NOT NULL);
CREATE TABLE terminal_certificates (
    serial VARCHAR(40) PRIMARY KEY, terminal VARCHAR(48) NOT NULL, certificate TEXT NOT NULL,
    issued_at BIGINT NOT NULL, expires_at BIGINT NOT NULL,
    revoked_at BIGINT NOT NULL, seen_at BIGINT NOT NULL);
)sql",
    // Messages to customers, until they are delivered.
    R"sql(
CREATE TABLE outbox (
    branch VARCHAR(64) NOT NULL, epoch BIGINT NOT NULL, sequence BIGINT NOT NULL,
    kind VARCHAR(40) NOT NULL, subject VARCHAR(36) NOT NULL, created_at BIGINT NOT NULL,
    attempts INTEGER NOT NULL, next_at BIGINT NOT NULL,
    PRIMARY KEY (branch, epoch, sequence));
)sql",
    // Browsers that want to hear of a visit.
    R"sql(
CREATE TABLE push_subscriptions (
    branch VARCHAR(64) NOT NULL, visit VARCHAR(36) NOT NULL, endpoint VARCHAR(1000) NOT NULL,
    browser_key VARCHAR(100) NOT NULL, secret VARCHAR(32) NOT NULL, told VARCHAR(20) NOT NULL,
    PRIMARY KEY (branch, visit, endpoint));
)sql",
    // Customers with remote staff; a case's records are encrypted.
    R"sql(
CREATE TABLE assists (
    branch VARCHAR(64) NOT NULL, id VARCHAR(64) NOT NULL, case_id VARCHAR(64) NOT NULL,
    state VARCHAR(12) NOT NULL, changed_at BIGINT NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (branch, id));
CREATE INDEX assists_open ON assists (branch, case_id) WHERE state <> 'closed';
CREATE TABLE assist_seats (
    branch VARCHAR(64) NOT NULL, id VARCHAR(64) NOT NULL, document TEXT NOT NULL,
    PRIMARY KEY (branch, id));
CREATE TABLE assist_events (
    branch VARCHAR(64) NOT NULL, sequence BIGINT NOT NULL, type VARCHAR(40) NOT NULL,
    assist VARCHAR(64) NOT NULL, seat VARCHAR(64) NOT NULL, from_state VARCHAR(12) NOT NULL,
    to_state VARCHAR(12) NOT NULL, reason VARCHAR(200) NOT NULL, recorded_at BIGINT NOT NULL,
    PRIMARY KEY (branch, sequence));
CREATE TABLE assist_cases (
    branch VARCHAR(64) NOT NULL, case_id VARCHAR(64) NOT NULL, number BIGINT NOT NULL,
    recorded_at BIGINT NOT NULL, sealed TEXT NOT NULL,
    PRIMARY KEY (branch, case_id, number));
)sql",
    // Evidence of cases; its bytes are in files beside the database.
    R"sql(
CREATE TABLE evidence_cases (
    branch VARCHAR(64) NOT NULL, case_id VARCHAR(64) NOT NULL, terminal VARCHAR(64) NOT NULL,
    begun_at BIGINT NOT NULL, heads_bytes BIGINT NOT NULL, heads_count BIGINT NOT NULL,
    manifest TEXT NOT NULL, completed_at BIGINT NULL, removed_at BIGINT NULL,
    checked_at BIGINT NULL, report TEXT NOT NULL,
    PRIMARY KEY (branch, case_id));
CREATE INDEX evidence_cases_begun ON evidence_cases (branch, begun_at);
CREATE TABLE evidence_tracks (
    branch VARCHAR(64) NOT NULL, case_id VARCHAR(64) NOT NULL, track VARCHAR(32) NOT NULL,
    bytes BIGINT NOT NULL, link VARCHAR(64) NOT NULL,
    PRIMARY KEY (branch, case_id, track));
CREATE TABLE evidence_holds (
    branch VARCHAR(64) NOT NULL, case_id VARCHAR(64) NOT NULL, id VARCHAR(40) NOT NULL,
    reason VARCHAR(200) NOT NULL, placed_by VARCHAR(64) NOT NULL, placed_at BIGINT NOT NULL,
    released_by VARCHAR(64) NOT NULL, released_at BIGINT NULL,
    PRIMARY KEY (branch, case_id, id));
CREATE TABLE evidence_events (
    branch VARCHAR(64) NOT NULL, sequence BIGINT NOT NULL, type VARCHAR(40) NOT NULL,
    case_id VARCHAR(64) NOT NULL, who VARCHAR(80) NOT NULL, detail VARCHAR(200) NOT NULL,
    recorded_at BIGINT NOT NULL,
    PRIMARY KEY (branch, sequence));
CREATE INDEX evidence_events_case ON evidence_events (branch, case_id);
)sql",
};

} // namespace

std::span<const char* const> migrations()
{
    return kSteps;
}

} // namespace guichet::queue::storage
