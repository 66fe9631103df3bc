#include <doctest/doctest.h>

#include "lint/inputs/collect.hpp"
#include "lint/inputs/gitignore.hpp"
#include "lint/inputs/paths.hpp"
#include "lint/lint.hpp"

using namespace podcheck;
using Strings = std::vector<std::string>;

namespace {

const std::string object = "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n";

Strings collected(lint::MemoryFileSystem& files, const Strings& paths) {
  Strings out;
  for (const auto& file : lint::collect(paths, files).files) {
    out.push_back(file.path + (file.context ? " (context)" : ""));
  }
  return out;
}

struct Ran {
  lint::Result result;
  Strings notes;
};

Ran run(lint::MemoryFileSystem& files, const Strings& paths) {
  catalogue::Catalogue catalogue(catalogue::Language::en);
  lint::Options options;
  options.paths = paths;
  options.select = {"duplicate-object"};
  options.max_file_bytes = 1 << 20;
  Ran out;
  out.result = lint::run(options, catalogue, files);
  for (const auto& note : out.result.report.notes) {
    out.notes.push_back(note.message);
  }
  return out;
}

}  // namespace

TEST_CASE("folders are walked: manifests only, hidden and ignored ones left out") {
  lint::MemoryFileSystem files;
  for (const char* path : {"k/a.yaml", "k/b.yml", "k/c.json", "k/readme.md", "k/.hidden/d.yaml", "k/.e.yaml",
                           "k/vendor/f.yaml", "k/deep/er/g.yaml", "k/deep/h.tmp.yaml"}) {
    files.files[path] = object;
  }
  files.files["k/.gitignore"] = "vendor/\n*.tmp.yaml\n";
  CHECK(collected(files, {"k"}) == Strings{"k/a.yaml", "k/b.yml", "k/c.json", "k/deep/er/g.yaml"});
  CHECK(collected(files, {}) == Strings{"k/a.yaml", "k/b.yml", "k/c.json", "k/deep/er/g.yaml"});
  CHECK(collected(files, {"k/**/*.yaml"}) == Strings{"k/a.yaml", "k/deep/er/g.yaml", "k/deep/h.tmp.yaml",
                                                     "k/vendor/f.yaml", "k/b.yml (context)", "k/c.json (context)"});
}

TEST_CASE("a named file brings its siblings as context, and is read once") {
  lint::MemoryFileSystem files;
  files.files["k/a.yaml"] = files.files["k/b.yaml"] = files.files["k/x/c.yaml"] = object;
  CHECK(collected(files, {"k/a.yaml", "k/a.yaml"}) == Strings{"k/a.yaml", "k/b.yaml (context)"});
  CHECK(collected(files, {"k/a.yaml", "k"}) == Strings{"k/a.yaml", "k/b.yaml", "k/x/c.yaml"});
}

TEST_CASE("what cannot be read is one sentence each and exit 3; the rest is read") {
  lint::MemoryFileSystem files;
  files.files["good.yaml"] = object;
  files.files["empty.yaml"] = "\n";
  files.files["large.yaml"] = std::string((1 << 20) + 1, 'a');
  files.files["docs/readme.md"] = "text";
  files.unreadable["secret.yaml"] = "Permission denied";
  struct Case {
    const char* path;
    const char* note;
    bool unreadable;
  };
  const Case cases[] = {
      {"none.yaml", "none.yaml does not exist", true},
      {"secret.yaml", "secret.yaml could not be read: Permission denied", true},
      {"large.yaml", "large.yaml is larger than 1 MiB and is not read: split it", true},
      {"empty.yaml", "empty.yaml is empty", false},
      {"docs", "no .yaml, .yml or .json file in docs", true},
      {"*.yml", "no file matches *.yml", true},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.path));
    const auto ran = run(files, {c.path, "good.yaml"});
    CHECK(ran.notes == Strings{c.note});
    CHECK(ran.result.unreadable == c.unreadable);
    CHECK(ran.result.report.summary.subjects == 1);
  }
}

TEST_CASE("what is not a Kubernetes object is counted, named and skipped") {
  struct Case {
    const char* path;
    const char* text;
    const char* note;
  };
  const Case cases[] = {
      {"chart/templates/a.yaml", "apiVersion: v1\nkind: {{ .Values.kind }}\n", "Helm templates skipped (1: "},
      {"chart/templates/b.yaml", "apiVersion: v1\nkind: \"{{ .Values.kind }}\"\n", "Helm templates skipped (1: "},
      {"chart/values.yaml", "image: {tag: 1}\n", "Helm values skipped (1: "},
      {"chart/Chart.yaml", "apiVersion: v2\nname: web\nversion: 1.0.0\n", "Helm chart descriptions skipped (1: "},
      {"kustomization.yaml", "resources: [a.yaml]\n", "kustomizations skipped (1: "},
      {"docker-compose.yml", "services: {web: {image: nginx}}\n", "compose files skipped (1: "},
      {"ci.yml", "on: push\njobs: {test: {}}\n", "CI pipelines skipped (1: "},
      {".gitlab-ci.yml", "stages: [build]\n", "CI pipelines skipped (1: "},
      {"kind.yaml", "apiVersion: kind.x-k8s.io/v1alpha4\nkind: Cluster\n",
       "configuration of other programs skipped (1: "},
      {"kubelet.yaml", "apiVersion: kubelet.config.k8s.io/v1beta1\nkind: KubeletConfiguration\n",
       "configuration of other programs skipped (1: "},
      {"skaffold.yaml", "apiVersion: skaffold/v4beta6\nkind: Config\nmetadata: {name: web}\n",
       "configuration of other programs skipped (1: "},
      {"kubeconfig.yaml", "apiVersion: v1\nkind: Config\nclusters: []\n",
       "configuration of other programs skipped (1: "},
      {"package.json", "{\"name\": \"x\"}", "files that are not Kubernetes objects skipped (1: "},
      {"list.yaml", "- a\n- b\n", "files that are not Kubernetes objects skipped (1: "},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.path));
    lint::MemoryFileSystem files;
    files.files[c.path] = c.text;
    const auto ran = run(files, {c.path});
    REQUIRE(ran.notes.size() == 1);
    CHECK(ran.notes[0].substr(0, std::string(c.note).size()) == std::string(c.note));
    CHECK(ran.result.report.summary.skipped == 1);
    CHECK(ran.result.report.summary.error == 0);
    CHECK_FALSE(ran.result.unreadable);
  }
}

TEST_CASE("patches of a kustomization are no objects of their own") {
  lint::MemoryFileSystem files;
  files.files["o/kustomization.yaml"] = "resources: [../b]\npatches: [{path: more.yaml}]\n";
  files.files["o/more.yaml"] = "apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: web}\n";
  const auto ran = run(files, {"o"});
  CHECK(ran.result.report.summary.skipped == 2);
  CHECK(ran.result.report.summary.subjects == 0);
  const auto named = run(files, {"o/more.yaml"});
  CHECK(named.result.report.summary.subjects == 0);
}

TEST_CASE("a template outside of a chart is an error where it was asked for by name, and skipped in a folder") {
  const std::string templates[] = {
      "apiVersion: v1\nkind: Pod\nmetadata: {name: {{ name }}}\n",
      "{{- if x }}\napiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n{{- end }}\n",
  };
  for (const auto& text : templates) {
    CAPTURE(text);
    lint::MemoryFileSystem files;
    files.files["k/web.yaml"] = files.files["chart/templates/web.yaml"] = text;
    CHECK(run(files, {"k"}).result.report.summary.error == 0);
    CHECK(run(files, {"k"}).result.report.summary.skipped == 1);
    CHECK(run(files, {"k/web.yaml"}).result.report.summary.error == 1);
    CHECK(run(files, {"chart/templates/web.yaml"}).result.report.summary.error == 0);
  }
}

TEST_CASE("objects in a bare list are told where the file was asked for by name") {
  lint::MemoryFileSystem files;
  files.files["k/list.yaml"] = "- {apiVersion: v1, kind: ConfigMap, metadata: {name: a}}\n";
  const auto errors = [&](const char* path) {
    catalogue::Catalogue catalogue(catalogue::Language::en);
    lint::Options options;
    options.paths = {path};
    options.select = {"object-type-missing"};
    return lint::run(options, catalogue, files).report.summary.error;
  };
  CHECK(errors("k") == 0);
  CHECK(errors("k/list.yaml") == 1);
}

TEST_CASE("broken YAML that is not for Kubernetes is skipped in a folder, told when named") {
  lint::MemoryFileSystem files;
  files.files["k/notes.yaml"] = "a: [\n";
  files.files["k/good.yaml"] = object;
  CHECK(run(files, {"k"}).result.report.summary.error == 0);
  CHECK(run(files, {"k/notes.yaml"}).result.report.summary.error == 1);
  files.files["k/bad.yaml"] = "apiVersion: v1\nkind: [\n";
  CHECK(run(files, {"k"}).result.report.summary.error == 1);
}

TEST_CASE(".gitignore patterns") {
  struct Case {
    const char* lines;
    const char* path;
    bool directory;
    bool ignored;
  };
  const Case cases[] = {
      {"*.yaml", "a/b.yaml", false, true},        {"/a.yaml", "a.yaml", false, true},
      {"/a.yaml", "x/a.yaml", false, false},      {"build/", "build", true, true},
      {"build/", "build", false, false},          {"*.yaml\n!keep.yaml", "keep.yaml", false, false},
      {"# comment", "# comment", false, false},   {"a/**/z.yaml", "a/b/c/z.yaml", false, true},
      {"doc/*.txt", "doc/x/a.txt", false, false},
  };
  for (const auto& c : cases) {
    CAPTURE(std::string(c.lines));
    CAPTURE(std::string(c.path));
    lint::GitIgnore ignore;
    ignore.add("", c.lines);
    CHECK(ignore.ignores(c.path, c.directory) == c.ignored);
  }
  lint::GitIgnore nested;
  nested.add("sub", "*.yaml");
  CHECK(nested.ignores("sub/a.yaml", false));
  CHECK_FALSE(nested.ignores("a.yaml", false));
}

TEST_CASE("paths are normalised as text") {
  CHECK(lint::normal_path("a/./b/../c") == "a/c");
  CHECK(lint::normal_path("../a") == "../a");
  CHECK(lint::normal_path("/../a//b/") == "/a/b");
  CHECK(lint::absolute_path("../x", "/a/b") == "/a/x");
  CHECK(lint::parent_path("/a") == "/");
  CHECK(lint::parent_path("a") == "");
}
