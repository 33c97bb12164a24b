"""Programs the set-up brings where the machine lacks them: wkhtmltopdf, what draws QR codes, Chromium."""

import os
import shutil
import subprocess

from dev import archive
from dev.paths import (
    BIN,
    FONTS_CONF,
    LIBRARIES,
    LIBRARY_PATH,
    LOCK,
    PREFIX,
    RUN,
    VENV_PYTHON,
    MissingPiece,
    environ,
    say,
)
from dev.stamps import stamped


def pdf_engine():
    """wkhtmltopdf with patched Qt, the libraries it needs, and fonts that do not depend on the machine."""
    done, record = stamped("pdf", LOCK.read_text(), PREFIX)
    if done:
        return
    engine = VENV_PYTHON.parent / "wkhtmltopdf-pack"
    engine.chmod(0o755)
    wanted = ["fonts-dejavu-core", "fonts-liberation"]
    if missing_libraries(engine):
        wanted += ["libxrender1", "libxext6", "libfontconfig1", "libfreetype6", "libx11-6", "libstdc++6"]
    if archive.available():
        say("fetching fonts for printed documents")
        archive.Archive(archive.codename()).unpack(*wanted, with_dependencies=False)
    missing = ", ".join(missing_libraries(engine))
    if missing:
        raise MissingPiece(f"wkhtmltopdf lacks {missing}; install libxrender1 libfontconfig1")
    write_fonts_conf()
    wrapper("wkhtmltopdf", engine)
    record()


def drawing():
    """The library that reportlab draws QR codes with, where the machine lacks it."""
    done, record = stamped("drawing", LOCK.read_text(), PREFIX)
    if done:
        return
    if not draws():
        archive.unpack_from_release("libcairo2")
        LIBRARY_PATH.write_text(library_path())
        if not draws():
            raise MissingPiece("reportlab cannot draw QR codes; install libcairo2")
    record()


def draws():
    """Whether reportlab finds what it draws with."""
    probe = "from reportlab.graphics import renderPM; renderPM._getPMBackend()"
    return not subprocess.run(
        [VENV_PYTHON, "-c", probe], env=environ(), capture_output=True, check=False
    ).returncode


def missing_libraries(program):
    """Shared libraries that ``program`` needs and the machine and the prefix lack."""
    env = dict(os.environ, LD_LIBRARY_PATH=library_path())
    listed = subprocess.run(["ldd", program], env=env, capture_output=True, text=True, check=False).stdout
    return [line.split()[0] for line in listed.splitlines() if "not found" in line]


def library_path():
    """Where unpacked shared libraries lie."""
    folders = [LIBRARIES, PREFIX / "lib" / "x86_64-linux-gnu", LIBRARIES / "pulseaudio"]
    return os.pathsep.join(str(folder) for folder in folders)


def write_fonts_conf():
    """A fontconfig file that finds the unpacked fonts first, then the machine's."""
    FONTS_CONF.write_text(
        f"""<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>{PREFIX}/usr/share/fonts</dir>
  <dir>/usr/share/fonts</dir>
  <cachedir>{RUN}/fontcache</cachedir>
  <alias><family>sans-serif</family><prefer><family>DejaVu Sans</family></prefer></alias>
  <alias><family>serif</family><prefer><family>DejaVu Serif</family></prefer></alias>
  <alias><family>monospace</family><prefer><family>DejaVu Sans Mono</family></prefer></alias>
</fontconfig>
"""
    )


def wrapper(name, program, *flags):
    """A command in the environment's own bin that runs ``program`` with the unpacked libraries."""
    BIN.mkdir(exist_ok=True)
    script = BIN / name
    script.write_text(
        "#!/bin/sh\n"
        f'export LD_LIBRARY_PATH="{library_path()}${{LD_LIBRARY_PATH:+:$LD_LIBRARY_PATH}}"\n'
        f'export FONTCONFIG_FILE="{FONTS_CONF}"\n'
        f'exec "{program}" {" ".join(flags)} "$@"\n'
    )
    script.chmod(0o755)


def browser():
    """A Chromium for the tours: the machine's, else the distribution's, unpacked."""
    done, record = stamped("browser", PREFIX)
    if done:
        return
    machine = next(filter(None, map(shutil.which, ("google-chrome", "chromium", "chromium-browser"))), None)
    if not machine:
        archive.unpack_from_release("chromium")
        machine = PREFIX / "usr" / "lib" / "chromium" / "chromium"
        if not machine.exists():
            raise MissingPiece("no Chromium for the browser tests; install chromium")
    # Odoo's test runner looks for this name first.
    wrapper("google-chrome", machine, "--disable-background-networking", "--disable-component-update")
    record()
