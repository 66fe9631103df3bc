#include "cluster/paste/describe_fields.hpp"

#include <algorithm>
#include <charconv>
#include <string>
#include <utility>
#include <vector>

#include "cluster/paste/lines.hpp"

namespace podcheck::cluster::paste {

namespace {

void port(Draft& it, std::string_view text) {
  std::size_t slash = text.find('/');
  std::int64_t value = number_of(text);
  if (value <= 0) {
    return;
  }
  Draft& entry = it["ports"].append();
  entry["containerPort"].set(value);
  if (slash != std::string_view::npos) {
    std::size_t end = text.find(' ', slash);
    entry["protocol"].set(text.substr(slash + 1, end == std::string_view::npos ? end : end - slash - 1));
  }
  std::size_t open = text.find('(');
  if (open != std::string_view::npos && text.back() == ')') {
    entry["name"].set(text.substr(open + 1, text.size() - open - 2));
  }
}

template <typename Each>
void each_item(std::string_view list, Each each) {
  while (!list.empty()) {
    std::size_t comma = list.find(',');
    if (std::string_view item = trim(list.substr(0, comma)); !item.empty()) {
      each(item);
    }
    list.remove_prefix(comma == std::string_view::npos ? list.size() : comma + 1);
  }
}

}  // namespace

std::int64_t number_of(std::string_view text) {
  std::int64_t value = 0;
  std::from_chars(text.data(), text.data() + text.size(), value);
  return value;
}

std::int64_t seconds_of(std::string_view text) {
  constexpr std::int64_t most = 1'000'000'000'000;  // more digits than any field takes
  std::int64_t total = 0;
  std::int64_t value = 0;
  for (char c : text) {
    if (c >= '0' && c <= '9') {
      value = std::min(value * 10 + (c - '0'), most);
      continue;
    }
    total = std::min(total + value * (c == 'h' ? 3600 : c == 'm' ? 60 : 1), most);
    value = 0;
    if (c != 'h' && c != 'm' && c != 's') {
      break;
    }
  }
  return std::min(total + value, most);
}

void append_line(Draft& into, std::string_view more) {
  if (!more.empty() && into.text().size() < 16384) {
    into.set(into.text() + (into.text().empty() ? "" : "\n") + std::string(more));
  }
}

void read_ports(Draft& it, std::string_view value) {
  each_item(value, [&](std::string_view item) { port(it, item); });
}

void read_host_ports(Draft& it, std::string_view value) {
  Draft* list = it.find("ports");
  if (list == nullptr) {
    return;
  }
  auto port = list->items().begin();
  each_item(value, [&](std::string_view item) {
    if (port != list->items().end()) {
      if (number_of(item) > 0) {
        (*port)["hostPort"].set(number_of(item));
      }
      ++port;
    }
  });
}

void read_environment(Draft& entry, std::string_view name, std::string_view value) {
  entry["name"].set(name);
  auto quoted_after = [&](std::string_view marker) -> std::string_view {
    std::size_t at = value.find(marker);
    if (at == std::string_view::npos) {
      return {};
    }
    at += marker.size();
    return value.substr(at, std::min(value.find('\'', at), value.size()) - at);
  };
  if (value.starts_with("<set to the key")) {
    std::string_view secret = quoted_after("in secret '");
    std::string_view map = quoted_after("of config map '");
    Draft& reference = entry["valueFrom"][secret.empty() ? "configMapKeyRef" : "secretKeyRef"];
    reference["name"].set(secret.empty() ? map : secret);
    reference["key"].set(quoted_after("the key '"));
    if (value.find("Optional: true") != std::string_view::npos) {
      reference["optional"].set(true);
    }
  } else if (value.starts_with("(v1:") && value.ends_with(')')) {
    entry["valueFrom"]["fieldRef"]["fieldPath"].set(value.substr(4, value.size() - 5));
  } else if (!value.empty()) {
    entry["value"].set(value);
  }
}

void read_environment_from(Draft& it, std::string_view text) {
  std::vector<std::string_view> parts = words(text);
  if (parts.size() < 2 || (parts[1] != "ConfigMap" && parts[1] != "Secret")) {
    return;
  }
  Draft& reference = it["envFrom"].append()[parts[1] == "Secret" ? "secretRef" : "configMapRef"];
  reference["name"].set(parts[0]);
  if (text.find("Optional: true") != std::string_view::npos) {
    reference["optional"].set(true);
  }
}

void read_mount(Draft& it, std::string_view text) {
  std::size_t from = text.find(" from ");
  if (from == std::string_view::npos || text.front() != '/') {
    return;
  }
  Draft& entry = it["volumeMounts"].append();
  entry["mountPath"].set(trim(text.substr(0, from)));
  std::string_view rest = text.substr(from + 6);
  std::size_t space = rest.find(' ');
  entry["name"].set(rest.substr(0, space));
  if (rest.find("(ro") != std::string_view::npos) {
    entry["readOnly"].set(true);
  }
  std::size_t path = rest.find("path=\"");
  if (path != std::string_view::npos) {
    entry["subPath"].set(rest.substr(path + 6, rest.find('"', path + 6) - path - 6));
  }
}

void read_probe(std::string_view text, Draft& probe) {
  std::string_view action = text.substr(0, text.find(" delay="));
  std::vector<std::string_view> parts = words(action);
  auto port_value = [](Draft& port, std::string_view value) {
    bool digits = !value.empty() && value.find_first_not_of("0123456789") == std::string_view::npos;
    if (digits) {
      port.set(number_of(value));
    } else {
      port.set(value);
    }
  };
  if (action.starts_with("exec [")) {
    std::string_view command = action.substr(6, action.rfind(']') - 6);
    for (std::string_view word : words(command)) {
      probe["exec"]["command"].append().set(word);
    }
  } else if (parts.size() > 1 && parts[0] == "http-get") {
    std::string_view url = parts[1];
    std::size_t scheme = url.find("://");
    if (scheme != std::string_view::npos) {
      std::string upper(url.substr(0, scheme));
      std::transform(upper.begin(), upper.end(), upper.begin(),
                     [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; });
      probe["httpGet"]["scheme"].set(upper);
      url.remove_prefix(scheme + 3);
    }
    std::size_t slash = std::min(url.find('/'), url.size());
    std::string_view authority = url.substr(0, slash);
    std::size_t colon = authority.rfind(':');
    probe["httpGet"]["path"].set(slash < url.size() ? url.substr(slash) : std::string_view("/"));
    if (colon != std::string_view::npos) {
      port_value(probe["httpGet"]["port"], authority.substr(colon + 1));
      if (colon > 0) {
        probe["httpGet"]["host"].set(authority.substr(0, colon));
      }
    }
  } else if (parts.size() > 1 && parts[0] == "tcp-socket") {
    port_value(probe["tcpSocket"]["port"], parts[1].substr(parts[1].rfind(':') + 1));
  } else if (parts.size() > 1 && parts[0] == "grpc") {
    port_value(probe["grpc"]["port"], parts[1].substr(parts[1].rfind(':') + 1));
    if (parts.size() > 2) {
      probe["grpc"]["service"].set(parts[2]);
    }
  }
  constexpr std::pair<std::string_view, const char*> fields[] = {{" delay=", "initialDelaySeconds"},
                                                                 {" timeout=", "timeoutSeconds"},
                                                                 {" period=", "periodSeconds"},
                                                                 {" #success=", "successThreshold"},
                                                                 {" #failure=", "failureThreshold"}};
  for (const auto& [marker, field] : fields) {
    std::size_t at = text.find(marker);
    if (at != std::string_view::npos) {
      std::string_view value = text.substr(at + marker.size());
      std::int64_t amount = seconds_of(value.substr(0, value.find(' ')));
      if (amount > 0) {
        probe[field].set(amount);
      }
    }
  }
}

}  // namespace podcheck::cluster::paste
