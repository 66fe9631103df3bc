#!/usr/bin/env python3
"""usage: sbom.py BUILD_FOLDER PLATFORM >podcheck-PLATFORM.spdx.json

What the static kubectl-podcheck in BUILD_FOLDER is made of, as SPDX 2.3: the packages that own the archives on its link
line and the headers that the compiler read. Only what the build itself records counts, no list kept by hand; where the
sources were fetched, their addresses and checksums in fetch.cmake. SOURCE_DATE_EPOCH is the time of creation.
"""

import datetime
import hashlib
import json
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
LICENSES = {  # by source package; what is not here is NOASSERTION
    "cxxopts": "MIT",
    "fmt": "MIT",
    "fmtlib": "MIT",
    "gcc-12": "GPL-3.0-or-later WITH GCC-exception-3.1",
    "glibc": "LGPL-2.1-or-later",
    "linux": "GPL-2.0-only WITH Linux-syscall-note",
    "simdjson": "Apache-2.0",
    "valijson": "BSD-2-Clause",
    "libzstd": "BSD-3-Clause",
    "yaml-cpp": "MIT",
    "zstd": "BSD-3-Clause",
}


def run(*command, cwd=None):
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, check=False).stdout


def cache(build, name):
    found = re.search(rf"^{name}(?::\w+)?=(.*)$", (build / "CMakeCache.txt").read_text(), re.M)
    return found.group(1) if found else ""


def linked_files(build):
    """Absolute paths of archives that were linked and of headers that were read, the compiler's own libraries included."""
    link = run("ninja", "-t", "commands", "kubectl-podcheck", cwd=build).strip().splitlines()[-1].split()
    files = {word for word in link if word.startswith("/") and word.endswith(".a")}
    compiler = cache(build, "CMAKE_CXX_COMPILER")
    for library in ("libstdc++.a", "libc.a", "libgcc_eh.a"):
        files.add(run(compiler, "-print-file-name=" + library).strip())
    for line in run("ninja", "-t", "deps", cwd=build).splitlines():
        path = os.path.normpath(build / line.strip()) if line.startswith("    ") else ""
        if path.endswith((".h", ".hpp")) and ("/usr/include/" in path or "/simdjson/" in path):
            files.add(path)
    return {os.path.realpath(path) for path in files if path.startswith("/")}


def debian_packages(files):
    """(package, version, source package, architecture) of the installed packages that own the files."""
    owners = set()
    known = sorted(files)
    for start in range(0, len(known), 500):
        for line in run("dpkg-query", "-S", *known[start:start + 500]).splitlines():
            owners.update(name.strip() for name in line.rsplit(": /", 1)[0].split(","))
    form = "${Package}\t${Version}\t${source:Package}\t${Architecture}\n"
    rows = run("dpkg-query", "-W", "-f", form, *sorted(owners)).splitlines() if owners else []
    return {tuple(row.split("\t")) for row in rows}


def unpacked_packages(files):
    """The same for packages that were unpacked below build/arm64 and not installed."""
    sysroot = str(ROOT / "build/arm64/sysroot")
    wanted = {os.path.relpath(path, sysroot) for path in files if path.startswith(sysroot + "/")}
    found = set()
    for package in sorted((ROOT / "build/arm64/cache").glob("*.deb")) if wanted else []:
        held = {line.split(" ./", 1)[-1].split(" -> ")[0] for line in run("dpkg-deb", "-c", str(package)).splitlines()}
        if held & wanted:
            name, version, architecture, source = (
                run("dpkg-deb", "-f", str(package), field).strip()
                for field in ("Package", "Version", "Architecture", "Source"))
            found.add((name, version, source.split(" ")[0] or name, architecture))
    return found


def source_packages():
    """Debian source packages that were compiled here."""
    found = set()
    for description in (ROOT / "build/apt-source").glob("*.dsc"):
        text = description.read_text()
        name, version = (re.search(rf"^{field}: (\S+)", text, re.M).group(1) for field in ("Source", "Version"))
        found.add((name, version, name, "source"))
    return found


def package(identifier, name, version, license_, location="NOASSERTION", **more):
    return {"SPDXID": "SPDXRef-" + re.sub(r"[^A-Za-z0-9.-]", "-", identifier), "name": name, "versionInfo": version,
            "downloadLocation": location, "filesAnalyzed": False, "licenseConcluded": license_,
            "licenseDeclared": license_, "copyrightText": "NOASSERTION", **more}


def from_debian(row):
    name, version, source, architecture = row
    locator = f"pkg:deb/debian/{name}@{version.replace('+', '%2B').replace(':', '%3A')}?arch={architecture}"
    reference = {"referenceCategory": "PACKAGE-MANAGER", "referenceType": "purl", "referenceLocator": locator}
    return package(f"{name}-{architecture}", name, version, LICENSES.get(source.split("-cross")[0], "NOASSERTION"),
                   supplier="Organization: Debian", externalRefs=[reference])


def from_sources():
    text = (ROOT / "plugin/cmake/fetch.cmake").read_text()
    for name, url, checksum in re.findall(r"^podcheck_fetch\((\S+) (\S+)\s+([0-9a-f]{64})", text, re.M):
        version = re.search(r"v?(\d+\.\d+(?:\.\d+)?)(?:\.tar\.gz)$", url).group(1)
        yield package(name, name, version, LICENSES.get(name, "NOASSERTION"), url,
                      checksums=[{"algorithm": "SHA256", "checksumValue": checksum}])


def main():
    build, platform = pathlib.Path(sys.argv[1]).resolve(), sys.argv[2]
    name = "kubectl-podcheck.exe" if platform.startswith("windows") else "kubectl-podcheck"
    digest = hashlib.sha256((build / "plugin" / name).read_bytes()).hexdigest()
    version = re.search(r"project\(podcheck VERSION (\S+)", (ROOT / "CMakeLists.txt").read_text()).group(1)
    if cache(build, "PODCHECK_DEPS") == "FETCH":
        parts = list(from_sources())
    else:
        files = linked_files(build)
        rows = debian_packages(files) | unpacked_packages(files)
        if any("/build/simdjson/" in path for path in files):
            rows |= source_packages()
        parts = [from_debian(row) for row in sorted(rows)]
    main_package = package("podcheck", "podcheck", version, "Apache-2.0",
                           f"https://github.com/podcheck/podcheck/releases/download/v{version}/podcheck-{platform}.tar.gz",
                           primaryPackagePurpose="APPLICATION", packageFileName=name,
                           checksums=[{"algorithm": "SHA256", "checksumValue": digest}])
    relations = [("SPDXRef-DOCUMENT", "DESCRIBES", main_package["SPDXID"])]
    relations += [(main_package["SPDXID"], "STATIC_LINK", part["SPDXID"]) for part in parts]
    created = datetime.datetime.fromtimestamp(int(os.environ.get("SOURCE_DATE_EPOCH", "0")), datetime.timezone.utc)
    json.dump({
        "spdxVersion": "SPDX-2.3", "dataLicense": "CC0-1.0", "SPDXID": "SPDXRef-DOCUMENT",
        "name": f"podcheck-{version}-{platform}",
        "documentNamespace": f"https://github.com/podcheck/podcheck/sbom/{version}/{platform}/{digest}",
        "creationInfo": {"created": created.strftime("%Y-%m-%dT%H:%M:%SZ"), "creators": ["Tool: sbom.py"]},
        "packages": [main_package, *parts],
        "relationships": [{"spdxElementId": one, "relationshipType": kind, "relatedSpdxElement": other}
                          for one, kind, other in relations],
    }, sys.stdout, indent=2)
    print()


main()
