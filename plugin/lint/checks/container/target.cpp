#include "lint/checks/container/target.hpp"

#include <algorithm>
#include <charconv>

namespace podcheck::lint {

namespace {

std::optional<std::int64_t> port_of(std::string_view text) {
  std::int64_t port = 0;
  auto [end, status] = std::from_chars(text.data(), text.data() + text.size(), port);
  if (text.empty() || status != std::errc() || end != text.data() + text.size() || port < 1 || port > 65535) {
    return std::nullopt;
  }
  return port;
}

// How a client takes its host: behind -h or --host, as a URL, or as plain words (nc HOST PORT).
struct Client {
  std::string_view program;
  std::string_view host_flag, host_flag_long, port_flag;
  enum class Form : std::uint8_t { flags, url, words } form;
};
constexpr Client clients[] = {{"pg_isready", "-h", "--host", "-p", Client::Form::flags},
                              {"psql", "-h", "--host", "-p", Client::Form::flags},
                              {"mysqladmin", "-h", "--host", "-P", Client::Form::flags},
                              {"mysql", "-h", "--host", "-P", Client::Form::flags},
                              {"mariadb-admin", "-h", "--host", "-P", Client::Form::flags},
                              {"redis-cli", "-h", "", "-p", Client::Form::flags},
                              {"mongosh", "", "--host", "--port", Client::Form::flags},
                              {"mongo", "", "--host", "--port", Client::Form::flags},
                              {"curl", "", "", "", Client::Form::url},
                              {"wget", "", "", "", Client::Form::url},
                              {"nc", "", "", "", Client::Form::words},
                              {"ncat", "", "", "", Client::Form::words},
                              {"netcat", "", "", "", Client::Form::words}};

void add_url(std::string_view program, std::string_view url, std::vector<Target>& targets) {
  std::size_t scheme = url.find("://");
  if (scheme == std::string_view::npos) {
    return;
  }
  std::int64_t port = url.starts_with("https") ? 443 : 80;
  url.remove_prefix(scheme + 3);
  std::string_view host = url.substr(0, url.find_first_of("/?#"));
  if (std::size_t at = host.rfind('@'); at != std::string_view::npos) {
    host.remove_prefix(at + 1);
  }
  std::size_t colon = host.rfind(':');
  if (colon != std::string_view::npos && host.find(']', colon) == std::string_view::npos) {
    port = port_of(host.substr(colon + 1)).value_or(0);
    host = host.substr(0, colon);
  }
  targets.push_back({std::string(program), std::string(host), port > 0 ? std::optional(port) : std::nullopt});
}

void add_flags(const Client& client, const std::vector<std::string>& words, std::vector<Target>& targets) {
  Target target{std::string(client.program), "", std::nullopt};
  for (std::size_t i = 0; i < words.size(); ++i) {
    std::string_view word = words[i];
    bool last = i + 1 == words.size();
    if (!last && !client.host_flag.empty() && word == client.host_flag) {
      target.host = words[i + 1];
    } else if (!last && !client.host_flag_long.empty() && word == client.host_flag_long) {
      target.host = words[i + 1];
    } else if (!client.host_flag_long.empty() && word.starts_with(std::string(client.host_flag_long) + "=")) {
      target.host = word.substr(client.host_flag_long.size() + 1);
    } else if (!client.host_flag.empty() && word.starts_with(client.host_flag) && word.size() > 2) {
      target.host = word.substr(2);
    } else if (!last && word == client.port_flag) {
      target.port = port_of(words[i + 1]);
    }
  }
  if (!target.host.empty()) {
    targets.push_back(std::move(target));
  }
}

void add_words(const Client& client, const std::vector<std::string>& words, std::vector<Target>& targets) {
  std::vector<std::string_view> plain;
  for (std::size_t i = 1; i < words.size(); ++i) {
    if (words[i] == "-w" || words[i] == "-i" || words[i] == "-W") {
      ++i;
    } else if (words[i].find_first_of("<>") != std::string::npos) {
      break;
    } else if (!words[i].starts_with("-")) {
      plain.push_back(words[i]);
    }
  }
  if (plain.size() == 2 && port_of(plain[1])) {
    targets.push_back({std::string(client.program), std::string(plain[0]), port_of(plain[1])});
  }
}

void add_command(std::vector<std::string> words, std::vector<Target>& targets) {
  static constexpr std::string_view leading[] = {"until", "while", "if",      "!", "do",
                                                 "then",  "exec",  "timeout", "[", "else"};
  while (!words.empty() &&
         (std::find(std::begin(leading), std::end(leading), words[0]) != std::end(leading) || port_of(words[0]))) {
    words.erase(words.begin());
  }
  if (words.empty()) {
    return;
  }
  std::string_view program = program_name(words[0]);
  for (const Client& client : clients) {
    if (client.program != program) {
      continue;
    }
    if (client.form == Client::Form::flags) {
      add_flags(client, words, targets);
    } else if (client.form == Client::Form::words) {
      add_words(client, words, targets);
    } else {
      for (const std::string& word : words) {
        add_url(program, word, targets);
      }
    }
  }
}

}  // namespace

std::vector<Target> network_targets(const Words& words) {
  std::vector<Target> targets;
  if (std::optional<std::size_t> script = script_index(words)) {
    for (ScriptCommand& command : read_script(words[*script].string()).commands) {
      add_command(std::move(command.words), targets);
    }
  } else {
    std::vector<std::string> line;
    for (document::Node word : words) {
      line.push_back(word.text());
    }
    add_command(std::move(line), targets);
  }
  std::erase_if(targets, [](const Target& target) {
    return target.host.empty() || target.host.find_first_of("$`{}<>%*()") != std::string::npos;
  });
  return targets;
}

bool is_local_host(std::string_view host) {
  return host == "localhost" || host.starts_with("127.") || host == "::1" || host == "[::1]" || host == "0.0.0.0" ||
         host == "::" || host == "[::]" || host == "localhost.localdomain" || host.starts_with("/");
}

const BundleObject* service_of_host(const Place& place, std::string_view host) {
  if (host.ends_with('.')) {
    host.remove_suffix(1);
  }
  std::size_t dot = host.find('.');
  std::string_view name = host.substr(0, dot);
  std::string_view namespace_ = place.object->namespace_;
  if (dot != std::string_view::npos) {
    std::string_view rest = host.substr(dot + 1);
    namespace_ = rest.substr(0, rest.find('.'));
    std::string_view after = rest.substr(namespace_.size());
    if (!after.empty() && after != ".svc" && !after.starts_with(".svc.")) {
      return nullptr;
    }
  }
  const BundleObject* service = place.bundle.find("Service", namespace_, name);
  return service != nullptr && service->object.group.empty() ? service : nullptr;
}

}  // namespace podcheck::lint
