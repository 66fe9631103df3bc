#include <algorithm>
#include <condition_variable>
#include <cstring>
#include <fstream>
#include <map>
#include <mutex>
#include <thread>

#include "cluster/event_keeper.hpp"
#include "cluster/item_cutter.hpp"
#include "cluster/list_reader.hpp"
#include "document/repetitive_json.hpp"

namespace podcheck::cluster {

using document::Node;
using document::Projection;
using document::RepetitiveJsonReader;

namespace {

constexpr std::size_t piece_bytes = 1u << 20;
constexpr std::size_t max_item_bytes = 64u << 20;
constexpr std::size_t most_full_pods = 2000;
constexpr unsigned most_workers = 4;

// Whole items, with a byte before and `padding` bytes behind them to make a list of them where they are.
struct Piece {
  std::size_t number = 0;
  std::string buffer;
  std::vector<ItemCutter::Item> items;
  std::string_view text(const ItemCutter::Item& item) const {
    return std::string_view(buffer).substr(item.begin, item.end - item.begin);
  }
};

struct Objects {
  std::deque<std::unique_ptr<document::Tree>> trees;
  std::vector<Node> items;
  std::string error;
};

// Reads the file and hands out pieces, in order, from any thread.
class Pieces {
 public:
  explicit Pieces(const std::string& path) : in_(path, std::ios::binary) {}

  // False at the end of the file, or when it cannot go on: see problem(). The buffer of the last piece is used again.
  bool next(Piece& piece) {
    std::lock_guard lock(mutex_);
    piece.items.clear();
    while (piece.items.empty()) {
      if (!in_ || cutter_.broken() || !problem_.empty()) {
        return false;
      }
      fill(piece);
    }
    piece.number = number_++;
    return true;
  }

  std::string problem() {
    std::lock_guard lock(mutex_);
    return !problem_.empty() || cutter_.complete() ? problem_ : "the list ends too early";
  }

  void stop() {
    std::lock_guard lock(mutex_);
    problem_ = "stopped";
  }

 private:
  std::mutex mutex_;
  std::ifstream in_;
  ItemCutter cutter_;
  std::string rest_;  // of an item that has only begun
  std::size_t number_ = 0;
  std::string problem_;

  void fill(Piece& piece) {
    std::string& buffer = piece.buffer;
    std::size_t start = 1 + rest_.size();
    std::size_t wanted = start + piece_bytes + 1 + RepetitiveJsonReader::padding;
    if (buffer.size() < wanted) {
      buffer.resize(wanted);
    }
    std::memcpy(buffer.data() + 1, rest_.data(), rest_.size());
    cutter_.moved(1);
    in_.read(buffer.data() + start, static_cast<std::streamsize>(piece_bytes));
    std::size_t end = start + static_cast<std::size_t>(in_.gcount());
    cutter_.feed(std::string_view(buffer).substr(0, end), start, piece.items);
    rest_.clear();
    if (cutter_.in_item()) {
      rest_.assign(buffer, cutter_.item_begin(), end - cutter_.item_begin());
    }
    if (rest_.size() > max_item_bytes) {
      problem_ = "one object is larger than 64 MiB";
    }
  }
};

// Pods that do not run well are worth reading whole, the first of the file up to a number: each piece takes its share
// when all before it have.
class FullPods {
 public:
  std::size_t take(std::size_t piece, std::size_t wanted) {
    std::unique_lock lock(mutex_);
    turn_.wait(lock, [&] { return next_ == piece; });
    std::size_t taken = std::min(wanted, left_);
    left_ -= taken;
    ++next_;
    turn_.notify_all();
    return taken;
  }

 private:
  std::mutex mutex_;
  std::condition_variable turn_;
  std::size_t next_ = 0;
  std::size_t left_ = most_full_pods;
};

class Worker {
 public:
  Worker(std::string_view resource, FullPods& full) : resource_(resource), full_(full) {}

  void read(Piece& piece, Objects& into) {
    bool pods = resource_ == "pods";
    const Projection& projection = pods ? running_pod_projection() : *large_list_projection(resource_);
    std::vector<Node> read;
    bool readable = read_items(list_in_place(piece), projection, into, read);
    std::vector<std::size_t> unwell;
    for (std::size_t index = 0; readable && pods && index < read.size(); ++index) {
      if (!runs_well(read[index])) {
        unwell.push_back(index);
      }
    }
    // Also after a failure: pieces that come later wait for their turn.
    std::size_t full = pods ? full_.take(piece.number, unwell.size()) : 0;
    if (readable && read_again(piece, unwell, 0, full, full_projection(), into, read)) {
      read_again(piece, unwell, full, unwell.size(), *large_list_projection(resource_), into, read);
    }
    std::copy_if(read.begin(), read.end(), std::back_inserter(into.items), [](Node item) { return item.is_mapping(); });
  }

 private:
  std::string_view resource_;
  FullPods& full_;
  RepetitiveJsonReader reader_;
  std::string again_;

  static std::string_view list_in_place(Piece& piece) {
    std::size_t begin = piece.items.front().begin - 1;
    std::size_t end = piece.items.back().end;
    piece.buffer[begin] = '[';
    piece.buffer[end] = ']';
    return std::string_view(piece.buffer).substr(begin, end + 1 - begin);
  }

  // The objects and lists of a list, as many as the cutter found.
  bool read_items(std::string_view list, const Projection& projection, Objects& into, std::vector<Node>& items) {
    auto tree = std::make_unique<document::Tree>();
    if (!reader_.read(list, *tree, list_step(projection), into.error)) {
      return false;
    }
    items = name_items(tree->root(), resource_, *tree);
    into.trees.push_back(std::move(tree));
    return true;
  }

  static const Projection::Step* list_step(const Projection& projection) {
    return Projection::below(projection.root(), "items");
  }

  // Reads some of the items again and puts them in the place of what was read of them.
  bool read_again(const Piece& piece, const std::vector<std::size_t>& which, std::size_t from, std::size_t to,
                  const Projection& projection, Objects& into, std::vector<Node>& items) {
    if (from == to) {
      return true;
    }
    again_.clear();
    for (std::size_t index = from; index < to; ++index) {
      again_ += again_.empty() ? '[' : ',';
      again_ += piece.text(piece.items[which[index]]);
    }
    again_ += ']';
    std::size_t size = again_.size();
    again_.resize(size + RepetitiveJsonReader::padding);
    std::vector<Node> read;
    if (!read_items(std::string_view(again_).substr(0, size), projection, into, read)) {
      return false;
    }
    for (std::size_t index = from; index < to; ++index) {
      items[which[index]] = read[index - from];
    }
    return true;
  }
};

// Puts the pieces' objects together, in order, as they come; of events no more than a bound.
class Merger {
 public:
  Merger(std::string_view resource, std::deque<std::unique_ptr<document::Tree>>& trees, std::vector<Node>& items)
      : bounded_(resource == "events"), trees_(trees), items_(items) {}

  void add(std::size_t piece, Objects objects) {
    std::lock_guard lock(mutex_);
    waiting_.emplace(piece, std::move(objects));
    for (auto next = waiting_.find(next_); next != waiting_.end(); next = waiting_.find(++next_)) {
      take(next->second);
      waiting_.erase(next);
    }
  }

  const std::string& error() const { return error_; }
  std::string left_out() const { return events_.failure().detail; }

 private:
  void take(Objects& objects) {
    error_ = error_.empty() ? objects.error : error_;
    if (!error_.empty()) {
      return;
    }
    if (bounded_) {
      events_.keep(objects.items, objects.trees, trees_, items_);
      return;
    }
    items_.insert(items_.end(), objects.items.begin(), objects.items.end());
    std::move(objects.trees.begin(), objects.trees.end(), std::back_inserter(trees_));
  }

  const bool bounded_;
  std::deque<std::unique_ptr<document::Tree>>& trees_;
  std::vector<Node>& items_;
  std::mutex mutex_;
  std::map<std::size_t, Objects> waiting_;
  std::size_t next_ = 0;
  EventKeeper events_;
  std::string error_;
};

}  // namespace

bool read_large_list(const std::string& path, std::string_view resource,
                     std::deque<std::unique_ptr<document::Tree>>& trees, std::vector<Node>& items, std::string& error) {
  Pieces pieces(path);
  FullPods full;
  Merger merger(resource, trees, items);
  auto work = [&] {
    Worker worker(resource, full);
    Piece piece;
    while (pieces.next(piece)) {
      Objects objects;
      worker.read(piece, objects);
      if (!objects.error.empty()) {
        pieces.stop();
      }
      merger.add(piece.number, std::move(objects));
    }
  };
  std::vector<std::thread> helpers;
  unsigned workers = std::clamp(std::thread::hardware_concurrency(), 1u, most_workers);
  for (unsigned index = 1; index < workers; ++index) {
    helpers.emplace_back(work);
  }
  work();
  for (std::thread& helper : helpers) {
    helper.join();
  }
  error = !merger.error().empty() ? merger.error() : pieces.problem();
  if (error.empty()) {
    error = merger.left_out();
  }
  return error.empty();
}

}  // namespace podcheck::cluster
