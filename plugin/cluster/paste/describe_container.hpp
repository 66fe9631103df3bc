// The "Init Containers:", "Containers:" and "Ephemeral Containers:" parts of a describe text.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "cluster/paste/draft.hpp"
#include "cluster/paste/lines.hpp"

namespace podcheck::cluster::paste {

// "web:", the line that a container's keys stand below.
bool is_container_line(const Line& line);
// A key that describe prints for a container.
bool is_container_key(std::string_view key);

class ContainerReader {
 public:
  enum class List : std::uint8_t { init, containers, ephemeral };

  // `status` is null for a pod template. Flat texts have lost their indentation.
  ContainerReader(Draft& spec, Draft* status, bool flat) : spec_(spec), status_(status), flat_(flat) {}

  // A new list of containers begins.
  void begin(List list) {
    list_ = list;
    container_ = nullptr;
  }
  // The containers of a text without a head begin: what comes now belongs to no part of an earlier one.
  void begin_without_head() {
    begin(List::containers);
    part_ = Part::none;
  }
  // One line of the list.
  void feed(const Line& line, const std::optional<KeyValue>& pair);

 private:
  enum class Part : std::uint8_t {
    none,
    state,
    last_state,
    command,
    args,
    limits,
    requests,
    environment,
    environment_from,
    mounts,
    other
  };

  const char* list_name() const;
  const char* status_list_name() const;
  Draft& container();
  Draft* container_status();
  void container_key(std::string_view key, std::string_view value);
  void begin_state(Draft& state, std::string_view value);
  bool state_line(const Line& line, const std::optional<KeyValue>& pair);
  void part_line(const Line& line, const std::optional<KeyValue>& pair);

  Draft& spec_;
  Draft* status_;
  bool flat_;
  List list_ = List::containers;
  Draft* container_ = nullptr;  // only whether one is open; looked up again before each use
  std::size_t name_indent_ = static_cast<std::size_t>(-1);
  std::size_t key_indent_ = static_cast<std::size_t>(-1);
  Part part_ = Part::none;
  std::string state_;
  bool message_open_ = false;
};

}  // namespace podcheck::cluster::paste
