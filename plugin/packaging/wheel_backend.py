"""A PEP 517 backend of standard Python: a wheel whose only content is the kubectl-podcheck binary.

The binary is $PODCHECK_BINARY, or comes out of the release archive for this platform, whose SHA-256 must be in
release-archives.txt beside this file. Nothing is compiled and no other package is needed. The same binary gives the same
bytes. A release builds the wheels of all platforms on one machine: $PODCHECK_WHEEL_PLATFORM is then OS-ARCH as in the
archives' names.
"""

import base64
import hashlib
import io
import os
import pathlib
import re
import sysconfig
import tarfile
import urllib.request
import zipfile

HERE = pathlib.Path(__file__).resolve().parent
ROOT = HERE.parent.parent
RELEASES = "https://github.com/podcheck/podcheck/releases/download"


def version():
    text = (ROOT / "CMakeLists.txt").read_text(encoding="utf-8")
    return re.search(r"project\(podcheck VERSION (\S+)", text).group(1)


def archive_name(platform):
    system, _, rest = platform.partition("-")
    system = {"macosx": "darwin", "win": "windows"}.get(system, system)
    machine = rest.rsplit("-", 1)[-1].lower()
    machine = {"x86_64": "amd64", "aarch64": "arm64", "universal2": "arm64"}.get(machine, machine)
    return f"podcheck-{system}-{machine}.tar.gz"


# The Linux binaries are static, so one wheel serves glibc and musl; std::to_chars needs macOS 13.
WHEEL_PLATFORMS = {
    "linux-amd64": "manylinux2014_x86_64.musllinux_1_1_x86_64",
    "linux-arm64": "manylinux2014_aarch64.musllinux_1_1_aarch64",
    "darwin-amd64": "macosx_13_0_x86_64",
    "darwin-arm64": "macosx_13_0_arm64",
    "windows-amd64": "win_amd64",
}


def wheel_platform():
    given = os.environ.get("PODCHECK_WHEEL_PLATFORM")
    if not given:
        return re.sub(r"[-.]", "_", sysconfig.get_platform())
    if given not in WHEEL_PLATFORMS:
        raise SystemExit(f"podcheck: {given} is not one of {', '.join(WHEEL_PLATFORMS)}")
    return WHEEL_PLATFORMS[given]


def pinned(name):
    for line in (HERE / "release-archives.txt").read_text(encoding="utf-8").splitlines():
        fields = line.split()
        if len(fields) == 2 and fields[1] == name:
            return fields[0]
    raise SystemExit(
        f"podcheck: no checksum for {name} in plugin/packaging/release-archives.txt: this revision has no released "
        "binary for this platform. Use the hook podcheck-system, or set PODCHECK_BINARY to a kubectl-podcheck."
    )


def binary():
    given = os.environ.get("PODCHECK_BINARY")
    if given:
        return pathlib.Path(given).read_bytes()
    name = archive_name(sysconfig.get_platform())
    expected = pinned(name)
    with urllib.request.urlopen(f"{RELEASES}/v{version()}/{name}", timeout=60) as answer:
        data = answer.read(64 << 20)
    found = hashlib.sha256(data).hexdigest()
    if found != expected:
        raise SystemExit(f"podcheck: {name} has SHA-256 {found}, expected {expected}; nothing was installed")
    with tarfile.open(fileobj=io.BytesIO(data)) as archive:
        windows = name.startswith("podcheck-windows-")
        return archive.extractfile("kubectl-podcheck.exe" if windows else "kubectl-podcheck").read()


def build_wheel(wheel_directory, config_settings=None, metadata_directory=None):
    number = version()
    tag = "py3-none-" + wheel_platform()
    tags = "".join(f"Tag: py3-none-{platform}\n" for platform in wheel_platform().split("."))
    info = f"podcheck-{number}.dist-info"
    suffix = ".exe" if "win_" in tag else ""
    files = {
        f"podcheck-{number}.data/scripts/kubectl-podcheck{suffix}": binary(),
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: podcheck\nVersion: {number}\nLicense: Apache-2.0\n".encode(),
        f"{info}/WHEEL": f"Wheel-Version: 1.0\nGenerator: podcheck\nRoot-Is-Purelib: false\n{tags}".encode(),
        f"{info}/LICENSE": (ROOT / "LICENSE").read_bytes(),
    }
    record = ""
    for path, data in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        record += f"{path},sha256={digest},{len(data)}\n"
    files[f"{info}/RECORD"] = (record + f"{info}/RECORD,,\n").encode()
    name = f"podcheck-{number}-{tag}.whl"
    with zipfile.ZipFile(pathlib.Path(wheel_directory) / name, "w", zipfile.ZIP_DEFLATED) as wheel:
        for path, data in files.items():
            entry = zipfile.ZipInfo(path, (1980, 1, 1, 0, 0, 0))
            entry.create_system = 3  # permissions are Unix's wherever the wheel is built
            entry.external_attr = (0o100755 if "/scripts/" in path else 0o100644) << 16
            entry.compress_type = zipfile.ZIP_DEFLATED
            wheel.writestr(entry, data)
    return name


def build_sdist(sdist_directory, config_settings=None):
    raise SystemExit("podcheck: there is no source distribution; take the repository")
