#include "cluster/testing/test_server.hpp"

#include <httplib.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <mutex>
#include <thread>

#include "cluster/resource.hpp"
#include "cluster/testing/served_cluster.hpp"
#include "cluster/text_file.hpp"
#include "document/document.hpp"

namespace podcheck::cluster::testing {

using document::Node;

namespace {

std::string quoted(std::string_view text) {
  document::Tree tree;
  document::TreeBuilder(tree).string(text);
  return document::to_json(tree.root());
}

std::string status_object(int code, std::string_view reason, std::string_view message) {
  return R"({"kind":"Status","apiVersion":"v1","metadata":{},"status":"Failure","message":)" + quoted(message) +
         R"(,"reason":)" + quoted(reason) + R"(,"code":)" + std::to_string(code) + "}";
}

std::string_view reason_of(int status) {
  switch (status) {
    case 400:
      return "BadRequest";
    case 401:
      return "Unauthorized";
    case 403:
      return "Forbidden";
    case 404:
      return "NotFound";
    case 409:
      return "Conflict";
    case 410:
      return "Expired";
    case 429:
      return "TooManyRequests";
    case 503:
      return "ServiceUnavailable";
    case 504:
      return "Timeout";
    default:
      return "InternalError";
  }
}

struct ResourcePath {
  const Resource* resource = nullptr;
  std::string namespace_;
  std::string name;
  std::string subresource;
};

std::vector<std::string> split_path(const std::string& path) {
  std::vector<std::string> parts;
  std::size_t at = 0;
  while (at < path.size()) {
    std::size_t end = std::min(path.find('/', at), path.size());
    if (end > at) {
      parts.push_back(path.substr(at, end - at));
    }
    at = end + 1;
  }
  return parts;
}

ResourcePath parse_path(const std::string& path) {
  std::vector<std::string> parts = split_path(path);
  ResourcePath result;
  std::size_t at = 0;
  std::string version;
  if (parts.size() > 2 && parts[0] == "api") {
    version = parts[1];
    at = 2;
  } else if (parts.size() > 3 && parts[0] == "apis") {
    version = parts[1] + "/" + parts[2];
    at = 3;
  } else {
    return result;
  }
  if (parts[at] == "namespaces" && parts.size() > at + 2) {
    result.namespace_ = parts[at + 1];
    at += 2;
  }
  for (const Resource& resource : resources()) {
    if (resource.plural == parts[at] && resource.api_version == version) {
      result.resource = &resource;
    }
  }
  result.name = parts.size() > at + 1 ? parts[at + 1] : "";
  result.subresource = parts.size() > at + 2 ? parts[at + 2] : "";
  return result;
}

using Items = std::vector<const ServedCluster::Item*>;

std::string table_of(const Items& items, std::string_view resource) {
  bool secrets = resource == "secrets";
  std::string json =
      R"({"kind":"Table","apiVersion":"meta.k8s.io/v1","metadata":{"resourceVersion":"1"},"columnDefinitions":[)";
  json += R"({"name":"Name","type":"string","format":"name","description":"","priority":0})";
  for (const char* column : {"Type", "Data"}) {
    if (secrets) {
      json += R"(,{"name":")" + std::string(column) + R"(","type":"string","format":"","description":"","priority":0})";
    }
  }
  json += R"(,{"name":"Age","type":"string","format":"","description":"","priority":0}],"rows":[)";
  bool first = true;
  for (const ServedCluster::Item* one : items) {
    Node item = one->node;
    json += std::string(first ? "" : ",") + R"({"cells":[)" + quoted(item["metadata"]["name"].string());
    if (secrets) {
      json += "," + quoted(item["type"].string()) + "," + std::to_string(item["data"].size());
    }
    json += R"(,"5m"],"object":{"kind":"PartialObjectMetadata","apiVersion":"meta.k8s.io/v1","metadata":{"name":)" +
            quoted(item["metadata"]["name"].string()) + R"(,"namespace":)" +
            quoted(item["metadata"]["namespace"].string()) + "}}}";
    first = false;
  }
  return json + "]}";
}

}  // namespace

struct TestServer::Impl {
  std::shared_ptr<ServedCluster> cluster;  // replaced by show()
  std::vector<Fault> faults;
  std::map<const Fault*, int> failed;  // how often each has struck
  httplib::Server server;
  std::thread thread;
  int port = 0;
  mutable std::mutex mutex;  // of the members above and of the requests
  std::vector<std::string> requests;
  std::atomic<bool> stopping{false};
  std::string discovery = PODCHECK_SOURCE_DIR "/testdata/discovery/";

  static void answer(httplib::Response& response, int status, const std::string& body) {
    response.status = status;
    response.set_content(body, "application/json");
  }

  static void fail(httplib::Response& response, int status, const std::string& message) {
    answer(response, status, status_object(status, reason_of(status), message));
  }

  const Fault* fault_of(const std::string& target) {
    std::lock_guard lock(mutex);
    for (const Fault& fault : faults) {
      if (target.find(fault.path) != std::string::npos && (fault.times == 0 || failed[&fault] < fault.times)) {
        ++failed[&fault];
        return &fault;
      }
    }
    return nullptr;
  }

  std::shared_ptr<ServedCluster> shown() const {
    std::lock_guard lock(mutex);
    return cluster;
  }

  // True when the request was dealt with.
  bool go_wrong(const std::string& target, httplib::Response& response) {
    const Fault* fault = fault_of(target);
    if (fault == nullptr) {
      return false;
    }
    if (fault->hang) {
      for (int i = 0; i < 600 && !stopping; ++i) {
        std::this_thread::sleep_for(std::chrono::milliseconds(100));
      }
      fail(response, 504, "the server was unable to return a response in the time allotted");
    } else if (fault->truncated) {
      response.status = 200;
      response.set_content_provider(
          100000, "application/json", [](std::size_t offset, std::size_t, httplib::DataSink& sink) {
            constexpr std::string_view part =
                R"({"kind":"PodList","apiVersion":"v1","items":[{"metadata":{"name":"a"}},{"meta)";
            return offset == 0 && sink.write(part.data(), part.size());
          });
    } else if (fault->garbage) {
      response.set_content("<html><body>please log in</body></html>", "text/html");
    } else if (fault->status == 403) {
      ResourcePath path = parse_path(target.substr(0, target.find('?')));
      std::string resource = path.resource == nullptr ? "things" : std::string(path.resource->plural);
      fail(response, 403,
           resource + " is forbidden: User \"dev\" cannot list resource \"" + resource +
               "\" in API group \"\" in the namespace \"" + path.namespace_ + "\"");
    } else if (fault->status == 410) {
      answer(response, 410,
             status_object(410, "Expired",
                           "The provided continue parameter is too old to display a consistent list result. You can "
                           "start a new list without the continue parameter."));
    } else {
      fail(response, fault->status, "injected failure");
    }
    return true;
  }

  void get(const httplib::Request& request, httplib::Response& response) {
    {
      std::lock_guard lock(mutex);
      requests.push_back(request.method + " " + request.target);
    }
    if (go_wrong(request.target, response)) {
      return;
    }
    ResourcePath path = parse_path(request.path);
    if (path.resource == nullptr) {
      document(request, response);
    } else if (path.subresource == "log") {
      log(request, path, response);
    } else if (path.name.empty()) {
      list(request, path, response);
    } else {
      one(request, path, response);
    }
  }

  void document(const httplib::Request& request, httplib::Response& response) const {
    std::string name;
    for (const std::string& part : split_path(request.path)) {
      name += (name.empty() ? "" : "_") + part;
    }
    std::optional<std::string> text = name == "openapi_v2" ? std::nullopt : read_file(discovery + name + ".json");
    if (text) {
      answer(response, 200, *text);
    } else {
      fail(response, 404, "the server could not find the requested resource");
    }
  }

  static bool wants_table(const httplib::Request& request) {
    return request.get_header_value("Accept").find("as=Table") != std::string::npos;
  }

  void list(const httplib::Request& request, const ResourcePath& path, httplib::Response& response) {
    std::shared_ptr<ServedCluster> served = shown();
    Items all = served->list({std::string(path.resource->plural), path.namespace_, "",
                              request.get_param_value("labelSelector"), request.get_param_value("fieldSelector")});
    std::size_t start = 0;
    std::size_t limit = all.size();
    std::string token = request.get_param_value("continue");
    if (!token.empty()) {
      std::from_chars(token.data(), token.data() + token.size(), start);
    }
    std::string wanted = request.get_param_value("limit");
    if (!wanted.empty() && wanted != "0") {
      std::from_chars(wanted.data(), wanted.data() + wanted.size(), limit);
    }
    start = std::min(start, all.size());
    std::size_t end = start + std::min(limit, all.size() - start);
    Items page(all.begin() + static_cast<std::ptrdiff_t>(start), all.begin() + static_cast<std::ptrdiff_t>(end));
    if (wants_table(request)) {
      answer(response, 200, table_of(page, path.resource->plural));
      return;
    }
    std::string json = R"({"kind":")" + std::string(path.resource->kind) + R"(List","apiVersion":")" +
                       std::string(path.resource->api_version) + R"(","metadata":{"resourceVersion":"1")";
    if (end < all.size()) {
      json +=
          R"(,"continue":")" + std::to_string(end) + R"(","remainingItemCount":)" + std::to_string(all.size() - end);
    }
    json += R"(},"items":[)";
    for (std::size_t i = 0; i < page.size(); ++i) {
      json += i == 0 ? "" : ",";
      json += page[i]->list_json;
    }
    json += "]}";
    answer(response, 200, json);
  }

  void one(const httplib::Request& request, const ResourcePath& path, httplib::Response& response) {
    std::shared_ptr<ServedCluster> served = shown();
    Items found = served->list({std::string(path.resource->plural), path.namespace_, path.name, "", ""});
    if (found.empty()) {
      fail(response, 404, std::string(path.resource->plural) + " \"" + path.name + "\" not found");
    } else if (wants_table(request)) {
      answer(response, 200, table_of({found.front()}, path.resource->plural));
    } else {
      answer(response, 200, found.front()->json);
    }
  }

  void log(const httplib::Request& request, const ResourcePath& path, httplib::Response& response) {
    std::string container = request.get_param_value("container");
    Log log = shown()->log({path.namespace_, path.name, container, request.get_param_value("previous") == "true"});
    if (!log.failure) {
      std::size_t lines = static_cast<std::size_t>(-1);
      std::string tail = request.get_param_value("tailLines");
      std::from_chars(tail.data(), tail.data() + tail.size(), lines);
      std::string text = tail_of(std::move(log.text), {lines, static_cast<std::size_t>(-1)}).text;
      std::size_t bytes = text.size();
      std::string limit = request.get_param_value("limitBytes");
      std::from_chars(limit.data(), limit.data() + limit.size(), bytes);
      response.set_content(text.substr(0, bytes), "text/plain");
      return;
    }
    if (log.failure.detail.starts_with("unable to retrieve container logs")) {
      response.set_content(log.failure.detail, "text/plain");
      return;
    }
    // The recording has what kubectl made of the answer: "Error from server (BadRequest): …".
    std::string_view detail = log.failure.detail;
    int code = 500;
    std::string_view reason;
    constexpr std::string_view prefix = "Error from server";
    if (detail.starts_with(prefix)) {
      detail.remove_prefix(prefix.size());
      std::size_t close = detail.find("): ");
      if (detail.starts_with(" (") && close != std::string_view::npos) {
        reason = detail.substr(2, close - 2);
        detail.remove_prefix(close + 3);
        code = reason == "BadRequest" ? 400 : reason == "NotFound" ? 404 : reason == "Forbidden" ? 403 : 500;
      } else if (detail.starts_with(": ")) {
        detail.remove_prefix(2);
      }
    } else {
      code = 400;
      reason = "BadRequest";
    }
    std::string message = detail == "not recorded"
                              ? "container \"" + container + "\" in pod \"" + path.name + "\" is not available"
                              : std::string(detail);
    answer(response, code, status_object(code, reason, message));
  }

  void post(const httplib::Request& request, httplib::Response& response) {
    {
      std::lock_guard lock(mutex);
      requests.push_back(request.method + " " + request.target);
    }
    if (go_wrong(request.target, response)) {
      return;
    }
    if (request.path.ends_with("/selfsubjectaccessreviews")) {
      document::Tree tree;
      std::string error;
      document::parse_json(request.body, tree, error);
      Node asked = tree.root()["spec"]["resourceAttributes"];
      const Fault* fault = fault_of("/" + asked["resource"].text());
      bool allowed = fault == nullptr || fault->status != 403;
      answer(
          response, 201,
          R"({"kind":"SelfSubjectAccessReview","apiVersion":"authorization.k8s.io/v1","metadata":{},"spec":{},"status":{"allowed":)" +
              std::string(allowed ? "true" : "false") + "}}");
    } else if (request.get_param_value("dryRun") == "All") {
      answer(response, 201, request.body);
    } else {
      fail(response, 405, "only dry runs are answered");
    }
  }
};

TestServer::TestServer(const std::string& bundle, std::vector<Fault> faults, int port)
    : impl_(std::make_unique<Impl>()) {
  show(bundle);
  impl_->faults = std::move(faults);
  Impl* impl = impl_.get();
  impl->server.new_task_queue = [] { return new httplib::ThreadPool(24); };
  impl->server.set_keep_alive_timeout(2);
  impl->server.Get(
      ".*", [impl](const httplib::Request& request, httplib::Response& response) { impl->get(request, response); });
  impl->server.Post(
      ".*", [impl](const httplib::Request& request, httplib::Response& response) { impl->post(request, response); });
  impl->port = port == 0 ? impl->server.bind_to_any_port("127.0.0.1")
                         : (impl->server.bind_to_port("127.0.0.1", port) ? port : 0);
  if (impl->port > 0) {
    impl->thread = std::thread([impl] { impl->server.listen_after_bind(); });
    for (int i = 0; i < 1000 && !impl->server.is_running(); ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
}

TestServer::~TestServer() {
  impl_->stopping = true;
  impl_->server.stop();
  if (impl_->thread.joinable()) {
    impl_->thread.join();
  }
}

void TestServer::show(const std::string& bundle) {
  auto cluster = std::make_shared<ServedCluster>(bundle);
  std::lock_guard lock(impl_->mutex);
  impl_->cluster = std::move(cluster);
}

int TestServer::port() const {
  return std::max(impl_->port, 0);
}

void TestServer::wait() {
  if (impl_->thread.joinable()) {
    impl_->thread.join();
  }
}

std::vector<std::string> TestServer::requests() const {
  std::lock_guard lock(impl_->mutex);
  return impl_->requests;
}

std::string TestServer::kubeconfig(const std::string& namespace_) const {
  return "apiVersion: v1\nkind: Config\ncurrent-context: test\nclusters:\n- name: test\n  cluster:\n    server: "
         "http://127.0.0.1:" +
         std::to_string(port()) +
         "\ncontexts:\n- name: test\n  context:\n    cluster: test\n    user: test\n    namespace: " + namespace_ +
         "\nusers:\n- name: test\n  user: {}\n";
}

bool parse_fault(const std::string& text, Fault& fault) {
  std::size_t equals = text.find('=');
  if (equals == std::string::npos || equals + 1 == text.size()) {
    return false;
  }
  std::string word = text.substr(0, equals);
  fault = {};
  fault.path = text.substr(equals + 1);
  fault.hang = word == "hang";
  fault.truncated = word == "truncated";
  fault.garbage = word == "garbage";
  fault.status = word == "forbidden" ? 403 : 0;
  std::from_chars(word.data(), word.data() + word.size(), fault.status);
  return fault.hang || fault.truncated || fault.garbage || (fault.status >= 400 && fault.status < 600);
}

std::vector<std::pair<std::string, std::string>> fetched_kubectls() {
  namespace fs = std::filesystem;
  const char* elsewhere = std::getenv("PODCHECK_KUBECTLS");
  fs::path folder = elsewhere != nullptr ? elsewhere : PODCHECK_SOURCE_DIR "/build/kubectls";
  std::vector<std::pair<std::string, std::string>> found;
  std::error_code error;
  for (const fs::directory_entry& entry : fs::directory_iterator(folder, error)) {
    if (fs::is_regular_file(entry.path() / "kubectl", error)) {
      found.emplace_back(entry.path().filename().string(), (entry.path() / "kubectl").string());
    }
  }
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace podcheck::cluster::testing
