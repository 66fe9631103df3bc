#include "cli/run.hpp"

#include <doctest/doctest.h>

#include <cerrno>
#include <map>
#include <sstream>
#include <streambuf>
#include <string>
#include <vector>

using namespace podcheck;

namespace {

// A disk with no room left after so many bytes.
class FullDisk : public std::streambuf {
 public:
  explicit FullDisk(int room) : room_(room) {}

 protected:
  int_type overflow(int_type c) override {
    if (room_-- > 0) {
      return c;
    }
    errno = ENOSPC;
    return traits_type::eof();
  }
  int sync() override {
    if (room_ >= 0) {
      return 0;
    }
    errno = ENOSPC;
    return -1;
  }

 private:
  int room_;
};

struct Answer {
  int code = 0;
  std::string out;
  std::string err;
};

Answer ask(std::vector<const char*> words, const std::map<std::string, std::string>& environment,
           std::streambuf* out_buffer = nullptr) {
  std::istringstream in;
  std::ostringstream collected;
  std::ostream out(out_buffer == nullptr ? collected.rdbuf() : out_buffer);
  std::ostringstream err;
  cli::Streams io{in, out, err, [&](const char* name) {
                    auto found = environment.find(name);
                    return found == environment.end() ? std::string() : found->second;
                  }};
  words.insert(words.begin(), "kubectl-podcheck");
  Answer answer;
  answer.code = cli::run(words, io);
  answer.out = collected.str();
  answer.err = err.str();
  return answer;
}

}  // namespace

TEST_CASE("output that cannot be written ends with 3 and the reason") {
  for (int room : {0, 10, 5000}) {
    FullDisk disk(room);
    const Answer answer = ask({"rules"}, {}, &disk);
    CAPTURE(room);
    CHECK(answer.code == 3);
    CHECK(answer.err == "podcheck: the output could not be written: No space left on device\n");
  }
}

TEST_CASE("the language follows --lang, PODCHECK_LANG, then a locale that can show it") {
  struct Case {
    std::map<std::string, std::string> environment;
    std::vector<const char*> words;
    bool japanese;
  };
  const Case cases[] = {
      {{}, {"help"}, false},
      {{{"LANG", "ja_JP.UTF-8"}}, {"help"}, true},
      {{{"LANG", "ja_JP.utf8"}}, {"help"}, true},
      {{{"LANG", "ja_JP"}}, {"help"}, true},
      {{{"LANG", "ja_JP.EUC-JP"}}, {"help"}, false},
      {{{"LANG", "ja_JP.SJIS"}}, {"help"}, false},
      {{{"LANG", "ja_JP.UTF-8"}, {"LC_ALL", "C"}}, {"help"}, false},
      {{{"LANG", "ja_JP.EUC-JP"}, {"PODCHECK_LANG", "ja"}}, {"help"}, true},
      {{{"LANG", "ja_JP.EUC-JP"}}, {"help", "--lang", "ja"}, true},
      {{{"PODCHECK_LANG", "ja"}}, {"help", "--lang=en"}, false},
  };
  for (const Case& test : cases) {
    const Answer answer = ask(test.words, test.environment);
    for (const auto& [name, value] : test.environment) {
      CAPTURE(name);
      CAPTURE(value);
    }
    CHECK((answer.out.find("使い方") != std::string::npos) == test.japanese);
  }
}

TEST_CASE("a locale without UTF-8 gets a report in ASCII") {
  const std::string incident = std::string(PODCHECK_SOURCE_DIR) + "/testdata/incidents/116-storefront-live";
  const Answer answer = ask({"live", "-A", "--from", incident.c_str(), "-v"}, {{"LC_ALL", "ja_JP.EUC-JP"}});
  CHECK(answer.code == 1);
  for (unsigned char c : answer.out) {
    REQUIRE(c < 0x80);
  }
  const Answer utf8 = ask({"live", "-A", "--from", incident.c_str()}, {{"LC_ALL", "en_US.UTF-8"}});
  CHECK(utf8.out.find("✗") != std::string::npos);
}

TEST_CASE("a mistyped command is answered with the near one, also after help") {
  for (const std::vector<const char*>& words : {std::vector<const char*>{"lnt"}, {"help", "lnt"}}) {
    const Answer answer = ask(words, {});
    CHECK(answer.code == 2);
    CHECK(answer.err == "podcheck: there is no command \"lnt\"; did you mean \"lint\"\n");
  }
}
