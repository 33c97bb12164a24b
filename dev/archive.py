"""Packages of the distribution's own archive, unpacked beside the project without root.

apt resolves and verifies them with lists and caches of our own, so the machine's
package state is only read, never written. The mirror's address is the one the
machine is configured with.
"""

import re
import shutil
import subprocess
from pathlib import Path
from threading import Lock

from dev.paths import PREFIX, RUN, MissingPiece, say

APT = RUN / "apt"
#: What was fetched lies in one folder until it is unpacked.
ONE_AT_A_TIME = Lock()


class Archive:
    """One suite of the machine's Debian mirror."""

    def __init__(self, suite):
        self.name = suite
        self.folder = APT / suite
        self.updated = False

    def unpack(self, *packages, with_dependencies=False):
        """Fetch ``packages`` (with what they need that the machine lacks) into the prefix."""
        with ONE_AT_A_TIME:
            self._unpack(packages, with_dependencies)

    def _unpack(self, packages, with_dependencies):
        self._update()
        archives = self.folder / "cache" / "archives"
        if with_dependencies:
            self._apt("install", "--download-only", "--no-install-recommends", "--yes", *packages)
        else:
            self._apt("download", *packages, cwd=archives)
        for deb in sorted(archives.glob("*.deb")):
            PREFIX.mkdir(parents=True, exist_ok=True)
            subprocess.run(["dpkg", "-x", deb, PREFIX], check=True)
            deb.unlink()

    def _update(self):
        if self.updated:
            return
        for folder in ("lists/partial", "cache/archives/partial"):
            (self.folder / folder).mkdir(parents=True, exist_ok=True)
        (self.folder / "sources.list").write_text(self._sources())
        self._apt("update")
        self.updated = True

    def _sources(self):
        mirror, keyring = machine_mirror()
        signed_by = f"[signed-by={keyring}] " if keyring else ""
        return f"deb {signed_by}{mirror} {self.name} main\n"

    def _apt(self, *words, cwd=None):
        options = {
            "Dir::Etc::sourcelist": self.folder / "sources.list",
            "Dir::Etc::sourceparts": "/dev/null",
            "Dir::State::lists": self.folder / "lists",
            "Dir::Cache": self.folder / "cache",
            "APT::Sandbox::User": "",
            "Debug::NoLocking": "1",
            "Acquire::Languages": "none",
        }
        flags = [part for key, value in options.items() for part in ("-o", f"{key}={value}")]
        done = subprocess.run(
            ["apt-get", "--quiet", *flags, *words], cwd=cwd, capture_output=True, text=True, check=False
        )
        if done.returncode:
            reason = (done.stderr.strip().splitlines() or ["no reason given"])[-1]
            wanted = " ".join(words[-3:])
            raise MissingPiece(f"the archive's suite {self.name} did not give {wanted}: {reason}")


def available():
    """Whether this machine takes packages from a Debian archive."""
    return bool(shutil.which("apt-get") and shutil.which("dpkg") and machine_mirror()[0])


def codename():
    """The machine's own release, say ``bookworm``."""
    text = Path("/etc/os-release").read_text()
    found = re.search(r"^VERSION_CODENAME=(\w+)", text, re.M)
    return found.group(1) if found else "stable"


def machine_mirror():
    """(address, keyring) of the mirror the machine takes its own release from; (None, None) without one."""
    release = codename()
    for listed in sorted(Path("/etc/apt/sources.list.d").glob("*.sources")):
        for stanza in re.split(r"\n\s*\n", listed.read_text()):
            fields = dict(re.findall(r"^([\w-]+):\s*(.+)$", stanza, re.M))
            if release in fields.get("Suites", "").split() and "main" in fields.get("Components", "").split():
                keyring = fields.get("Signed-By", "")
                return fields["URIs"].split()[0], keyring if keyring.startswith("/") else None
    for listed in [Path("/etc/apt/sources.list"), *sorted(Path("/etc/apt/sources.list.d").glob("*.list"))]:
        if not listed.exists():
            continue
        line = rf"^deb\s+(?:\[([^\]]*)\]\s+)?(\S+)\s+{release}\s+.*\bmain\b"
        found = re.search(line, listed.read_text(), re.M)
        if found:
            keyring = re.search(r"signed-by=(\S+)", found.group(1) or "")
            return found.group(2), keyring.group(1) if keyring else None
    return None, None


def unpack_from_release(*packages):
    """Unpack what the machine's own release has, dependencies included."""
    if not available():
        raise MissingPiece(f"no Debian archive here; install: {' '.join(packages)}")
    say(f"fetching {', '.join(packages)}")
    Archive(codename()).unpack(*packages, with_dependencies=True)
