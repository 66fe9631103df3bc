#include <doctest/doctest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <filesystem>
#include <fstream>
#include <thread>

#include "lint/inputs/collect.hpp"
#include "lint/lint.hpp"

using namespace podcheck;
namespace fs = std::filesystem;

namespace {

// A folder of its own that goes away with the test.
struct Folder {
  fs::path path;
  Folder() {
    std::string name = (fs::temp_directory_path() / "podcheck-disk-XXXXXX").string();
    REQUIRE(mkdtemp(name.data()) != nullptr);
    path = name;
  }
  ~Folder() { fs::remove_all(path); }
  std::string write(const std::string& name, const std::string& text) const {
    fs::create_directories((path / name).parent_path());
    std::ofstream(path / name, std::ios::binary) << text;
    return (path / name).string();
  }
};

const std::string object = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

std::vector<std::string> names(const std::vector<std::string>& paths) {
  lint::DiskFileSystem files;
  std::vector<std::string> out;
  for (const auto& file : lint::collect(paths, files).files) {
    out.push_back(fs::path(file.path).filename().string());
  }
  return out;
}

using Strings = std::vector<std::string>;

}  // namespace

TEST_CASE("a folder that a link leads back to is read once") {
  const Folder folder;
  folder.write("a/one.yaml", object);
  fs::create_directory_symlink(folder.path, folder.path / "a" / "loop");
  fs::create_directory_symlink(folder.path / "a", folder.path / "b");
  CHECK(names({folder.path.string()}) == Strings{"one.yaml"});
}

TEST_CASE("a FIFO, a broken link and a folder that is named like a manifest do not stop the rest") {
  const Folder folder;
  folder.write("good.yaml", object);
  REQUIRE(mkfifo((folder.path / "pipe.yaml").c_str(), 0600) == 0);
  fs::create_symlink(folder.path / "nowhere", folder.path / "broken.yaml");
  fs::create_directory(folder.path / "folder.yaml");
  lint::DiskFileSystem files;
  const auto collected = lint::collect({folder.path.string()}, files);
  REQUIRE(collected.files.size() == 1);
  CHECK(collected.unreadable);
  Strings keys;
  for (const auto& notice : collected.notices) {
    keys.push_back(notice.key);
  }
  CHECK(keys == Strings{"lint.input.broken-link", "lint.input.not-a-file"});
  CHECK_FALSE(files.read((folder.path / "pipe.yaml").string(), 100).ok);
}

TEST_CASE("a FIFO, a device and a socket that are named are no files, and nothing waits for them") {
  const Folder folder;
  const std::string good = folder.write("good.yaml", object);
  const std::string pipe = (folder.path / "pipe.yaml").string();
  REQUIRE(mkfifo(pipe.c_str(), 0600) == 0);
  catalogue::Catalogue catalogue(catalogue::Language::en);
  for (const std::string& path : {pipe, std::string("/dev/zero"), std::string("/dev/null")}) {
    lint::DiskFileSystem files;
    lint::Options options;
    options.paths = {path, good};
    const auto result = lint::run(options, catalogue, files);
    CHECK(result.unreadable);
    CHECK(result.report.summary.subjects == 1);
    REQUIRE(result.report.notes.size() == 1);
    CHECK(result.report.notes[0].message ==
          path + " is neither a file nor a folder: only those are read; use - for standard input");
  }
}

TEST_CASE("a file that cannot be opened is told with the reason; the rest is read") {
  const Folder folder;
  folder.write("good.yaml", object);
  const std::string secret = folder.write("secret.yaml", object);
  REQUIRE(chmod(secret.c_str(), 0) == 0);
  lint::DiskFileSystem files;
  const auto bytes = files.read(secret, 100);
  if (geteuid() != 0) {  // root may read everything
    CHECK(bytes.error == "Permission denied");
  }
  const std::string loop = (folder.path / "loop.yaml").string();
  fs::create_symlink(loop, loop);
  CHECK(files.read(loop, 100).error == "Too many levels of symbolic links");
  CHECK(names({folder.path.string()}) == Strings{"good.yaml", "secret.yaml"});
}

TEST_CASE("a file that grows and shrinks while it is read gives what was there, never more than the limit") {
  const Folder folder;
  const std::string path = folder.write("a.yaml", object);
  std::atomic<bool> done{false};
  std::thread writer([&] {
    for (std::size_t i = 0; !done; ++i) {
      fs::resize_file(path, i % 2 == 0 ? 200000 : 10);
    }
  });
  lint::DiskFileSystem files;
  for (int i = 0; i < 2000; ++i) {
    const auto bytes = files.read(path, 150000);
    CHECK((bytes.ok || bytes.too_large));
    CHECK(bytes.bytes.size() <= 150000);
  }
  done = true;
  writer.join();
}

TEST_CASE("a folder of many files is walked once and in order") {
  const Folder folder;
  for (int i = 0; i < 3000; ++i) {
    std::ofstream(folder.path / (std::to_string(100000 + i) + ".yaml")) << object;
  }
  const Strings found = names({folder.path.string()});
  CHECK(found.size() == 3000);
  CHECK(std::is_sorted(found.begin(), found.end()));
}

TEST_CASE("bytes are read as they are, up to the limit") {
  const Folder folder;
  const std::string text("a\0b\r\n", 5);
  const std::string path = folder.write("x", text);
  lint::DiskFileSystem files;
  CHECK(files.read(path, 5).bytes == text);
  CHECK(files.read(path, 4).too_large);
  CHECK(files.read("/dev/null", 4).ok == false);
  CHECK(files.read((folder.path / "none").string(), 4).error == "No such file or directory");
  CHECK(files.read("/proc/self/status", 1 << 20).ok);  // says that it has no bytes, and has some
}

TEST_CASE("rules of a folder run like built-in ones; what is wrong with them has its position") {
  const Folder folder;
  folder.write("rules/team-label-missing.yaml", R"(id: team-label-missing
severity: error
category: controller
message: {en: '{kind} "{name}" lacks the label {property}'}
schema:
  properties:
    metadata:
      required: [labels]
      properties: {labels: {required: [team]}}
applies-to: object
)");
  folder.write("rules/broken-rule.yaml", "id: broken-rule\nseverity: bad\n");
  folder.write("rules/check-unknown.yaml",
               "id: check-unknown\nseverity: info\ncategory: image\nmessage: {en: x}\ncheck: "
               "duplicate-objct\napplies-to: bundle\n");
  const std::string manifest =
      folder.write("a.yaml", "apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n  labels:\n    app: a\n");
  catalogue::Catalogue catalogue(catalogue::Language::en);
  lint::DiskFileSystem files;
  lint::Options options;
  options.paths = {manifest};
  options.rule_directories = {(folder.path / "rules").string()};
  options.no_config = true;
  options.select = {"team-label-missing"};
  const auto result = lint::run(options, catalogue, files);
  REQUIRE(result.report.subjects.size() == 1);
  REQUIRE(result.report.subjects[0].findings.size() == 1);
  const auto& finding = result.report.subjects[0].findings[0];
  CHECK(finding.message == "ConfigMap \"a\" lacks the label team");
  CHECK(finding.location->line == 5);
  CHECK(finding.location->column == 3);
  CHECK(finding.path == "metadata.labels.team");
  const auto says = [&](const std::string& part) {
    return std::any_of(result.mistakes.begin(), result.mistakes.end(),
                       [&](const std::string& mistake) { return mistake.find(part) != std::string::npos; });
  };
  CHECK(says("broken-rule.yaml:2:11: severity is \"bad\""));
  CHECK(says("check-unknown: there is no check called \"duplicate-objct\": did you mean \"duplicate-object\"?"));
  // The same catalogue can be used again.
  CHECK(lint::run(options, catalogue, files).mistakes == result.mistakes);
}
