"""The SQL of a register, once for each dialect and prefix. Every value is a parameter."""

from __future__ import annotations

from functools import cache

from attrs import fields, frozen

from studioflow.register.database import Dialect

__all__ = ["Statements", "statements"]


@frozen(kw_only=True)
class Statements:
    """What is asked of the tables; `{p}` is the prefix of their names.

    Words in braces differ by dialect: `{lock}` keeps a row from others until the end of the
    transaction, which on SQLite nobody else is in.
    """

    table_exists_sqlite: str = "SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = :name"
    # Not by `to_regclass`: in a transaction that asked before, it does not see what others made.
    table_exists_postgresql: str = (
        "SELECT 1 FROM pg_class WHERE relname = lower(:name) AND pg_table_is_visible(oid)"
    )
    meta: str = "SELECT name, value FROM {p}_meta"
    keep_meta: str = (
        "INSERT INTO {p}_meta (name, value) VALUES (:name, :value)"
        " ON CONFLICT (name) DO UPDATE SET value = excluded.value"
    )

    # The journal: opening, amendments, erasures.
    journal: str = (
        "SELECT number, kind, recorded, policy, body, hash FROM {p}_journal ORDER BY number"
    )
    journal_of: str = "SELECT body FROM {p}_journal WHERE kind = :kind ORDER BY number"
    journal_end: str = "SELECT number, hash FROM {p}_journal ORDER BY number DESC LIMIT 1"
    add_journal: str = (
        "INSERT INTO {p}_journal (number, kind, recorded, policy, body, hash)"
        " VALUES (:number, :kind, :recorded, :policy, :body, :hash)"
    )
    lock_journal: str = "LOCK TABLE {p}_journal IN EXCLUSIVE MODE"
    lock_studios: str = "LOCK TABLE {p}_studios IN EXCLUSIVE MODE"
    programme: str = (
        "SELECT {latest}, (SELECT max(recorded) FROM {p}_journal),"
        " (SELECT policy FROM {p}_journal WHERE policy IS NOT NULL ORDER BY number DESC LIMIT 1),"
        " (SELECT value FROM {p}_meta WHERE name = 'events'), {isolation}"
    )

    # A studio and its events.
    add_studio: str = (
        "INSERT INTO {p}_studios (id, version, head) VALUES (:studio, 0, :head)"
        " ON CONFLICT (id) DO NOTHING"
    )
    standing: str = (
        "SELECT s.version, s.head,"
        " (SELECT e.hash FROM {p}_events e WHERE e.studio = s.id AND e.version = s.version),"
        " {latest}, (SELECT max(recorded) FROM {p}_journal),"
        " (SELECT policy FROM {p}_journal WHERE policy IS NOT NULL ORDER BY number DESC LIMIT 1),"
        " (SELECT value FROM {p}_meta WHERE name = 'events'), {isolation}"
        " FROM {p}_studios s WHERE s.id = :studio{lock}"
    )
    add_event: str = (
        "INSERT INTO {p}_events (studio, version, recorded, body, hash)"
        " VALUES (:studio, :version, :recorded, :body, :hash)"
    )
    move_studio: str = "UPDATE {p}_studios SET version = :version, head = :hash WHERE id = :studio"
    add_personal: str = (
        "INSERT INTO {p}_personal (studio, version, path, salt, value)"
        " VALUES (:studio, :version, :path, :salt, :value)"
    )
    add_key: str = (
        "INSERT INTO {p}_keys (actor, key, studio, version, digest)"
        " VALUES (:actor, :key, :studio, :version, :digest) ON CONFLICT (actor, key) DO NOTHING"
    )
    add_notice: str = (
        "INSERT INTO {p}_outbox (subscriber, studio, version)"
        " VALUES (:subscriber, :studio, :version)"
    )
    events: str = (
        "SELECT version, recorded, body, hash FROM {p}_events WHERE studio = :studio"
        " ORDER BY version"
    )
    # All that `add_event`, `move_studio` and `add_notice` do, in one journey to the server.
    add_at_once: str = (
        "WITH kept AS (INSERT INTO {p}_events (studio, version, recorded, body, hash)"
        " VALUES (:studio, :version, :recorded, :body, :hash)),"
        " told AS (INSERT INTO {p}_outbox (subscriber, studio, version)"
        " SELECT unnest(CAST(:tell AS text[])), :studio, :version)"
        " UPDATE {p}_studios SET version = :version, head = :hash WHERE id = :studio"
    )
    personal: str = (
        "SELECT version, path, salt, value FROM {p}_personal WHERE studio = :studio"
        " ORDER BY version, path"
    )
    kept: str = "SELECT studio, version, digest FROM {p}_keys WHERE actor = :actor AND key = :key"
    studios: str = (
        "SELECT id FROM {p}_studios WHERE version > 0 AND number >"
        " COALESCE((SELECT number FROM {p}_studios WHERE id = :after), 0)"
        " ORDER BY number LIMIT :limit"
    )
    latest_studio: str = "SELECT number FROM {p}_studios ORDER BY number DESC LIMIT 1"
    versions: str = "SELECT id, version FROM {p}_studios WHERE version > 0 ORDER BY number"

    # What there is only so many of.
    lock_slot: str = "SELECT pg_advisory_xact_lock(hashtextextended(:name, 0))"
    held: str = "SELECT count(*) FROM {p}_holders WHERE slot = :slot"
    holders: str = "SELECT studio FROM {p}_holders WHERE slot = :slot ORDER BY number"
    take: str = "INSERT INTO {p}_holders (slot, studio) VALUES (:slot, :studio)"
    free: str = (
        "DELETE FROM {p}_holders WHERE number = (SELECT max(number) FROM {p}_holders"
        " WHERE slot = :slot AND studio = :studio)"
    )

    # Whoever is told.
    changes_sqlite: str = (
        "SELECT position, studio, version, body, hash FROM {p}_events"
        " WHERE position > :position ORDER BY position LIMIT :limit"
    )
    # Every transaction before it is over: what they wrote is all there.
    horizon: str = "SELECT CAST(CAST(pg_snapshot_xmin(pg_current_snapshot()) AS text) AS bigint)"
    changes_postgresql: str = (
        "SELECT position, studio, version, body, hash FROM {p}_events"
        " WHERE txid >= CAST(CAST(:since AS text) AS xid8)"
        " AND txid < CAST(CAST(:until AS text) AS xid8) AND position > :position"
        " ORDER BY position LIMIT :limit"
    )
    due: str = (
        "SELECT o.studio, o.version, o.attempts, e.body, e.hash FROM {p}_outbox o"
        " JOIN {p}_events e ON e.studio = o.studio AND e.version = o.version"
        " WHERE o.subscriber = :subscriber AND o.attempts <= :attempts"
        " AND (o.leased IS NULL OR o.leased < :now) ORDER BY e.position LIMIT :limit{skip}"
    )
    lease: str = (
        "UPDATE {p}_outbox SET leased = :until WHERE subscriber = :subscriber"
        " AND studio = :studio AND version = :version"
    )
    told: str = (
        "DELETE FROM {p}_outbox WHERE subscriber = :subscriber"
        " AND studio = :studio AND version = :version"
    )
    not_told: str = (
        "UPDATE {p}_outbox SET leased = NULL, attempts = attempts + 1, error = :error"
        " WHERE subscriber = :subscriber AND studio = :studio AND version = :version"
    )

    # The whole of it.
    all_events: str = (
        "SELECT e.position, e.studio, e.version, e.recorded, e.body, e.hash,"
        " k.actor, k.key, k.digest, (SELECT {list}({row}(p.path, {hex}, CAST(p.value AS TEXT)))"
        " FROM {p}_personal p WHERE p.studio = e.studio AND p.version = e.version)"
        " FROM {p}_events e LEFT JOIN {p}_keys k ON k.studio = e.studio AND k.version = e.version"
        " ORDER BY {order}"
    )
    all_studios: str = "SELECT id, version, head FROM {p}_studios ORDER BY number"
    all_notices: str = (
        "SELECT subscriber, studio, version, attempts, error FROM {p}_outbox"
        " ORDER BY subscriber, studio, version"
    )
    load_notice: str = (
        "INSERT INTO {p}_outbox (subscriber, studio, version, attempts, error)"
        " VALUES (:subscriber, :studio, :version, :attempts, :error)"
    )
    all_holders: str = "SELECT slot, studio FROM {p}_holders ORDER BY number"
    load_event: str = (
        "INSERT INTO {p}_events (position, studio, version, recorded, body, hash)"
        " VALUES (:position, :studio, :version, :recorded, :body, :hash)"
    )
    load_studio: str = "INSERT INTO {p}_studios (id, version, head) VALUES (:id, :version, :head)"
    restart_positions: str = (
        "SELECT setval(pg_get_serial_sequence('{p}_events', 'position'),"
        " (SELECT max(position) FROM {p}_events))"
    )
    erase: str = (
        "DELETE FROM {p}_personal WHERE studio = :studio AND version = :version AND path = :path"
    )
    erase_digest: str = (
        "UPDATE {p}_keys SET digest = '' WHERE studio = :studio AND version = :version"
    )


_SQLITE = {
    "lock": "",
    "skip": "",
    "latest": "(SELECT recorded FROM {p}_events ORDER BY position DESC LIMIT 1)",
    "isolation": "NULL",
    "list": "json_group_array",
    "row": "json_array",
    "hex": "hex(p.salt)",
    "order": "e.position",
}
_POSTGRESQL = {
    "lock": " FOR UPDATE",
    "skip": " FOR UPDATE OF o SKIP LOCKED",
    # Others may have later positions with earlier times, and be kept before.
    "latest": "(SELECT max(recorded) FROM {p}_events)",
    "isolation": "current_setting('transaction_isolation')",
    "list": "json_agg",
    "row": "json_build_array",
    "hex": "encode(p.salt, 'hex')",
    "order": "e.position",
}


@cache
def statements(dialect: Dialect, prefix: str) -> Statements:
    """Return the statements in a dialect, about the tables with a prefix."""
    chosen = _SQLITE if dialect == "sqlite" else _POSTGRESQL
    words = {name: word.format(p=prefix) for name, word in chosen.items()} | {"p": prefix}
    made = {each.name: str(each.default).format_map(words) for each in fields(Statements)}
    return Statements(**made)
