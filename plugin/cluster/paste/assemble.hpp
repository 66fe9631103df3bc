// What the parts of a pasted text say of the same object, put together.
#pragma once

#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "cluster/paste/draft.hpp"
#include "cluster/paste/events_text.hpp"
#include "cluster/paste/reader.hpp"

namespace podcheck::cluster::paste {

class Assembly {
 public:
  static constexpr std::size_t none = static_cast<std::size_t>(-1);

  // Merges the object with what is known of one of the same kind, name and namespace (an unknown namespace fits any).
  // The richer text wins over a table's row. Returns its index.
  std::size_t add(Draft object);
  // `about` is the index of the object that the event is about, or none when the event names it.
  void add_event(const EventText& event, std::size_t about);
  bool has_event(std::string_view reason) const;
  bool knows(std::string_view kind, std::string_view name) const { return find(kind, name, {}) != none; }
  // The object that events without a name are about: the last one described; none when nothing was.
  std::size_t subject() const { return subject_; }

  // Works out the time of the paste, turns ages into times, and fills in what events tell of pods that nothing else
  // describes.
  Pasted finish(Time fallback_now);

  std::vector<PastedLog> logs;
  std::string default_namespace;

 private:
  struct PendingEvent {
    EventText text;
    std::size_t about;
  };
  std::vector<Draft> objects_;
  std::vector<PendingEvent> events_;
  std::size_t subject_ = none;
  bool ages_told_ = false;  // whether anything in the text tells how long ago something was
  std::unordered_multimap<std::string, std::size_t> by_name_;  // "Pod/web-1"
  std::vector<std::vector<const EventText*>> events_of_;       // of each object, once they are all named

  std::size_t find(std::string_view kind, std::string_view name, std::string_view namespace_) const;
  void name_events();
  void name_event(EventText& event) const;
  std::size_t pod_meant(const std::string& name) const;
  void name_containers();
  Time time_of_paste(Time fallback);
  void drop_untold_users();
  void resolve_ages(Time now);
  void infer_from_events();
  void link_owners();
};

}  // namespace podcheck::cluster::paste
