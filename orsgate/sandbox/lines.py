# SPDX-License-Identifier: Apache-2.0
"""The lines of Cassandra releases, and what starting one takes where they differ."""

from __future__ import annotations

from dataclasses import dataclass

from orsgate.sandbox.errors import UsageError

RANDOM = "org.apache.cassandra.dht.RandomPartitioner"
MURMUR3 = "org.apache.cassandra.dht.Murmur3Partitioner"

_THRIFT_DAEMON = "org.apache.cassandra.thrift.CassandraDaemon"
_DAEMON = "org.apache.cassandra.service.CassandraDaemon"
_LOG4J, _LOGBACK = "log4j.properties", "logback.xml"

_ENCAPSULATED = (  # what the lines from 2.0 reach into; written for Java 8 or older, they run on Java 11
    *(
        f"--add-exports={package}=ALL-UNNAMED"
        for package in (
            "java.base/jdk.internal.misc",
            "java.base/jdk.internal.ref",
            "java.base/sun.nio.ch",
            "java.management.rmi/com.sun.jmx.remote.internal.rmi",
            "java.rmi/sun.rmi.registry",
            "java.rmi/sun.rmi.server",
            "java.rmi/sun.rmi.transport.tcp",
            "java.sql/java.sql",
        )
    ),
    *(
        f"--add-opens={package}=ALL-UNNAMED"
        for package in (
            "java.base/java.lang.module",
            "java.base/java.nio",
            "java.base/jdk.internal.loader",
            "java.base/jdk.internal.math",
            "java.base/jdk.internal.module",
            "java.base/jdk.internal.ref",
            "java.base/jdk.internal.reflect",
            "java.base/jdk.internal.util.jar",
            "java.base/sun.nio.ch",
            "jdk.management/com.sun.management.internal",
        )
    ),
)


@dataclass(frozen=True, slots=True)
class Line:
    """Releases that are configured and started alike.

    Attributes:
        template: name of the ``cassandra.yaml`` template in the package.
        main_class: what the Java machine runs.
        logging: the logging configuration in the package.
        heap: megabytes of heap that a node of a small ring gets along with.
        java_options: what its Java machine needs besides.
        unknown: entries of the template that it does not know yet; it would refuse to start.
        thrift: whether its nodes speak Thrift.
        native: the latest version of the native protocol that its nodes speak; None for none.
        guarded: whether its nodes can ask their clients for a password and speak TLS with them.
    """

    template: str
    main_class: str = _DAEMON
    logging: str = _LOGBACK
    heap: int = 160
    java_options: tuple[str, ...] = _ENCAPSULATED
    unknown: tuple[str, ...] = ()
    thrift: bool = True
    native: int | None = 4
    guarded: bool = True


_LINES = {
    "1.0": Line(
        "cassandra-1.1.yaml",
        _THRIFT_DAEMON,
        _LOG4J,
        heap=128,
        java_options=(),
        unknown=("commitlog_segment_size_in_mb", "key_cache_size_in_mb", "row_cache_size_in_mb"),
        native=None,
        guarded=False,
    ),
    "1.1": Line("cassandra-1.1.yaml", _THRIFT_DAEMON, _LOG4J, heap=128, java_options=(), native=None, guarded=False),
    "1.2": Line("cassandra-1.2.yaml", logging=_LOG4J, heap=128, java_options=(), native=1),
    "2.0": Line("cassandra-2.0.yaml", logging=_LOG4J, native=2),
    "2.1": Line("cassandra-2.1.yaml", native=3),
    "2.2": Line(
        "cassandra-2.2.yaml",
        # The epoll of its Netty cannot reach the buffers of Java 11, and the native port would never answer.
        java_options=(*_ENCAPSULATED, "-Dcassandra.native.epoll.enabled=false"),
    ),
    "3": Line("cassandra-3.yaml"),
    "4": Line(
        "cassandra-4.yaml",
        # A node that missed a change of the schema fetches it after this, and not after a minute; older ones cannot be told.
        java_options=(*_ENCAPSULATED, "-Dcassandra.migration_delay_ms=2000"),
        thrift=False,
        native=5,
    ),
}


def line_of(release: str) -> Line:
    """The line of a release.

    Raises:
        UsageError: the sandbox has no template for it.
    """
    parts = release.split(".")
    for name in (".".join(parts[:2]), parts[0]):
        if name in _LINES:
            return _LINES[name]
    raise UsageError(f"The sandbox cannot configure Cassandra {release}; it knows the lines {', '.join(_LINES)}")
